"""Finding phrases: all of them in one pass over the words of a mail, along what phrases have in common.

A phrase matches whole words, with what its file lets be written onto them (Hebrew and Arabic prefixes,
Persian endings, an English s). In a phrase `*` stands for up to three words.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from cases.rules.fold import LONGEST_TOKEN, STOP, Folded, fold_phrase
from cases.rules.vocabulary import Affixes, Vocabulary

GAP = 3
"""Words that a `*` may stand for, at most."""


class Span(NamedTuple):
    """Words of a mail, the first and the last, that a phrase covers."""

    first: int
    last: int


class Phrase(NamedTuple):
    """A phrase in its parts (one, unless it has a `*`)."""

    parts: tuple[tuple[str, ...], ...]
    affixes: Affixes
    fuzzy: bool = False

    @classmethod
    def of(cls, written: str, affixes: Affixes, *, fuzzy: bool = False) -> Phrase:
        """ValueError says what to write instead."""
        parts = tuple(map(fold_phrase, written.split("*")))
        if not any(parts):
            raise ValueError(f"'{written}' has no words to look for; write some, or use 'pattern:'")
        if not all(parts):
            raise ValueError(f"'{written}' has no words to look for on one side; a * stands between words")
        return cls(parts, affixes, fuzzy)

    @property
    def length(self) -> int:
        """How many words it has."""
        return sum(map(len, self.parts))

    @property
    def strength(self) -> float:
        """The more words, the surer: 1, 1.5, and 2 from three words on."""
        return min(2.0, 0.5 + 0.5 * self.length)


WORD_BITS = 24
WORD = (1 << WORD_BITS) - 1
"""Of the key of a step: below them the place that it leaves, in them the word."""
FEW = 4
"""So many phrases at a `*` wait for no look at whether they wait too long."""
REMEMBERED = 16_384
ENDS, GOES_ON, HAS_GAP, MORE_END = 1, 2, 4, 8
"""What a place in the tree is: a phrase ends there, a word follows, a `*` does; several phrases end there."""


class _Ways(NamedTuple):
    """Where a word of a mail leads."""

    ends: tuple[int, ...] = ()
    """The phrases that it is all of."""
    begun: tuple[int, ...] = ()
    """The places, as in the key of a step, of the phrases that begin with it and go on with a word."""
    gaps: tuple[int, ...] = ()
    """The same of those that go on with a `*`."""
    further: tuple[int, ...] = ()
    """What it may stand for anywhere but at the beginning of a phrase."""
    after_gap: tuple[int, ...] = ()
    """The same, behind a `*`."""


NOWHERE = _Ways()


class Finder:
    """Finds any number of phrases in one pass over a mail.

    Phrases are a tree of their words: what many begin with is gone through once.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        tree = _Tree()
        for number, phrase in enumerate(phrases):
            tree.grow(number, phrase)
        self._vocabulary = tree.vocabulary
        self._steps = tree.steps
        """From a place, by the number of a word, to the next place; the first is 0."""
        self._gaps = {place: behind << WORD_BITS for place, behind in tree.gaps.items()}
        """From a place to the one behind a `*`, as in the key of a step."""
        self._end = array("i", bytes(tree.size * array("i").itemsize))
        """The phrase that ends at a place, the first of several."""
        for place, numbers in tree.ends.items():
            self._end[place] = numbers[0]
        self._further_ends = {
            place: tuple(numbers[1:]) for place, numbers in tree.ends.items() if len(numbers) > 1
        }
        """The others that end there: hardly any, so that most cost no object of their own."""
        self._places = tree.places()
        gaps = set(self._gaps.values())
        self._further = {way & WORD for way in self._steps if way >> WORD_BITS}
        """The words that stand anywhere but at the beginning of a phrase."""
        self._after_gap = {way & WORD for way in self._steps if way & ~WORD in gaps}
        """Those that follow a `*`."""
        self._known: dict[str, _Ways] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_known": {}}

    def find(self, mail: Folded) -> dict[int, list[Span]]:
        """Every phrase that stands in the mail, by number, with where."""
        found: dict[int, list[Span]] = defaultdict(list)
        begun: list[tuple[int, int]] = []
        """Where in the tree phrases that began go on with the next word, and where in the mail they began."""
        waiting: dict[int, tuple[int, int]] = {}
        """The same of those at a `*`, with the last word of the mail that may follow it."""
        for at, (word, ways) in enumerate(zip(mail.words, self._ways(mail.words), strict=True)):
            if word == STOP:
                waiting = {}
            if ways is NOWHERE:
                begun = []
                continue
            reached = []
            if (begun and ways.further) or (waiting and ways.after_gap):
                reached = self._reached(at, ways, begun, waiting)
            begun = [(leaves, at) for leaves in ways.begun]
            for leaves in ways.gaps:
                waiting[leaves] = at, at + 1 + GAP
            for number in ways.ends:
                found[number].append(Span(at, at))
            for place, first in reached:
                what = self._places[place]
                if what & ENDS:
                    for number in self._ended(place):
                        found[number].append(Span(first, at))
                if what & GOES_ON:
                    begun.append((place << WORD_BITS, first))
                if what & HAS_GAP:
                    waiting[self._gaps[place]] = first, at + 1 + GAP
            if len(waiting) > FEW:
                waiting = {leaves: one for leaves, one in waiting.items() if one[1] > at}
        return found

    def _reached(
        self, at: int, ways: _Ways, begun: list[tuple[int, int]], waiting: dict[int, tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """The places that a word of the mail leads on to, each with the word that its phrases began at."""
        step = self._steps.get
        reached = []
        if begun:
            for number in ways.further:
                for leaves, first in begun:
                    if place := step(leaves | number):
                        reached.append((place, first))
        if waiting:
            for number in ways.after_gap:
                for leaves, (first, last) in waiting.items():
                    if at <= last and (place := step(leaves | number)):
                        reached.append((place, first))
        return reached

    def _ways(self, words: Sequence[str]) -> list[_Ways]:
        """Where each word of a mail leads. Those met before are remembered."""
        known = self._known
        return [known[word] if word in known else self._met(word) for word in words]

    def _met(self, word: str) -> _Ways:
        ways = self._led(self._vocabulary.meant(word))
        if len(word) <= LONGEST_TOKEN:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[word] = ways
        return ways

    def _led(self, meant: set[int]) -> _Ways:
        if not meant:
            return NOWHERE
        places = [place for number in meant if (place := self._steps.get(number))]
        return _Ways(
            ends=tuple(
                number for place in places if self._places[place] & ENDS for number in self._ended(place)
            ),
            begun=tuple(place << WORD_BITS for place in places if self._places[place] & GOES_ON),
            gaps=tuple(self._gaps[place] for place in places if place in self._gaps),
            further=tuple(meant & self._further),
            after_gap=tuple(meant & self._after_gap),
        )

    def _ended(self, place: int) -> tuple[int, ...]:
        """The phrases that end at a place where one does."""
        end = self._end[place]
        return (end, *self._further_ends[place]) if self._places[place] & MORE_END else (end,)


class _Tree:
    """The tree while phrases are added to it."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.steps: dict[int, int] = {}
        self.gaps: dict[int, int] = {}
        self.ends: dict[int, list[int]] = {}
        self.size = 1

    def grow(self, number: int, phrase: Phrase) -> None:
        place = 0
        alone = phrase.length == 1
        for position, part in enumerate(phrase.parts):
            if position:
                place = self._next(self.gaps, place)
            for word in self.vocabulary.add(part, phrase.affixes, fuzzy=phrase.fuzzy, alone=alone):
                place = self._next(self.steps, place << WORD_BITS | word)
        self.ends.setdefault(place, []).append(number)

    def _next(self, ways: dict[int, int], way: int) -> int:
        place = ways.setdefault(way, self.size)
        self.size += place == self.size
        return place

    def places(self) -> bytes:
        """What each place is."""
        places = bytearray(self.size)
        for place, numbers in self.ends.items():
            places[place] |= ENDS | MORE_END * (len(numbers) > 1)
        for way in self.steps:
            places[way >> WORD_BITS] |= GOES_ON
        for place in self.gaps:
            places[place] |= HAS_GAP
        return bytes(places)
