"""winmail.dat: body and files, whatever is wrong with its lengths; and the RTF in it."""

from __future__ import annotations

from base64 import encodebytes
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.content import rtf, tnef
from store.values import Message
from tests import winmail as w
from tests.reading import mail, soon

HEBREW = "שלום, ההזמנה לא הגיעה"


def sent(data: bytes, *, kind: str = "application/ms-tnef", text: str = "") -> Message:
    """A mail whose second part is this winmail.dat."""
    body = (
        f"--b\n\n{text}\n--b\nContent-Type: {kind}; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    )
    return mail(
        "Content-Type: multipart/mixed; boundary=b", body=f"{body}{encodebytes(data).decode()}--b--\n"
    )


def test_files_come_with_their_long_names_sizes_and_kinds() -> None:
    long_name = w.prop(w.LONG_NAME, w.UNICODE, w.unicode("חשבונית ארוכה.pdf"))
    kind = w.prop(w.MIME, w.STRING8, b"application/pdf\0")
    data = w.stream(
        w.attribute(w.MESSAGE, w.BODY, b"Late.\0"),
        w.file(b"INVOIC~1.PDF", b"%PDF-", long_name, kind),
        w.file(b"b.txt", b"hello world"),
    )
    read = sent(data)
    assert read.text == "Late."
    assert [(one.filename, one.content_type, one.size) for one in read.attachments] == [
        ("חשבונית ארוכה.pdf", "application/pdf", 5),
        ("b.txt", "application/octet-stream", 11),
    ]
    assert read.damage == ()


def test_the_code_page_tells_what_the_strings_say() -> None:
    data = w.stream(
        w.attribute(w.MESSAGE, w.CODEPAGE, pack("<II", 1255, 0)),
        w.attribute(w.MESSAGE, w.BODY, HEBREW.encode("cp1255") + b"\0"),
        w.file("שם.txt".encode("cp1255"), b"x"),
    )
    read = sent(data)
    assert (read.text, read.attachments[0].filename) == (HEBREW, "שם.txt")


def test_a_text_beside_it_is_the_text_of_the_mail() -> None:
    data = w.stream(w.attribute(w.MESSAGE, w.BODY, b"Late.\0"), w.file(b"b.txt", b"x"))
    read = sent(data, text="Late, I say.")
    assert (read.text, [one.filename for one in read.attachments]) == ("Late, I say.", ["b.txt"])


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/vnd.ms-tnef"])
def test_it_is_known_by_its_name_and_by_its_other_kind(kind: str) -> None:
    assert sent(w.stream(w.attribute(w.MESSAGE, w.BODY, b"Late.\0")), kind=kind).text == "Late."


def test_html_is_read_in_its_own_charset() -> None:
    listed = w.properties(
        w.named(w.UNICODE, w.unicode("x")),
        w.prop(w.CPID, w.LONG, pack("<I", 65001)),
        w.prop(w.HTML, w.BINARY, f"<p>{HEBREW}</p>".encode()),
    )
    assert sent(w.stream(w.attribute(w.MESSAGE, w.PROPERTIES, listed))).text == HEBREW


def test_rich_text_is_the_text_where_there_is_no_other() -> None:
    source = b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0 My caf\\'e9\\par order is late.\\par}"
    listed = w.properties(w.prop(w.RTF, w.BINARY, w.stored_rtf(source)))
    assert sent(w.stream(w.attribute(w.MESSAGE, w.PROPERTIES, listed))).text == "My café\norder is late."


def test_a_mail_inside_it_is_an_attachment_called_by_its_subject() -> None:
    inner = w.stream(
        w.attribute(w.MESSAGE, w.SUBJECT, b"Offer a/b\0"), w.attribute(w.MESSAGE, w.BODY, b"Buy!\0")
    )
    carried = (
        w.prop(w.METHOD, w.LONG, pack("<I", 5)),
        w.prop(w.FILE_DATA, w.OBJECT, bytes(16) + inner),
    )
    data = w.stream(w.attribute(w.MESSAGE, w.BODY, b"Late.\0"), w.file(b"Untitled", b"", *carried))
    read = sent(data)
    assert read.text == "Late."
    assert [(one.content_type, one.size) for one in read.attachments] == [
        ("application/vnd.ms-outlook", len(inner))
    ]
    assert read.attachments[0].filename == "Offer a b.msg"


def test_names_in_it_hold_no_path() -> None:
    assert sent(w.stream(w.file(b"..\\..\\a.exe", b"x"))).attachments[0].filename == "a.exe"


def test_what_was_cut_off_is_said_and_the_rest_is_read() -> None:
    whole = w.stream(w.attribute(w.MESSAGE, w.BODY, b"Late.\0"), w.file(b"b.txt", b"x" * 99))
    read = sent(whole[:-60])
    assert read.text == "Late."
    assert any("could not be read to its end" in said for said in read.damage)


def test_what_is_no_such_stream_stays_an_attachment() -> None:
    read = sent(b"nonsense", text="Late.")
    assert [one.filename for one in read.attachments] == ["winmail.dat"]
    assert len(read.damage) == 1


def test_one_too_large_to_be_opened_stays_an_attachment() -> None:
    read = sent(w.stream(w.file(b"b.bin", bytes(6_000_000))), text="Late.")
    assert [one.filename for one in read.attachments] == ["winmail.dat"]
    assert read.attachments[0].size > 6_000_000
    assert read.damage == ("a part that has to be opened to be read is too large",)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_bytes_of_it_raise(data: st.DataObject) -> None:
    listed = w.properties(w.prop(w.RTF, w.BINARY, w.stored_rtf(b"{\\rtf1 x}")), w.named(w.STRING8, b"x\0"))
    whole = bytearray(
        w.stream(
            w.attribute(w.MESSAGE, w.PROPERTIES, listed),
            w.file(b"a", b"x", w.prop(w.MIME, w.STRING8, b"a/b\0")),
        )
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + 4] = data.draw(st.binary(min_size=0, max_size=8))
        if not whole:
            whole += b"\0"
    tnef.read(bytes(whole))


def test_hostile_counts_and_depths_are_bounded_in_time() -> None:
    many = w.attribute(w.MESSAGE, w.PROPERTIES, pack("<I", 0xFFFFFFFF) + bytes(1_000_000))
    inner = w.stream(w.attribute(w.MESSAGE, w.SUBJECT, b"x\0"))
    for _ in range(40):
        carried = (w.prop(w.METHOD, w.LONG, pack("<I", 5)), w.prop(w.FILE_DATA, w.OBJECT, bytes(16) + inner))
        inner = w.stream(w.file(b"", b"", *carried))
    with soon():
        tnef.read(w.stream(many))
        tnef.read(inner)
        rtf.read(b"{" * 1_000_000)
        rtf.read(b"\\u1" * 300_000)


def test_compressed_rich_text_is_unpacked() -> None:
    # "hello" by letters, then three more by a reference into what was written just before.
    first = len(rtf._DICTIONARY)
    packed = b"\x60" + b"hello" + pack(">HH", first << 4 | 1, (first + 8) % 4096 << 4)
    data = pack("<IIII", len(packed) + 12, 8, 0x75465A4C, 0) + packed
    assert rtf.decompressed(data, 100) == b"hellohel"


def test_the_example_of_the_specification_is_unpacked() -> None:
    data = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.decompressed(data, 100) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_reference_may_repeat_what_it_is_writing() -> None:
    first = len(rtf._DICTIONARY)
    packed = b"\x02" + b"a" + pack(">H", first << 4 | 8)
    data = pack("<IIII", len(packed) + 12, 11, 0x75465A4C, 0) + packed
    assert rtf.decompressed(data, 100) == b"a" * 11
    assert rtf.decompressed(data, 4) == b"aaaa"


@pytest.mark.parametrize("data", [b"", b"\0" * 16, pack("<IIII", 1, 9, 0x75465A4C, 0) + b"\x01\xff\xf0"])
def test_what_is_no_compressed_rich_text_is_refused(data: bytes) -> None:
    with pytest.raises(rtf.BadRtf):
        rtf.decompressed(data, 100)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b"{\\rtf1 one{\\b two}\\line three\\tab 4}", "onetwo\nthree\t4"),
        (b"{\\rtf1\\ansi\\uc1 caf\\u233?\\u-10179?\\u-8704?}", "café😀"),
        (b"{\\rtf1{\\info{\\author No}}{\\*\\generator No;}{\\pict 00ff}seen \\{\\}\\\\}", "seen {}\\"),
        (
            b"{\\rtf1\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset177 B;}}\\f1"
            b" \\'f9\\'ec\\'e5\\'ed\\f0  \\'e9}",
            "שלום é",
        ),
        (b"{\\rtf1 \\uc2\\u1513\\'3f\\'3fx}", "שx"),
    ],
)
def test_rich_text_reads_as_text(source: bytes, text: str) -> None:
    assert rtf.read(source) == (text, False)


def test_rich_text_that_was_made_from_html_gives_the_html_again() -> None:
    source = (
        b"{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\b \\htmlrtf0 Late"
        b"\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}{\\*\\mhtmltag1 no}}"
    )
    assert rtf.read(source) == ("<p>Late</p>", True)
