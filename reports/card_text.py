"""Text in lines of a width, where nothing else breaks it: how wide letters are, about, in any usual font.

The widths are those of a wide font, so that lines come out shorter rather than longer than their place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_SIGNS = {
    **dict.fromkeys(" ", 0.33),
    **dict.fromkeys("iIjlft.,:;!'|()[]/-–·،؛", 0.42),
    **dict.fromkeys("mwMW%", 0.98),
    **dict.fromkeys("@—…", 1.03),
}
_SCRIPTS = (
    (0x0590, 0x05FF, 0.64),
    (0x0600, 0x08FF, 0.56),
    (0xFB1D, 0xFDFF, 0.62),
    (0xFE70, 0xFEFC, 0.62),
    (0x2E80, 0x10FFFF, 1.0),
)
"""First and last letter of a script, and how wide its letters are; from the last one on they are square."""
_CAPITAL, _OTHER = 0.73, 0.64
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
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
    if unicodedata.category(sign) in _NO_WIDTH:
        return 0.0
    of_script = next((share for first, last, share in _SCRIPTS if first <= ord(sign) <= last), None)
    return _SIGNS.get(sign) or of_script or (_CAPITAL if sign.isupper() else _OTHER)


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
