"""Words of a mail beside ours, on a terminal: unable to turn or to hide what stands around them."""

from __future__ import annotations

from collections.abc import Iterable

from language.direction import has_right_to_left, isolate, printable


def shown(text: str, most: int | None = None) -> str:
    """A text on one line, its start if need be; isolated where it could turn the line (L2)."""
    line = printable(text)[:most]
    return isolate(line) if has_right_to_left(line) else line


def quoted(words: Iterable[str]) -> str:
    """Each in quotation marks."""
    return ", ".join(f"“{shown(one)}”" for one in words if one)
