"""A learned model: plain numbers that any process can read, and what they say about a mail."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import mul

from learning.sureness import Sureness, signs
from learning.terms import RULE, rule_terms, runs, terms_of

NEVER = 2.0
"""A threshold that no probability reaches."""
ANY = ""
"""Stands for every language that has no threshold of its own."""
MOST_WORDS = 4
_FINE, _LIFT, _LANE = 1 << 18, 64, 8
"""How fine weights and amounts are counted, what no weight is beyond, and the bytes that a sum has."""
MOST_TIMES = 100
"""A term that stands in a mail more often counts no more."""
_OFTEN = (0.0, *(1 + math.log(count) for count in range(1, MOST_TIMES + 1)))
Weighed = tuple[tuple[int, ...], tuple[float, ...]]
"""Which terms of the vocabulary a mail has, and how much of each."""


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

    So a mail's terms are added up for all labels at once: a tenth of what one label after another takes.
    """

    def __post_init__(self) -> None:
        columns = zip(*self.weights, strict=True)
        object.__setattr__(self, "_columns", tuple(_packed(column) for column in columns))

    def threshold(self, language: str) -> float:
        return self.thresholds.get(language, self.thresholds.get(ANY, NEVER))

    def probabilities(self, weighed: Weighed) -> list[float]:
        """How likely each label is; they add up to 1."""
        numbers, amounts = weighed
        columns, whole = self._columns, [int(amount * _FINE) for amount in amounts]
        added = sum([columns[number] * amount for number, amount in zip(numbers, whole, strict=True)])
        sums = array("Q", added.to_bytes(_LANE * len(self.labels), sys.byteorder))
        if sys.byteorder == "big":
            sums.reverse()
        lifted = sum(whole) * _LIFT * _FINE
        return _shares(
            [bias + (one - lifted) / _FINE**2 for bias, one in zip(self.biases, sums, strict=True)]
        )


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

    def weigh(self, words: Sequence[str], scores: Mapping[str, float]) -> Weighed:
        """The terms of a mail that the model knows, weighed by rarity and scaled to length 1."""
        known, rarity = self.vocabulary, self.rarity
        found = [(known[term], count) for term, count in terms_of(words).items() if term in known]
        amounts = [_OFTEN[min(count, MOST_TIMES)] * rarity[number] for number, count in found]
        length = math.sqrt(sum(map(mul, amounts, amounts))) or 1.0
        said = {known[term]: part for term, part in rule_terms(scores).items() if term in known}
        numbers = [number for number, _ in found]
        return (*numbers, *said), (*[amount / length for amount in amounts], *said.values())

    def guess(
        self,
        head: Head,
        words: Sequence[str],
        weighed: Weighed,
        language: str,
        lean: str = "",
        confidence: float = 0.0,
    ) -> Guess:
        """What this head holds most likely, and whether it may say so; `lean`: what the rules lean to."""
        chances = head.probabilities(weighed)
        best = max(range(len(chances)), key=chances.__getitem__)
        label = head.labels[best]
        seen = signs(chances, best, lean, label, confidence, len(words))
        sure = head.sureness.of(seen, label, chances[best])
        speaks = sure >= head.threshold(language)
        why = self._words_for(head.weights[best], words) if speaks else ()
        return Guess(label, sure, speaks, why)

    def _words_for(self, weights: Sequence[float], words: Sequence[str]) -> tuple[str, ...]:
        known, rarity = self.vocabulary, self.rarity
        said: dict[str, float] = {}
        for word in dict.fromkeys(words):
            numbers = [known[run] for run in runs(word) if run in known]
            said[word] = sum(weights[number] * rarity[number] for number in numbers)
        ranked = sorted((word for word in said if said[word] > 0), key=lambda word: -said[word])
        return tuple(ranked[:MOST_WORDS])

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category that the model can name."""
        return self.category.labels

    def rule_names(self) -> frozenset[str]:
        """The categories whose rules it looks at."""
        return frozenset(term[1:] for term in self.vocabulary if term[0] == RULE)


def _packed(weights: Sequence[float]) -> int:
    """Weights side by side, the first one lowest; each is lifted above zero, so that none borrows."""
    lifted = array("Q", [int((min(max(one, -_LIFT), _LIFT) + _LIFT) * _FINE) for one in weights])
    if sys.byteorder == "big":
        lifted.reverse()
    return int.from_bytes(lifted.tobytes(), sys.byteorder)


def _shares(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    whole = sum(parts)
    return [part / whole for part in parts]
