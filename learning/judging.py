"""How sure guesses about held-back mails were, and which of them were right. Only training imports this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from learning.calibration import Trial
from learning.samples import FOLDS, Sample
from learning.sureness import SIGNS, Sureness, signs

FIRMNESS = 0.5
LABELS_COUNT = 0.3
"""How freely the guesses of one label may be held for better or worse than those of another."""
ENOUGH = 5
"""With fewer right or wrong guesses there is nothing to learn about them."""


@dataclass(frozen=True, slots=True)
class Held:
    """A guess about a mail that was held back."""

    language: str
    fold: int
    label: str
    likely: float
    signs: tuple[float, ...]
    right: bool
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
        seen = signs(chances, best, lean, label, confidence, len(sample.words))
        right, agrees = label == wanted, label == lean or not lean
        return cls(sample.language, sample.fold, label, chances[best], seen, right, alone, agrees)


def trials_of(held: Sequence[Held]) -> list[Trial]:
    """How sure each guess was, by what the other folds teach of sureness, and whether it was right."""
    trials: list[Trial] = []
    whole = sureness_of(held)
    for fold in range(FOLDS):
        others = [one for one in held if one.fold != fold]
        learned = sureness_of(others) if whole.weights else whole
        trials += [
            Trial(one.language, learned.of(one.signs, one.label, one.likely), one.right, one.alone)
            for one in held
            if one.fold == fold and one.is_said
        ]
    return trials


def sureness_of(held: Sequence[Held]) -> Sureness:
    """What each sign of a guess being right is worth, by these guesses."""
    right = np.array([one.right for one in held])
    if not ENOUGH <= right.sum() <= len(held) - ENOUGH:
        return Sureness()
    labels = sorted({one.label for one in held})
    rows = [[*one.signs, *(LABELS_COUNT * (one.label == label) for label in labels)] for one in held]
    made = LogisticRegression(C=FIRMNESS, max_iter=300).fit(np.array(rows), right)
    worth = [float(weight) for weight in made.coef_[0]]
    surer = {label: LABELS_COUNT * weight for label, weight in zip(labels, worth[SIGNS:], strict=True)}
    return Sureness(float(made.intercept_[0]), tuple(worth[:SIGNS]), surer)
