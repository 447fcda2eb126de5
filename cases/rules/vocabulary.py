"""Which words of phrases a word of a mail stands for: as written, with affixes, or mistyped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cases.rules.fold import fold_phrase
from cases.rules.slips import Slips

BARE = frozenset({""})
SHORTEST = 3
"""Letters of a word that something may be written onto; onto a shorter one it would make another word."""
SHORTEST_OF_SEVERAL = 2
"""Letters of a word before which something may stand, where others around it say which word it is."""


@dataclass(frozen=True, slots=True)
class Affixes:
    """What may be written onto a word."""

    prefixes: frozenset[str] = BARE
    suffixes: frozenset[str] = BARE

    @classmethod
    def of(cls, prefixes: Iterable[str], suffixes: Iterable[str]) -> Affixes:
        return _affixes(_folded(prefixes), _folded(suffixes))


@lru_cache(64)
def _affixes(prefixes: frozenset[str], suffixes: frozenset[str]) -> Affixes:
    """One object for the affixes that many files share: it is compared for each of their phrases."""
    return Affixes(prefixes, suffixes)


def _folded(affixes: Iterable[str]) -> frozenset[str]:
    return BARE | {"".join(fold_phrase(affix)) for affix in affixes}


class Words:
    """The words of phrases that may be written in one way, by number."""

    def __init__(self, affixes: Affixes, fuzzy: bool) -> None:
        self.alone: dict[str, int] = {}
        """Those that are all of their phrase."""
        self.among: dict[str, int] = {}
        """Those that others stand around."""
        self._affixes, self._fuzzy = affixes, fuzzy
        self._starts = sorted({len(affix) for affix in affixes.prefixes} - {0})
        self._ends = sorted({len(affix) for affix in affixes.suffixes} - {0})
        self._slips: Slips | None = None

    def meant(self, word: str) -> Iterator[int]:
        cores = set(self._cores(word))
        if self._fuzzy:
            self._slips = self._slips or Slips({**self.alone, **self.among})
            cores.update(*map(self._slips.near, list(cores)))
        for core in cores:
            if core in self.among:
                yield self.among[core]
            if core in self.alone and (len(core) >= SHORTEST or core == word):
                yield self.alone[core]

    def _cores(self, word: str) -> Iterator[str]:
        """The word, and what is left of it without what may be written onto words."""
        yield word
        length, prefixes, suffixes = len(word), self._affixes.prefixes, self._affixes.suffixes
        ends = [end for end in self._ends if length - end >= SHORTEST and word[length - end :] in suffixes]
        starts = [
            start
            for start in self._starts
            if length - start >= SHORTEST_OF_SEVERAL and word[:start] in prefixes
        ]
        for start in starts:
            yield word[start:]
        for end in ends:
            # A single letter behind so short a word belongs to another word.
            shortest = SHORTEST + (end == 1)
            for start in (0, *starts):
                if length - start - end >= shortest:
                    yield word[start : length - end]


class Vocabulary:
    """The words of all phrases, each way of writing apart."""

    def __init__(self) -> None:
        self._ways: dict[tuple[Affixes, bool], Words] = {}
        self._size = 0

    def add(self, words: Iterable[str], affixes: Affixes, *, fuzzy: bool, alone: bool) -> list[int]:
        """The numbers of words that may be written in this way."""
        way = self._ways.get((affixes, fuzzy))
        if way is None:
            way = self._ways[affixes, fuzzy] = Words(affixes, fuzzy)
        numbers = way.alone if alone else way.among
        return [self._number(word, numbers) for word in words]

    def _number(self, word: str, numbers: dict[str, int]) -> int:
        number = numbers.setdefault(word, self._size)
        self._size += number == self._size
        return number

    def meant(self, word: str) -> set[int]:
        """The numbers of the words that a word of a mail may be."""
        return {number for way in self._ways.values() for number in way.meant(word)}
