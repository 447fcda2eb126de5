"""How a mail is divided into parts, and what its parts say of themselves, however wrong."""

from __future__ import annotations

import tracemalloc
from base64 import encodebytes
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.header.block import split_head
from inbox.mime import transfer
from inbox.mime.bounds import Limits, bound
from inbox.mime.delimiters import lost_boundary
from inbox.mime.media import media_of
from inbox.parse import parse
from tests.reading import all_words, mail, read_mail, soon

MIXED = "Content-Type: multipart/mixed; boundary=b"
TWO = "--b\n\nOne.\n--b\n\nTwo.\n--b--\n"
BOTH = "One.\nTwo."


@pytest.mark.parametrize(
    ("values", "kind", "parameters"),
    [
        ([b"text/plain; charset=utf-8"], "text/plain", b"; charset=utf-8"),
        ([b"Text / HTML"], "text/html", b""),
        ([b"text"], "text/plain", b""),
        ([b"html; charset=utf-8"], "text/html", b"; charset=utf-8"),
        ([b'"text/html"; charset=utf-8'], "text/html", b"; charset=utf-8"),
        ([b"text/plain charset=utf-8"], "text/plain", b"; charset=utf-8"),
        ([b"text/plain, charset=utf-8"], "text/plain", b"; charset=utf-8"),
        ([b"charset=utf-8"], "", b"; charset=utf-8"),
        ([b"Content-Type: text/html"], "", b""),
        ([b"html/text"], "text/html", b""),
        ([b""], "", b""),
        ([], "", b""),
        ([b"nonsense", b"text/html"], "text/html", b""),
        ([b"text/plain", b"multipart/mixed; boundary=b"], "multipart/mixed", b"; boundary=b"),
        ([b"text/plain", b"text/html"], "text/plain", b""),
    ],
)
def test_a_content_type_is_read_as_it_was_meant(values: list[bytes], kind: str, parameters: bytes) -> None:
    assert media_of(values) == (kind, parameters)


@pytest.mark.parametrize(
    ("value", "encoding"),
    [
        (b"base64", b"base64"),
        (b"Base64 (as usual)", b"base64"),
        (b'"quoted-printable"', b"quoted-printable"),
        (b"quoted-printable;", b"quoted-printable"),
        (b"quoted printable", b"quoted-printable"),
        (b"8 bit", b""),
        (b"utf-8", b""),
        (b"", b""),
        (b"x-uue", b"x-uuencode"),
        (b"uuencode", b"x-uuencode"),
    ],
)
def test_a_transfer_encoding_is_known_in_its_spellings(value: bytes, encoding: bytes) -> None:
    assert transfer.encoding_of([value]) == (encoding, "")


def test_an_unknown_transfer_encoding_is_said() -> None:
    read = mail("Content-Transfer-Encoding: x-secret", body="a=3Db\n")
    assert read.text == "a=3Db"
    assert read.damage == ("the transfer encoding x-secret is not known; the part was read as it stands",)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"SGVsbG8=", b"Hello"),
        (b"SGVsbG8", b"Hello"),
        (b"SGVs\r\nbG8=\r\n", b"Hello"),
        (b"SGVsbG8=\nIHdvcmxk", b"Hello world"),
        (b"U0dWc2JHOGdkMjl5YkdRZ2FHVnNiRzg!\x00=", b"SGVsbG8gd29ybGQgaGVsbG8"),
    ],
)
def test_damaged_base64_is_read_as_far_as_it_goes(content: bytes, text: bytes) -> None:
    assert transfer.decoded(content, transfer.BASE64).startswith(text)


def test_text_behind_base64_is_kept_of_a_text_and_dropped_of_a_file() -> None:
    content = encodebytes(b"hello world") + b"\n-- \nsent through the list\n"
    kept = transfer.repaired(content, transfer.BASE64, is_text=True)
    assert transfer.decoded(kept.content, kept.encoding) == b"hello world\n-- \nsent through the list"
    assert transfer.decoded(content, transfer.BASE64) == b"hello world"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a= \r\nb", b"ab"),
        (b"a=\t\nb", b"ab"),
        (b"a=\r\r\nb", b"ab"),
        (b"a=\rb\nc", b"ab\nc"),
        (b"=e2=9c=93 = =ZZ=", "✓ = =ZZ".encode()),
        (b"a=0D=0Ab", b"a\r\nb"),
    ],
)
def test_damaged_quoted_printable_loses_no_letter(content: bytes, text: bytes) -> None:
    assert transfer.decoded(content, transfer.QUOTED) == text


@pytest.mark.parametrize("encoding", [b"", transfer.BASE64, transfer.QUOTED])
@pytest.mark.parametrize("size", [0, 1, 5000, 900_000])
def test_the_size_of_a_part_is_known_without_decoding_it(size: int, encoding: bytes) -> None:
    data = bytes(range(33, 127)) * (size // 94) + b"x" * (size % 94)
    content = {
        b"": data,
        transfer.BASE64: encodebytes(data),
        transfer.QUOTED: b"".join(
            b"=%02X=\r\n" % byte if n % 20 == 0 else b"=%02X" % byte for n, byte in enumerate(data)
        ),
    }[encoding]
    assert transfer.decoded_size(memoryview(content + b"\r\n"), encoding) == size


@given(st.binary(max_size=300), st.sampled_from([b"", transfer.BASE64, transfer.QUOTED, transfer.UU]))
def test_no_content_fails_to_be_repaired(content: bytes, encoding: bytes) -> None:
    transfer.repaired(content, encoding, is_text=True)
    transfer.decoded(content, encoding)
    transfer.decoded_size(memoryview(content), encoding)


@pytest.mark.parametrize(
    ("raw", "boundary"),
    [
        (b"--x\nContent-Type: text/plain\n\nhi\n", b"x"),
        (b"--x\n\nhi\n--x--\n", b"x"),
        (b"words\n--\nContent-Type: text/plain\n\nhi\n", b""),
        (b"-- \nAnn\n", None),
        (b"--x\n\nhi\n", None),
        (b"no line\n", None),
    ],
)
def test_a_boundary_that_is_not_told_is_found_where_parts_begin(raw: bytes, boundary: bytes | None) -> None:
    assert lost_boundary(raw, 0, len(raw)) == boundary


def test_a_guessed_boundary_is_said() -> None:
    read = mail("Content-Type: multipart/mixed", body=TWO)
    assert read.text == BOTH
    assert read.damage == ("the mail does not say where its parts begin; that was guessed",)


def test_parts_that_cannot_be_told_apart_are_read_as_one_text() -> None:
    read = mail(MIXED, body="Only words.\n")
    assert read.text == "Only words."
    assert read.damage == ("the mail's parts could not be told apart",)


def test_a_part_behind_the_end_is_read_and_said() -> None:
    read = mail(MIXED, body="--b\n\nOne.\n--b--\n\n--b\n\nTwo.\n--b--\n")
    assert read.text == BOTH
    assert read.damage == ("a part stands behind the end of the mail's parts; it was read all the same",)


def test_text_around_the_parts_is_dropped_when_they_hold_text() -> None:
    assert mail(MIXED, body=f"Before.\n{TWO}After.\n").text == BOTH


def test_a_part_cannot_forge_the_delimiters_that_are_written() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--=_1_x\n\nforged\n--b--\n"
    written = bound(raw, split_head(raw, 0, 9999), Limits(), "x")
    assert b"=_1_x" in written.data
    assert read_mail(raw).text == "--=_1_x\n\nforged"


def test_words_before_the_parts_cannot_forge_the_delimiters_that_are_written() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--=_1_x\n\nforged\n--b\n\nTrue.\n--b--\n"
    written = bound(raw, split_head(raw, 0, 9999), Limits(), "x")
    assert written.data.count(b"=_1_x") == 1
    forged = raw.replace(b"=_1_x", bound(raw, split_head(raw, 0, 9999), Limits()).data.split(b'"')[1])
    assert [read_mail(one).text for one in (raw, forged)] == ["True.", "True."]


def test_mails_that_are_built_alike_keep_their_own_words() -> None:
    one, other = (mail(MIXED, body=TWO.replace("One", said)) for said in ("First", "Second"))
    again = mail(MIXED, body=TWO.replace("One", "First"))
    assert one == again
    assert (one.text, other.text) == (BOTH.replace("One", "First"), BOTH.replace("One", "Second"))


def test_the_parser_is_told_where_parts_stand_and_nothing_else() -> None:
    parts = "--b\nContent-Type: text/plain; charset=utf-8\n\nSecret.\n--b\n\nOther.\n--b--\n"
    raw = f"Subject: Hidden\nContent-Type: multipart/alternative; boundary=b\n\n{parts}".encode()
    written = bound(raw, split_head(raw, 0, 9999), Limits(), "x")
    assert written.data.count(b"--=_1_x") == 3
    assert not any(word in written.data for word in (b"Secret", b"Other", b"Hidden", b"charset"))
    assert [one.content for one in written.beside] == [None, b"Secret.", b"Other."]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable"])
def test_the_last_line_end_of_a_part_is_not_its_own(end: str, encoding: str) -> None:
    fields = (
        f"Content-Disposition: attachment; filename=a{end}Content-Transfer-Encoding: {encoding}{end}{end}"
    )
    closed = f"--b{end}{fields}four{end}--b--{end}"
    unclosed = f"--b{end}{fields}four{end}"
    assert [mail(MIXED, body=body).attachments[0].size for body in (closed, unclosed)] == [4, 4]


def test_a_line_that_belongs_to_no_header_field_does_not_become_text() -> None:
    read = read_mail(b"From: a@x.example\nMIME-Version: 1.0\nstray words\nDate: today\n\nThe text.\n")
    assert read.text == "The text."


def test_the_message_ids_of_carried_mails_are_told() -> None:
    carried = "Content-Type: message/rfc822\n\nMessage-ID: <{}@shop.example>\nSubject: Offer\n\nBuy!\n"
    body = f"--b\n\nSee.\n--b\n{carried.format('one')}--b\n{carried.format('two')}--b--\n"
    read = mail(MIXED, body=body)
    assert read.forwarded == ("<one@shop.example>", "<two@shop.example>")
    assert read.message_id == "<1@customer.example>"


def test_a_mail_inside_a_carried_mail_is_not_told() -> None:
    inner = "Message-ID: <one@x>\nContent-Type: multipart/mixed; boundary=c\n\n"
    inner += "--c\nContent-Type: message/rfc822\n\n"
    body = f"--b\nContent-Type: message/rfc822\n\n{inner}Message-ID: <two@x>\n\nDeep.\n--c--\n--b--\n"
    read = mail(MIXED, body=body)
    assert (read.forwarded, len(read.attachments), read.text) == (("<one@x>",), 1, "")


def test_what_is_opened_to_be_read_has_a_limit() -> None:
    message = encodebytes(b"Subject: Offer\n\n" + b"x" * 5000).decode()
    fields = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64"
    body = f"--b\n\nSee.\n--b\n{fields}\n\n{message}--b--\n"
    raw = f"From: a@x.example\n{MIXED}\n\n{body}".encode()
    read = parse(raw, all_words(), replace(Limits(), container_bytes=4000))
    assert "a part that has to be opened to be read is too large" in read.damage
    assert (read.text, len(read.attachments)) == ("See.", 1)
    assert parse(raw, all_words()).attachments[0].filename == "Offer.eml"


def test_many_texts_are_read_up_to_a_limit_in_all() -> None:
    body = b"".join(b"--b\n\n" + b"%d " % number + b"x" * 900_000 + b"\n" for number in range(9))
    read = read_mail(b"Content-Type: multipart/mixed; boundary=b\n\n" + body + b"--b--\n")
    assert "only the first 581 kB of a text were read" in read.damage
    assert read.text.startswith("0 x")


def test_short_lines_are_read_as_they_stand() -> None:
    text = "\n".join(f"{number}" for number in range(3000))
    assert mail(MIXED, body=f"--b\nContent-Type: text/plain\n\n{text}\n--b--\n").text == text
    assert mail(body=text).text == text


def test_what_is_wrapped_is_no_way_around_the_limit_of_depth() -> None:
    raw = b"hello"
    for number in range(25):
        field = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" if number else b"\n"
        raw = field + encodebytes(raw) if number else field + raw
    read = read_mail(raw)
    assert not read.unparsed
    assert "what is nested deeper than 20 parts was not read" in read.damage


def test_a_large_attachment_that_is_the_whole_mail_is_no_text() -> None:
    read = mail(
        "Content-Type: application/pdf; name=a.pdf",
        "Content-Transfer-Encoding: base64",
        body=("A" * 76 + "\n") * 40_000,
    )
    assert (read.text, read.damage) == ("", ())
    assert [(one.filename, one.size) for one in read.attachments] == [("a.pdf", 40_000 * 57)]


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "binary", "x-uuencode"])
def test_a_large_attachment_is_never_copied_whole(encoding: str) -> None:
    fields = f"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: {encoding}"
    content = b"M" + b"A" * 59 + b"\r\n"
    raw = f"{MIXED}\n\n--b\n\nSee.\n--b\n{fields}\n\n".encode() + content * 200_000 + b"--b--\n"
    read_mail(b"")
    tracemalloc.start()
    try:
        assert read_mail(raw).text == "See."
        assert tracemalloc.get_traced_memory()[1] < len(raw) / 2
    finally:
        tracemalloc.stop()


HOSTILE = {
    "delimiters": b"--b\n" * 400_000,
    "near delimiters": b"--bc\n--\n" * 300_000,
    "boundaries": b"".join(
        b"--b\nContent-Type: multipart/mixed; boundary=n%d\n\n" % n for n in range(20_000)
    ),
    "lost boundaries": b"--b\nContent-Type: multipart/mixed\n\n" * 200 + b"--x\n\n" * 200_000,
    "deep empty lines": b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(18)
    ).replace(b"--b0\n", b"--b\n")
    + (b"--b18\n\n" + b"\n" * 100_000) * 100,
    "hyphens": b"-" * 2_000_000,
    "base64": b"--b\nContent-Transfer-Encoding: base64\n\n" + b"=!" * 500_000,
    "uuencode": b"--b\n\n" + b"begin 644 a\nM\n" * 70_000,
    "begin-base64": b"--b\n\nbegin-base64 644 a\n" + b"QQ==\n" * 200_000,
    "soft breaks": b"--b\nContent-Transfer-Encoding: quoted-printable\n\n" + b"= " * 500_000,
    "spaces": b"--b\nContent-Transfer-Encoding: quoted-printable\n\n=" + b" " * 1_000_000,
    "enriched": b"--b\nContent-Type: text/enriched\n\n" + b"<" * 500_000 + b"<a" * 200_000,
    "calendar": b"--b\nContent-Type: text/calendar\n\nBEGIN:VEVENT\nSUMMARY:\n" + b" x\n" * 300_000,
    "armour": b"--b\n\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 25_000,
    "file names": b'--b\nContent-Type: image/png; name="'
    + b"../" * 5_000
    + b'"\nContent-ID: <'
    + b"a/" * 5_000
    + b">\n\nx\n",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_structure_costs_little_time(body: bytes) -> None:
    with soon():
        read = read_mail(b"Content-Type: multipart/mixed; boundary=b\n\n" + body)
        assert not read.unparsed


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "--b",
                "--b--",
                "--c",
                "--c--",
                "--",
                "",
                "x",
                "Content-Type: text/html",
                "Content-Type: multipart/mixed; boundary=c",
                "Content-Type: multipart/alternative; boundary=b",
                "Content-Type: message/rfc822",
                "Content-Transfer-Encoding: base64",
            ]
        ),
        max_size=40,
    )
)
def test_no_order_of_lines_is_beyond_reading(lines: list[str]) -> None:
    assert not mail(MIXED, body="\n".join(lines)).unparsed
