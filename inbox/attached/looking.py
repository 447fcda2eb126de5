"""What a file is and what is dangerous about it: by its bytes, and by those of the files in it.

The names say what a file claims to be; which of what is seen here is kept from agents, the rules say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import replace

from inbox.attached import archives, markup, office
from inbox.attached.archives import Member, Unpacked
from inbox.attached.budget import Budget
from inbox.attached.names import handed_on
from inbox.attached.types import KINDS, claimed, kind_of
from store.attached import Danger, Family, Seen

_PAGES = ("html", "htm", "xhtml", "xht", "shtml", "svg", "mht", "mhtml")
_MAIL = ".eml"
_OFFICE = ("docx", "xlsx", "pptx", "odt", "epub")
_END_OF_ZIP = b"PK\5\6"
_SEARCHED = 65_557
"""Bytes from the end in which the end of a zip archive stands."""
_DISCS = (32769, 34817)
"""Where a disc image has its mark, whatever stands before."""
_HIDES_MORE = frozenset({Family.PICTURE, Family.SOUND, Family.VIDEO, Family.PDF, Family.PAGE, Family.TEXT})
_SCRIPTS_IN_A_PICTURE = (b"<?php", b"<script", b"<html")
_PICTURE_HEAD = 512


def look(name: str, data: bytes, number: int = 1, budget: Budget | None = None) -> Seen:
    """A file as it is. Never raises, and takes no longer than the budget allows."""
    return _look(name, data, number, budget or Budget(), 0)


def unseen(name: str, size: int, number: int = 1) -> Seen:
    """A file whose bytes nobody looked at."""
    return Seen(handed_on(name, number), size)


def _look(name: str, data: bytes, number: int, budget: Budget, depth: int) -> Seen:
    kind = kind_of(data)
    if kind in ("", "txt") and name.lower().rpartition(".")[2] in _PAGES:
        kind = "html"  # without a beginning it is shown as one all the same
    found = _looked_into(kind, name, data, budget, depth)
    kind = found.kind or kind
    known = KINDS.get(kind)
    shown = handed_on(name, number, kind)
    dangers = dict.fromkeys(found.dangers)
    if known and known.danger:
        dangers[known.danger] = None
    if depth and name.lower().endswith(_MAIL):
        dangers[Danger.UNSEEN] = None  # its files are encoded in its text
    if _is_two(data, kind, known.family if known else Family.OTHER):
        dangers[Danger.TWO_IN_ONE] = None
    seen = Seen(shown, len(data), kind, known.family if known else Family.OTHER, tuple(dangers), found.inside)
    return replace(seen, claims=claimed(seen.ending, kind))


def _looked_into(kind: str, name: str, data: bytes, budget: Budget, depth: int) -> Seen:
    """What only the inside of a file tells: a better name of its kind, its dangers, the files in it."""
    found = Seen("")
    match kind:
        case "zip" | "gz" | "bz2" | "xz" | "tar" if depth >= budget.depth:
            found = Seen("", dangers=(Danger.UNSEEN,))
        case "zip":
            found = _zip(data, budget, depth)
        case "gz" | "bz2" | "xz":
            found = _packed(kind, name, data, budget, depth)
        case "tar":
            found = _archive("tar", archives.untarred(data, budget), budget, depth)
        case "ole":
            found = Seen("", kind=(told := office.ole(data)).kind, dangers=told.dangers)
        case "rtf":
            found = Seen("", dangers=office.rtf_dangers(data))
        case "html" | "svg" | "xml" if markup.has_script(data):
            found = Seen("", dangers=(Danger.ACTIVE,))
        case "pdf" if markup.pdf_is_active(data):
            found = Seen("", dangers=(Danger.ACTIVE,))
    return found


def _zip(data: bytes, budget: Budget, depth: int) -> Seen:
    unpacked = archives.unzipped(data, budget)
    names = [one.name for one in unpacked.members]
    kind = office.zipped_kind(names)
    if kind not in _OFFICE:
        return _archive(kind, unpacked, budget, depth)
    dangers = dict.fromkeys((*unpacked.dangers, *office.zipped_dangers(kind, names)))
    if any(one.name.lower().endswith(".rels") and office.fetches(one.data) for one in unpacked.members):
        dangers[Danger.EMBEDDED] = None
    inside = _members(unpacked.members, budget, depth)
    # A document is made of pages and drawings of its own; what counts are files that were put into it.
    own = (one for one in inside if set(_in_all(one)) - {Danger.ACTIVE, Danger.TWO_IN_ONE})
    return Seen("", kind=kind, dangers=tuple(dangers), inside=tuple(own))


def _in_all(seen: Seen) -> Iterable[Danger]:
    yield from seen.dangers
    for one in seen.inside:
        yield from _in_all(one)


def _packed(kind: str, name: str, data: bytes, budget: Budget, depth: int) -> Seen:
    inner, dangers = archives.inflated(data, kind, budget)
    if dangers:
        return Seen("", dangers=dangers)
    stem, _, ending = name.rpartition(".")
    inner_name = f"{stem}.tar" if ending.lower() in ("tgz", "tbz", "txz") else stem
    return Seen("", inside=(_look(inner_name, inner, 1, budget, depth + 1),))


def _archive(kind: str, unpacked: Unpacked, budget: Budget, depth: int) -> Seen:
    return Seen("", kind=kind, dangers=unpacked.dangers, inside=_members(unpacked.members, budget, depth))


def _members(members: Sequence[Member], budget: Budget, depth: int) -> tuple[Seen, ...]:
    return tuple(
        replace(_look(one.name, one.data, number, budget, depth + 1), size=one.size)
        for number, one in enumerate(members, 1)
    )


def _is_two(data: bytes, kind: str, family: Family) -> bool:
    """Whether one program would show a picture or text where another one unpacks or runs something."""
    if family not in _HIDES_MORE and kind:
        return False
    if kind == "pdf" and not data.lstrip().startswith(b"%PDF-") and kind_of(data[:64]) not in ("", "txt"):
        return True
    if family is Family.PICTURE and any(one in data[:_PICTURE_HEAD].lower() for one in _SCRIPTS_IN_A_PICTURE):
        return True
    return any(data.startswith(b"CD001", at) for at in _DISCS) or _ends_as_a_zip(data)


def _ends_as_a_zip(data: bytes) -> bool:
    """Whether a zip archive stands at the end, of which whoever opens it as one sees nothing else."""
    at = data.rfind(_END_OF_ZIP, max(0, len(data) - _SEARCHED))
    if at < 0 or len(data) - at < 22:
        return False
    _, _, _, _, entries, size, _, comment = struct.unpack_from("<4s4H2LH", data, at)
    begins = at - size
    return (
        entries > 0
        and at + 22 + comment <= len(data)
        and begins >= 0
        and data[begins : begins + 4] == b"PK\1\2"
    )
