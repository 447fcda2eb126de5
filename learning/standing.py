"""What the rules' verdicts are worth to people: which decide, which are doubted, and what they stand for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from learning.calibration import PRECISION, Quality, Trial, quality, thresholds
from learning.model import ANY
from learning.samples import Sample
from learning.suggesting import level_of

DOUBTED = 0.8
"""A category of the rules that was right less often than that does not decide."""
USUAL = 8
"""Verdicts that a category is held to have had beside its own, as often right as verdicts usually were."""
OFTEN = 3
"""So often at least people must have called something otherwise than the rules, for it to be the same."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far people bear out what the rules say."""

    decides: Mapping[str, float] = field(default_factory=dict)
    doubted: frozenset[str] = frozenset()
    meant: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Sequence[Sample], unsure_below: float) -> Standing:
        """What these mails, judged by people, say of the rules."""
        doubted = _doubted(people, unsure_below)
        trusted = [one for one in people if one.rules_category not in doubted]
        return cls(thresholds(_verdicts(trusted), PRECISION), doubted, _meant(people))

    def decided(self, sample: Sample, unsure_below: float) -> bool:
        """Whether the rules decided this mail."""
        if sample.rules_stop:
            return True
        level = level_of(self.decides, sample.language, unsure_below)
        return sample.rules_category not in self.doubted and sample.rules_confidence >= level

    def quality(self, people: Sequence[Sample], unsure_below: float) -> Mapping[str, Quality]:
        """How often the rules' verdicts were right where they decide, by language and over all."""
        trials = [
            Trial(one.language, float(self.decided(one, unsure_below)), one.rules_category == one.category)
            for one in people
            if one.category
        ]
        return quality(trials, {ANY: 1.0})


def _verdicts(people: Sequence[Sample]) -> list[Trial]:
    return [
        Trial(one.language, one.rules_confidence, one.rules_category == one.category)
        for one in people
        if one.category
    ]


def _doubted(people: Sequence[Sample], unsure_below: float) -> frozenset[str]:
    """The rules' categories that people corrected too often where the rules named them.

    One that had few verdicts is held to be about as good as the others: where people use names that the rules
    don't know, all of them are doubted, heard of or not.
    """
    said: dict[str, list[bool]] = defaultdict(list)
    named = {name for one in people for name in (one.rules_category, *one.scores) if name}
    for one in people:
        if one.category and one.rules_category and one.rules_confidence >= unsure_below:
            said[one.rules_category].append(one.rules_category == one.category)
    every = [right for some in said.values() for right in some]
    usual = sum(every) / len(every) if every else 1.0
    return frozenset(
        name for name in named if (sum(said[name]) + USUAL * usual) / (len(said[name]) + USUAL) < DOUBTED
    )


def _meant(people: Sequence[Sample]) -> dict[str, str]:
    """What people mostly call what the rules lean to, where that is another name."""
    called: dict[str, Counter[str]] = defaultdict(Counter)
    for one in people:
        if one.category and one.lean:
            called[one.lean][one.category] += 1
    found = {}
    for lean, names in called.items():
        (name, count), *_ = names.most_common(1)
        if name != lean and count >= OFTEN and 2 * count > names.total():
            found[lean] = name
    return found
