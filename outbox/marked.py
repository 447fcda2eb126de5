"""Text of ours within letters: what templates print as it is, with its isolates (L2)."""

from __future__ import annotations

from collections.abc import Mapping

from language.direction import direction, has_right_to_left, isolate, printable

Labels = Mapping[tuple[str, str], str]


class Marked(str):
    """Text of ours, with its isolates or blocks in it; no value of a mail is ever one."""

    __slots__ = ()


def isolated_text(text: str, language: str) -> str:
    """The text as one line, in isolates where its direction or its surroundings call for them (L2)."""
    shown = printable(text)
    return isolate(shown) if needs_isolation(shown, language) else shown


def needs_isolation(text: str, language: str) -> bool:
    """Whether its surroundings could turn the text around, or it them."""
    return bool(text) and (direction(language) == "rtl" or has_right_to_left(text))
