"""Delivery reports: whom a mail could not reach, which mail it was, and what is no report at all.

Under samples/bounces/ is a report of every system that we know, written by hand; expected.yaml says
what is to be read in each.
"""

from __future__ import annotations

import base64
from email import message_from_string
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.header.fields import Fields
from inbox.kind import bounces
from inbox.kind.bounces import addresses, delivery_status, listing, notifications, returned, subjects
from inbox.kind.bounces.delivery_status import Outcome
from store.models import MailKind
from store.values import Message
from tests.reading import SAMPLES, mail, read_mail, soon

REPORTS = SAMPLES / "bounces"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((REPORTS / "expected.yaml").read_text(encoding="utf-8"))
GONE = "gone@customer.example"
BACK = (
    "From: complaints@firm.example\nTo: gone@customer.example\nMessage-ID: <sent@firm.example>\nSubject: Hi\n"
)


def from_system(body: str, subject: str = "Undeliverable mail") -> Message:
    return mail("Return-Path: <>", "From: MAILER-DAEMON@mx.example", f"Subject: {subject}", body=body)


def report(status: str, *, said: str = "Sorry.", back: str = BACK, subject: str = "Undeliverable") -> Message:
    return read_mail(
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: complaints@firm.example\nSubject: {subject}\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\n{said}\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; x\n\n{status}\n--b\nContent-Type: text/rfc822-headers\n\n{back}\n--b--\n"
    )


def test_every_sample_has_its_expectation() -> None:
    assert sorted(EXPECTED) == sorted(file.stem for file in REPORTS.glob("*.eml"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_report_is_read_as_its_system_means_it(name: str) -> None:
    read = read_mail((REPORTS / f"{name}.eml").read_bytes())
    understood = {
        "kind": read.kind.value,
        "recipients": list(read.bounced_recipients),
        "message_ids": list(read.bounced_message_ids),
    }
    assert understood == EXPECTED[name]


@pytest.mark.parametrize(
    "said",
    [
        "Here is your list of failed recipients:\n<gone@customer.example>\nHere is your returned mail:\n",
        "User's mailbox is full: <gone@customer.example>\nUnable to deliver mail.\n",
        "Delivery to the following recipients was aborted after 3 seconds:\n\n  * gone@customer.example\n",
        "Your message\ngone@customer.example\nbecause: of reasons\n",
        "Sorry, unable to deliver your message to gone@customer.example for the following reason:\n550 no\n",
        "A message could not be delivered to:\n\n   gone@customer.example\n\nSubject: Hello\n",
        "Invalid final delivery userid: gone@customer.example\n\nOriginal message follows.\n",
        "-- Failed Recipients --\n<gone@customer.example>: 550 no\n-------- Returned Mail --------\n",
        "Your message could not be delivered to\ngone@customer.example\n\nfor a reason.\n",
        "Your message has delivery problems\naddressed to gone@customer.example\nYour message reads:\n",
        "Hi, this is the email server at mx.example. I could not reach gone@customer.example, sorry.\n",
        "gone@customer.example - no such user here.\n\nThere is no user by that name.\n",
        "The following recipient(s) could not be reached:\n\ngone@customer.example\n   Error Type: SMTP\n",
        "Could not deliver to the following recipient(s):\n\nFailed Recipient: gone@customer.example\n",
        "Message not delivered to the following addresses:\n\n  gone@customer.example\n\nError detail: x\n",
        "This is a delivery failure notification message.\n\n  -- gone@customer.example\n\nThe problem:\n",
        "Delivery has failed on the enclosed message.\n\n[gone@customer.example]: mailbox full\n",
        "The following recipients did not receive this message:\n\n  <gone@customer.example>\n\n",
        "Undeliverable Address: gone@customer.example\nReason: full\nOriginal message attached\n",
        "The user gone@customer.example does not exist.\n",
        "Message from mx.example: delivery to gone@customer.example failed permanently\n",
        "550 5.1.1 <gone@customer.example>: Recipient address rejected: User unknown in a table\n",
        "Could not deliver the message to gone@customer.example<mailto:gone@customer.example>\n",
        "Ann Gone (gone@customer.example)\nThe mailbox is full.\n",
        "'gone@customer.example' could not be reached.\n",
        "SMTP error: RCPT TO:<gone@customer.example> failed: 550 no\n",
        "to=<gone@customer.example>, relay=mx.customer.example, status=bounced (no)\n",
        "Original-Recipient: rfc822;gone@customer.example\nFinal-Recipient: rfc822;x@y.example\n",
        "<gone@customer.example>: 550 refused, please contact postmaster@mx.example (in reply to RCPT TO)\n",
        "gone@customer.example\nThe mailbox is full. Please contact postmaster@mx.example.\n",
        "Addressee:   gone@customer.example\nReason: full\n",
        "It was not for ***\n\nПолучатель: <gone@customer.example>\n",
    ],
)
def test_the_address_is_found_however_the_text_puts_it(said: str) -> None:
    read = from_system(said)
    assert (read.kind, read.bounced_recipients) == (MailKind.BOUNCE, (GONE,))


@pytest.mark.parametrize(
    "said",
    [
        "<gone@customer.example>: no.\n\nPlease contact helpdesk@mx.example for help.\n",
        "<gone@customer.example>: no.\n\nFor further assistance write to\n\n  postmaster@mx.example\n",
        "A message sent by <complaints@firm.example> to\n\n  gone@customer.example\n\nfailed.\n",
        "<gone@customer.example>: no.\n<complaints@firm.example>: this is you\n",
        "From: someone@else.example\nMessage-ID: <abc@firm.example>\n\n<gone@customer.example>: no\n",
        "<final@other.example> (expanded from <gone@customer.example>): no\n",
        "final@other.example\n  (originally addressed to gone@customer.example)\n",
        "Successfully delivered:\n fine@x.example\nThe following failed:\n gone@customer.example\n",
    ],
)
def test_nobody_else_that_the_text_names_is_reported(said: str) -> None:
    read = mail(
        "Return-Path: <>",
        "From: postmaster@mx.example",
        "To: complaints@firm.example",
        "Subject: Undeliverable mail",
        body="Your message could not be delivered.\n\n" + said,
    )
    assert read.bounced_recipients == (GONE,)


def test_the_returned_mails_other_addresses_are_not_reported() -> None:
    back = BACK.replace("To: gone@customer.example", "To: gone@customer.example, fine@customer.example")
    read = from_system(
        f"<gone@customer.example>: no\n\n--- Below this line is a copy of the message.\n\n{back}"
    )
    assert read.bounced_recipients == (GONE,)
    nobody_named = from_system(f"It failed.\n\n--- Below this line is a copy of the message.\n\n{back}")
    assert nobody_named.bounced_recipients == ()


@pytest.mark.parametrize(
    "masked", ["********@customer.example", "g***@customer.example", "****@****.example"]
)
def test_an_address_in_asterisks_is_the_one_that_the_mail_was_for(masked: str) -> None:
    said = f"   ----- The following addresses had delivery problems -----\n{masked}\n\n"
    for to in (GONE, f"{GONE}, fine@other.test"):
        read = from_system(f"{said}   ----- Original message follows -----\n\n{BACK.replace(GONE, to)}")
        assert read.bounced_recipients == (GONE,)


def test_the_address_that_the_sender_wrote_is_reported_not_the_one_that_it_led_to() -> None:
    fields = f"Original-Recipient: rfc822;{GONE}\nFinal-Recipient: rfc822;other@x.example\nAction: failed"
    assert report(fields).bounced_recipients == (GONE,)
    assert report(fields.replace(GONE, "unknown")).bounced_recipients == ("other@x.example",)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("rfc822; gone@customer.example", GONE),
        ("RFC822;<gone@customer.example>", GONE),
        ("gone@customer.example", GONE),
        ("<gone@customer.example>", GONE),
        ('smtp; "gone@customer.example"', GONE),
        ("rfc822; gone@customer.example (Ann Gone)", GONE),
        ("rfc822;gone@customer.example.", GONE),
        ("utf-8; \\x{67}one@customer.example", GONE),
        ("utf-8; дана@пример.example", "дана@пример.example"),
        ("rfc822; IMCEASMTP-gone+40customer+2Eexample@x.example", GONE),
        ("rfc822; gone@[192.0.2.1]", "gone@[192.0.2.1]"),
        ('rfc822; "ann gone"@customer.example', '"ann gone"@customer.example'),
    ],
)
def test_a_recipient_is_read_in_any_spelling(value: str, address: str) -> None:
    assert report(f"Final-Recipient: {value}\nAction: failed", back="").bounced_recipients == (address,)


def test_of_two_places_that_name_recipients_the_fuller_one_is_heard() -> None:
    one = "Final-Recipient: rfc822;{}\nAction: failed"
    both = f"{one.format(GONE)}\n\n{one.format('left@x.example')}"
    for status, told, expected in (
        (both, GONE, (GONE, "left@x.example")),
        (both.replace("left@x.example", "|pipe"), GONE, (GONE,)),
        (both, "alias@customer.example", ("alias@customer.example",)),
    ):
        read = report(status, subject=f"Undeliverable\nX-Failed-Recipients: {told}")
        assert read.bounced_recipients == expected


def test_xtext_is_undone_in_the_original_recipient() -> None:
    fields = (
        "Original-Recipient: rfc822;ann+2Bx@x.example\nFinal-Recipient: rfc822;a@x.example\nAction: failed"
    )
    assert report(fields).bounced_recipients == ("ann+x@x.example",)


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("failed", Outcome.FAILED),
        ("Failed (5.1.1)", Outcome.FAILED),
        ("FAILURE", Outcome.FAILED),
        ("error", Outcome.FAILED),
        ("expired", Outcome.FAILED),
        ("", Outcome.FAILED),
        ("no idea", Outcome.FAILED),
        ("delayed", Outcome.DELAYED),
        ("Delayed (will retry)", Outcome.DELAYED),
        ("deferred", Outcome.DELAYED),
        ("relayed", Outcome.DONE),
        ("Delivered", Outcome.DONE),
        ("expanded", Outcome.DONE),
    ],
)
def test_actions_are_understood_in_odd_spellings(action: str, outcome: Outcome) -> None:
    status = delivery_status.read(f"Final-Recipient: rfc822; a@x.example\nAction: {action}\n")
    assert [one.outcome for one in status.recipients] == [outcome]


def test_without_an_action_the_status_tells() -> None:
    status = delivery_status.read("Final-Recipient: rfc822; a@x.example\nStatus: 2.1.5\n")
    assert [one.outcome for one in status.recipients] == [Outcome.DONE]


def test_fields_before_the_recipient_belong_to_it() -> None:
    text = "Action: delayed\nFinal-Recipient: a@x.example\n\nAction: failed\nFinal-Recipient: b@x.example\n"
    assert [(one.outcome, one.address) for one in delivery_status.read(text).recipients] == [
        (Outcome.DELAYED, "a@x.example"),
        (Outcome.FAILED, "b@x.example"),
    ]


def test_a_delivery_that_is_late_is_a_bounce_of_nobody_and_of_no_mail() -> None:
    read = report("Final-Recipient: rfc822; gone@customer.example\nAction: delayed")
    assert (read.kind, read.bounced_recipients, read.bounced_message_ids) == (MailKind.BOUNCE, (), ())


def test_of_failed_and_late_recipients_the_failed_ones_are_reported() -> None:
    fields = "Final-Recipient: rfc822; {}\nAction: {}\n\n"
    read = report(fields.format("late@x.example", "delayed") + fields.format(GONE, "failed"))
    assert (read.kind, read.bounced_recipients) == (MailKind.BOUNCE, (GONE,))
    assert read.bounced_message_ids == ("<sent@firm.example>",)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Warning: could not send message for past 4 hours", "It is late.\n"),
        ("Delivery Status Notification (Delay)", "Delivery to a@x.example has been delayed.\n"),
        ("Zustellung verzögert", "Noch nicht zugestellt: a@x.example\n"),
        ("Mail delivery", "<a@x.example>: connection timed out\n\nYou do not need to resend your message.\n"),
        ("Mail delivery", "The message has not yet been delivered to a@x.example.\n"),
        ("配信遅延のお知らせ", "a@x.example\n"),
    ],
)
def test_a_warning_in_words_is_a_bounce_of_nobody(subject: str, said: str) -> None:
    read = from_system(said, subject)
    assert (read.kind, read.bounced_recipients) == (MailKind.BOUNCE, ())


def test_a_warning_that_has_become_final_names_whom_it_was_for() -> None:
    said = "Your mail was delayed.\nThis is a permanent error, giving up.\n\n<gone@customer.example>: no\n"
    assert from_system(said, "Mail delivery delayed and failed").bounced_recipients == (GONE,)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_that_all_went_well_is_no_bounce(action: str) -> None:
    read = report(f"Final-Recipient: rfc822; gone@customer.example\nAction: {action}")
    assert (read.kind, read.bounced_recipients) == (MailKind.AUTO_REPLY, ())


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        (("In-Reply-To: <sent@firm.example>",), ("<sent@firm.example>",)),
        (("References: <old@firm.example> <sent@firm.example>",), ("<sent@firm.example>",)),
        (
            ("X-Original-Message-ID: <sent@firm.example>", "In-Reply-To: <x@firm.example>"),
            ("<sent@firm.example>",),
        ),
        ((), ()),
    ],
)
def test_the_reports_own_fields_tell_which_mail_it_was(fields: tuple[str, ...], ids: tuple[str, ...]) -> None:
    read = mail(
        "Return-Path: <>",
        "From: MAILER-DAEMON@mx.example",
        "Subject: Undeliverable",
        *fields,
        body=f"<{GONE}>: no\n",
    )
    assert read.bounced_message_ids == ids


@pytest.mark.parametrize(
    "quoted",
    [
        "Message-ID: <sent@firm.example>",
        "Message-Id:\n <sent@firm.example>",
        "> Message-ID: <sent@firm.example>",
        "   Message-id: <sent@firm.example>",
        "MESSAGE-ID: sent@firm.example",
        "X-Original-Message-ID: <sent@firm.example>",
    ],
)
def test_a_message_id_is_found_however_it_is_quoted(quoted: str) -> None:
    read = from_system(
        f"<gone@customer.example>: no\n\n--- Original message follows.\n\nFrom: x@firm.example\n{quoted}\n"
    )
    assert read.bounced_message_ids == ("<sent@firm.example>",)


def test_the_message_id_of_the_report_itself_is_not_the_returned_mails() -> None:
    assert from_system("<gone@customer.example>: no\n").bounced_message_ids == ()


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@x.example",
        "Mailer-Daemon (Mail Delivery System)",
        "MAILER-DAEMON",
        "Mail Delivery Subsystem <mdsub@x.example>",
        '"=?utf-8?q?Mail_Delivery_System?=" <robot@x.example>',
        "mailerdaemon@x.example",
        "double-bounce@x.example",
        "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.example",
        "postmaster@x.example",
        "Post.Master@x.example",
        "Administrator <postadmin@x.example>",
        "bounce-12@x.example",
    ],
)
def test_mail_systems_are_known_by_address_or_name(sender: str) -> None:
    body = "Your message could not be delivered.\n\n<gone@customer.example>: no\n"
    read = mail(f"From: {sender}", "Subject: Undeliverable", body=body)
    assert (read.kind, read.bounced_recipients) == (MailKind.BOUNCE, (GONE,))


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        ("Administrador <ventas@shop.example>", "Pedido no entregado", "El pedido no pudo ser entregado."),
        ("Post Master <post.m@x.example>", "Undelivered parcel", "It could not be delivered to me."),
        (
            "Administrator <it@school.example>",
            "Delivery failure",
            "The desks were not delivered, undeliverable!",
        ),
    ],
)
def test_an_administrator_may_tell_of_a_parcel(sender: str, subject: str, body: str) -> None:
    address = sender.partition("<")[2]
    read = mail(f"From: {sender}", f"Return-Path: <{address}", f"Subject: {subject}", body=body)
    assert read.kind is MailKind.CUSTOMER


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Mailbox full", "The mailbox of gone@customer.example is full. Your message was not delivered.\n"),
        ("Niedostarczalne: Sprawa", "Nie można było dostarczyć wiadomości do gone@customer.example.\n"),
    ],
)
def test_a_postmaster_without_a_return_path_reports(subject: str, body: str) -> None:
    read = mail("From: postmaster@mx.example", "Return-Path: <>", f"Subject: {subject}", body=body)
    assert (read.kind, read.bounced_recipients) == (MailKind.BOUNCE, (GONE,))


def test_a_person_may_be_called_like_a_mail_system() -> None:
    read = mail("From: mdaemon.jones@x.example", "Return-Path: <mdaemon.jones@x.example>", "Subject: Refund")
    assert read.kind is MailKind.CUSTOMER


@pytest.mark.parametrize(
    "sender", ["Ann <ann@customer.example>", "mail@shop.example", "noreply@courier.example"]
)
@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Delivery failed", "Your driver said: address not found. The parcel could not be delivered.\n"),
        ("Undeliverable: my complaint", "My mail to you came back as undeliverable, user unknown. Why?\n"),
        (
            "Re: Mail delivery failed: returning message to sender",
            "What is this?\n\n> <help@firm.example>:\n> no such user\n",
        ),
        (
            "Fwd: failure notice",
            "Hi. This is the qmail-send program at mx.example.\n\n<help@firm.example>:\nno\n",
        ),
        ("Returned mail", "I returned the mail order with the broken chair to help@firm.example's depot.\n"),
        ("Non delivery of order 4711", "It did not reach me. Delivery was delayed twice.\n"),
        ("پیام تحویل نشد", "نامه‌ای که برای help@firm.example فرستادم تحویل داده نشد.\n"),
    ],
)
def test_words_alone_make_no_bounce_of_a_customers_mail(sender: str, subject: str, body: str) -> None:
    read = mail(f"From: {sender}", f"Subject: {subject}", body=body)
    assert (read.kind, read.bounced_recipients) == (MailKind.CUSTOMER, ())


def test_a_vacation_note_without_a_return_path_is_no_bounce() -> None:
    read = mail(
        "Return-Path: <>",
        "From: Ann <ann@customer.example>",
        "Subject: I have left the company",
        "Auto-Submitted: auto-replied",
        body="I left, and your message was not delivered to anybody. Write to bob@customer.example.\n",
    )
    assert (read.kind, read.bounced_recipients) == (MailKind.AUTO_REPLY, ())


def test_a_bounce_of_a_bounce_names_the_outer_one() -> None:
    inner = "Final-Recipient: rfc822; inner@x.example\nAction: failed\n"
    status = "Content-Type: message/delivery-status\n\n"
    back = "Content-Type: multipart/report; boundary=c\nMessage-ID: <r@x.example>\n\n"
    read = read_mail(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: Undeliverable\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n{status}Final-Recipient: rfc822; gone@customer.example\nAction: failed\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{back}--c\n{status}{inner}\n--c--\n\n--b--\n"
    )
    assert (read.bounced_recipients, read.bounced_message_ids) == ((GONE,), ("<r@x.example>",))


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("bounces+gone=customer.example@firm.example", GONE),
        ("list-bounces+gone=customer.example@firm.example", GONE),
        ("list-return-123-gone=customer.example@firm.example", GONE),
        ("SRS0=ab=cd=customer.example=gone@firm.example", None),
        ("prvs=0123456789=gone@firm.example", None),
        ("complaints@firm.example", None),
    ],
)
def test_a_return_address_may_name_the_recipient(to: str, address: str | None) -> None:
    assert addresses.verp([to]) == ([address] if address else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<a@x.example>", ["a@x.example"]),
        ("a@x.example.", ["a@x.example"]),
        ("'a@x.example'", ["a@x.example"]),
        ("(a@x.example)", ["a@x.example"]),
        ("**a@x.example**", ["a@x.example"]),
        ("SMTP=a@x.example; on", ["a@x.example"]),
        ("mailto:a@x.example?subject=x", ["a@x.example"]),
        ("a@x.example<mailto:a@x.example>", ["a@x.example", "a@x.example"]),
        ("o'brien@x.example", ["o'brien@x.example"]),
        ("宛先a@x.exampleへ", ["a@x.example"]),
        ("a@x.example、b@x.example。", ["a@x.example", "b@x.example"]),
        ("a@localhost", []),
        ("IMCEAEX-_O=X_OU=Y_CN=Z@x.example", []),
        ("@", []),
        ("a@", []),
        ("a@@b", []),
    ],
)
def test_addresses_are_freed_from_what_clings_to_them(text: str, found: list[str]) -> None:
    assert addresses.addresses_in(text) == found


def test_a_notification_about_something_else_than_a_bounce_is_none() -> None:
    assert notifications.read('{"notificationType": "Delivery"}') == {"failed": False}
    assert notifications.read('{"eventType": "DeliveryDelay"}') == {"failed": False, "delayed": True}
    assert notifications.read('{"order": "4711"}') is None
    assert notifications.read('{"notificationType": ' + "[" * 100_000) is None
    assert notifications.read('{"notificationType": "Bounce", "bounce": {"bouncedRecipients": [1, {}]}}') == {
        "recipients": ()
    }


def test_an_answer_is_told_from_a_ticket_number() -> None:
    assert subjects.is_answer("Re: failure notice")
    assert subjects.is_answer("[TICKET-1] AW: Unzustellbar")
    assert subjects.is_answer("پاسخ: تحویل نشد")
    assert not subjects.is_answer("[TICKET-1] Undelivered Mail Returned to Sender")
    assert not subjects.is_answer("Returned mail: see transcript")


@pytest.mark.parametrize(
    "subject",
    [
        "Undelivered Mail Returned to Sender",
        "DELIVERY FAILURE: User unknown",
        "Mail delivery failed: returning message to sender",
        "Unzustellbar: Anfrage",
        "Non remis : Votre demande",
        "No se puede entregar: Queja",
        "Non recapitabile: Reclamo",
        "Não é possível entregar: Reclamação",
        "Onbestelbaar: Klacht",
        "Недоставлено: Жалоба",
        "配信不能: 苦情",
        "未送达: 投诉",
        "Teslim Edilemedi: Şikayet",
        "תלונה :לא ניתן למסירה",
        "تعذر التسليم: شكوى",
        "تحویل نشد: شکایت",
    ],
)
def test_subjects_of_reports_are_known_in_many_languages(subject: str) -> None:
    assert subjects.tells_of_delivery(subject)


def test_an_ordinary_mail_is_not_read_as_a_bounce() -> None:
    fields = Fields([("From", "Ann <ann@customer.example>"), ("Return-Path", "<ann@customer.example>")])
    assert not bounces.may_bounce(fields, "text/plain", "ann@customer.example", "My parcel is late")


def test_a_header_block_ends_what_the_system_says() -> None:
    said, quoted = returned.split(
        "It failed.\n\nReceived: from a\n by b\nFrom: a@x.example\nTo: b@x.example\n\nHi\n"
    )
    assert (said, quoted[:9]) == ("It failed.\n\n", "Received:")
    told = "It failed.\n\nFrom: you\nTo: them\n\nThanks.\n"
    assert returned.split(told) == (told, "")


def test_a_warning_about_our_own_mailbox_is_no_bounce() -> None:
    read = mail(
        "From: Mail Administrator <postmaster@firm.example>",
        "To: complaints@firm.example",
        "Subject: Your mailbox is full",
        body="The mailbox complaints@firm.example is over quota. Soon mail will be returned to sender.\n",
    )
    assert (read.kind is MailKind.BOUNCE, read.bounced_recipients) == (False, ())


def test_recipients_hold_no_control_characters() -> None:
    read = report("Final-Recipient: utf-8; a\\x{0}\\x{D800}b@x.example\nAction: failed", back="")
    assert read.bounced_recipients == ("ab@x.example",)


_PIECES = st.sampled_from(
    [
        *(
            "a@x.example",
            "<",
            ">",
            ":",
            "\n",
            " ",
            "Final-Recipient:",
            "Action: failed",
            "rfc822;",
            "550 ",
            "To:",
        ),
        *(
            "\\x{41}",
            "Message-ID: <a@b>",
            "-----",
            "Original message follows",
            "following recipients:",
            '"',
            "@",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_PIECES | st.text(max_size=5), max_size=40), st.sampled_from(["", "base64", "quoted-printable"])
)
def test_no_report_is_beyond_reading(pieces: list[str], encoding: str) -> None:
    text = "".join(pieces)
    whole = (
        "Return-Path: <>\nFrom: MAILER-DAEMON\nContent-Type: multipart/report; boundary=b\n\n"
        f"--b\n\n{text}\n--b\n"
        f"Content-Type: message/delivery-status\nContent-Transfer-Encoding: {encoding}\n\n{text}\n--b\n"
        f"Content-Type: message/rfc822\n\n{text}\n--b--\n"
    )
    assert not read_mail(whole.encode("utf-8", "surrogatepass")).unparsed


HOSTILE = {
    "addresses": "".join(f"a{number}@b{number}.example\n" for number in range(50_000)),
    "brackets": "<" * 1_000_000,
    "colons": ":" * 1_000_000,
    "blank lines": "\n" * 1_000_000,
    "blanks": " " * 1_000_000,
    "letters": "a" * 1_000_000,
    "at signs": "a@" * 500_000,
    "quotes": '"' * 1_000_000,
    "labels": ("recipient to user " * 30 + "@\n") * 1_800,
    "origins": ("expanded from " * 40 + "@\n") * 1_700,
    "header fields": "From: a@b.example\n" * 55_000,
    "message ids": "Message-ID:\n" * 80_000,
    "groups": "Final-Recipient: rfc822; a@b.example\n\n" * 25_000,
    "empty groups": "a:b\n\n" * 200_000,
    "folds": "Final-Recipient:\n" + " x\n" * 300_000,
    "base64": base64.encodebytes(b"Final-Recipient: rfc822; a@b.example\n\n" * 18_000).decode(),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_megabyte_of_hostile_text_is_read_in_no_time(name: str) -> None:
    header = [("From", "MAILER-DAEMON@x.example"), ("Subject", "Undeliverable"), ("To", "c@firm.example")]
    message = message_from_string(
        "Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b\nContent-Type: text/plain\n\n"
        + HOSTILE[name]
        + "\n--b\nContent-Type: message/global-delivery-status\n\n"
        + HOSTILE[name]
        + "\n--b--\n"
    )
    with soon():
        bounces.read(message, HOSTILE[name], Fields(header))


def test_a_hostile_delivery_status_does_not_hold_the_parser() -> None:
    with soon():
        for name in ("blank lines", "empty groups", "groups"):
            assert report(HOSTILE[name]).kind is MailKind.BOUNCE


def test_recipients_are_bounded() -> None:
    assert len(from_system(HOSTILE["addresses"]).bounced_recipients) <= 2000
    found = listing.read(HOSTILE["addresses"]).by_rank[listing.Rank.LISTED]
    assert len(found) == 2000


def test_an_empty_original_message_id_names_no_mail() -> None:
    assert (
        delivery_status.read("X-Original-Message-ID:\n\nFinal-Recipient: rfc822; a@b.example\n").original_ids
        == []
    )
