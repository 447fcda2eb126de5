"""Admins' regular expressions, on an engine that can't backtrack (RE2), right for every script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import re2

from cases.rules.letters import best_of, letters_of
from cases.rules.pattern_words import told, unbalanced
from language.normalise import normalise

WORD = r"\p{L}\p{M}\p{N}_"
MAX_LENGTH = 500
BARE, BORDERED = 8 << 20, 12 << 20
"""Bytes that a pattern may take: with borders more, so that none that was read turns out to be too large."""
LOOKAROUND = re.compile(r"\(\?<?[=!]")
BACKREFERENCE = re.compile(r"\\[1-9]|\(\?P=")
PIECE = re.compile(r"\\p\{[^}]*\}|\\P\{[^}]*\}|\\.|\(\?P?<\w+>|\(\?[a-zA-Z-]*[:)]|.", re.DOTALL)
OUTSIDE = {r"\w": f"[{WORD}]", r"\W": f"[^{WORD}]", r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}
INSIDE = {r"\w": WORD, r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}
ZWNJ = "\u200c"


class Pattern:
    """A compiled pattern; it looks at normalised text and takes time linear in it."""

    def __init__(self, written: str) -> None:
        """ValueError says what to write instead."""
        self.written = written
        core, _, _ = _parts(written)
        if _compile(core, written).search(""):
            raise ValueError(f"'{written}' matches an empty text, so it would match every mail")

    def __reduce__(self) -> tuple[Callable[[str], Pattern], tuple[str]]:
        return _known_good, (self.written,)

    @cached_property
    def _compiled(self) -> Any:
        """Made when it is first looked for: borders that are right for every script take their time."""
        core, opening, closing = _parts(self.written)
        return _compile(f"{opening}({core}){closing}", self.written, BORDERED)

    @cached_property
    def letters(self) -> frozenset[str]:
        """Letters of which a text must have some for the pattern to match; none where that can't be told."""
        return best_of(self._needed)

    @cached_property
    def _needed(self) -> tuple[frozenset[str], ...]:
        return letters_of(self.written, PIECE.findall(self.written), _letter)

    def spans(self, text: str, limit: int = 5) -> list[tuple[int, int]]:
        """Where it matches, the first few; without the borders around it."""
        found: list[tuple[int, int]] = []
        if not all(any(letters in text for letters in one) for one in self._needed):
            return found  # to look for letters takes a hundredth of the time
        for match in self._matches(text):
            found.append(match.span(1))
            if len(found) >= limit:
                break
        return found

    def _matches(self, text: str) -> Iterator[Any]:
        matches: Iterator[Any] = self._compiled.finditer(text)
        return matches


def _known_good(written: str) -> Pattern:
    """A pattern that was read before."""
    pattern = Pattern.__new__(Pattern)
    pattern.written = written
    return pattern


def _compile(translated: str, written: str, memory: int = BARE) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = memory
    try:
        return re2.compile(translated, options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        raise ValueError(told(reason, written)) from None


def _parts(written: str) -> tuple[str, str, str]:
    """The pattern for the engine, and what stands before and behind it: its borders."""
    _refuse(written)
    if unbalanced(written):
        raise ValueError(told("unexpected )", written))
    core, opening, closing = written, "", ""
    if core.startswith(r"\b"):
        core, opening = core[2:], f"(?:^|[^{WORD}])"
    if core.endswith(r"\b") and not core.endswith(r"\\b"):
        core, closing = core[:-2], f"(?:$|[^{WORD}])"
    return "".join(_pieces(core)), opening, closing


def _refuse(written: str) -> None:
    if len(written) > MAX_LENGTH:
        raise ValueError(f"a pattern may have {MAX_LENGTH} signs; split it into several")
    if found := LOOKAROUND.search(written):
        raise ValueError(
            f"'{found[0]}' at sign {found.start() + 1} looks around, which is not possible; use 'not:'"
        )
    if found := BACKREFERENCE.search(written):
        raise ValueError(
            f"'{found[0]}' at sign {found.start() + 1} refers back to a group; write the words out"
        )


def _pieces(core: str) -> Iterator[str]:
    """Class by class: letters are normalised as the mail is, `\\w \\d \\W \\D` mean every script."""
    in_class = False
    for piece in PIECE.findall(core):
        if piece in (r"\b", r"\B"):
            raise ValueError(
                rf"'{piece}' may only stand at the very beginning and end of a pattern; write a space"
            )
        if in_class and piece == r"\W":
            raise ValueError(r"'\W' can't stand inside [ ]; list the signs you mean")
        yield (INSIDE if in_class else OUTSIDE).get(piece) or (piece if len(piece) > 1 else _letter(piece))
        in_class = piece == "[" or (in_class and piece != "]")


def _letter(sign: str) -> str:
    if sign == ZWNJ or sign.isspace():
        return " "
    if unicodedata.combining(sign):
        return normalise(sign)
    folded = normalise(sign) if sign.isalnum() else sign
    return folded if len(folded) == 1 else sign
