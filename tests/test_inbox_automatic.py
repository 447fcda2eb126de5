"""What kind of mail it is, why it is not answered automatically, and what a bounce tells."""

from __future__ import annotations

import pytest

from store.models import MailKind
from tests.reading import mail, read_mail


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("Auto-Submitted: auto-replied", MailKind.AUTO_REPLY),
        ("Auto-Submitted: auto-generated; x=y", MailKind.AUTO_REPLY),
        ("Auto-Submitted: no", MailKind.CUSTOMER),
        ("X-Autoreply: yes", MailKind.AUTO_REPLY),
        ("X-Autorespond: 1", MailKind.AUTO_REPLY),
        ("Precedence: auto_reply", MailKind.AUTO_REPLY),
        ("Subject: Out of office: Re: Late order", MailKind.AUTO_REPLY),
        ("Subject: Automatische Antwort: x", MailKind.AUTO_REPLY),
        ("Subject: مענה אוטומטי", MailKind.CUSTOMER),
        ("Subject: מענה אוטומטי: פנייתך", MailKind.AUTO_REPLY),
        ("Subject: پاسخ خودکار", MailKind.AUTO_REPLY),
        ("Subject: رد تلقائي: شكوى", MailKind.AUTO_REPLY),
        ("Subject: Automatic replying machine broken", MailKind.CUSTOMER),
        ("List-Id: <x.list.example>", MailKind.LIST),
        ("List-Post: <mailto:x@list.example>", MailKind.LIST),
        ("List-Unsubscribe: <mailto:x@list.example>", MailKind.CUSTOMER),
        ("X-Peygir-Loop: complaints@firm.example", MailKind.LOOP),
        ("X-Auto-Response-Suppress: All", MailKind.CUSTOMER),
        ("Precedence: bulk", MailKind.CUSTOMER),
        ("Feedback-ID: 1:2:3:x", MailKind.CUSTOMER),
        ("X-Loop: x@y.example", MailKind.CUSTOMER),
        ("Return-Path: <>", MailKind.CUSTOMER),
        ("X-Mailer: Thunderbird", MailKind.CUSTOMER),
    ],
)
def test_the_headers_tell_the_kind_of_mail(field: str, kind: MailKind) -> None:
    read = mail(field)
    assert read.kind is kind
    assert bool(read.kind_because) == (kind is not MailKind.CUSTOMER)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("Return-Path: <>", "its Return-Path is empty"),
        ("Auto-Submitted: auto-generated", "Auto-Submitted: auto-generated"),
        ("Precedence: Bulk", "Precedence: Bulk"),
        ("Precedence: junk", "Precedence: junk"),
        ("Precedence: list", "Precedence: list"),
        ("List-Unsubscribe: <mailto:x@y.example>", "it carries List-Unsubscribe"),
        ("Mailing-List: x", "it carries Mailing-List"),
        ("X-Auto-Response-Suppress: DR, OOF", "X-Auto-Response-Suppress: DR, OOF"),
        ("X-Autoreply: yes", "it carries X-Autoreply"),
        ("X-Loop: x", "it carries X-Loop"),
        ("Feedback-ID: x", "it carries Feedback-Id"),
        ("X-FC-MachineGenerated: true", "it carries X-Fc-Machinegenerated"),
        ("X-Peygir-Loop: x", "it carries our own loop header"),
        ("From: noreply@x.example", "noreply@x.example is a system's address"),
        ("From: Do_Not_Reply@x.example", "Do_Not_Reply@x.example is a system's address"),
        ("From: orders-no-reply@x.example", "orders-no-reply@x.example is a system's address"),
        ("From: postmaster@x.example", "postmaster@x.example is a system's address"),
        ("From: owner-news@x.example", "owner-news@x.example is a system's address"),
        ("From: news-request@x.example", "news-request@x.example is a system's address"),
        ("From: bounce+12=x@x.example", "bounce+12=x@x.example is a system's address"),
        ("From: a@x.example, b@x.example", "it has several senders"),
        ("From: nobody in particular", "it has no sender"),
        ("Subject: Automatic reply: x", "its subject begins with “Automatic reply”"),
    ],
)
def test_each_reason_against_an_automatic_answer_is_named(field: str, reason: str) -> None:
    assert reason in mail(field).no_auto_reply


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: No",
        "Precedence: first-class",
        "X-Auto-Response-Suppress: DR, RN",
        "From: norbert.replyman@x.example",
        "From: Bob Bounceton <bob@x.example>",
        "Return-Path: <ann@customer.example>",
        "Subject: My out of office chair is late",
    ],
)
def test_a_customer_is_taken_for_no_robot(field: str) -> None:
    read = mail(field)
    assert (read.kind, read.no_auto_reply) == (MailKind.CUSTOMER, ())


def test_a_mail_that_went_through_very_many_hands_is_not_answered() -> None:
    assert mail(*["Received: by x"] * 50).no_auto_reply == ()
    assert mail(*["Received: by x"] * 51).no_auto_reply == ("more than 50 Received fields",)


def test_two_from_fields_are_several_senders() -> None:
    read = read_mail("From: a@x.example\nFrom: b@x.example\nSubject: y\n\nz")
    assert [one.address for one in read.senders] == ["a@x.example", "b@x.example"]
    assert read.no_auto_reply == ("it has several senders",)


def report(
    *recipients: str, kind: str = "delivery-status", returned: str = "Message-ID: <sent@firm.example>"
) -> str:
    status = "\n\n".join(("Reporting-MTA: dns; mx.example", *recipients))
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: Undeliverable\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=b\n\n"
        f"--b\n\nSorry.\n--b\nContent-Type: message/{kind}\n\n{status}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{returned}\n--b--\n"
    )


def test_a_delivery_report_names_who_was_not_reached_and_which_mail_it_was() -> None:
    read = read_mail(
        report(
            "Final-Recipient: rfc822; one@x.example\nAction: failed",
            "Original-Recipient: rfc822;two@x.example\nFinal-Recipient: rfc822; b@x.example\nAction: Failed",
            "Final-Recipient: utf-8; دانا@x.example\nAction: failed",
            "Final-Recipient: rfc822; <three@x.example>",
            "Final-Recipient: rfc822; fine@x.example\nAction: delivered",
        )
    )
    assert read.kind is MailKind.BOUNCE
    assert read.bounced_recipients == ("one@x.example", "two@x.example", "دانا@x.example", "three@x.example")
    assert read.bounced_message_ids == ("<sent@firm.example>",)


def test_a_delivery_that_is_only_late_is_no_bounce() -> None:
    read = read_mail(report("Final-Recipient: rfc822; one@x.example\nAction: delayed"))
    assert (read.kind, read.bounced_recipients) == (MailKind.AUTO_REPLY, ())


@pytest.mark.parametrize("kind", ["disposition-notification", "feedback-report"])
def test_a_report_of_another_type_is_no_bounce(kind: str) -> None:
    read = read_mail(report("Final-Recipient: rfc822; one@x.example", kind=kind))
    assert (read.kind, read.bounced_recipients) == (MailKind.AUTO_REPLY, ())


def test_a_customer_who_forwards_a_bounce_is_a_customer() -> None:
    body = "Look what I got:\n\n<help@firm.example>:\nSorry, no mailbox here by that name.\n"
    assert mail("Subject: failure notice", body=body).kind is MailKind.CUSTOMER


def test_mail_of_a_daemon_in_plain_words_is_a_bounce() -> None:
    read = mail(
        "From: postmaster@x.example",
        "Subject: Delivery failure",
        body="Your message did not reach:\n\n    gone@x.example\n\nMessage-ID: <sent@firm.example>\n",
    )
    assert (read.kind, read.bounced_recipients) == (MailKind.BOUNCE, ("gone@x.example",))
    assert read.bounced_message_ids == ("<sent@firm.example>",)
