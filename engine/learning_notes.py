"""What an operator is told of learning: what it learned, how good that is, or why it learns nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from engine.teaching import can_train
from learning.samples import ENOUGH_CORRECTIONS, ENOUGH_SAMPLES
from settings import Settings
from store import learned
from store.learned import Standing

ALL = "all"


def notes(session: Session, settings: Settings) -> Iterator[str]:
    """For `check`."""
    if not settings.LEARNING:
        yield "learning is off, because LEARNING=false"
        return
    standing = learned.standing(session)
    if not can_train():
        yield (
            "learning is off, because scikit-learn is not installed: run make, or "
            "pip install -r requirements-learn.txt"
        )
    if standing.failed:
        yield "the last attempt to learn failed; the worker's log says why, and it is tried again"
    yield from _learned(standing) if standing.id is not None else _too_few(standing)


def _too_few(standing: Standing) -> Iterator[str]:
    more = ENOUGH_CORRECTIONS - standing.corrections
    if more > 0:
        yield (
            f"nothing is learned yet: {more} more corrections are needed (agents correct with "
            f"“category NAME”), or {max(ENOUGH_SAMPLES - standing.cases, 0)} more cases"
        )
    else:
        yield "nothing is learned yet; a running worker learns within the hour"


def _learned(standing: Standing) -> Iterator[str]:
    made = f"{standing.made_at:%Y-%m-%d %H:%M} UTC" if standing.made_at else "some time"
    yield (
        f"learned from {standing.corrections_then} corrections, {standing.fresh} came since; version "
        f"{standing.version}, made {made}"
    )
    for figures in standing.figures:
        yield _how_good(figures)


def _how_good(figures: Mapping[str, Any]) -> str:
    language = "all languages" if figures["language"] == ALL else figures["language"]
    if not figures.get("speaks"):
        return f"learned, {language}: not right often enough yet, so it says nothing"
    precision, coverage = figures.get("precision") or 0.0, figures.get("coverage") or 0.0
    return (
        f"learned, {language}: of the mails that the rules leave open it suggests a category for "
        f"{coverage:.0%}; {precision:.0%} of these were right on corrections that were held back"
    )
