"""Text in lines of a width, where nothing else breaks it: how wide letters are, about, in any usual font.

The widths are those of a wide font, so that lines come out shorter rather than longer than the place they have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_NARROW, _WIDE, _WIDEST = frozenset("iIjlft.,:;!'|()[]/-–·،؛"), frozenset("mwMW%"), frozenset("@—…")
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
_SPACE, _OF_NARROW, _OF_DIGITS, _OF_OTHERS, _OF_CAPITALS = 0.33, 0.42, 0.64, 0.64, 0.73
_OF_WIDE, _OF_WIDEST, _OF_SQUARES = 0.98, 1.03, 1.0
_SCRIPTS = ((0x0590, 0x05FF, 0.64), (0x0600, 0x08FF, 0.56), (0xFB1D, 0xFDFF, 0.62), (0xFE70, 0xFEFC, 0.62))
_SQUARES = 0x2E80
"""From here on letters are as wide as high."""
_INSIDE = re.compile(r"(?<=[@._-])(?=[^@._\-\u2069])")
"""Where an address that is wider than a whole line may be broken."""
_OPENS, _CLOSES = frozenset("\u2066\u2067\u2068"), "\u2069"


def width(text: str) -> float:
    """How wide it is, in parts of the size of its letters."""
    return sum(map(_width, text))


def lines(text: str, room: float) -> list[str]:
    """The text in lines no wider than the room, in parts of the letters' size; its own line ends stay.

    A word that is wider than a line is broken after @ . _ and -, if it has any; else it sticks out.
    """
    found = [line for given in text.split("\n") for line in _filled(given, room)]
    return list(_balanced(found))


def is_within(said: Sequence[str], room: float) -> bool:
    """Whether no line sticks out."""
    return all(width(line) <= room for line in said)


def _width(sign: str) -> float:
    if sign == " ":
        return _SPACE
    if unicodedata.category(sign) in _NO_WIDTH:
        return 0.0
    code = ord(sign)
    if script := next((share for first, last, share in _SCRIPTS if first <= code <= last), None):
        return _OF_NARROW if sign in _NARROW else script
    if code >= _SQUARES:
        return _OF_SQUARES
    if sign in _NARROW:
        return _OF_NARROW
    if sign in _WIDE or sign in _WIDEST:
        return _OF_WIDE if sign in _WIDE else _OF_WIDEST
    if sign.isdigit():
        return _OF_DIGITS
    return _OF_CAPITALS if sign.isupper() else _OF_OTHERS


def _filled(text: str, room: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        together = f"{line} {word}" if line else word
        if width(together) <= room:
            line = together
            continue
        if line:
            yield line
        *whole, line = _broken(word, room)
        yield from whole
    if line:
        yield line


def _broken(word: str, room: float) -> list[str]:
    """A word as one line, or as several where it is wider than one."""
    if width(word) <= room:
        return [word]
    found = [""]
    for part in _INSIDE.split(word):
        if found[-1] and width(found[-1] + part) > room:
            found.append("")
        found[-1] += part
    return found


def _balanced(given: Sequence[str]) -> Iterator[str]:
    """Lines each of which closes what it isolates, for each is shown by itself."""
    still = ""
    for line in given:
        begun = still + line
        opened = [sign for sign in begun if sign in _OPENS]
        closed = begun.count(_CLOSES)
        still = "".join(opened[closed:])
        yield begun + _CLOSES * len(still)
