"""Whose mail was forwarded, and what it says: in the shapes of mail clients, inline and attached."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage

import pytest

from inbox.forwarded import ForwardedMail, forwarded_mail
from inbox.mime.carried import carried_mails
from inbox.mime.limits import Limits
from inbox.parse import parse
from inbox.quoting.heads import address_in, copied_mail
from language.signs import Signs
from tests import shipped
from tests.forwards import SUBJECT, WORDS, Forward, forwards

RULEBOOK = shipped.rules()
KNOWN = RULEBOOK.words


def mail(text: str = "FYI", html: str = "", *, html_only: bool = False) -> EmailMessage:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Subject"] = "Sam <sam@shop.example>", "complaints@shop.example", "Fwd: it"
    made["Message-ID"] = "<outer@shop.example>"
    if html_only:
        made.set_content(html, subtype="html")
        return made
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


def theirs(**headers: str) -> EmailMessage:
    made = EmailMessage(policy=email.policy.SMTP)
    values = {
        "From": "Ann Bee <ann@example.com>",
        "To": "shop@shop.example",
        "Subject": "Late parcel",
        "Date": "Mon, 23 Nov 2026 10:00:00 +0000",
        "Message-ID": "<hers@example.com>",
    }
    for name, value in (values | headers).items():
        made[name] = value
    made.set_content("My parcel has not arrived for two weeks.\n\nAnn")
    return made


def carrying(*mails: EmailMessage) -> EmailMessage:
    outer = mail("Please look at this.")
    for one in mails:
        outer.add_attachment(one)
    return outer


def read(outer: EmailMessage) -> ForwardedMail | None:
    raw = outer.as_bytes()
    return forwarded_mail(raw, parse(raw, KNOWN), KNOWN, Limits(), Signs())


def found(outer: EmailMessage) -> ForwardedMail:
    forwarded = read(outer)
    assert forwarded is not None
    return forwarded


def assert_is_anns(forwarded: ForwardedMail, one: Forward) -> None:
    message = forwarded.message
    assert (message.sender.address, message.sender.name) == ("ann@example.com", "Ann Bee")
    assert message.subject == SUBJECT[one.language]
    assert WORDS[one.language] in message.reply_text
    for foreign in ("Nov", "shop@example.org", "----", "____", "Sam"):
        assert foreign not in message.reply_text, message.reply_text
    assert message.language == one.language


@pytest.mark.parametrize("one", forwards(), ids=lambda one: one.name)
def test_a_forward_in_plain_text_says_who_wrote_what(one: Forward) -> None:
    forwarded = found(mail(one.text))
    assert_is_anns(forwarded, one)
    assert forwarded.note == ""


@pytest.mark.parametrize("one", [one for one in forwards() if one.html], ids=lambda one: one.name)
def test_a_forward_in_html_says_who_wrote_what(one: Forward) -> None:
    assert_is_anns(found(mail(html=one.html, html_only=True)), one)


@pytest.mark.parametrize("one", forwards("She called twice already."), ids=lambda one: one.name)
def test_what_stands_above_is_the_note_of_who_forwarded(one: Forward) -> None:
    forwarded = found(mail(one.text))
    assert_is_anns(forwarded, one)
    assert forwarded.note == "She called twice already."


def test_an_attached_mail_is_read_whole() -> None:
    outer = carrying(theirs())
    forwarded = found(outer)
    message = forwarded.message
    assert (message.sender.address, message.message_id) == ("ann@example.com", "<hers@example.com>")
    assert message.reply_text.startswith("My parcel has not arrived")
    assert message.fingerprint == parse(outer.as_bytes(), KNOWN).fingerprint
    assert forwarded.note == "Please look at this."
    assert forwarded.more == 0


def test_of_several_attached_mails_the_others_are_counted() -> None:
    forwarded = found(carrying(theirs(), theirs(Subject="Another"), theirs(Subject="A third")))
    assert forwarded.message.subject == "Late parcel"
    assert forwarded.more == 2


def test_an_attached_mail_of_a_program_is_not_to_be_answered() -> None:
    automatic = theirs(**{"Auto-Submitted": "auto-replied", "Subject": "Out of office"})
    assert found(carrying(automatic)).message.no_auto_reply


def test_a_mail_inside_the_attached_one_is_its_own() -> None:
    inner = theirs(Subject="The inner one")
    outer = theirs()
    outer.add_attachment(inner)
    assert len(carried_mails(carrying(outer).as_bytes(), Limits())) == 1


def test_a_mail_attached_in_base64_is_read_too() -> None:
    outer = mail("See below.")
    outer.add_attachment(
        theirs().as_bytes(), maintype="application", subtype="octet-stream", filename="hers.eml"
    )
    assert found(outer).message.sender.address == "ann@example.com"


@pytest.mark.parametrize(
    "text",
    [
        "My own parcel is late.",
        "From: me, to: you, with love.",
        "Subject: what I think of it.\n\nTo: whom it may concern.",
        "> From: Ann <ann@example.com>\n\nno",
        "",
    ],
)
def test_an_ordinary_mail_carries_none(text: str) -> None:
    assert read(mail(text)) is None


def copy_of(
    sender: str = "Ann <ann@example.com>", subject: str = "Late", *, title: str = "", above: str = ""
) -> str:
    head = f"From: {sender}\nDate: Mon, 23 Nov 2026 at 09:00\nSubject: {subject}\nTo: <sam@shop.example>"
    return "\n".join([above, title, head, "", "It is late."]).lstrip("\n")


TITLE = "---------- Forwarded message ---------"


def with_subject(text: str, subject: str) -> EmailMessage:
    made = mail(text)
    made.replace_header("Subject", subject)
    return made


@pytest.mark.parametrize(
    "text", [copy_of(subject="", title=TITLE), "From: a@example.com\nSent: now\nTo: x\n\nHi."]
)
def test_the_forwarders_own_subject_is_never_the_customers(text: str) -> None:
    assert found(with_subject(text, "Fwd: this crank again")).message.subject == ""


def test_a_mail_that_the_customer_attached_is_not_the_one_that_is_forwarded() -> None:
    outer = mail(copy_of(title=TITLE))
    outer.add_attachment(theirs(From="Victim <victim@example.org>"))
    assert found(outer).message.sender.address == "ann@example.com"


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("no-reply@shop.example", "Notice"),
        ("Mail System <mailer-daemon@example.com>", "Notice"),
        ("Ann <ann@example.com>", "Automatic reply: away"),
    ],
)
def test_a_copied_mail_of_a_program_is_not_to_be_answered(sender: str, subject: str) -> None:
    assert found(mail(copy_of(sender, subject, title=TITLE))).message.no_auto_reply


def test_a_copied_mail_of_a_person_may_be_answered() -> None:
    assert found(mail(copy_of(title=TITLE))).message.no_auto_reply == ()


@pytest.mark.parametrize("subject", ["My private order", "Re: Delay", "AW: Delay", "Information: delay"])
def test_a_mail_pasted_below_the_writers_own_words_is_evidence_and_no_forward(subject: str) -> None:
    text = copy_of(above="I ordered privately and it never came. Your supplier wrote:\n")
    assert read(with_subject(text, subject)) is None


@pytest.mark.parametrize(
    "subject", ["Fwd: it", "FW: it", "WG: it", "[EXT] Fw: it", "ارجاع: بسته", "הועבר: חבילה"]
)
def test_the_mark_in_the_subject_says_that_a_mail_is_forwarded(subject: str) -> None:
    assert found(with_subject(copy_of(above="Please help her.\n"), subject)).note == "Please help her."


def test_what_stands_alone_in_a_mail_is_forwarded_without_a_mark() -> None:
    assert found(with_subject(copy_of(), "Late")).message.sender.address == "ann@example.com"


def test_a_forward_that_names_no_address_has_no_sender() -> None:
    text = "From: Ann Bee\nSent: Monday, November 23, 2026 10:00\nTo: Sales\nSubject: Late\n\nIt is late."
    forwarded = found(mail(text))
    assert forwarded.message.senders == ()


def test_words_below_what_the_customer_quotes_are_cut() -> None:
    text = next(one.text for one in forwards() if one.name == "gmail-en")
    text += "\nOn Mon, 16 Nov 2026 at 10:00, Shop <shop@example.org> wrote:\n> Your parcel is on its way.\n"
    message = found(mail(text)).message
    assert "on its way" not in message.reply_text
    assert "on its way" in message.text


@pytest.mark.parametrize(
    ("value", "address", "name"),
    [
        ("Ann Bee <ann@example.com>", "ann@example.com", "Ann Bee"),
        ("Ann Bee [mailto:ann@example.com]", "ann@example.com", "Ann Bee"),
        ('"Bee, Ann" <ann@example.com>', "ann@example.com", "Bee, Ann"),
        ("ann@example.com <ann@example.com>", "ann@example.com", ""),
        ("ann@example.com", "ann@example.com", ""),
        ("Ann Bee (ann@example.com)", "ann@example.com", "Ann Bee"),
        ("Ann Bee <ann@example.com <mailto:ann@example.com>>", "ann@example.com", "Ann Bee"),
        ("Ann Bee", "", "Ann Bee"),
    ],
)
def test_an_address_is_read_as_clients_write_it(value: str, address: str, name: str) -> None:
    assert (address_in(value).address, address_in(value).name) == (address, name)


def test_hostile_text_is_read_in_linear_time() -> None:
    for text in ("From: a\n" * 20_000, ">" * 200_000, "From:" * 40_000, "\n" * 100_000 + "From: x@y.z"):
        copied_mail(text, KNOWN)
