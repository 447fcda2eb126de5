"""Journeys: a mail comes in and becomes a case, joins one, or opens none (points 1 and 2)."""

from __future__ import annotations

import threading
from email.message import EmailMessage

import pytest

from engine.running import Worker
from tests.hosts import until
from tests.journeys import Journey, addresses, text_of


def test_a_complaint_becomes_a_case_and_is_filed_after_it_is_stored(journey: Journey) -> None:
    message_id = journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    journey.work()
    case = journey.case()
    assert case["message_ids"] == [message_id]
    assert (case["kind"], case["category"], case["status"]) == ("complaint", "late", "new")
    assert journey.host.inbox() == []
    assert len(journey.host.inbox(folder="Peygir")) == 1


def test_mail_is_left_in_place_where_no_folder_is_wanted(journey: Journey) -> None:
    journey.settings = journey.settings.model_copy(update={"IMAP_FILED_FOLDER": ""})
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.stop()
    journey.work()
    assert len(journey.host.inbox()) == 1
    assert len(journey.cases()) == 1
    assert len(journey.letters()) == 1


def test_a_running_worker_hears_of_mail_and_ends_cleanly(journey: Journey) -> None:
    with Worker(journey.settings, journey.clock) as worker:
        worker.start()
        ticking = threading.Thread(target=worker.wait)
        ticking.start()
        journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: len(journey.letters()) == 1)
        journey.customer_writes("It came broken.", sender="Eve <eve@example.com>")
        assert until(lambda: len(journey.letters("eve@example.com")) == 1)
        worker.stop()
        ticking.join(10)
        assert not ticking.is_alive()
    assert len(journey.cases()) == 2


def test_a_reply_to_our_letter_joins_its_case(journey: Journey) -> None:
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    acknowledgement = journey.letters()[0]
    assert "+" in str(acknowledgement["Reply-To"])
    journey.reply(acknowledgement, "The order number is 4412.", sender="ann@example.com")
    journey.work()
    assert len(journey.cases()) == 1
    assert len(journey.letters()) == 1, "one acknowledgement a case"
    assert "4412" in text_of(journey.mails_to()[-1])


def test_a_reply_without_our_address_joins_by_its_thread(journey: Journey) -> None:
    first = journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.customer_writes(
        "And it was expensive.",
        subject="Re: A complaint",
        headers={"In-Reply-To": first, "References": first},
    )
    journey.work()
    assert len(journey.cases()) == 1
    assert [event["kind"] for event in journey.events("customer-wrote")] == ["customer-wrote"]


def test_a_stranger_on_the_thread_gets_a_case_that_mentions_the_other(journey: Journey) -> None:
    first = journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.customer_writes("What about it?", sender="eve@example.org", headers={"In-Reply-To": first})
    journey.work()
    stranger = journey.case("eve@example.org")
    assert journey.shown(stranger["number"])["mentions"] == [journey.case()["number"]]
    assert journey.shown(journey.case()["number"])["participants"] == ["ann@example.com"]


def test_a_redelivered_mail_changes_nothing(journey: Journey) -> None:
    mail = journey.mail("My parcel has not arrived.", sender="ann@example.com", subject="Late")
    for _ in range(2):
        journey.host.deliver(mail.as_bytes())
    journey.work()
    journey.host.deliver(b"Received: from elsewhere\r\n" + mail.as_bytes())
    journey.work()
    assert len(journey.cases()) == 1
    assert len(journey.letters()) == 1
    assert len(journey.events("duplicate")) == 2


def test_two_mails_of_one_message_id_are_two_cases_and_an_alert(quick_journey: Journey) -> None:
    journey = quick_journey
    for text in ("My parcel is late.", "It is broken too."):
        mail = journey.mail(text, sender="ann@example.com", subject="Again")
        mail.replace_header("Message-ID", "<the-same@example.com>")
        journey.host.deliver(mail.as_bytes())
    journey.work()
    assert len(journey.cases()) == 2
    assert "the-same@example.com" in journey.events("alert")[0]["text"]
    assert any("the-same@example.com" in text_of(mail) + str(mail["Subject"]) for mail in journey.mails_to())


@pytest.mark.parametrize(
    ("headers", "event"),
    [
        ({"Auto-Submitted": "auto-replied"}, "ignored"),
        ({"List-Id": "News <news.example.org>", "Precedence": "list"}, "ignored"),
        ({"X-Peygir-Loop": "complaints@peygir.example"}, "ignored"),
    ],
)
def test_automatic_mail_opens_no_case_and_says_why(
    quick_journey: Journey, headers: dict[str, str], event: str
) -> None:
    quick_journey.customer_writes("This is a machine.", headers=headers)
    quick_journey.work()
    assert quick_journey.cases() == []
    assert quick_journey.host.sent() == []
    assert quick_journey.events(event)[0]["text"]


def test_mail_from_our_own_address_is_a_loop(quick_journey: Journey) -> None:
    quick_journey.customer_writes("Hello me.", sender=quick_journey.host.address)
    quick_journey.work()
    assert quick_journey.cases() == []
    assert "our own address" in quick_journey.events("ignored")[0]["text"]


def test_mail_that_wants_no_automatic_answer_opens_a_case_all_the_same(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel is late.", headers={"X-Auto-Response-Suppress": "All"})
    quick_journey.work()
    assert "X-Auto-Response-Suppress" in quick_journey.case()["not_acknowledged_because"]
    assert quick_journey.letters() == []
    assert "no acknowledgement" in text_of(quick_journey.mails_to()[-1])


def test_an_address_gets_three_acknowledgements_an_hour(quick_journey: Journey) -> None:
    for count in range(5):
        quick_journey.customer_writes(f"My parcel number {count} is late.")
    quick_journey.work()
    assert len(quick_journey.cases()) == 5
    assert len(quick_journey.letters()) == 3


def test_an_out_of_office_reply_is_kept_on_its_case(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel is late.")
    quick_journey.work()
    to = addresses(str(quick_journey.letters()[0]["Reply-To"]))
    quick_journey.customer_writes("I am away.", to=to, headers={"Auto-Submitted": "auto-replied"})
    quick_journey.work()
    number = quick_journey.case()["number"]
    assert [event["case"] for event in quick_journey.events("auto-reply")] == [number]
    assert len(quick_journey.letters()) == 1


@pytest.mark.parametrize(
    "sender", ["Jürgen <jürgen@example.de>", '"John Doe" <"john doe"@example.com>', "ann@[192.0.2.1]"]
)
def test_a_sender_that_no_mail_can_be_sent_to_has_a_case_all_the_same(
    quick_journey: Journey, sender: str
) -> None:
    raw = f"From: {sender}\r\nTo: {quick_journey.host.address}\r\nSubject: Late\r\n\r\nWhere is it?\r\n"
    quick_journey.host.deliver(raw.encode())
    quick_journey.work()
    (case,) = quick_journey.cases()
    assert "no mail can be sent" in case["not_acknowledged_because"]
    quick_journey.agent_replies("approve")
    assert "the customer has no mail address" in text_of(quick_journey.mails_to()[-1])
    quick_journey.agent_replies("resolve")
    quick_journey.clock.skip(days=60)
    quick_journey.work()
    assert quick_journey.host.sent() == []


def test_many_bounces_of_one_letter_are_told_once(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel is late.")
    quick_journey.work()
    bounce = _bounce(quick_journey.letters()[0], quick_journey.host.address)
    before = len(quick_journey.mails_to())
    for number in range(3):
        quick_journey.host.deliver(bounce.replace(b"<bounce@", b"<bounce%d@" % number), return_path="")
    quick_journey.work()
    assert len(quick_journey.events("bounced")) == 3
    assert len(quick_journey.mails_to()) == before + 1


def test_a_bounce_is_noted_on_the_case_and_told_to_the_agent(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel is late.")
    journey.work()
    journey.host.deliver(_bounce(journey.letters()[0], journey.host.address), return_path="")
    journey.work()
    case = journey.case()
    assert [event["case"] for event in journey.events("bounced")] == [case["number"]]
    shown = journey.shown(case["number"])
    assert "did not get it" in next(one["note"] for one in shown["letters"] if one["kind"] == "ack")
    assert "ann@example.com" in text_of(journey.mails_to()[-1])


def _bounce(letter: EmailMessage, address: str) -> bytes:
    return (
        f"From: Mail Delivery System <mailer-daemon@mx.example.com>\r\nTo: {address}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <bounce@mx.example.com>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        "Final-Recipient: rfc822; ann@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter['Message-ID']}\r\n"
        f"Subject: x\r\n\r\n--b--\r\n"
    ).encode()


def test_mail_through_our_own_group_is_its_writers_and_is_acknowledged(quick_journey: Journey) -> None:
    address = quick_journey.host.address
    quick_journey.customer_writes(
        "My parcel is late.",
        sender=f"'Ann' via Complaints <{address}>",
        headers={
            "List-Post": f"<mailto:{address}>",
            "Precedence": "list",
            "X-Original-From": "ann@example.com",
        },
    )
    quick_journey.work()
    assert quick_journey.case()["customer"] == "ann@example.com"
    assert len(quick_journey.letters()) == 1


def test_what_a_web_form_sends_from_our_own_address_is_a_case_of_who_filled_it_in(
    quick_journey: Journey,
) -> None:
    quick_journey.customer_writes(
        "My parcel is late.", sender=quick_journey.host.address, headers={"Reply-To": "Ann <ann@example.com>"}
    )
    quick_journey.work()
    assert "web form" in quick_journey.case()["not_acknowledged_because"]
    assert quick_journey.host.sent() == []


def test_a_late_delivery_is_noted_and_nobody_is_alarmed(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel is late.")
    journey.work()
    letter = journey.letters()[0]
    before = len(journey.mails_to())
    late = _bounce(letter, journey.host.address).replace(b"Action: failed", b"Action: delayed")
    journey.host.deliver(late.replace(b"Status: 5.1.1", b"Status: 4.4.1"), return_path="")
    journey.work()
    assert journey.events("bounced") == []
    assert [event["case"] for event in journey.events("delayed")] == [journey.case()["number"]]
    shown = journey.shown(journey.case()["number"])
    assert not any("did not get it" in one["note"] for one in shown["letters"])
    assert len(journey.mails_to()) == before


def test_a_mail_cut_by_a_limit_is_acknowledged_and_its_agent_reads_what_was_cut(
    quick_journey: Journey,
) -> None:
    journey = quick_journey
    journey.settings = journey.settings.model_copy(update={"PARTS_LIMIT": 10, "TEXT_LIMIT_KB": 10})
    mail = journey.mail("My parcel has not arrived. " * 500, sender="Ann <ann@example.com>", subject="Late")
    for number in range(20):
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=f"bill-{number}.pdf")
    journey.host.deliver(mail.as_bytes())
    journey.work()
    assert journey.case()["category"] == "late"
    assert len(journey.letters()) == 1
    said = text_of(journey.mails_to()[-1])
    assert "only the first 10 parts were read" in said
    assert "only the first 10000 characters of the text are kept" in said
    assert "bill-8.pdf" in said
    assert "bill-9.pdf" not in said
    (shown,) = journey.shown(journey.case()["number"])["mails"]
    assert shown["damage"] == [
        "only the first 10 parts were read",
        "only the first 10000 characters of the text are kept",
    ]
