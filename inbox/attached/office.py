"""Programs and files in office documents: OLE (doc, xls, msg, msi …), Office Open XML, OpenDocument, RTF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from store.attached import Danger

_MACROS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros", "PROJECTwm")
_OBJECTS = ("\1Ole10Native",)
_KINDS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt"))
_MSG, _LOCKED = "__properties_version1.0", ("EncryptedPackage", "EncryptionInfo")
_MSI_CLASS = (
    bytes.fromhex("84100c0000000000c000000000000046"),
    bytes.fromhex("86100c0000000000c000000000000046"),
    bytes.fromhex("82100c0000000000c000000000000046"),
)
_ENTRY = 128
_SHEET = re.compile(rb"\x85\0(?P<size>.)\0.{4}[\x00-\x02]\x01(?P<letters>.)(?P<wide>[\0\1])", re.DOTALL)
"""A BOUNDSHEET record of BIFF8 that names a sheet of Excel 4.0 macros."""
_RTF_OBJECT = re.compile(
    rb"\\(?:\*\\)?(?:objdata|objupdate|objautlink|objocx|objlink|objemb|template\b)", re.IGNORECASE
)
_RELATION = re.compile(rb"<relationship\b[^<>]{0,4000}>", re.IGNORECASE)
_LOADED = re.compile(rb"/(?:attachedtemplate|oleobject|frame|subdocument)[\"']", re.IGNORECASE)
_ELSEWHERE = re.compile(
    rb"\btarget\s*=\s*[\"']\s*(?:https?:|ftp:|mhtml:|ms-|\\\\|file:(?://[^/]|/{4,}))", re.IGNORECASE
)


class Ole(NamedTuple):
    """What a compound file is and holds."""

    kind: str
    dangers: tuple[Danger, ...]


def ole(data: bytes) -> Ole:
    """A compound file, by the names of its streams; their places in it are not believed."""
    names = set(_stream_names(data))
    dangers: dict[Danger, None] = {}
    if any(one in names for one in _MACROS) or _has_macro_sheet(data, names):
        dangers[Danger.MACRO] = None
    if any(one in names for one in _OBJECTS):
        dangers[Danger.EMBEDDED] = None
    if any(one in names for one in _LOCKED):
        dangers[Danger.LOCKED] = None
    kind = next((ending for stream, ending in _KINDS if stream in names), "")
    if not kind and (_MSG in names or any(one.startswith("__substg1.0_") for one in names)):
        kind = "msg"
        dangers[Danger.UNSEEN] = None  # its files stand in streams of its own
    if any(one in data for one in _MSI_CLASS):
        kind, dangers[Danger.INSTALLER] = "msi", None
    return Ole(kind or "ole", tuple(dangers))


def _stream_names(data: bytes) -> Iterator[str]:
    """The names of what looks like a directory entry ([MS-CFB] 2.6.1); sectors begin at multiples of 128."""
    for place in range(512, len(data) - _ENTRY + 1, _ENTRY):
        length = data[place + 64] | data[place + 65] << 8
        if 2 < length <= 64 and not length % 2 and data[place + 66] in (1, 2, 5) and data[place + 67] < 2:
            name = data[place : place + length - 2].decode("utf-16-le", "replace")
            if name.isascii():
                yield name


def _has_macro_sheet(data: bytes, names: set[str]) -> bool:
    if not names & {"Workbook", "Book"}:
        return False
    sheets = ((one["size"][0], one["letters"][0], one["wide"][0]) for one in _SHEET.finditer(data))
    return any(size == 8 + letters * (1 + wide) for size, letters, wide in sheets)


def zipped_kind(names: Sequence[str]) -> str:
    """What a zip archive is, by the files in it; "zip" when it is a mere archive."""
    known = {one.lower() for one in names}
    if "[content_types].xml" in known:
        for folder, ending in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
            if any(one.startswith(folder) for one in known):
                return ending
        return "msix" if "appxmanifest.xml" in known else "zip"
    if "androidmanifest.xml" in known:
        return "apk"
    if "meta-inf/manifest.mf" in known and any(one.endswith(".class") for one in known):
        return "jar"
    if "mimetype" in known and "content.xml" in known:
        return "odt"
    return "epub" if "mimetype" in known and "meta-inf/container.xml" in known else "zip"


def zipped_dangers(kind: str, names: Sequence[str]) -> tuple[Danger, ...]:
    """What is told of an office document by the names of what it is made of."""
    known = [one.lower() for one in names]
    if kind in ("docx", "xlsx", "pptx"):
        macro = any(
            one.endswith("vbaproject.bin") or "/macrosheets/" in one or "/activex/" in one for one in known
        )
        return (Danger.MACRO,) if macro else ()
    if kind == "odt":
        return (Danger.MACRO,) if any(one.startswith(("basic/", "scripts/")) for one in known) else ()
    return ()


def fetches(relations: bytes) -> bool:
    """Whether a part of an office document says that something is loaded from elsewhere when it is opened."""
    each = (one[0] for one in _RELATION.finditer(relations))
    return any(_LOADED.search(one) and _ELSEWHERE.search(one) for one in each)


def rtf_dangers(data: bytes) -> tuple[Danger, ...]:
    """Rich text that carries or fetches an object."""
    return (Danger.EMBEDDED,) if _RTF_OBJECT.search(data) else ()
