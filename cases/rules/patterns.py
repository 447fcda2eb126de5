"""Admins' regular expressions, on an engine that can't backtrack (RE2), right for every script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, ClassVar

import re2

from cases.rules import narrow
from cases.rules.letters import best_of, letters_of
from cases.rules.pattern_words import told, unbalanced
from language.normalise import normalise

WORD = r"\p{L}\p{M}\p{N}_"
MAX_LENGTH = 500
MOST_MEMORY = 8 << 20
"""Bytes that a pattern may take."""
LOOKAROUND = re.compile(r"\(\?<?[=!]")
BACKREFERENCE = re.compile(r"\\[1-9]|\(\?P=")
PIECE = re.compile(r"\\p\{[^}]*\}|\\P\{[^}]*\}|\\.|\(\?P?<\w+>|\(\?[a-zA-Z-]*[:)]|.", re.DOTALL)
OUTSIDE = {r"\w": f"[{WORD}]", r"\W": f"[^{WORD}]", r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}
INSIDE = {r"\w": WORD, r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}
ZWNJ = "\u200c"


class Pattern:
    """A compiled pattern; it looks at normalised text and takes time linear in it."""

    groups: ClassVar[bool] = False
    """Whether what stands in its brackets is asked for; otherwise it is found in less time."""

    def __init__(self, written: str) -> None:
        """ValueError says what to write instead."""
        self.written = written
        if next(self._matches(""), None):
            raise ValueError(f"'{written}' matches an empty text, so it would match every mail")

    def __reduce__(self) -> tuple[Callable[..., Pattern], tuple[type[Pattern], str]]:
        return _known_good, (type(self), self.written)

    @cached_property
    def _compiled(self) -> Any:
        return _compile(self.written, groups=self.groups)

    @cached_property
    def letters(self) -> frozenset[str]:
        """Letters of which a text must have some for the pattern to match; none where that can't be told."""
        return best_of(letters_of(self.written, PIECE.findall(self.written), _letter))

    def spans(self, text: str, limit: int = 5) -> list[tuple[int, int]]:
        """Where it matches, the first few; without the borders around it."""
        return [self._between(match.span(), len(text)) for match in islice(self._matches(text), limit)]

    def _between(self, span: tuple[int, int], length: int) -> tuple[int, int]:
        """What is found between the borders, each a sign, or the beginning or end of the text."""
        start, end = span
        _, opening, closing = _parts(self.written)
        return start + (opening and start > 0), end - (closing and end < length)

    def _matches(self, text: str) -> Iterator[Any]:
        narrowly = isinstance(self._compiled.pattern, bytes)
        matches: Iterator[Any] = self._compiled.finditer(narrow.text_of(text) if narrowly else text)
        return matches


def _known_good(kind: type[Pattern], written: str) -> Pattern:
    """A pattern that was read before; it is compiled when it is first looked for."""
    pattern = kind.__new__(kind)
    pattern.written = written
    return pattern


def options(memory: int) -> Any:
    """How patterns for narrow texts are compiled; they may take so many bytes."""
    made = re2.Options()
    made.log_errors = False
    made.max_mem = memory
    made.never_capture = True
    made.encoding = re2.Options.Encoding.LATIN1
    return made


def narrowed(written: str) -> str | None:
    """The pattern for narrow texts; None where they do not tell enough."""
    core, opening, closing = _parts(written)
    try:
        return _bordered(narrow.pattern_of(_pieces(core)), opening, closing, narrow.WORDS)
    except narrow.TooWide:
        return None


def _pieces(core: str) -> list[str]:
    return [piece if len(piece) > 1 else _letter(piece) for piece in PIECE.findall(core)]


def _compile(written: str, *, groups: bool) -> Any:
    """For narrow texts where they tell enough, otherwise for the texts themselves."""
    _refuse(written)
    chosen = options(MOST_MEMORY)
    chosen.never_capture = not groups
    if (source := narrowed(written)) is not None:
        with suppress(re2.error):
            return re2.compile(source.encode("latin-1"), chosen)
    core, opening, closing = _parts(written)
    chosen.encoding = re2.Options.Encoding.UTF8
    chosen.case_sensitive = False
    try:
        return re2.compile(_bordered("".join(_for_texts(_pieces(core))), opening, closing, WORD), chosen)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        raise ValueError(told(reason, written)) from None


def _parts(written: str) -> tuple[str, bool, bool]:
    """The pattern without the borders before and behind it, and which of them it has."""
    opening = written.startswith(r"\b")
    core = written.removeprefix(r"\b")
    closing = core.endswith(r"\b") and not core.endswith(r"\\b")
    return core.removesuffix(r"\b") if closing else core, opening, closing


def _bordered(core: str, opening: bool, closing: bool, word: str) -> str:
    return (f"(?:^|[^{word}])" if opening else "") + f"({core})" + (f"(?:$|[^{word}])" if closing else "")


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
    if unbalanced(written):
        raise ValueError(told("unexpected )", written))


def _for_texts(pieces: Sequence[str]) -> Iterator[str]:
    """Class by class: `\\w \\d \\W \\D` mean every script."""
    in_class = False
    for piece in pieces:
        if piece in (r"\b", r"\B"):
            raise ValueError(
                rf"'{piece}' may only stand at the very beginning and end of a pattern; write a space"
            )
        if in_class and piece == r"\W":
            raise ValueError(r"'\W' can't stand inside [ ]; list the signs you mean")
        yield (INSIDE if in_class else OUTSIDE).get(piece, piece)
        in_class = piece == "[" or (in_class and piece != "]")


@lru_cache(1024)
def _letter(sign: str) -> str:
    if sign == ZWNJ or sign.isspace():
        return " "
    if unicodedata.combining(sign):
        return normalise(sign)
    folded = normalise(sign) if sign.isalnum() else sign
    return folded if len(folded) == 1 else sign
