"""What a file is by its first bytes: a small table of our own, of what customers send and what harms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from store.attached import Danger, Family


class Kind(NamedTuple):
    """A kind of file."""

    ending: str
    family: Family
    danger: Danger | None = None


def _kinds(family: Family, endings: str, danger: Danger | None = None) -> dict[str, Kind]:
    return {ending: Kind(ending, family, danger) for ending in endings.split()}


KINDS: Mapping[str, Kind] = {
    **_kinds(Family.PICTURE, "jpg png gif webp bmp tif heic avif ico psd jp2 jxl"),
    **_kinds(Family.VIDEO, "mp4 mov 3gp avi webm mkv mpg flv wmv"),
    **_kinds(Family.SOUND, "mp3 m4a wav ogg flac amr aac mid"),
    **_kinds(Family.PDF, "pdf"),
    **_kinds(Family.DOCUMENT, "doc xls ppt docx xlsx pptx odt ods odp rtf epub ole msg"),
    **_kinds(Family.DOCUMENT, "mdb one", Danger.EMBEDDED),
    **_kinds(Family.TEXT, "txt xml ics vcf eml"),
    **_kinds(Family.PAGE, "html svg"),
    **_kinds(Family.PAGE, "swf", Danger.ACTIVE),
    **_kinds(Family.ARCHIVE, "zip gz bz2 xz tar"),
    **_kinds(Family.ARCHIVE, "7z rar cab arj lzh ace zst lz4 z", Danger.UNSEEN),
    **_kinds(Family.ARCHIVE, "iso udf vhd vhdx vmdk qcow2 dmg wim", Danger.DISC_IMAGE),
    **_kinds(Family.PROGRAM, "exe elf macho class dex wasm chm hlp", Danger.PROGRAM),
    **_kinds(Family.PROGRAM, "sh php reg ps", Danger.SCRIPT),
    **_kinds(Family.PROGRAM, "lnk url desktop webloc", Danger.SHORTCUT),
    **_kinds(Family.PROGRAM, "msi deb rpm pkg jar apk msix", Danger.INSTALLER),
}
_STARTS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\0", "tif"),
    (0, b"MM\0*", "tif"),
    (0, b"8BPS", "psd"),
    (0, b"\0\0\1\0", "ico"),
    (0, b"\0\0\0\x0cjP  ", "jp2"),
    (0, b"\0\0\0\x0cJXL ", "jxl"),
    (0, b"\x1aE\xdf\xa3", "mkv"),
    (0, b"\0\0\1\xba", "mpg"),
    (0, b"\0\0\1\xb3", "mpg"),
    (0, b"FLV\1", "flv"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "wmv"),
    (0, b"#!AMR", "amr"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf2", "mp3"),
    (0, b"\xff\xf1", "aac"),
    (0, b"\xff\xf9", "aac"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"MThd", "mid"),
    (0, b"{\\rt", "rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"\0\1\0\0Standard Jet DB", "mdb"),
    (0, b"\0\1\0\0Standard ACE DB", "mdb"),
    (0, b"\xe4R\\{\x8c\xd8\xa7M\xae\xb1Sx\xd0)\x96\xd3", "one"),
    (0, b"PK\3\4", "zip"),
    (0, b"PK\5\6", "zip"),
    (0, b"PK00PK\3\4", "zip"),
    (0, b"\x1f\x8b", "gz"),
    (0, b"BZh", "bz2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"7z\xbc\xaf'\x1c", "7z"),
    (0, b"Rar!\x1a\7", "rar"),
    (0, b"MSCF", "cab"),
    (0, b"\x60\xea", "arj"),
    (2, b"-lh", "lzh"),
    (7, b"**ACE**", "ace"),
    (0, b"(\xb5/\xfd", "zst"),
    (0, b'\4"M\x18', "lz4"),
    (0, b"\x1f\x9d", "z"),
    (257, b"ustar", "tar"),
    (32769, b"CD001", "iso"),
    (34817, b"CD001", "iso"),
    (32769, b"BEA01", "udf"),
    (32769, b"NSR0", "udf"),
    (0, b"conectix", "vhd"),
    (0, b"vhdxfile", "vhdx"),
    (0, b"KDMV", "vmdk"),
    (0, b"# Disk DescriptorFile", "vmdk"),
    (0, b"QFI\xfb", "qcow2"),
    (0, b"MSWIM\0\0\0", "wim"),
    (0, b"MZ", "exe"),
    (0, b"\x7fELF", "elf"),
    (0, b"\xfe\xed\xfa\xce", "macho"),
    (0, b"\xfe\xed\xfa\xcf", "macho"),
    (0, b"\xce\xfa\xed\xfe", "macho"),
    (0, b"\xcf\xfa\xed\xfe", "macho"),
    (0, b"\xca\xfe\xba\xbe", "class"),
    (0, b"dex\n", "dex"),
    (0, b"\0asm", "wasm"),
    (0, b"ITSF", "chm"),
    (0, b"?_\3\0", "hlp"),
    (0, b"FWS", "swf"),
    (0, b"CWS", "swf"),
    (0, b"ZWS", "swf"),
    (0, b"L\0\0\0\1\x14\2\0", "lnk"),
    (0, b"!<arch>\ndebian", "deb"),
    (0, b"\xed\xab\xee\xdb", "rpm"),
    (0, b"xar!", "pkg"),
    (0, b"%!PS", "ps"),
    (0, b"\xc5\xd0\xd3\xc6", "ps"),
)
_BRANDS = {
    b"heic": "heic", b"heix": "heic", b"heim": "heic", b"hevc": "heic", b"mif1": "heic", b"msf1": "heic",
    b"avif": "avif", b"avis": "avif", b"qt  ": "mov", b"M4A ": "m4a", b"M4B ": "m4a", b"3gp": "3gp",
}  # fmt: skip
_RIFF = {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "wav"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_TOLD_BY_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"#!", "sh"),
    (b"<?php", "php"),
    (b"windows registry editor", "reg"),
    (b"regedit4", "reg"),
    (b"[internetshortcut]", "url"),
    (b"[desktop entry]", "desktop"),
    (b"begin:vcalendar", "ics"),
    (b"begin:vcard", "vcf"),
)
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<meta", b"<hta:")
_WORDS = frozenset({"exe", "swf", "bz2", "mp3", "lzh", "class"})
"""Kinds whose first bytes may be a word: a text that begins with it is a text."""
_HEAD = 1024
_PDF_WITHIN = 1024
"""A reader of PDF looks so far for where it begins."""
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\x0c\x1b\x1a")


def kind_of(data: bytes) -> str:
    """The ending that files of its kind have; "txt" for any other text, "" for what is not known."""
    for at, magic, kind in _STARTS:
        if data.startswith(magic, at) and not (kind in _WORDS and _is_text(data)):
            return kind if kind != "mkv" or b"webm" not in data[:64] else "webm"
    return _family_kind(data) or _far_kind(data) or _text_kind(data)


def _family_kind(data: bytes) -> str:
    """Of kinds whose first bytes are those of a whole family."""
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        return _BRANDS.get(brand) or _BRANDS.get(brand[:3], "mp4")
    if data.startswith((b"RIFF", b"RIFX")):
        return _RIFF.get(data[8:12], "")
    return "bmp" if data.startswith(b"BM") and len(data) > 26 and data[6:10] == b"\0\0\0\0" else ""


def _far_kind(data: bytes) -> str:
    """Of kinds whose mark stands further down, or at the end."""
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if data[-512:-508] == b"koly":
        return "dmg"
    return "vhd" if data[-512:-504] == b"conectix" else ""


def text_of(data: bytes) -> bytes:
    """A text in small letters of one byte each, whatever its encoding, as far as ASCII signs go."""
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(charset, "replace").lower().encode("utf-8", "replace")
    return data.replace(b"\0", b"").lower() if b"\0" in data else data.lower()


def _text_kind(data: bytes) -> str:
    head = text_of(data[:_HEAD]).lstrip()
    for start, kind in _TOLD_BY_TEXT:
        if head.startswith(start):
            return kind
    if b"[internetshortcut]" in head:
        return "url"
    if head.startswith(b"<") or head.startswith(_PAGES):
        return _markup_kind(head)
    return "txt" if _is_text(data) else ""


def _markup_kind(head: bytes) -> str:
    if b"<svg" in head:
        return "svg"
    if b"<plist" in head and b"<key>url</key>" in head:
        return "webloc"
    if any(one in head for one in _PAGES):
        return "html"
    return "xml" if head.startswith(b"<?xml") else ("html" if head.startswith(b"<!") else "txt")


def _is_text(data: bytes) -> bool:
    sample = data[:4096]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return bool(sample) and not any(one in _CONTROLS for one in sample)


_CLAIMS: Mapping[Family, str] = {
    Family.PICTURE: "jpg jpeg jpe jfif png gif webp bmp tif tiff heic heif avif ico psd jp2 jxl",
    Family.VIDEO: "mp4 m4v mov 3gp avi webm mkv mpg mpeg flv wmv asf",
    Family.SOUND: "mp3 m4a wav ogg oga opus flac amr aac mid",
    Family.PDF: "pdf",
    Family.DOCUMENT: "doc xls ppt docx xlsx pptx odt ods odp rtf",
    Family.TEXT: "txt csv log md ics vcf",
    Family.ARCHIVE: "zip gz bz2 xz tar 7z rar",
}
_FAMILY_OF = {ending: family for family, endings in _CLAIMS.items() for ending in endings.split()}
_LIKE = (frozenset({Family.VIDEO, Family.SOUND}), frozenset({Family.DOCUMENT, Family.TEXT, Family.PAGE}))
"""Families that one another's endings are used for: a sound in mp4, a page that a program calls xls."""


def claimed(ending: str, kind: str) -> Family | None:
    """What an ending says that the file is, where its bytes surely say another thing; else None."""
    told, is_ = _FAMILY_OF.get(ending.lower()), KINDS.get(kind)
    if told is None or is_ is None or kind == "ole":
        return None
    if told is is_.family or any(told in alike and is_.family in alike for alike in _LIKE):
        return None
    return told
