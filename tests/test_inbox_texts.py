"""Texts that are no plain text: enriched, invitations, files in the text, S/MIME; and the names of files."""

from __future__ import annotations

import zlib
from base64 import encodebytes
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.content import cms, pgp
from inbox.content.calendar import describe
from inbox.content.enriched import from_enriched, from_richtext
from inbox.content.uuencode import files_in, unuued
from inbox.mime.naming import from_subject, safe, usual
from inbox.mime.stubs import is_stub
from tests.reading import SAMPLES, mail, soon

ALTERNATIVE = "Content-Type: multipart/alternative; boundary=b"
MIXED = "Content-Type: multipart/mixed; boundary=b"
DATA_OID = bytes.fromhex("06092a864886f70d010701")
SIGNED_OID = bytes.fromhex("06092a864886f70d010702")
COMPRESSED_OID = bytes.fromhex("060b2a864886f70d0109100109")
ENVELOPED_OID = bytes.fromhex("06092a864886f70d010703")


@pytest.mark.parametrize(
    ("enriched", "text"),
    [
        ("one\ntwo", "one two"),
        ("one\n\ntwo\n\n\nthree", "one\ntwo\n\nthree"),
        ("<bold>one</bold> <<two> <Fixed>3</Fixed>", "one <two> 3"),
        ("<color><param>red, green</param>one</color>", "one"),
        ("a<nofill>\none\ntwo\n</nofill>b\nc", "a\none\ntwo\nb c"),
        ("<param>never ended", "never ended"),
        ("</nofill>a\nb", "a b"),
        ("3 < 4 <", "3 < 4 <"),
    ],
)
def test_enriched_text_is_read_by_its_rules(enriched: str, text: str) -> None:
    assert from_enriched(enriched) == text


@pytest.mark.parametrize(
    ("rich", "text"),
    [
        ("one\ntwo<nl>three", "one two\nthree"),
        ("<bold>one</bold><comment>no<nl></comment><lt>b>", "one<b>"),
        ("<paragraph>one</paragraph>two", "\n\none\n\ntwo"),
    ],
)
def test_richtext_is_read_by_its_rules(rich: str, text: str) -> None:
    assert from_richtext(rich) == text


def event(*lines: str) -> str:
    return "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])


@pytest.mark.parametrize(
    ("invitation", "text"),
    [
        (event("SUMMARY:Visit", "DTSTART:20260305T100000Z"), "Visit\n2026-03-05 10:00 (UTC)"),
        (event("DTSTART;VALUE=DATE:20260305", "DTEND;VALUE=DATE:20260306"), "2026-03-05"),
        (
            event("DTSTART:20260305T230000", "DTEND:20260306T010000"),
            "2026-03-05 23:00 – 2026-03-06 01:00",
        ),
        (event('SUMMARY;X-A="a:b;c";LANGUAGE=en:Visit'), "Visit"),
        (event("SUMMARY:Visit", "BEGIN:VALARM", "DESCRIPTION:Wake up", "END:VALARM"), "Visit"),
        (event("SUMMARY:Vi", " sit", "\tor", "DESCRIPTION:a\\nb\\, c\\; d\\\\e"), "Visitor\na\nb, c; d\\e"),
        ("BEGIN:VTODO\nSUMMARY:Call\nDUE:20260305\nEND:VTODO", "Call"),
        ("SUMMARY:outside", ""),
        ("", ""),
    ],
)
def test_an_invitation_says_what_when_and_where(invitation: str, text: str) -> None:
    assert describe(invitation) == text


def test_an_invitation_with_another_text_is_an_attachment_alone() -> None:
    body = (
        "--b\n\nSee you.\n--b\nContent-Type: text/calendar; name=m.ics\n\n"
        + event("SUMMARY:Visit")
        + "\n--b--\n"
    )
    read = mail(ALTERNATIVE, body=body)
    assert (read.text, [one.filename for one in read.attachments]) == ("See you.", ["m.ics"])


def test_a_signed_text_is_read_without_its_armour() -> None:
    signed = (
        "Above.\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- -----\n- From here\nplain\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\nBelow."
    )
    assert pgp.readable(signed) == "Above.\n-----\nFrom here\nplain\nBelow."


def test_an_encrypted_block_in_the_text_is_said() -> None:
    read = mail(body="-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n")
    assert read.damage == ("the text is encrypted (PGP) and could not be read",)


def test_a_quoted_armour_is_no_encrypted_text() -> None:
    assert mail(body="It says -----BEGIN PGP MESSAGE----- there.\n").damage == ()


LINE = "+:&5L;&\\@=V]R;&0`"


@pytest.mark.parametrize(
    ("text", "rest", "files"),
    [
        (f"a\nbegin 644 my file.txt\n{LINE}\n`\nend\nb", "a\nb", [("my file.txt", 11)]),
        (f"begin 644 שלום.txt\n{LINE}\n \nend", "", [("שלום.txt", 11)]),
        (f"begin 0644 a\n{LINE}\nend\nbegin 600 b\n{LINE}\n\nend", "", [("a", 11), ("b", 11)]),
        (f"begin 644 a\n{LINE}\n", "", [("a", 11)]),
        ("begin 644 e\n`\nend", "", [("e", 0)]),
        ("begin-base64 644 c\naGVsbG8=\n====\nx", "x", [("c", 5)]),
        ("begin-base64 644 c\naGVsbG8=", "begin-base64 644 c\naGVsbG8=", []),
        ("begin 644 is how I begin\nand so on", "begin 644 is how I begin\nand so on", []),
        ("I begin\nthe end", "I begin\nthe end", []),
    ],
)
def test_files_in_the_text_are_told_from_prose(text: str, rest: str, files: list[tuple[str, int]]) -> None:
    assert files_in(text) == (rest, files)


def test_a_uuencoded_part_is_decoded_line_by_line() -> None:
    assert unuued(f"begin 644 a\r\n{LINE}\r\n`\r\nend\r\n".encode()) == b"hello world"
    assert unuued(b"begin-base64 644 a\naGVsbG8=\n====\n") == b"hello"
    assert unuued(b"no such thing") is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.pdf", "y.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\u2066b\u2069\x07.txt", "ab.txt"),
        ("..", ""),
        (" . ", ""),
        ("folder/", "folder"),
        ("سفارش\u200cها.pdf", "سفارش\u200cها.pdf"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
        ("two  words.txt", "two words.txt"),
    ],
)
def test_a_name_holds_no_path_and_nothing_unseen(name: str, shown: str) -> None:
    assert safe(name) == shown


@pytest.mark.parametrize(
    ("kind", "hints", "name"),
    [
        ("image/png", ["image001.png@01DC.1"], "image001.png"),
        ("image/png", ["part1.A.B@x.example"], "image.png"),
        ("image/jpeg", ["", "https://x.example/p/lamp.jpg?w=1"], "lamp.jpg"),
        ("image/jpeg", [], "image.jpg"),
        ("image/svg+xml", [], "image.svg"),
        ("application/pdf", ["", "", "Invoice 4711.pdf"], "Invoice 4711.pdf"),
        ("application/pdf", ["", "", "an invoice"], ""),
        ("application/pkcs7-signature", [], "smime.p7s"),
        ("application/octet-stream", [], ""),
    ],
)
def test_a_part_without_a_name_gets_a_good_one_or_none(kind: str, hints: list[str], name: str) -> None:
    assert usual(kind, *hints) == name


def test_a_carried_mail_is_called_by_its_subject_without_a_path() -> None:
    assert from_subject("Re: a/b", ".eml") == "Re: a b.eml"
    assert from_subject("", ".eml") == "message.eml"


@pytest.mark.parametrize(
    "text",
    [
        "Your e-mail program does not support HTML.",
        "Bitte im Browser ansehen: https://x.example/",
        "Veuillez consulter ce message dans votre navigateur.",
        "Если письмо не видно, откройте его в браузере.",
        "このメールはHTML形式です。",
        "این پیام با فرمت HTML است.",
    ],
)
def test_a_text_that_sends_its_reader_to_the_html_is_a_stub(text: str) -> None:
    assert is_stub(text)
    body = f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    body += f"--b\nContent-Type: text/html; charset=utf-8\n\n<p>{'My order is late. ' * 6}</p>\n--b--\n"
    assert mail(ALTERNATIVE, body=body).text.startswith("My order is late.")


def test_a_text_of_words_is_no_stub() -> None:
    assert not is_stub("My order 4711 is late. Please tell me where it is.")


def test_of_several_plain_alternatives_none_is_lost_or_said_twice() -> None:
    parts = ["Order 4711", "is late.", "Order 4711"]
    body = "".join(f"--b\n\n{part}\n" for part in parts) + "--b\nContent-Type: text/html\n\n<p>x</p>\n--b--\n"
    assert mail(ALTERNATIVE, body=body).text == "Order 4711\nis late."


def test_plain_text_is_preferred_to_enriched() -> None:
    body = "--b\n\nOrder  4711\n--b\nContent-Type: text/enriched\n\n<bold>Order 4711</bold>\n--b--\n"
    assert mail(ALTERNATIVE, body=body).text == "Order  4711"


def test_a_text_without_a_name_is_read_when_there_is_no_other() -> None:
    csv = "--b\nContent-Type: text/csv\n\n1,2\n"
    assert mail(MIXED, body=csv + "--b--\n").text == "1,2"
    with_text = mail(MIXED, body="--b\n\nSee.\n" + csv + "--b--\n")
    assert (with_text.text, len(with_text.attachments)) == ("See.", 1)


def test_an_inline_text_with_a_name_is_read_and_kept_when_there_is_no_other() -> None:
    body = "--b\nContent-Type: text/plain\nContent-Disposition: inline; filename=a.txt\n\nLate.\n--b--\n"
    read = mail(MIXED, body=body)
    assert (read.text, [one.filename for one in read.attachments]) == ("Late.", ["a.txt"])


def test_a_card_is_never_the_text() -> None:
    assert mail(MIXED, body="--b\nContent-Type: text/vcard\n\nBEGIN:VCARD\n--b--\n").text == ""


def der(tag: int, *content: bytes) -> bytes:
    """A value with a definite length."""
    data = b"".join(content)
    length = bytes([len(data)]) if len(data) < 128 else b"\x84" + len(data).to_bytes(4, "big")
    return bytes([tag]) + length + data


def wrapped(kind: bytes, content: bytes, inner: bytes = DATA_OID) -> bytes:
    """CMS around this content."""
    encapsulated = der(0x30, inner, der(0xA0, der(0x04, content)))
    return der(0x30, kind, der(0xA0, der(0x30, der(0x02, b"\1"), der(0x31), encapsulated)))


def test_signed_content_is_read() -> None:
    assert cms.read(wrapped(SIGNED_OID, b"hello"), 99) == (b"hello", "")


def test_content_that_is_signed_twice_is_read() -> None:
    assert cms.read(wrapped(SIGNED_OID, wrapped(SIGNED_OID, b"hello"), SIGNED_OID), 9999).content == b"hello"


def test_octet_strings_in_pieces_are_joined() -> None:
    pieces = b"\x24\x80" + der(4, b"hel") + der(0x24, der(4, b"lo")) + b"\0\0"
    encapsulated = b"\x30\x80" + DATA_OID + b"\xa0\x80" + pieces + b"\0\0\0\0"
    data = (
        b"\x30\x80" + SIGNED_OID + b"\xa0\x80\x30\x80" + der(2, b"\1") + der(0x31) + encapsulated + bytes(6)
    )
    assert cms.read(data, 99).content == b"hello"


def test_compressed_content_is_read_up_to_a_limit() -> None:
    data = wrapped(COMPRESSED_OID, zlib.compress(b"x" * 100_000))
    assert cms.read(data, 200_000).content == b"x" * 100_000
    assert len(cms.read(data, 1000).content) == 1000


def test_enveloped_content_is_said_to_be_encrypted() -> None:
    said = "the mail is encrypted and could not be read"
    assert cms.read(wrapped(ENVELOPED_OID, b"x"), 99) == (b"", said)
    body = encodebytes(wrapped(ENVELOPED_OID, b"x")).decode()
    read = mail("Content-Type: application/pkcs7-mime", "Content-Transfer-Encoding: base64", body=body)
    assert read.damage == (said,)
    assert [one.filename for one in read.attachments] == ["smime.p7m"]


def test_a_signature_that_cannot_be_opened_leaves_the_part_as_a_file() -> None:
    read = mail(
        "Content-Type: application/pkcs7-mime; name=smime.p7m",
        "Content-Transfer-Encoding: base64",
        body="AAAA\n",
    )
    assert read.damage == ("an S/MIME part could not be read",)
    assert [one.filename for one in read.attachments] == ["smime.p7m"]


def test_what_is_signed_has_parts_of_its_own() -> None:
    inner = b"Content-Type: multipart/mixed; boundary=c\n\n"
    inner += b"--c\n\nLate.\n--c\nContent-Type: a/b; name=x\n\ny\n--c--\n"
    part = "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
    body = f"--b\n{part}{encodebytes(wrapped(SIGNED_OID, inner)).decode()}--b\n\nList footer.\n--b--\n"
    read = mail(MIXED, body=body)
    assert (read.text, [one.filename for one in read.attachments]) == ("Late.\nList footer.", ["x"])


@pytest.mark.parametrize(
    "data", [b"\x30\x80" * 500_000, b"\x24\x80" * 1000, b"\x30\x84\xff\xff\xff\xff", b"\x30"]
)
def test_hostile_lengths_are_refused_in_little_time(data: bytes) -> None:
    with soon():
        assert cms.read(data, 99).damage


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_to_a_signature_raises(data: st.DataObject) -> None:
    whole = bytearray(wrapped(SIGNED_OID, wrapped(COMPRESSED_OID, b"hello"), SIGNED_OID))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(whole)))
        whole[place : place + 2] = data.draw(st.binary(max_size=3))
    cms.read(bytes(whole), 99)


@given(st.text(alphabet=st.sampled_from("<>/acmnofilprt \n"), max_size=100))
def test_no_enriched_text_raises(text: str) -> None:
    from_enriched(text)
    from_richtext(text)


def test_every_sample_keeps_its_expectation_beside_it() -> None:
    names = {path.stem for path in Path(SAMPLES).glob("*.eml")}
    assert names == {path.stem for path in Path(SAMPLES).glob("*.json")}
