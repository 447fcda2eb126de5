"""Text of ours within letters: what templates print as it is, with its isolates (L2)."""

from __future__ import annotations

from collections.abc import Mapping

from language.direction import direction, has_right_to_left, isolate, printable, runs_against

Labels = Mapping[tuple[str, str], str]


class Marked(str):
    """Text of ours, with its isolates or blocks in it; no value of a mail is ever one."""

    __slots__ = ()


def isolated_text(text: str, language: str) -> str:
    """The text as one line, in isolates where its direction or its surroundings call for them (L2)."""
    shown = printable(text)
    return isolate(shown) if needs_isolation(shown, language) else shown


def in_a_subject(text: str, language: str) -> Marked:
    """The text as a part of a subject: in isolates only where it runs against the language, for some programs
    show them, and all that look for a case's number must find it."""
    shown = printable(text)
    return Marked(isolate(shown) if runs_against(shown, language) else shown)


def needs_isolation(text: str, language: str) -> bool:
    """Whether its surroundings could turn the text around, or it them."""
    return bool(text) and (direction(language) == "rtl" or has_right_to_left(text))
