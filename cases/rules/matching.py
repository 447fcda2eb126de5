"""Finding phrases: all of them in one pass over the words of a mail, along what phrases have in common.

A phrase matches whole words, with what its file lets be written onto them (Hebrew and Arabic prefixes,
Persian endings, an English s). In a phrase `*` stands for up to three words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cases.rules.fold import STOP, Folded, fold_phrase
from cases.rules.vocabulary import Affixes, Form, Vocabulary

GAP = 3
"""Words that a `*` may stand for, at most."""


class Span(NamedTuple):
    """Words of a mail, the first and the last, that a phrase covers."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase in its parts (one, unless it has a `*`)."""

    parts: tuple[tuple[str, ...], ...]
    form: Form

    @classmethod
    def of(cls, written: str, affixes: Affixes, *, fuzzy: bool = False) -> Phrase:
        """ValueError says what to write instead."""
        parts = tuple(fold_phrase(part) for part in written.split("*"))
        if not any(parts):
            raise ValueError(f"'{written}' has no words to look for; write some, or use 'pattern:'")
        if not all(parts):
            raise ValueError(f"'{written}' has no words to look for on one side; a * stands between words")
        return cls(parts, Form(affixes, fuzzy, sum(map(len, parts)) == 1))

    @property
    def strength(self) -> float:
        """The more words, the surer: 1, 1.5, and 2 from three words on."""
        return min(2.0, 0.5 + 0.5 * sum(len(part) for part in self.parts))


WORD_BITS = 24
WORD = (1 << WORD_BITS) - 1
"""Of the key of a step: below them the place that it leaves, in them the word."""


FEW = 4
"""So many phrases at a `*` wait for no look at whether they wait too long."""


class _Place(NamedTuple):
    """A place in the tree of all phrases."""

    ends: tuple[int, ...]
    """The phrases that end here."""
    gap: int
    """Where a `*` leads; 0 when none follows."""
    goes_on: bool
    """Whether a word follows."""


class Finder:
    """Finds any number of phrases in one pass over a mail.

    Phrases are a tree of their words: what many begin with is gone through once.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._vocabulary = Vocabulary()
        self._steps: dict[int, int] = {}
        """From a place, by the number of a word, to the next place; the first is 0."""
        tree = _Tree(self._vocabulary, self._steps)
        for number, phrase in enumerate(phrases):
            tree.grow(number, phrase)
        self._places = tree.places()
        gaps = {place.gap for place in self._places}
        self._further = {way & WORD for way in self._steps if way >> WORD_BITS}
        """The words that stand anywhere but at the beginning of a phrase."""
        self._after_gap = {way & WORD for way in self._steps if way >> WORD_BITS and way >> WORD_BITS in gaps}
        """Those that follow a `*`."""

    def find(self, mail: Folded) -> dict[int, list[Span]]:
        """Every phrase that stands in the mail, by number, with where."""
        found: dict[int, list[Span]] = defaultdict(list)
        begun: list[tuple[int, int]] = []
        """Where in the tree phrases that began go on with the next word, and where in the mail they began."""
        waiting: dict[int, tuple[int, int]] = {}
        """The same of those at a `*`, with the last word of the mail that may follow it."""
        for at, (word, meant) in enumerate(zip(mail.words, self._vocabulary.meant(mail.words), strict=True)):
            if word == STOP:
                waiting = {}
            if not meant:
                begun = []
                continue
            reached = self._reached(at, meant, begun, waiting)
            begun = []
            for place, first in reached:
                ends, gap, goes_on = self._places[place]
                for number in ends:
                    found[number].append(Span(first, at))
                if goes_on:
                    begun.append((place << WORD_BITS, first))
                if gap:
                    waiting[gap << WORD_BITS] = first, at + 1 + GAP
            if len(waiting) > FEW:
                waiting = {leaves: one for leaves, one in waiting.items() if one[1] > at}
        return found

    def _reached(
        self,
        at: int,
        meant: tuple[int, ...],
        begun: list[tuple[int, int]],
        waiting: dict[int, tuple[int, int]],
    ) -> list[tuple[int, int]]:
        """The places that a word of the mail leads to, each with the word that its phrases began at."""
        step = self._steps.get
        reached: list[tuple[int, int]] = []
        for number in meant:
            if place := step(number):
                reached.append((place, at))
            if begun and number in self._further:
                for leaves, first in begun:
                    if place := step(leaves | number):
                        reached.append((place, first))
            if waiting and number in self._after_gap:
                for leaves, (first, last) in waiting.items():
                    if at <= last and (place := step(leaves | number)):
                        reached.append((place, first))
        return reached


class _Tree:
    """The tree while phrases are added to it."""

    def __init__(self, vocabulary: Vocabulary, steps: dict[int, int]) -> None:
        self._vocabulary, self._steps = vocabulary, steps
        self._gaps: dict[int, int] = {}
        self._ends: dict[int, tuple[int, ...]] = {}
        self._size = 1

    def grow(self, number: int, phrase: Phrase) -> None:
        place = 0
        for position, part in enumerate(phrase.parts):
            if position:
                place = self._next(self._gaps, place)
            for word in part:
                known = self._vocabulary.add(word, phrase.form)
                place = self._next(self._steps, place << WORD_BITS | known)
        self._ends[place] = (*self._ends.get(place, ()), number)

    def _next(self, ways: dict[int, int], way: int) -> int:
        place = ways.setdefault(way, self._size)
        self._size += place == self._size
        return place

    def places(self) -> list[_Place]:
        going_on = {leaves >> WORD_BITS for leaves in self._steps}
        return [
            _Place(self._ends.get(place, ()), self._gaps.get(place, 0), place in going_on)
            for place in range(self._size)
        ]
