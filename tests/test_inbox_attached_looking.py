"""What a file is, by its bytes, and what in it may harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.attached.archives import inflated
from inbox.attached.budget import Budget
from inbox.attached.looking import look
from store.attached import Danger, Family, Seen

PROGRAM = b"MZ\x90\0\3\0\0\0"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\1" * 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


KIND_OF = {b"\x1f\x8b": "gz", b"BZ": "bz2", b"\xfd7": "xz"}


def zipped(files: dict[str, bytes], compresslevel: int | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=compresslevel) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sparse(name: bytes, size: int) -> bytes:
    """A tar with one file of so many zeros, none of which stands in it (GNU's old sparse format)."""
    head = bytearray(512)
    for at, field in (
        (0, name),
        (100, b"0000644\0"),
        (124, b"%011o\0" % 0),
        (136, b"%011o\0" % 0),
        (148, b" " * 8),
        (156, b"S"),
        (257, b"ustar  \0"),
        (386, b"%011o\0" % size),
        (398, b"%011o\0" % 0),
        (483, b"%011o\0" % size),
    ):
        head[at : at + len(field)] = field
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + bytes(1024)


def ole(*streams: str, rest: bytes = b"") -> bytes:
    """A compound file as far as the names of its streams go ([MS-CFB] 2.6)."""
    entries = b""
    for name in streams:
        encoded = name.encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + (len(encoded) + 2).to_bytes(2, "little") + b"\2\1" + b"\0" * 60
    return OLE + b"\0" * 504 + entries + b"\0" * (-len(entries) % 512) + rest


def all_of(seen: Seen) -> Iterator[Danger]:
    yield from seen.dangers
    for one in seen.inside:
        yield from all_of(one)


def dangers(name: str, data: bytes) -> set[Danger]:
    return set(all_of(look(name, data)))


DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
RELATION = (
    b'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/attachedTemplate" Target="%s" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("data", "kind", "family"),
    [
        (JPEG, "jpg", Family.PICTURE),
        (b"\x89PNG\r\n\x1a\n", "png", Family.PICTURE),
        (b"\0\0\0\x18ftypheic", "heic", Family.PICTURE),
        (b"\0\0\0\x18ftypisom", "mp4", Family.VIDEO),
        (b"\0\0\0\x18ftypqt  ", "mov", Family.VIDEO),
        (b"RIFF\0\0\0\0WEBP", "webp", Family.PICTURE),
        (b"RIFF\0\0\0\0WAVE", "wav", Family.SOUND),
        (b"#!AMR\n", "amr", Family.SOUND),
        (b"ID3 is no tag here", "txt", Family.TEXT),
        (b"ID3\4\0\0\0", "mp3", Family.SOUND),
        (b"%PDF-1.7", "pdf", Family.PDF),
        (b"\r\n%PDF-1.7", "pdf", Family.PDF),
        (ole("WordDocument"), "doc", Family.DOCUMENT),
        (zipped(DOCX), "docx", Family.DOCUMENT),
        (zipped({"mimetype": b"x", "content.xml": b"x"}), "odt", Family.DOCUMENT),
        ("נשבר".encode("utf-16"), "txt", Family.TEXT),
        (b"MZ is how my name begins", "txt", Family.TEXT),
        (b"BEGIN:VCALENDAR", "ics", Family.TEXT),
        (b"", "", Family.OTHER),
        (bytes(range(256)), "", Family.OTHER),
    ],
)
def test_what_customers_send_is_known_and_harms_nobody(data: bytes, kind: str, family: Family) -> None:
    seen = look("it", data)
    assert (seen.kind, seen.family, dangers("it", data)) == (kind, family, set())


@pytest.mark.parametrize(
    ("data", "danger"),
    [
        (PROGRAM, Danger.PROGRAM),
        (b"\x7fELF\2\1", Danger.PROGRAM),
        (b"\xcf\xfa\xed\xfe\7\0", Danger.PROGRAM),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", Danger.PROGRAM),
        (b"#!/bin/sh\nrm -rf /", Danger.SCRIPT),
        (b"\xff\xfe" + "Windows Registry Editor".encode("utf-16-le"), Danger.SCRIPT),
        (b"%!PS-Adobe-3.0", Danger.SCRIPT),
        (b"L\0\0\0\1\x14\2\0", Danger.SHORTCUT),
        (b"[InternetShortcut]\r\nURL=http://example.com", Danger.SHORTCUT),
        (b"!<arch>\ndebian-binary", Danger.INSTALLER),
        (ole("Property", rest=bytes.fromhex("84100c0000000000c000000000000046")), Danger.INSTALLER),
        (zipped({"META-INF/MANIFEST.MF": b"x", "a.class": b"\xca\xfe\xba\xbe\0"}), Danger.INSTALLER),
        (zipped({"AndroidManifest.xml": b"x"}), Danger.INSTALLER),
        (ole("WordDocument", "_VBA_PROJECT"), Danger.MACRO),
        (ole("Workbook", rest=b"\x85\0\x0e\0\0\0\0\0\0\1\6\0Macro1"), Danger.MACRO),
        (zipped(DOCX | {"word/vbaProject.bin": b"x"}), Danger.MACRO),
        (zipped({"mimetype": b"x", "content.xml": b"x", "Basic/Standard/a.xml": b"x"}), Danger.MACRO),
        (ole("WordDocument", "\1Ole10Native"), Danger.EMBEDDED),
        (zipped(DOCX | {"word/embeddings/o.bin": ole("\1Ole10Native")}), Danger.EMBEDDED),
        (zipped(DOCX | {"word/embeddings/o.bin": PROGRAM}), Danger.PROGRAM),
        (zipped(DOCX | {"word/_rels/s.xml.rels": RELATION % b"https://example.com/t.dotm"}), Danger.EMBEDDED),
        (b"{\\rtf1 {\\object\\objemb{\\*\\objdata 0105}}}", Danger.EMBEDDED),
        (ole("EncryptedPackage"), Danger.LOCKED),
        (b"\0" * 32769 + b"CD001", Danger.DISC_IMAGE),
        (JPEG.ljust(32769, b"\0") + b"CD001", Danger.TWO_IN_ONE),
        (b"conectix" + b"\0" * 60, Danger.DISC_IMAGE),
        (b"Rar!\x1a\7\0", Danger.UNSEEN),
        (zipped({"old.eml": b"Subject: x\n\nbegin 644 x.exe\n"}), Danger.UNSEEN),
        (b"MSCF\0\0\0\0", Danger.UNSEEN),
        (JPEG + zipped({"a.class": b"x"}), Danger.TWO_IN_ONE),
        (b"GIF89a<script>x</script>", Danger.TWO_IN_ONE),
        (b"\x89PNG\r\n\x1a\n<?php x", Danger.TWO_IN_ONE),
        (b"<html><script>x</script>", Danger.ACTIVE),
        (b"<HTML><BODY ONLOAD = x()>", Danger.ACTIVE),
        (b"<html><a href='java\tscript:x'>", Danger.ACTIVE),
        (b"<html><a href='&#106;&#x61;vascript:x'>", Danger.ACTIVE),
        (b"<html><a href='&#00000000106;avascript:x'>", Danger.ACTIVE),
        (b"<html><a href='java&Tab;script&colon;x'>", Danger.ACTIVE),
        (b"<svg\x0conload=x()>", Danger.ACTIVE),
        (b"<html><meta http-equiv=refresh content='0;url=x'>", Danger.ACTIVE),
        ("<html><script>".encode("utf-16"), Danger.ACTIVE),
        (b"<?xml version='1.0'?><svg><script>x</script></svg>", Danger.ACTIVE),
        (b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>", Danger.ACTIVE),
        (b"%PDF-1.4 1 0 obj <</S /JavaScript /JS (x)>>", Danger.ACTIVE),
        (b"%PDF-1.4 1 0 obj <</S /J#61vaScript>>", Danger.ACTIVE),
        (b"%PDF-1.4 1 0 obj <</S/#4c#61#75nch /F(x.exe)>>", Danger.ACTIVE),
        (b"%PDF-1.4 1 0 obj <</S/Launch /F(x.exe)>>", Danger.ACTIVE),
    ],
)
def test_what_may_harm_is_seen(data: bytes, danger: Danger) -> None:
    assert danger in dangers("it", data)


def test_an_archive_with_a_password_is_locked() -> None:
    data = bytearray(zipped({"a.txt": b"x"}))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + at] |= 1
    assert dangers("a.zip", bytes(data)) == {Danger.LOCKED}


def test_a_template_on_this_computer_is_nothing_that_is_fetched() -> None:
    data = zipped(DOCX | {"word/_rels/s.xml.rels": RELATION % rb"file:///C:\Users\ann\Normal.dotm"})
    assert dangers("letter.docx", data) == set()


def test_a_page_without_scripts_is_a_page() -> None:
    assert dangers("a.html", b"<!doctype html><p>The <b>kettle</b> is on its way.</p>") == set()
    assert dangers("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>") == set()


def test_a_page_that_begins_with_no_tag_is_one_by_its_name() -> None:
    assert dangers("a.htm", b"hello <img src=x onerror=y>") == {Danger.ACTIVE}
    assert dangers("a.txt", b"hello <img src=x onerror=y>") == set()


# What is packed


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_what_is_packed_is_looked_at(pack: object) -> None:
    assert callable(pack)
    (inner,) = look("setup.exe.gz", pack(PROGRAM)).inside
    assert (inner.name, inner.dangers) == ("setup.exe", (Danger.PROGRAM,))
    assert dangers("notes.gz", pack(b"hello")) == set()


def test_archives_in_archives_are_looked_into_and_not_for_ever() -> None:
    data = PROGRAM
    for depth in range(8):
        data = zipped({f"{depth}.zip" if depth else "setup.exe": data})
        assert dangers("a.zip", data) & {Danger.PROGRAM, Danger.UNSEEN}
    assert dangers("a.zip", data) == {Danger.UNSEEN}


def test_a_tar_is_looked_into_and_its_links_are_kept_out() -> None:
    assert dangers("a.tar", tarred((tarfile.TarInfo("x/run"), b"#!/bin/sh"))) == {Danger.SCRIPT}
    link = tarfile.TarInfo("x")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    assert dangers("a.tar", tarred((link, b""))) == {Danger.SHORTCUT}
    packed = gzip.compress(tarred((tarfile.TarInfo("x.exe"), PROGRAM)))
    assert dangers("a.tgz", packed) == {Danger.PROGRAM}


@pytest.mark.parametrize(
    "bomb",
    [
        gzip.compress(b"\0" * 80_000_000),
        bz2.compress(b"\0" * 80_000_000),
        zipped({f"{n}.txt": b"\0" * 30_000_000 for n in range(3)}, compresslevel=9),
        zipped({"in.zip": zipped({"a.txt": b"\0" * 80_000_000})}),
        sparse(b"a.html", 80_000_000),
    ],
    ids=["gz", "bz2", "zip", "zip in zip", "sparse tar"],
)
def test_a_bomb_is_known_and_takes_little_memory(bomb: bytes) -> None:
    tracemalloc.start()
    try:
        found = dangers("a", bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert Danger.BOMB in found
    assert most < 120 * 2**20


def test_an_archive_that_lies_about_its_sizes_is_counted() -> None:
    data = bytearray(zipped({"a.txt": b"\0" * 40_000_000}))
    for mark, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        place = data.index(mark) + at
        data[place : place + 4] = (10).to_bytes(4, "little")
    assert dangers("a.zip", bytes(data)) == {Danger.UNSEEN}
    many = zipped({f"{n}.txt": b"" for n in range(3500)})
    assert dangers("many.zip", many) == {Danger.UNSEEN}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_streams_behind_each_other_are_one_file_and_too_many_are_not_looked_into(
    pack: Callable[[bytes], bytes],
) -> None:
    text = b"".join(b"%d" % n for n in range(40_000))
    whole, dangers_of = inflated(pack(text) * 3 + b"trailing", KIND_OF[pack(b"")[:2]], Budget())
    assert (whole, dangers_of) == (text * 3, ())
    # Each of a million would be a copy of all that lies behind it.
    budget = Budget()
    assert inflated(pack(b"") * 4000, KIND_OF[pack(b"")[:2]], budget) == (b"", (Danger.UNSEEN,))
    assert inflated(pack(text)[:-20], KIND_OF[pack(b"")[:2]], Budget())[1] == (Danger.UNSEEN,)


def test_the_files_of_one_mail_share_what_may_be_unpacked() -> None:
    budget = Budget(unpacked=1000)
    assert not look("a.gz", gzip.compress(b"x" * 900), 1, budget).dangers
    assert look("b.gz", gzip.compress(b"x" * 900), 2, budget).dangers


@pytest.mark.parametrize("kind", ["zip", "gz", "bz2", "xz", "tar"])
def test_a_damaged_archive_was_not_looked_into(kind: str) -> None:
    whole = {
        "zip": zipped({"a.txt": b"x" * 5000}),
        "gz": gzip.compress(bytes(range(256)) * 99),
        "bz2": bz2.compress(bytes(range(256)) * 99),
        "xz": lzma.compress(bytes(range(256)) * 99),
        "tar": tarred((tarfile.TarInfo("a"), b"x" * 50_000)),
    }[kind]
    assert dangers(f"a.{kind}", whole[: len(whole) * 2 // 3]) == {Danger.UNSEEN}


def test_pictures_are_told_from_what_they_are_called() -> None:
    assert look("photo.jpg", b"%PDF-1.4").claims is Family.PICTURE
    assert look("photo.jpg", b"\x89PNG\r\n\x1a\n").claims is None
    assert look("bill.xls", b"<html><table>").claims is None, "many programs write such"
    assert look("bill.docx", zipped(DOCX)).claims is None


@given(st.binary(max_size=400), st.sampled_from(["", "PK\3\4", "\x1f\x8b\x08\0", "BZh9", "{\\rt", "<svg "]))
def test_nothing_that_a_file_holds_raises(data: bytes, start: str) -> None:
    seen = look("a.bin", start.encode("latin-1") + data)
    assert seen.size == len(start) + len(data)
