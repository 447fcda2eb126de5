"""The letters of a batch leave one by one, also when many are due at once: after a stop or a clock jump."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from cases.audience import HOUR
from store import issues
from store.models import Timer, TimerKind

LATE = timedelta(minutes=5)
"""So late a letter leaves at its turn all the same; past it, it takes its turn behind the others."""


def put_off_to(session: Session, timer: Timer, now: datetime, an_hour: int) -> datetime | None:
    """When a letter that is long overdue leaves, so that not all of them leave at once; None where it leaves
    now."""
    if timer.kind is not TimerKind.FIXED or now - timer.due_at <= LATE:
        return None
    last = issues.last_telling(session)
    if last is None or now - last > LATE:
        return now  # the first of those that are overdue
    return max(now, last + HOUR / an_hour)
