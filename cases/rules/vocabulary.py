"""Which words of phrases a word of a mail stands for: as written, with affixes, or mistyped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cases.rules.fold import LONGEST_TOKEN, fold_phrase
from cases.rules.slips import Slips

REMEMBERED = 32_768
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
        return cls(_folded(prefixes), _folded(suffixes))


def _folded(affixes: Iterable[str]) -> frozenset[str]:
    return BARE | {"".join(fold_phrase(affix)) for affix in affixes}


@dataclass(frozen=True, slots=True)
class Form:
    """How a word of a phrase may stand in a mail."""

    affixes: Affixes = Affixes()
    fuzzy: bool = False
    alone: bool = True
    """Whether it is all of its phrase."""


class _Words:
    """The words that may be written in one form, by number."""

    def __init__(self, form: Form) -> None:
        self.numbers: dict[str, int] = {}
        self._affixes, self._fuzzy = form.affixes, form.fuzzy
        self._shortest = SHORTEST if form.alone else SHORTEST_OF_SEVERAL
        self._starts = sorted({len(affix) for affix in form.affixes.prefixes})
        self._ends = sorted({len(affix) for affix in form.affixes.suffixes})
        self._slips: Slips | None = None

    def meant(self, word: str) -> Iterator[int]:
        cores = list(self._cores(word))
        if self._fuzzy:
            self._slips = self._slips or Slips(self.numbers)
            cores = list({*cores, *(one for core in cores for one in self._slips.near(core))})
        return (self.numbers[core] for core in cores if core in self.numbers)

    def _cores(self, word: str) -> Iterator[str]:
        """The word, and what is left of it without what may be written onto words."""
        yield word
        length, prefixes, suffixes = len(word), self._affixes.prefixes, self._affixes.suffixes
        ends = [at for at in self._ends if length - at >= SHORTEST and word[length - at :] in suffixes]
        for start in self._starts:
            if length - start >= self._shortest and word[:start] in prefixes:
                if start:
                    yield word[start:]
                for end in ends:
                    # A single letter behind so short a word belongs to another word.
                    if end and length - start - end >= SHORTEST + (end == 1):
                        yield word[start : length - end]


class Vocabulary:
    """The words of all phrases, each form of writing apart."""

    def __init__(self) -> None:
        self._forms: dict[Form, _Words] = {}
        self._size = 0
        self._known: dict[str, tuple[int, ...]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_known": {}}

    def add(self, word: str, form: Form) -> int:
        """The number of a word that may be written in this form."""
        words = self._forms.get(form)
        if words is None:
            words = self._forms[form] = _Words(form)
        number = words.numbers.setdefault(word, self._size)
        self._size += number == self._size
        return number

    def meant(self, words: Iterable[str]) -> list[tuple[int, ...]]:
        """For each word of a mail the numbers of those that it may be. Those met before are remembered."""
        known = self._known
        return [known[word] if word in known else self._met(word) for word in words]

    def _met(self, word: str) -> tuple[int, ...]:
        found = tuple({number for one in self._forms.values() for number in one.meant(word)})
        if len(word) <= LONGEST_TOKEN:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[word] = found
        return found
