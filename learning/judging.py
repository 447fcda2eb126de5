"""How sure guesses about held-back mails were, and which of them were right. Only training imports this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from learning.calibration import Trial
from learning.samples import FOLDS, Sample
from learning.sureness import Sureness, signs

FIRMNESS = 0.5
ENOUGH = 5
"""With fewer right or wrong guesses there is nothing to learn about them."""

LEAST_LIKELY = 1e-3
"""Nothing is held to be less likely: one great surprise should not outweigh many small ones."""


@dataclass(frozen=True, slots=True)
class Held:
    """A guess about a mail that was held back."""

    language: str
    fold: int
    likely: float
    signs: tuple[float, ...]
    right: bool
    wanted: float
    """How likely the right one was held."""
    alone: bool
    """The rules did not decide this mail."""
    agrees: bool
    """It is what the rules say or lean to."""

    @property
    def is_said(self) -> bool:
        """Whether it would be said if it is sure enough: never against what the rules decided."""
        return self.alone or self.agrees

    @classmethod
    def of(
        cls, sample: Sample, lean: str, labels: Any, chances: Sequence[float], wanted: str, *, alone: bool
    ) -> Held:
        best = max(range(len(chances)), key=chances.__getitem__)
        label = str(labels[best])
        confidence = sample.rules_confidence if lean else 0.0
        seen = signs(chances, best, lean, label, confidence, len(set(sample.words)))
        right, agrees = label == wanted, label == lean or not lean
        likely = max(dict(zip(labels, chances, strict=True)).get(wanted, 0.0), LEAST_LIKELY)
        return cls(sample.language, sample.fold, chances[best], seen, right, likely, alone, agrees)


def trials_of(held: Sequence[Held]) -> list[Trial]:
    """How sure each guess was, by what the other folds teach of sureness, and whether it was right."""
    trials: list[Trial] = []
    whole = sureness_of(held)
    for fold in range(FOLDS):
        others = [one for one in held if one.fold != fold]
        learned = sureness_of(others) if whole.weights else whole
        trials += [
            Trial(one.language, learned.of(one.signs, one.likely), one.right, one.alone)
            for one in held
            if one.fold == fold and one.is_said
        ]
    return trials


def sureness_of(held: Sequence[Held]) -> Sureness:
    """What each sign of a guess being right is worth, by these guesses."""
    right = np.array([one.right for one in held])
    if not ENOUGH <= right.sum() <= len(held) - ENOUGH:
        return Sureness()
    made = LogisticRegression(C=FIRMNESS, max_iter=300).fit(np.array([one.signs for one in held]), right)
    return Sureness(float(made.intercept_[0]), tuple(map(float, made.coef_[0])))
