"""Letters that a pattern can't do without: a mail that has none of them need not be looked through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

FEWEST = 2
"""Fewer letters are in too many mails."""
MOST = 60
"""Of alternatives; more of them are no help."""
OPTIONAL = ("*", "?", "{")
UNCLEAR = (r"\Q", "[]", "[^]")
"""Where these stand, more than a glance is needed to tell letters from signs."""
Letters = frozenset[str]


def letters_of(written: str, pieces: Sequence[str], plain: Callable[[str], str]) -> tuple[Letters, ...]:
    """Sets of runs of letters: of each set every match has one at least; none where that can't be told.

    `plain` gives a sign as it stands in normalised mails.
    """
    if any(sign in written for sign in UNCLEAR):
        return ()
    return _Reader(pieces, plain).needed()


@dataclass(slots=True)
class _Reader:
    """Goes through the pieces of a pattern, group by group."""

    pieces: Sequence[str]
    plain: Callable[[str], str]
    at: int = 0

    def needed(self) -> tuple[Letters, ...]:
        """All that is needed; where the pattern has alternatives, one of what each of them needs."""
        known = self._sequence()
        if not self._peek():
            return tuple(known.all())
        self.at = 0
        either = self.alternatives()
        return (either,) if either else ()

    def alternatives(self) -> Letters:
        """What is needed up to the end of the group: the best of each alternative, where each has one."""
        needed = [self._sequence().best()]
        while self._peek() == "|":
            self.at += 1
            needed.append(self._sequence().best())
        found = frozenset[str]().union(*needed)
        return found if all(needed) and len(found) <= MOST else frozenset()

    def _sequence(self) -> _Known:
        """What is needed up to the next alternative: its runs and groups."""
        known = _Known()
        while (piece := self._peek()) not in ("", "|", ")"):
            self.at += 1
            if piece in ("[", "{"):
                self._skip_to("]" if piece == "[" else "}")
                known.ended()
            elif piece.startswith("(") and not piece.endswith(")"):
                self._group(known)
            elif not _is_plain(piece) or self._peek() in OPTIONAL:
                known.ended()
            else:
                known.run += self.plain(piece)
                if self._peek() == "+":
                    known.ended()
        return known

    def _group(self, known: _Known) -> None:
        known.ended()
        inner = self.alternatives()
        self.at += 1  # the bracket that closes it
        if inner and self._peek() not in OPTIONAL:
            known.found.append(inner)

    def _skip_to(self, sign: str) -> None:
        while self._peek() not in ("", sign):
            self.at += 1
        self.at += 1

    def _peek(self) -> str:
        return self.pieces[self.at] if self.at < len(self.pieces) else ""


@dataclass(slots=True)
class _Known:
    """What was found so far to be needed."""

    run: str = ""
    found: list[Letters] = field(default_factory=list)

    def ended(self) -> None:
        if len(self.run) >= FEWEST:
            self.found.append(frozenset((self.run,)))
        self.run = ""

    def best(self) -> Letters:
        """The one that says most."""
        return best_of(self.all())

    def all(self) -> list[Letters]:
        self.ended()
        return self.found


def best_of(sets: Iterable[Letters]) -> Letters:
    """The set whose shortest letters are the longest; none where there is no set."""
    return max(sets, key=lambda one: (min(map(len, one)), -len(one)), default=frozenset())


def _is_plain(piece: str) -> bool:
    """Whether it stands for itself alone: a letter that has no capital beyond ASCII, or a digit."""
    return len(piece) == 1 and piece.isalnum() and (piece.isascii() or piece.lower() == piece.upper())
