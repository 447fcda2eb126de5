"""How long it is until something is due, as people who work certain hours count it (L4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cases.calendar import between
from cases.rules.working_time import Calendar

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Working time until a moment, or since it has passed, in the unit that says it best; rounded down."""

    overdue: bool
    unit: Literal["days", "hours", "minutes"]
    amount: int


def time_left(now: datetime, due: datetime, calendar: Calendar) -> TimeLeft:
    """Full working days; what is less in hours; what is less than one in minutes."""
    overdue = due < now
    working = between(due, now, calendar) if overdue else between(now, due, calendar)
    day = calendar.working_hours.length
    if working >= day:
        return TimeLeft(overdue, "days", int(working / day))
    if working >= HOUR:
        return TimeLeft(overdue, "hours", int(working / HOUR))
    return TimeLeft(overdue, "minutes", int(working / timedelta(minutes=1)))
