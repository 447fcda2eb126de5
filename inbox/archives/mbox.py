"""mbox files, split without being held in memory: mboxrd, mboxo, mboxcl and mboxcl2.

A mail begins at a line "From SENDER DATE". Such a line may stand in a mail's own text as well, since not all
programs put a ">" before it there: it counts when its date reads as mbox writers write it and a header
follows. A mail may also say by Content-Length where it ends.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from inbox.archives.pieces import Piece

BLOCK = 2**20
_MARK = b"\nFrom "
_LINE = 2048
_HEAD = 16 * 2**10
_DAY, _MONTH = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?", rb"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_TIME, _ZONE = rb"(\d{1,2}):(\d\d)(?::(\d\d))?", rb"(?:\s+(?:[A-Z]{1,5}|[+-]\d{4})(?:\s+DST)?)?"
_DATED = re.compile(
    rb"From (?:.{0,900}\s)?"
    + _DAY
    + rb"\s+"
    + _MONTH
    + rb"\s+(\d{1,2})\s+"
    + _TIME
    + _ZONE
    + rb"\s+(\d{4})"
    + _ZONE
    + rb"(?:\s+remote from \S+)?\s*"
)
_LOOSE = re.compile(rb"From (?:[^\s@]{1,400}@[^\s@]{1,400}|-|MAILER-DAEMON)(?:\s.{0,200})?\s*")
"""As some programs write it, with another date or none."""
_FIELD = re.compile(rb">?[!-9;-~]{1,100}[ \t]*:|>From ")
_KNOWN = re.compile(
    rb"(?:return-path|received|date|from|to|subject|message-id|delivered-to|mime-version|status|x-[a-z-]{2,40}"
    rb"|content-[a-z-]{2,40}|envelope-to|reply-to|sender|dkim-signature|authentication-results)[ \t]*:",
    re.IGNORECASE,
)
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*\r?$")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")


def is_mbox(path: Path) -> bool:
    """Whether a file begins as an mbox does; an empty one is one without mails."""
    with path.open("rb") as file:
        return file.read(_LINE).lstrip(b"\r\n").startswith(b"From ") or path.stat().st_size == 0


def pieces(path: Path) -> Iterator[Piece]:
    """The mails of an mbox, in order."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(handle).st_size
        before: tuple[int, bytes] | None = None
        for at, line in _beginnings(handle, size):
            if before:
                yield _piece(path, handle, before, at)
            before = at, line
        if before:
            yield _piece(path, handle, before, size)
    finally:
        os.close(handle)


def _piece(path: Path, handle: int, beginning: tuple[int, bytes], end: int) -> Piece:
    at, line = beginning
    start = at + len(line)
    tail = os.pread(handle, 4, max(end - 4, start))
    for blank in (b"\n\r\n", b"\n\n"):  # the empty line before the next one is the mbox's
        if tail.endswith(blank):
            end -= len(blank) - 1
            break
    return Piece(path, start, max(end - start, 0), _date(line), escaped=True)


def _beginnings(handle: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Where mails begin, each with its whole From line."""
    until = 0
    for at in _candidates(handle):
        if at >= until and (line := _separates(handle, at, size)):
            yield at, line
            until = _told_end(handle, at + len(line), size)


def _candidates(handle: int) -> Iterator[int]:
    """Where a line begins with "From "."""
    place, kept = 0, b"\n"  # as if a line ended before the file
    while block := os.pread(handle, BLOCK, place):
        window, base = kept + block, place - len(kept)
        found = window.find(_MARK)
        while found >= 0:
            yield base + found + 1
            found = window.find(_MARK, found + 1)
        place += len(block)
        kept = window[-(len(_MARK) - 1) :]


def _separates(handle: int, at: int, size: int) -> bytes:
    """The From line at that place, with its end; empty where it is a line of a mail's text."""
    back = min(at, 3)
    window = os.pread(handle, back + _LINE, at - back)
    before, (line, ended, rest) = window[:back], window[back:].partition(b"\n")
    if not ended:
        return b""
    alone = at < 2 or before.endswith((b"\n\n", b"\n\r\n"))
    is_last = at + len(line) + 1 >= size
    if _DATED.fullmatch(line):
        follows = bool(_FIELD.match(rest)) if alone else bool(_KNOWN.match(rest))
    else:
        follows = alone and bool(_LOOSE.fullmatch(line)) and bool(_KNOWN.match(rest))
    return line + ended if follows or (is_last and alone) else b""


def _told_end(handle: int, start: int, size: int) -> int:
    """Where the mail says that it ends, if another begins there or nothing follows; else where it starts."""
    head = os.pread(handle, _HEAD, start)
    if b"ontent-" not in head or not (ended := _HEAD_END.search(head)):
        return start
    told = _LENGTH.search(head, 0, ended.start() + 1)
    if told is None:
        return start
    end = start + ended.end() + int(told[1])
    after = os.pread(handle, 8, end).lstrip(b"\r\n") if end <= size else b"no"
    return end if after[:5] in (b"", b"From ") else start


def _date(line: bytes) -> datetime | None:
    """When the mail came, by its From line; taken as UTC, since most say no zone."""
    found = _DATED.fullmatch(line)
    if found is None:
        return None
    month, day, hour, minute, second, year = found.groups()
    numbers = (int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second or 0))
    try:
        return datetime(*numbers, tzinfo=UTC)
    except ValueError:
        return None
