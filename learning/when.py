"""When it is worth learning anew."""

from __future__ import annotations

from dataclasses import dataclass

from learning.samples import ENOUGH_CORRECTIONS

NEWS = 10
"""Corrections after which a model is made anew; of many corrections, a tenth more."""
GROWTH = 1.5
"""So many times the cases that there were: the rules alone have judged enough new mails."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been learned from, and what there is now."""

    made: bool
    """Whether there is a model."""
    corrections: int
    fresh: int
    """Corrections since the model was made."""
    corrections_then: int
    cases: int
    cases_then: int
    rules_changed: bool


def is_due(progress: Progress) -> bool:
    """Whether a new model would know more than the one there is."""
    if not progress.made:
        return progress.corrections + progress.cases >= ENOUGH_CORRECTIONS
    if progress.fresh >= max(NEWS, progress.corrections_then / 10):
        return True
    if progress.rules_changed and progress.corrections:
        return True
    return progress.cases >= GROWTH * max(progress.cases_then, ENOUGH_CORRECTIONS)
