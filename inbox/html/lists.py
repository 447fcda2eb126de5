"""The numbers and bullets of lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 4000


@dataclass(slots=True)
class List:
    """A list that is being written."""

    kind: str
    """"" for bullets, else the `type` of an ordered list: 1, a, A, i or I."""
    begun: int
    """How many characters were written before it."""
    following: int = 1

    @classmethod
    def of(cls, tag: str, attributes: Mapping[str, str], begun: int) -> List:
        """The list that begins with this tag."""
        if tag == "ul":
            return cls("", begun)
        kind = attributes.get("type", "1").strip()
        start = _number(attributes.get("start", ""))
        kind = kind if kind in ("1", "a", "A", "i", "I") else "1"
        return cls(kind, begun, 1 if start is None else start)

    def marker(self, given: str) -> str:
        """What stands before the next item; `given` is the number that the item gives itself."""
        if not self.kind:
            return "- "
        number = _number(given)
        number = self.following if number is None else number
        self.following = number + 1
        return f"{_written(number, self.kind)}. "


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if len(text) < 8 and text.removeprefix("-").isdecimal() else None


def _written(number: int, kind: str) -> str:
    if kind == "1" or not 0 < number < _MOST:
        return str(number)
    written = _roman(number) if kind in "iI" else _letters(number)
    return written.upper() if kind in "AI" else written


def _letters(number: int) -> str:
    written = ""
    while number:
        number, place = divmod(number - 1, 26)
        written = chr(ord("a") + place) + written
    return written


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written
