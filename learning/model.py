"""A learned model: plain numbers that any process can read, and what they say about a mail."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter, mul

from learning.sureness import Sureness, signs
from learning.terms import RULE, rule_terms, runs, terms_of

NEVER = 2.0
"""A threshold that no probability reaches."""
ANY = ""
"""Stands for every language that has no threshold of its own."""
MOST_WORDS = 4
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

    def threshold(self, language: str) -> float:
        return self.thresholds.get(language, self.thresholds.get(ANY, NEVER))

    def probabilities(self, weighed: Weighed) -> list[float]:
        """How likely each label is; they add up to 1."""
        numbers, amounts = weighed
        if not numbers:
            return _shares(self.biases)
        pick = itemgetter(*numbers) if len(numbers) > 1 else lambda row: (row[numbers[0]],)
        rows = zip(self.biases, self.weights, strict=True)
        return _shares([bias + sum(map(mul, pick(row), amounts)) for bias, row in rows])


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
        known, counts = self.vocabulary, terms_of(words)
        found = {known[term]: count for term, count in counts.items() if term in known}
        rarity = self.rarity
        amounts = [(1 + math.log(count)) * rarity[number] for number, count in found.items()]
        length = math.sqrt(sum(map(mul, amounts, amounts))) or 1.0
        said = {known[term]: part for term, part in rule_terms(scores).items() if term in known}
        return (*found, *said), (*(amount / length for amount in amounts), *said.values())

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


def _shares(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    whole = sum(parts)
    return [part / whole for part in parts]
