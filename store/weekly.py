"""The figures of the last days: few rows are read, and none of them whole (D24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from store.models import FOR_A_PERSON, Case, Event, EventKind

_SCORED = (EventKind.CHECK_IN_GOOD, EventKind.CHECK_IN_LOW)
_MOST_SCORES = 5_000


@dataclass(frozen=True, slots=True)
class Week:
    """What came in since a moment, what waits, and how satisfied customers said they were."""

    by_category: tuple[tuple[str, int], ...]
    waiting: int
    oldest: Case | None
    scores: tuple[int, ...]


def week(session: Session, since: datetime) -> Week:
    """The figures since then; spam is counted nowhere, and a merged case with the one that took it in."""
    count = func.count()
    real = col(Case.spam).is_(False)
    began = (col(Case.opened_at) >= since, real, col(Case.merged_into).is_(None))
    came = select(Case.category, count).where(*began).group_by(col(Case.category))
    waits = (col(Case.status).in_(FOR_A_PERSON), real)
    oldest = select(Case).where(*waits).order_by(col(Case.opened_at), col(Case.number)).limit(1)
    scored = (col(Event.at) >= since, col(Event.kind).in_(_SCORED))
    told = select(Event.data).where(*scored).order_by(col(Event.at).desc()).limit(_MOST_SCORES)
    by_category = [(str(name), int(number)) for name, number in session.exec(came)]
    return Week(
        by_category=tuple(sorted(by_category, key=lambda one: (-one[1], one[0]))),
        waiting=session.exec(select(func.count()).select_from(Case).where(*waits)).one(),
        oldest=session.exec(oldest).first(),
        scores=tuple(int(data["score"]) for data in session.exec(told) if "score" in data),
    )
