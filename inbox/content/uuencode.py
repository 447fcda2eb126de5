"""Files that older programs wrote into the text: uuencode and begin-base64 (POSIX), found line by line."""

from __future__ import annotations

import re
from binascii import Error, a2b_uu
from collections.abc import Sequence
from typing import NamedTuple

from inbox.header.encoded_words import unbased

_BEGIN = re.compile(r"begin(-base64)? [0-7]{3,4} (\S[^\n]{0,250})")
_BEGIN_LINE = re.compile(rf"^{_BEGIN.pattern}$", re.MULTILINE)
_BODY = re.compile(r"[ -`]+")


class File(NamedTuple):
    """A file that stood in the text."""

    name: str
    size: int


def held_in(text: str) -> list[tuple[str, bytes]]:
    """The files that stand in a text, with their bytes, as far as they can be decoded. Lines end with LF."""
    told = {one.name for one in files_in(text)[1]}
    begins = [one for one in _BEGIN_LINE.finditer(text) if one[2].strip() in told] if told else []
    ends = [one.start() for one in begins[1:]] + [len(text)]
    pieces = [text[one.start() : end] for one, end in zip(begins, ends, strict=True)]
    return [
        (one[2].strip(), unuued(piece.encode("ascii", "replace")) or b"")
        for one, piece in zip(begins, pieces, strict=True)
    ]


def files_in(text: str) -> tuple[str, list[File]]:
    """The text without the files that stand in it, and those files. Linear; prose that looks alike stays.

    Lines end with LF. A file may lack its "end" line when what stands there is encoded without a doubt.
    """
    if "begin" not in text:
        return text, []
    lines = text.split("\n")
    files: list[File] = []
    kept: list[str] = []
    place = 0
    while place < len(lines):
        begin = _BEGIN.fullmatch(lines[place]) if lines[place].startswith("begin") else None
        end, size = (_base64 if begin[1] else _uu)(lines, place + 1) if begin else (0, 0)
        if begin and end:
            files.append(File(begin[2].strip(), size))
            place = end
        else:
            kept.append(lines[place])
            place += 1
    return ("\n".join(kept), files) if files else (text, [])


def _uu(lines: Sequence[str], place: int) -> tuple[int, int]:
    """The line after a uuencoded file, 0 when it is none, and the file's size."""
    begun, size, full = place, 0, True
    while place < len(lines) and _BODY.fullmatch(lines[place]) and lines[place] not in ("`", " "):
        length = (ord(lines[place][0]) - 32) & 63
        expected = (length + 2) // 3 * 4
        if not length or len(lines[place]) - 1 > expected + 1:
            break
        full = full and len(lines[place]) - 1 >= expected
        size += length
        place += 1
    has_data = place > begun
    closing = place
    while closing < len(lines) and closing < place + 3 and lines[closing].strip(" `") == "":
        closing += 1
    if closing < len(lines) and lines[closing].rstrip() == "end":
        return closing + 1, size
    # Without its last line it must look like a file all through.
    return (place, size) if has_data and full else (0, 0)


def _base64(lines: Sequence[str], place: int) -> tuple[int, int]:
    """The line after a begin-base64 file, 0 when it has no end, and the file's size."""
    size = 0
    for number in range(place, len(lines)):
        line = lines[number].strip()
        if line == "====":
            return number + 1, size
        if not line or not line.isascii() or " " in line:
            return 0, 0
        size += len(line.rstrip("=")) * 3 // 4
    return 0, 0


def unuued(content: bytes) -> bytes | None:
    """The bytes of a uuencoded part; None when it is no such thing."""
    out: list[bytes] = []
    begun = False
    for raw_line in content.split(b"\n"):
        line = raw_line.rstrip(b"\r")
        if not begun:
            if line.startswith(b"begin-base64 "):
                return unbased(content.partition(line)[2].partition(b"\n====")[0])
            begun = line.startswith(b"begin ")
            continue
        if line == b"end":
            break
        out.append(_line(line))
    return b"".join(out) if begun else None


def _line(line: bytes) -> bytes:
    """One uuencoded line; some encoders add a sign that Python refuses."""
    try:
        return a2b_uu(line) if line else b""
    except Error:
        wanted = ((line[0] - 32) & 63) * 4 // 3 + 2
        try:
            return a2b_uu(line[:wanted])
        except Error:
            return b""


def uu_size(line: bytes) -> int:
    """How many bytes a uuencoded line stands for; none for the lines around the file."""
    if not line or line[0] > 0x60 or line[0] < 0x20:
        return 0
    return (line[0] - 32) & 63
