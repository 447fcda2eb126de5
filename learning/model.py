"""A learned model: plain numbers that any process can read, and what they say about a mail."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import NamedTuple

from learning.sureness import Sureness, signs
from learning.terms import Heard, rule_terms, terms_of

NEVER = 2.0
"""A threshold that no probability reaches."""
ANY = ""
"""Stands for every language that has no threshold of its own."""
MOST_WORDS = 4
MOST_KEPT = 20_000
"""Words whose worth is remembered from one mail to the next."""
_FINE, _LIFT, _LANE = 1 << 16, 64, 8
"""How fine weights and rarities are counted, what no weight is beyond, and the bytes that a sum has."""


class Worth(NamedTuple):
    """What a word adds to a mail: worked out once, for it will be met again."""

    square: float
    """Of its length, as a vector of terms."""
    lifted: int
    """By how much each sum is too high."""
    category: int
    """Its terms' weights for all labels at once."""
    kind: int


class Weighed(NamedTuple):
    """A mail as a model weighs it."""

    words: tuple[str, ...]
    """Each once."""
    length: float
    lifted: int
    category: int
    kind: int
    told: tuple[tuple[int, float], ...]
    """What the rules said: which terms of the vocabulary, and how much of each."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a head holds most likely."""

    label: str
    sure: float
    """How many of such guesses were right on what was held back, 0 to 1."""
    speaks: bool
    """Whether guesses as sure as this one, and surer ones, were right often enough."""
    words: tuple[str, ...] = ()
    """The words of the mail that weighed most for it."""


@dataclass(frozen=True, slots=True)
class Head:
    """One question, such as "which category": a weight for each label and term, and when it speaks."""

    labels: tuple[str, ...]
    biases: tuple[float, ...]
    weights: tuple[array[float], ...]
    """For each label, a weight for each term of the vocabulary."""
    thresholds: Mapping[str, float]
    """By language, and ANY: the least sureness at which it speaks; NEVER where it is not good enough."""
    sureness: Sureness = field(default_factory=Sureness)
    _columns: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """The weights of each term for all labels, as one whole number with 64 bits for each.

    So terms are added up for all labels at once: a tenth of what one label after another takes.
    """

    def __post_init__(self) -> None:
        columns = zip(*map(_fine, self.weights), strict=True)
        object.__setattr__(self, "_columns", tuple(map(_packed, columns)))

    def threshold(self, language: str) -> float:
        return self.thresholds.get(language, self.thresholds.get(ANY, NEVER))

    def sum_of(self, numbers: Sequence[int], amounts: Sequence[int]) -> int:
        """The weights of these terms, so much of each, added up for all labels at once."""
        columns = self._columns
        if not columns:
            return 0
        return sum([columns[number] * amount for number, amount in zip(numbers, amounts, strict=True)])

    def scores(self, packed: int, lifted: int) -> list[float]:
        """For each label, what such a sum stands for."""
        sums = array("Q", packed.to_bytes(_LANE * len(self.labels), sys.byteorder))
        if sys.byteorder == "big":
            sums.reverse()
        too_high = lifted * _LIFT * _FINE
        return [(one - too_high) / _FINE**2 for one in sums]

    def chances(self, packed: int, mail: Weighed) -> list[float]:
        """How likely each label is; they add up to 1."""
        found = []
        scores = self.scores(packed, mail.lifted)
        for bias, weights, score in zip(self.biases, self.weights, scores, strict=True):
            told = sum([weights[number] * amount for number, amount in mail.told])
            found.append(bias + score / mail.length + told)
        return _shares(found)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned, with what it was learned from."""

    version: str
    vocabulary: Mapping[str, int]
    rarity: array[float]
    """The inverse document frequency of each term; what the rules said is taken as it is."""
    category: Head
    kind: Head
    decides: Mapping[str, float] = field(default_factory=dict)
    """By language, and ANY: the confidence from which on the rules' verdicts were right often enough; empty:
    as the rule files say."""
    kind_of: Mapping[str, str] = field(default_factory=dict)
    """The kind that each category had in the corrections, for those that the rules don't know."""
    corrections: int = 0
    doubted: frozenset[str] = frozenset()
    """Categories of the rules that people too often corrected: with these, the rules never decide."""
    meant: Mapping[str, str] = field(default_factory=dict)
    """What people mostly called what the rules call otherwise."""
    _kept: dict[str, Worth] = field(init=False, repr=False, compare=False, default_factory=dict)

    def weigh(self, words: Iterable[str], heard: Heard) -> Weighed:
        """A mail's words, each once, added up, and what the rules said of it."""
        distinct = tuple(dict.fromkeys(words))
        kept = self._kept
        worths = [kept.get(word) or self._worth(word) for word in distinct]
        squares, lifted, category, kind = zip(*worths, strict=True) if worths else ((), (), (), ())
        known = self.vocabulary
        told = tuple((known[term], part) for term, part in rule_terms(heard).items() if term in known)
        length = math.sqrt(sum(squares)) or 1.0
        return Weighed(distinct, length, sum(lifted), sum(category), sum(kind), told)

    def row(self, words: Iterable[str], heard: Heard) -> dict[int, float]:
        """The same as numbers of terms with their amounts: what is learned from."""
        rarity, found, square = self.rarity, dict[int, float](), 0.0
        for word in dict.fromkeys(words):
            for number in self._numbers(word):
                found[number] = found.get(number, 0.0) + rarity[number]
                square += rarity[number] ** 2
        length = math.sqrt(square) or 1.0
        row = {number: amount / length for number, amount in found.items()}
        return row | dict(self.weigh((), heard).told)

    def guess_category(self, mail: Weighed, language: str, lean: str = "", confidence: float = 0.0) -> Guess:
        """The category that it holds most likely; `lean`: what the rules lean to."""
        return self._guess(self.category, mail.category, mail, language, lean, confidence)

    def guess_kind(self, mail: Weighed, language: str, lean: str = "", confidence: float = 0.0) -> Guess:
        """The kind that it holds most likely; `lean`: what the rules lean to."""
        return self._guess(self.kind, mail.kind, mail, language, lean, confidence)

    def _guess(
        self, head: Head, packed: int, mail: Weighed, language: str, lean: str, confidence: float
    ) -> Guess:
        chances = head.chances(packed, mail)
        best = max(range(len(chances)), key=chances.__getitem__)
        label = head.labels[best]
        seen = signs(chances, best, lean, label, confidence, len(mail.words))
        sure = head.sureness.of(seen, chances[best])
        speaks = sure >= head.threshold(language)
        why = self._words_for(head.weights[best], mail.words) if speaks else ()
        return Guess(label, sure, speaks, why)

    def _words_for(self, weights: Sequence[float], words: Sequence[str]) -> tuple[str, ...]:
        rarity = self.rarity
        said = {
            word: sum(weights[number] * rarity[number] for number in self._numbers(word)) for word in words
        }
        ranked = sorted((word for word in said if said[word] > 0), key=lambda word: -said[word])
        return tuple(ranked[:MOST_WORDS])

    def _numbers(self, word: str) -> list[int]:
        known = self.vocabulary
        return [known[term] for term in terms_of(word) if term in known]

    def _worth(self, word: str) -> Worth:
        rarity, numbers = self.rarity, self._numbers(word)
        rare = [rarity[number] for number in numbers]
        amounts = [int(one * _FINE) for one in rare]
        worth = Worth(
            sum(map(mul, rare, rare)),
            sum(amounts),
            self.category.sum_of(numbers, amounts),
            self.kind.sum_of(numbers, amounts),
        )
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[word] = worth
        return worth

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category that the model can name."""
        return self.category.labels


def _fine(weights: Sequence[float]) -> list[int]:
    """Weights as whole numbers, lifted above zero, so that none borrows from the one beside it."""
    return [int((min(max(one, -_LIFT), _LIFT) + _LIFT) * _FINE) for one in weights]


def _packed(column: Sequence[int]) -> int:
    """Numbers side by side, the first one lowest."""
    side_by_side = array("Q", column)
    if sys.byteorder == "big":
        side_by_side.reverse()
    return int.from_bytes(side_by_side.tobytes(), sys.byteorder)


def _shares(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    whole = sum(parts)
    return [part / whole for part in parts]
