"""The header block of a mail or part: where it begins and ends, and its fields, unread."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

_LINE_END = re.compile(rb"\n(?![ \t])")
_WHOLE_NAME = re.compile(rb"[!-9;-~]{1,100}[ \t]*")
_NAME = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_ODD_NAME = re.compile(rb"([!-9;-~\x80-\xff]{1,100})[ \t]*:|[ \t]*:")
"""A name that is none: with letters beyond ASCII, or empty. Its field is no part of the one before it."""
_NO_COLON = re.compile(rb"(Subject|Message-I[Dd]|Reply-To|MIME-Version|Content-[TD][a-z-]{3,24})[ \t]+(?=\S)")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|content-[a-z-]{2,20}|reply-to"
    rb"|delivered-to|sender|dkim-signature|x-[a-z-]{2,40})[ \t]*:",
    re.IGNORECASE,
)
_MBOX = re.compile(rb">?From [^\n]{0,400}?\d\d:\d\d[^\n]{0,200}\n")
_BLANK = re.compile(rb"[ \t\r\n\x00]*\n|\xef\xbb\xbf")
_HEAD_END = re.compile(rb"\n[ \t\r]*(?:\n|\Z)")
_WIDE_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BARE_CR = re.compile(rb"(?<!\r)\r+(?=[A-Z][A-Za-z-]{1,40}:[ \t])")
_LEAD_LINES = 10
_LEAD_BYTES = 2000
_LEAD_SEARCHED = 64 * 1024


class Field(NamedTuple):
    """One header field as it came: its value still folded and encoded."""

    name: str
    """In lower case."""
    value: bytes


_field = partial(tuple.__new__, Field)
"""As `Field(…)` in half the time: a mail has many."""


class ByName:
    """Header values by name: for a header that is asked for many of them."""

    __slots__ = ("_values",)

    def __init__(self, fields: Iterable[Field]) -> None:
        self._values: dict[str, list[bytes]] = {}
        for name, value in fields:
            self._values.setdefault(name, []).append(value)

    def values(self, name: str) -> Sequence[bytes]:
        return self._values.get(name, ())

    def first(self, name: str) -> bytes:
        return self._values[name][0] if name in self._values else b""


class Head(NamedTuple):
    """The header block of a mail or part."""

    fields: tuple[Field, ...]
    end: int
    """Where the body begins."""
    cut: bool = False

    def values(self, name: str) -> Iterator[bytes]:
        return (value for found, value in self.fields if found == name)

    def first(self, name: str) -> bytes:
        for found, value in self.fields:
            if found == name:
                return value
        return b""


def in_single_bytes(raw: bytes) -> bytes:
    """The mail as mail is: a file that some program saved as UTF-16 in UTF-8 again."""
    charset = _WIDE_MARKS.get(raw[:2]) or {b"\x00": "utf-16-be"}.get(raw[:1] if raw[2:3] == b"\x00" else b"")
    if charset is None and raw[1:2] == raw[3:4] == raw[5:6] == b"\x00" and raw[:1].isalpha():
        charset = "utf-16-le"
    return (
        raw.decode(charset, "replace").removeprefix("\ufeff").encode("utf-8", "replace") if charset else raw
    )


def split_head(raw: bytes, start: int, limit: int, *, stop: int | None = None, top: bool = False) -> Head:
    """The fields that begin at `start` and end before `stop`, read to at most `limit` bytes; linear.

    At the top of a mail an mbox line, blank lines and junk before the first field are passed over.
    """
    if top:
        start = _skip_lead(raw, start)
    if raw.startswith((b"\n", b"\r\n"), start):
        return Head((), start + (2 if raw.startswith(b"\r", start) else 1))
    stop = len(raw) if stop is None else stop
    end, body = _end_of_head(raw, start, stop)
    block = raw[start : min(end, start + limit)]
    if b"\r" in block or b"\x00" in block:
        block = _plain_lines(block)
    fields = _well_formed(block)
    if fields is None:
        fields, stray = _fields(block.split(b"\n"))
        if stray is not None:
            body = _place_of(raw, start, stray)
    return Head(tuple(fields), body, end - start > limit)


def _end_of_head(raw: bytes, start: int, stop: int) -> tuple[int, int]:
    """Where the fields end and where the body begins.

    A line of white space alone ends them too, as some programs write it, unless From is yet to come.
    """
    found = _HEAD_END.search(raw, start, stop)
    for _ in range(_LEAD_LINES):
        if found is None:
            break
        blank = raw[found.start() + 1 : found.end()].strip(b"\r\n")
        if not blank or not _KNOWN.match(raw, found.end()):
            break
        if b"\nfrom:" in b"\n" + raw[start : min(found.end(), start + _LEAD_SEARCHED)].lower():
            break
        found = _HEAD_END.search(raw, found.end() - 1, stop)
    return (found.start() + 1, found.end()) if found else (stop, stop)


def _plain_lines(block: bytes) -> bytes:
    """With LF alone at line ends; a stray CR is a line end only where a field begins after it."""
    block = block.replace(b"\x00", b"").replace(b"\r\n", b"\n")
    if b"\r" in block:
        block = _BARE_CR.sub(b"\n", block.replace(b"\r\n", b"\n")).replace(b"\r", b" ")
    return block


def _well_formed(block: bytes) -> list[Field] | None:
    """The fields of a block in which every line belongs to one (RFC 5322, section 2.2); else None."""
    fields: list[Field] = []
    for line in _LINE_END.split(block.removesuffix(b"\n")):
        name, colon, value = line.partition(b":")
        known = _name(name)
        if not known or not colon:
            return None
        fields.append(_field((known, value.strip())))
    return fields


@lru_cache(maxsize=2048)
def _name(name: bytes) -> str:
    """A field's name in lower case; "" for what can be none."""
    return name.rstrip(b" \t").decode("ascii").lower() if _WHOLE_NAME.fullmatch(name) else ""


def _skip_lead(raw: bytes, start: int) -> int:
    """Past what stands before the first field."""
    if not raw.startswith(b"From ", start) and _NAME.match(raw, start):
        return start
    for lead in (_BLANK, _MBOX, _BLANK):
        while (found := lead.match(raw, start)) and found.end() > start:
            start = found.end()
    if _NAME.match(raw, start):
        return start
    place = start
    for _ in range(_LEAD_LINES):
        place = raw.find(b"\n", place, place + _LEAD_BYTES) + 1
        if not place:
            return start
        if _KNOWN.match(raw, place):
            return place
    return start


def _fields(lines: list[bytes]) -> tuple[list[Field], int | None]:
    """The fields, and the number of the line where the body begins without a blank line before it."""
    fields: list[Field] = []
    name, value = "", [b""]
    last_known = -1
    for number, line in enumerate(lines):
        folded = line[:1] in (b" ", b"\t", b"")
        start = None if folded and not line.lstrip(b" \t").startswith(b":") else _NAME.match(line)
        if start is None and not folded:
            if number > last_known:
                last_known = _last_known(lines, number)
            if last_known < number:
                return _with(fields, name, value), number
            start = _NO_COLON.match(line) or _ODD_NAME.match(line)
        if start is None:
            value.append(line)
            continue
        _with(fields, name, value)
        name = (start[1] or b"").decode("utf-8", "replace").lower()
        value = [line[start.end() :]]
    return _with(fields, name, value), None


def _with(fields: list[Field], name: str, value: list[bytes]) -> list[Field]:
    if name:
        fields.append(Field(name, b"\n".join(value).strip()))
    return fields


def _last_known(lines: Sequence[bytes], after: int) -> int:
    """The last line that is surely a header field, so that damage before it is no end of the headers."""
    return next((n for n in range(len(lines) - 1, after, -1) if _KNOWN.match(lines[n])), -1)


def _place_of(raw: bytes, start: int, line: int) -> int:
    """Where a line of the block begins in the raw mail."""
    for _ in range(line):
        start = raw.find(b"\n", start) + 1
    return start
