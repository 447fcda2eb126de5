"""Finding phrases: all of them in one pass (Aho-Corasick), then borders, affixes and gaps.

A phrase matches whole words. In a phrase `*` stands for up to three words. Letters that a language writes
onto a word (Hebrew and Arabic prefixes, Persian endings) may surround it where its file allows them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

from cases.rules.fold import STOP, Folded, fold_phrase

GAP = 3
"""Words that a `*` may stand for, at most."""
BARE = frozenset({""})


@dataclass(frozen=True, slots=True)
class Affixes:
    """What may be written onto a phrase; short words take fewer, or they would be other words."""

    prefixes: frozenset[str] = BARE
    suffixes: frozenset[str] = BARE

    @classmethod
    def of(cls, prefixes: Iterable[str], suffixes: Iterable[str]) -> Affixes:
        return cls(_folded(prefixes), _folded(suffixes))

    def before(self, word: str) -> frozenset[str]:
        """The beginnings that a phrase with this first word may have."""
        return self.prefixes if len(word) >= 3 else BARE

    def after(self, word: str) -> frozenset[str]:
        """The endings that a phrase with this last word may have."""
        if len(word) < 3:
            return BARE
        return self.suffixes if len(word) >= 4 else _longer(self.suffixes)


@lru_cache
def _longer(endings: frozenset[str]) -> frozenset[str]:
    return frozenset(end for end in endings if len(end) != 1)


def _folded(affixes: Iterable[str]) -> frozenset[str]:
    return BARE | {"".join(fold_phrase(affix)) for affix in affixes}


class Span(NamedTuple):
    """Words of a mail, the first and the last, that a phrase covers."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase in its parts (one, unless it has a `*`)."""

    parts: tuple[tuple[str, ...], ...]
    affixes: Affixes

    @classmethod
    def of(cls, written: str, affixes: Affixes) -> Phrase:
        """ValueError says what to write instead."""
        parts = tuple(fold_phrase(part) for part in written.split("*"))
        if not all(parts):
            raise ValueError(f"'{written}' has no words to look for on one side; a * stands between words")
        return cls(parts, affixes)

    @property
    def strength(self) -> float:
        """The more words, the surer: 1, 1.5, and 2 from three words on."""
        return min(2.0, 0.5 + 0.5 * sum(len(part) for part in self.parts))


@dataclass(slots=True)
class _Part:
    """A part of phrases, with what may be written onto it and the phrases that it is a part of."""

    prefixes: frozenset[str]
    suffixes: frozenset[str]
    of: list[tuple[int, int]] = field(default_factory=list)


class Finder:
    """Finds any number of phrases in one pass over a mail."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._lengths: list[int] = []
        """How many parts each phrase has."""
        self._automaton = ahocorasick.Automaton()
        parts: dict[str, dict[Affixes, _Part]] = defaultdict(dict)
        for number, phrase in enumerate(phrases):
            self._lengths.append(len(phrase.parts))
            affixes = phrase.affixes
            for position, words in enumerate(phrase.parts):
                alike = parts[" ".join(words)]
                part = alike.get(affixes)
                if part is None:
                    part = alike[affixes] = _Part(affixes.before(words[0]), affixes.after(words[-1]))
                part.of.append((number, position))
        for text, found in parts.items():
            self._automaton.add_word(text, (len(text), tuple(found.values())))
        self._automaton.make_automaton()

    def find(self, mail: Folded) -> dict[int, list[Span]]:
        """Every phrase that stands in the mail, by number, with where."""
        if not self._lengths:
            return {}
        whole: dict[int, list[Span]] = defaultdict(list)
        pieces: dict[tuple[int, int], list[Span]] = defaultdict(list)
        for span, part in self._parts(mail):
            for place in part.of:
                if self._lengths[place[0]] == 1:
                    whole[place[0]].append(span)
                else:
                    pieces[place].append(span)
        for number in {number for number, position in pieces if position == 0}:
            steps = [pieces.get((number, part), []) for part in range(self._lengths[number])]
            if all(steps) and (spans := _chained(steps, mail.words)):
                whole[number] = spans
        return whole

    def _parts(self, mail: Folded) -> Iterator[tuple[Span, _Part]]:
        line = mail.line
        for last, (length, parts) in self._automaton.iter(line):
            first = last - length + 1
            before = "" if line[first - 1] == " " else line[line.rfind(" ", 0, first) + 1 : first]
            after = "" if line[last + 1] == " " else line[last + 1 : line.find(" ", last + 1)]
            span = None
            for part in parts:
                if before in part.prefixes and after in part.suffixes:
                    span = span or Span(mail.word_at(first), mail.word_at(last))
                    yield span, part


def _chained(steps: Sequence[list[Span]], words: Sequence[str]) -> list[Span]:
    """Spans over all parts in order, within a sentence, with at most GAP words between neighbours."""
    chains = {span.last: span for span in steps[0]}
    for spans in steps[1:]:
        longer: dict[int, Span] = {}
        for span in spans:
            end = next((end for end in _reach(span.first, words) if end in chains), None)
            if end is not None:
                longer[span.last] = Span(chains[end].first, span.last)
        chains = longer
    return list(chains.values())


def _reach(first: int, words: Sequence[str]) -> Iterator[int]:
    """Where a part may end so that the next one may begin at `first`."""
    for end in range(first - 1, max(-1, first - GAP - 2), -1):
        yield end
        if words[end] == STOP:
            return
