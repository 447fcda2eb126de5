"""From where on something may speak, by what was held back from it.

Pure arithmetic over (how sure it was, whether it was right) pairs, one for each mail that was held back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from learning.model import ANY, NEVER

PRECISION = 0.95
"""Of what a model says, this share was right on what was held back."""
ALONE = 0.05
"""By so much less than that may be right of what it says where the rules did not decide."""
LEAST = 25
"""Held-back mails that a threshold must have been tried on."""
PLENTY = 150
"""With fewer held-back mails, up to one more wrong guess is held against what was tried."""
PER_LANGUAGE = 40
"""A language with fewer held-back mails has no threshold of its own."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One held-back mail: how sure the guess was, and whether it was right."""

    language: str
    sure: float
    right: bool
    alone: bool = False
    """The rules did not decide: nobody else says so."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the guesses at or above a threshold were."""

    tried: int
    spoken: int
    right: int

    @property
    def precision(self) -> float:
        """Right among spoken; 0 when nothing was said."""
        return self.right / self.spoken if self.spoken else 0.0

    @property
    def coverage(self) -> float:
        """Spoken among tried."""
        return self.spoken / self.tried if self.tried else 0.0


def threshold(trials: Sequence[Trial], precision: float) -> float:
    """The lowest level of sureness at and above which guesses were right often enough; NEVER if none is."""
    best, right, count, right_alone, alone = NEVER, 0, 0, 0, 0
    doubt = max(0.0, 1 - len(trials) / PLENTY)
    ranked = sorted(trials, key=lambda trial: -trial.sure)
    for place, trial in enumerate(ranked):
        right, count = right + trial.right, count + 1
        right_alone, alone = right_alone + (trial.right and trial.alone), alone + trial.alone
        tied = place + 1 < len(ranked) and ranked[place + 1].sure == trial.sure
        enough = right >= precision * (count + doubt) and right_alone >= (precision - ALONE) * alone
        if not tied and count >= LEAST and enough:
            best = trial.sure
    return best


def thresholds(trials: Iterable[Trial], precision: float) -> dict[str, float]:
    """The threshold of each language with enough mails, and ANY for the others."""
    by_language: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        by_language[trial.language].append(trial)
    everything = [trial for some in by_language.values() for trial in some]
    found = {ANY: threshold(everything, precision)}
    for language, some in by_language.items():
        if len(some) >= PER_LANGUAGE and language:
            found[language] = threshold(some, precision)
    return found


def quality(trials: Iterable[Trial], levels: Mapping[str, float]) -> dict[str, Quality]:
    """How good what would have been said is, by language and over all (ANY)."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for trial in trials:
        spoken = trial.sure >= levels.get(trial.language, levels.get(ANY, NEVER))
        for language in {trial.language, ANY}:
            tally = found[language]
            tally[0] += 1
            tally[1] += spoken
            tally[2] += spoken and trial.right
    return {language: Quality(*tally) for language, tally in found.items()}
