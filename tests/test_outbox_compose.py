"""Finished bytes: read back with Python's own parser, safe from injection, right for any relay."""

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.direction import printable
from outbox.compose import compose, mailto, new_message_id, reply_address
from outbox.headers import short_filename
from outbox.letters import Rendered
from store.values import Address

NOW = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
ENGLISH = Rendered("Re: Parcel (case 7)", "Dear Ann,\n\nit comes.\n", "<p>Dear Ann</p>\n", "en")
PERSIAN = Rendered("Re: بسته (پروندهٔ ۷)", "سلام،\n\nبسته می‌رسد.\n", "<p>سلام</p>\n", "fa")
HEBREW = Rendered("Re: חבילה (פנייה 7)", "שלום,\n\nהחבילה בדרך.\n", "<p>שלום</p>\n", "he")
ARABIC = Rendered("Re: طرد (رقم الحالة ٧)", "تحية طيبة،\n\nالطرد في الطريق.\n", "<p>تحية</p>\n", "ar")


def bytes_of(rendered: Rendered = ENGLISH, **changes: Any) -> bytes:
    values: dict[str, Any] = {
        "rendered": rendered,
        "sender": Address("complaints@example.com", "Example Shop"),
        "recipient": Address("ann@example.org", "Ann Example"),
        "reply_to": "complaints+token@example.com",
        "message_id": "<ack.7@example.com>",
        "date": NOW,
        "in_reply_to": "<theirs@example.org>",
        "references": ["<first@example.org> <second@example.org>"],
        "automatic": True,
        "case_number": 7,
    }
    return compose(**(values | changes))


def read(data: bytes) -> EmailMessage:
    """The mail as Python reads it, after a look at the bytes themselves."""
    assert data.isascii()
    assert b"\0" not in data
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert [part.defects for part in mail.walk() if part.defects] == []
    return mail


def name_of(data: bytes) -> str:
    """The recipient's name; the newer policy puts blanks between the encoded words of a long one."""
    name, _ = parseaddr(
        email.message_from_bytes(data, policy=email.policy.compat32)["To"].replace("\r\n", "")
    )
    return str(make_header(decode_header(name)))


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("rendered", [ENGLISH, PERSIAN, HEBREW, ARABIC], ids=lambda r: str(r.language))
def test_a_letter_is_read_back_as_it_was_written(rendered: Rendered) -> None:
    mail = read(bytes_of(rendered))
    assert mail["Subject"] == rendered.subject
    assert mail["Content-Language"] == rendered.language
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert (text_of(mail), text_of(mail, "html")) == (rendered.text, rendered.html)


def test_who_when_and_the_thread_are_told() -> None:
    mail = read(bytes_of())
    assert mail["From"] == "Example Shop <complaints@example.com>"
    assert mail["To"] == "Ann Example <ann@example.org>"
    assert mail["Reply-To"] == "complaints+token@example.com"
    assert parsedate_to_datetime(mail["Date"]) == NOW
    assert mail["Message-ID"] == "<ack.7@example.com>"
    assert mail["In-Reply-To"] == "<theirs@example.org>"
    assert str(mail["References"]).split() == [
        "<first@example.org>",
        "<second@example.org>",
        "<theirs@example.org>",
    ]
    assert mail["X-Peygir-Case"] == "7"
    assert "List-Id" not in mail


def test_an_automatic_letter_says_so_and_one_that_a_person_approved_does_not() -> None:
    automatic, approved = read(bytes_of()), read(bytes_of(automatic=False))
    assert automatic["Auto-Submitted"] == "auto-replied"
    assert automatic["X-Auto-Response-Suppress"] == "All"
    assert automatic["X-Peygir-Loop"] == "complaints@example.com"
    assert read(bytes_of(in_reply_to="", references=()))["Auto-Submitted"] == "auto-generated"
    for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Peygir-Loop"):
        assert name not in approved


def test_the_loop_header_can_be_asked_for_by_itself() -> None:
    assert read(bytes_of(automatic=False, loop_header=True))["X-Peygir-Loop"] == "complaints@example.com"
    assert "X-Peygir-Loop" not in read(bytes_of(loop_header=False))


def test_a_long_thread_keeps_its_first_and_latest_ids() -> None:
    ids = [f"<{n}@example.org>" for n in range(100)]
    kept = str(read(bytes_of(references=ids, in_reply_to="<99@example.org>"))["References"]).split()
    assert (len(kept), kept[0], kept[-1]) == (20, "<0@example.org>", "<99@example.org>")


def test_only_ids_are_taken_from_threading_headers() -> None:
    data = bytes_of(
        references=["junk <a@b>\r\nBcc: x@example.org", "<ü@b> <c d@e>"], in_reply_to="nothing\r\nX: y"
    )
    mail = read(data)
    assert (mail["References"], mail["In-Reply-To"], mail["Bcc"], mail["X"]) == ("<a@b>", None, None, None)


@pytest.mark.parametrize(
    "name",
    ["Ann\r\nBcc: x@example.org", "Ann\x00\u202e\u2066", 'Ann "x" \\', "=?utf-8?q?x?=", "سارا", "a" * 300],
)
def test_a_name_can_add_nothing_to_the_header(name: str) -> None:
    data = bytes_of(recipient=Address("ann@example.org", name))
    mail = read(data)
    assert name_of(data) == printable(name)
    assert [a.addr_spec for a in mail["To"].addresses] == ["ann@example.org"]
    assert mail["Bcc"] is None


BAD_ADDRESSES = """
ann
ann@
@example.org
a b@example.org
a@b@c
<a@b.c>
ann@example..org
سارا@example.org
a,b@example.org
"a b"@example.org
a@[1.2.3.4]
"""


@pytest.mark.parametrize(
    "address", [*BAD_ADDRESSES.strip().split("\n"), "", "a@b.c\r\nBcc: b@example.org", "a@b.c\n", "a\x00@b.c"]
)
def test_an_address_that_mail_cannot_be_sent_to_is_refused_in_plain_words(address: str) -> None:
    with pytest.raises(ValueError, match="it must read name@domain"):
        bytes_of(recipient=Address(address))


def test_a_domain_in_another_script_is_written_in_ascii() -> None:
    assert read(bytes_of(recipient=Address("info@müller.example")))["To"] == "info@xn--mller-kva.example"


def test_a_message_id_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no Message-ID"):
        bytes_of(message_id="<a@b>\r\nX: y")


def test_files_follow_the_letter_in_a_mixed_mail() -> None:
    files = [
        ("گزارش.pdf", "application/pdf", b"\x00\xff"),
        ("../a\r\nb.txt", "text/plain", b"From x\n.\n"),
        ("x", "bad\r\nX: y", b""),
    ]
    mail = read(bytes_of(PERSIAN, attachments=files))
    assert mail.get_content_type() == "multipart/mixed"
    parts = [*mail.iter_attachments()]
    assert [part.get_filename() for part in parts] == ["گزارش.pdf", "a b.txt", "x"]
    assert [part.get_content_type() for part in parts] == [
        "application/pdf",
        "text/plain",
        "application/octet-stream",
    ]
    assert [part.get_payload(decode=True) for part in parts] == [b"\x00\xff", b"From x\n.\n", b""]
    assert text_of(mail) == PERSIAN.text


def test_a_clean_original_is_attached_as_a_mail() -> None:
    original = b"From: ann@example.org\nSubject: hi\n\nwords\n"
    (part,) = read(bytes_of(attachments=[("original.eml", "message/rfc822", original)])).iter_attachments()
    assert part.get_content_type() == "message/rfc822"
    assert part.get_content()["Subject"] == "hi"


@pytest.mark.parametrize("garbage", [b"Subject: \xff\xfe\n\nx", b"a\0b", b"a\rb", b"x" * 2000])
def test_an_original_of_garbage_is_attached_byte_for_byte(garbage: bytes) -> None:
    (part,) = read(bytes_of(attachments=[("original", "message/rfc822", garbage)])).iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("application/octet-stream", "original.eml")
    assert part.get_payload(decode=True) == garbage


def test_an_original_that_guessed_our_boundary_stays_inside_its_part() -> None:
    first = bytes_of(attachments=[("o.eml", "message/rfc822", b"Subject: a\n\nb\n")])
    boundary = first.split(b'boundary="')[1].split(b'"')[0]
    original = b"Subject: a\n\n--" + boundary + b"\n\nforged\n--" + boundary + b"--\n"
    mail = read(bytes_of(attachments=[("o.eml", "message/rfc822", original)]))
    assert len([*mail.iter_attachments()]) == 1
    assert text_of(mail) == ENGLISH.text


def test_a_draft_without_html_is_plain_text() -> None:
    mail = read(bytes_of(Rendered("s", "a\n", "", "en")))
    assert (mail.get_content_type(), text_of(mail)) == ("text/plain", "a\n")


def test_long_lines_and_dots_and_froms_survive() -> None:
    text = "From here\n.\n" + "word " * 500 + "\nتمام\n" + " end \n"
    assert text_of(read(bytes_of(Rendered("s", text, "", "en")))) == text


plain_text = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]))


@given(subject=st.text(), name=st.text(max_size=90), text=plain_text, html=plain_text)
def test_whatever_the_words_are_the_mail_is_sound_and_says_them(
    subject: str, name: str, text: str, html: str
) -> None:
    letter = Rendered(subject, text, html and f"{html}\n", "fa")
    data = bytes_of(letter, recipient=Address("ann@example.org", name))
    mail = read(data)
    assert str(mail["Subject"]) == printable(subject)
    assert mail["To"].addresses[0].addr_spec == "ann@example.org"
    assert name_of(data) == printable(name)
    part = mail.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n") == text


NOT_A_MAIL = st.text(max_size=20).filter(lambda kind: kind.lower() != "message/rfc822")
"""An attached mail is read as one, not as bytes; it has tests of its own."""


@given(st.lists(st.tuples(st.text(max_size=300), NOT_A_MAIL, st.binary()), max_size=3))
def test_whatever_the_files_are_every_byte_arrives(files: list[tuple[str, str, bytes]]) -> None:
    parts = [*read(bytes_of(attachments=files)).iter_attachments()]
    assert [part.get_filename() for part in parts] == [short_filename(name) for name, _, _ in files]
    assert [part.get_payload(decode=True) for part in parts] == [data for _, _, data in files]


@given(st.text())
def test_a_message_id_of_any_text_is_one_and_always_the_same(unique: str) -> None:
    made = new_message_id("example.com", unique)
    assert made == new_message_id("example.com", unique)
    assert read(bytes_of(message_id=made))["Message-ID"] == made


def test_message_ids_that_read_alike_still_differ() -> None:
    assert new_message_id("example.com", "ack 7") != new_message_id("example.com", "ack.7")


def test_a_reply_address_carries_its_token_in_the_form_of_the_mail_server() -> None:
    assert reply_address("complaints@example.com", "abc") == "complaints+abc@example.com"
    assert reply_address("complaints@example.com", "abc", "{token}@{domain}") == "abc@example.com"
    with pytest.raises(ValueError, match="it must read"):
        reply_address("complaints@example.com", "a b")


def test_a_mailto_link_opens_a_ready_mail_in_any_script() -> None:
    link = mailto("c+t@example.com", "تأیید #7 & more", "edit\nمتن + x\r\nend")
    head, _, query = link.partition("?")
    assert head == "mailto:c%2Bt@example.com"
    assert [unquote(part) for part in query.split("&")] == [
        "subject=تأیید #7 & more",
        "body=edit\r\nمتن + x\r\nend",
    ]
    assert link.isascii()
    assert mailto("c@example.com") == "mailto:c@example.com"
