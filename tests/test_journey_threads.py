"""Journeys: which case a mail belongs to (promises 3 and 13)."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage

from tests.journeys import Journey, addresses, text_of


def test_the_same_mail_sent_twice_by_an_impatient_customer_is_one_case(journey: Journey) -> None:
    for _ in range(3):
        journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
        journey.work()
    case = journey.case()
    assert len(journey.cases()) == 1
    assert len(case["message_ids"]) == 3, "every mail is kept on the case"
    assert len(journey.letters()) == 1
    assert len(journey.mails_to()) == 1
    assert len(journey.events("duplicate")) == 2


def test_the_same_mail_the_next_day_is_a_new_case_that_names_the_open_one(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    quick_journey.work()
    first = quick_journey.case()["number"]
    quick_journey.clock.skip(hours=30)
    quick_journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    quick_journey.work()
    second = quick_journey.case()["number"]
    assert second != first
    assert quick_journey.shown(second)["mentions"] == [first]
    assert f"Perhaps about the same, and still open: #{first}" in text_of(quick_journey.mails_to()[-1])
    assert [event["case"] for event in quick_journey.events("related")] == [second]


def test_a_mail_copied_to_two_of_our_addresses_is_one_case(quick_journey: Journey) -> None:
    """One way through another server wrote the body anew, so the bytes differ and the words don't."""
    journey = quick_journey
    mail = journey.mail("Réclamation : le colis n'est pas arrivé.", sender="ann@example.com", subject="Late")
    mail.replace_header("To", f"{journey.host.address}, info@peygir.example")
    other = EmailMessage(policy=policy.SMTP)
    for name, value in mail.items():
        if not name.lower().startswith("content-"):
            other[name] = value
    other.set_content(text_of(mail), cte="base64")
    assert other.as_bytes() != mail.as_bytes()
    journey.host.deliver(mail.as_bytes())
    journey.host.deliver(other.as_bytes())
    journey.work()
    assert len(journey.cases()) == 1
    assert len(journey.letters()) == 1
    assert journey.events("alert") == []


def test_a_resent_mail_with_the_forgotten_attachment_reaches_the_agent(quick_journey: Journey) -> None:
    quick_journey.customer_writes("Here is the picture.", subject="Broken")
    quick_journey.work()
    mail = quick_journey.mail("Here is the picture.", sender="ann@example.com", subject="Broken")
    mail.add_attachment(b"jpeg", maintype="image", subtype="jpeg", filename="broken.jpg")
    quick_journey.host.deliver(mail.as_bytes())
    quick_journey.work()
    assert "broken.jpg" in text_of(quick_journey.mails_to()[-1])


def test_whom_the_customer_wrote_to_as_well_joins_the_thread(journey: Journey) -> None:
    first = journey.customer_writes(
        "Our parcel has not arrived.", headers={"Cc": "Bo <bo@example.com>, stranger-not@example.org"}
    )
    journey.work()
    journey.customer_writes(
        "It was for my birthday.", sender="Bo <bo@example.com>", headers={"In-Reply-To": first}
    )
    journey.work()
    assert len(journey.cases()) == 1
    assert "bo@example.com" in journey.shown(journey.case()["number"])["participants"]
    assert journey.letters("bo@example.com") == [], "what we write goes to the customer alone"


def test_the_subject_alone_joins_nothing(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    number = quick_journey.case()["number"]
    quick_journey.customer_writes(
        "And now?", sender="eve@example.org", subject=f"Re: [#{number}] A complaint"
    )
    quick_journey.work()
    assert len(quick_journey.cases()) == 2
    assert quick_journey.shown(number)["participants"] == ["ann@example.com"]


def test_a_thread_forwarded_as_an_attachment_by_its_customer_joins_the_case(quick_journey: Journey) -> None:
    first = quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["Message-ID"] = "ann@example.com", "A complaint", first
    inner.set_content("My parcel has not arrived.")
    for sender, cases in (("ann@example.com", 1), ("eve@example.org", 2)):
        mail = quick_journey.mail("As I wrote, see below.", sender=sender, subject="Fwd: A complaint")
        mail.add_attachment(inner)
        quick_journey.host.deliver(mail.as_bytes())
        quick_journey.work()
        assert len(quick_journey.cases()) == cases


def test_a_stranger_who_replies_to_our_letter_from_elsewhere_needs_its_address(journey: Journey) -> None:
    """The reply address is the customer's key: with it they may write from another account, without not."""
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    letter = journey.letters()[0]
    journey.reply(letter, "From my office account.", sender="ann@office.example")
    journey.work()
    assert len(journey.cases()) == 1
    journey.reply(letter, "Tell me all.", sender="eve@example.org", address=journey.host.address)
    journey.work()
    assert len(journey.cases()) == 2
    assert journey.shown(journey.case()["number"])["participants"] == [
        "ann@example.com",
        "ann@office.example",
    ]


def test_thanks_reopen_nothing_and_ask_nobody(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    quick_journey.agent_replies("approve")
    answer = quick_journey.letters()[-1]
    before = len(quick_journey.mails_to())
    quick_journey.reply(
        answer, "Thanks!", sender="ann@example.com", address=addresses(str(answer["Reply-To"]))
    )
    quick_journey.work()
    assert quick_journey.case()["status"] == "answered"
    assert len(quick_journey.mails_to()) == before
