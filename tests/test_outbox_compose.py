"""Finished bytes: read back with Python's own parser, safe from injection, right for any relay."""

import email
import email.policy
import tracemalloc
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
from outbox.compose import Place, compose, mailto, new_message_id, reply_address
from outbox.letters import Rendered
from store.enclosed import whole
from store.values import Address, File

NOW = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
ENGLISH = Rendered("Re: Parcel (case 7)", "Dear Ann,\n\nit comes.\n", "<p>Dear Ann</p>\n", "en")
PERSIAN = Rendered("Re: بسته (پروندهٔ ۷)", "سلام،\n\nبسته می‌رسد.\n", "<p>سلام</p>\n", "fa")
HEBREW = Rendered("Re: חבילה (פנייה 7)", "שלום,\n\nהחבילה בדרך.\n", "<p>שלום</p>\n", "he")
ARABIC = Rendered("Re: طرد (رقم الحالة ٧)", "تحية طيبة،\n\nالطرد في الطريق.\n", "<p>تحية</p>\n", "ar")


def bytes_of(rendered: Rendered = ENGLISH, **changes: Any) -> bytes:
    """The letter as it leaves."""
    data, place = composed(rendered, **changes)
    return whole(data, *place, changes["original"]) if place else data


def composed(rendered: Rendered = ENGLISH, **changes: Any) -> tuple[bytes, Place | None]:
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


def test_a_letter_without_the_original_encloses_nothing() -> None:
    assert composed()[1] is None


@pytest.mark.parametrize(
    "original",
    [
        b"From: ann@example.org\nSubject: hi\n\nwords\n",
        b"From: ann@example.org\r\nSubject: hi\r\n\r\nwords\r\n",
        b"Subject: hi\n\nno line end",
        b"Subject: hi\r\n\n.\nFrom here\r\nmixed\n\n",
    ],
)
def test_a_clean_original_is_attached_as_a_mail(original: bytes) -> None:
    mail = read(bytes_of(PERSIAN, original=original))
    assert mail.get_content_type() == "multipart/mixed"
    (part,) = mail.iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("message/rfc822", "original.eml")
    enclosed = part.get_content()
    assert enclosed["Subject"] == "hi"
    lines = original.replace(b"\r\n", b"\n")
    assert enclosed.as_bytes().replace(b"\r\n", b"\n") == lines
    assert text_of(mail) == PERSIAN.text


@pytest.mark.parametrize(
    "garbage", [b"Subject: \xff\xfe\n\nx", b"a\0b", b"a\rb", b"a\r", b"x" * 2000, b"\xe2\x80"]
)
def test_an_original_of_garbage_is_attached_byte_for_byte(garbage: bytes) -> None:
    (part,) = read(bytes_of(original=garbage)).iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("application/octet-stream", "original.eml")
    assert part.get_payload(decode=True) == garbage


@pytest.mark.parametrize(
    ("lines", "how"),
    [
        (b"x" * 998, "7bit"),
        (b"x" * 999, "base64"),
        (b"x" * 998 + b"\n", "7bit"),
        (b"x" * 999 + b"\n", "base64"),
        (b"x" * 998 + b"\r\n", "7bit"),
        (b"x" * 999 + b"\r\n", "base64"),
        (b"a\n" + b"x" * 998 + b"\r\nb\r\n", "7bit"),
        (b"a\n" + b"x" * 999 + b"\nb", "base64"),
        (b"y" * 500 + b"\n" + b"x" * 499 + b"\n" + b"z" * 998, "7bit"),
        ((b"x" * 76 + b"\r\n") * 100 + b"x" * 999, "base64"),
        (b"\n" * 3000, "7bit"),
        (b"", "7bit"),
    ],
)
def test_an_original_goes_as_it_is_up_to_the_longest_line_that_mail_may_have(lines: bytes, how: str) -> None:
    _, place = composed(original=lines)
    assert place is not None
    assert place[1] == how


@given(
    st.lists(st.tuples(st.sampled_from([0, 1, 500, 997, 998, 999, 1000]), st.sampled_from([b"\n", b"\r\n"])))
)
def test_no_line_of_a_letter_is_too_long_whatever_the_lines_of_its_original_are(
    lines: list[tuple[int, bytes]],
) -> None:
    original = b"Subject: a\n\n" + b"".join(b"x" * width + end for width, end in lines)
    data, place = composed(original=original)
    assert place is not None
    assert place[1] == ("7bit" if all(width <= 998 for width, _ in lines) else "base64")
    read(whole(data, *place, original))


def test_an_original_that_guessed_our_boundary_stays_inside_its_part() -> None:
    first = bytes_of(original=b"Subject: a\n\nb\n")
    boundary = first.split(b'boundary="')[1].split(b'"')[0]
    original = b"Subject: a\n\n--" + boundary + b"\n\nforged\n--" + boundary + b"--\n"
    mail = read(bytes_of(original=original))
    assert len([*mail.iter_attachments()]) == 1
    assert text_of(mail) == ENGLISH.text


@given(st.binary().map(lambda body: b"Subject: a\r\n\r\n" + body))
def test_whatever_the_original_is_every_byte_arrives(original: bytes) -> None:
    data = bytes_of(original=original)
    (part,) = read(data).iter_attachments()
    if part.get_content_type() == "message/rfc822":
        assert original.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") in data
    else:
        assert part.get_payload(decode=True) == original


def test_a_letter_around_a_large_original_holds_no_copy_of_it() -> None:
    original = b"Subject: large\r\n\r\n" + (b"x" * 76 + b"\r\n") * 100_000
    composed()  # what is cached by a first letter is not this one's
    tracemalloc.start()
    try:
        data, _ = composed(original=original)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(data) < 10_000
    assert peak < len(original) / 10


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


def with_files(*files: File) -> EmailMessage:
    return read(bytes_of(files=files))


@pytest.mark.parametrize(
    "name",
    ["a.jpg", 'a "quoted" name.jpg', "عکس جعبه.jpg", "תמונה" * 40 + ".png", "a" * 200, "x\r\nBcc: y.jpg"],
)
def test_a_file_goes_along_with_its_name_whatever_it_is(name: str) -> None:
    mail = with_files(File(name, "image/jpeg", bytes(range(256))))
    (part,) = mail.iter_attachments()
    assert part.get_filename() == " ".join(name.split())
    assert part.get_content() == bytes(range(256))
    assert mail["Bcc"] is None
    body = mail.get_body(("plain",))
    assert body is not None


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text/html; x=y\r\nBcc: z", "", "x"])
def test_a_type_that_a_mail_program_would_look_into_is_sent_as_plain_bytes(kind: str) -> None:
    (part,) = with_files(File("a", kind, b"<script>")).iter_attachments()
    assert part.get_content_type() == "application/octet-stream"
    assert part.get_content() == b"<script>"
