"""Who is mailed the figures of the firm how often: daily, weekly, or both (D24)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from cases.rules.durations import Weekday
from cases.rules.working_time import Calendar

WRITTEN = rf"(daily|weekly(?:(?: +on)? +({'|'.join(Weekday)}))?)(?: +at)? +(\d{{1,2}}):(\d{{2}})"
"""How it stands in agents.yaml."""
_SAID = re.compile(WRITTEN)
_WRITE = (
    "write daily or weekly with a time of day, such as 'daily at 08:00', 'weekly at 08:00' or 'weekly on "
    "monday at 08:00'; leave the line out for no figures"
)
DAY = timedelta(days=1)
FURTHEST = 60
"""Days to look back for the last time; a firm that rests longer than that gets its figures later."""
MOST_DAYS = 28
"""Of one mail, after a stop; what was before it stands on the page."""


class Span(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Regular:
    """How often the figures are mailed, and at what time of the day."""

    span: Span
    at: time
    weekday: Weekday | None = None
    """Of weekly ones; without it they come when the week begins."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "daily at 08:00" or "weekly on monday at 08:00"; ValueError says what to write."""
        found = _SAID.fullmatch(text.strip().lower())
        if not found or int(found[3]) > 23 or int(found[4]) > 59:
            raise ValueError(_WRITE)
        span, _, _ = found[1].partition(" ")
        day = Weekday(found[2]) if found[2] else None
        return cls(Span(span), time(int(found[3]), int(found[4])), day)


class Slot(NamedTuple):
    """A time for figures: they tell what was before `day`."""

    day: date
    at: datetime


def week_begins(calendar: Calendar) -> int:
    """The weekday after the weekend: Saturday in Iran, Sunday in Israel, else Monday mostly."""
    weekend = {day.number for day in calendar.weekend}
    return next((day for day in range(7) if day not in weekend and (day - 1) % 7 in weekend), 0)


def last_slot(regular: Regular, now: datetime, calendar: Calendar) -> Slot | None:
    """The latest time that has come; None when there was none."""
    return next((slot for slot in _backwards(regular, now, calendar) if slot.at <= now), None)


def _backwards(regular: Regular, now: datetime, calendar: Calendar) -> Iterator[Slot]:
    """Times for figures, the latest first: on working days only."""
    zone = calendar.zone
    today = now.astimezone(zone).date()
    if regular.span is Span.DAILY:
        for day in (today - DAY * n for n in range(FURTHEST)):
            if calendar.hours_on(day):
                yield Slot(day, datetime.combine(day, regular.at, zone))
        return
    begins = regular.weekday.number if regular.weekday else week_begins(calendar)
    first = today - DAY * ((today.weekday() - begins) % 7)
    for day in (first - DAY * n for n in range(0, FURTHEST, 7)):
        # What falls on a day of rest comes on the next working day of that week.
        works = next((day + DAY * n for n in range(7) if calendar.hours_on(day + DAY * n)), None)
        if works:
            yield Slot(day, datetime.combine(works, regular.at, zone))


def days_told(regular: Regular, slot: Slot, calendar: Calendar, told: date | None) -> tuple[date, date]:
    """The first and last day that figures tell of: all since those before, of which `told` was the end.

    After a stop that is more than a day or a week: there is one mail, and not one for each that was missed.
    """
    if regular.span is Span.WEEKLY:
        usual = slot.day - 7 * DAY
    else:
        before = (slot.day - DAY * n for n in range(1, FURTHEST))
        usual = next((day for day in before if calendar.hours_on(day)), slot.day - DAY)
    first = min(usual, told) if told and told < slot.day else usual
    if regular.span is Span.DAILY and told and usual < told < slot.day:
        first = told
    return max(first, slot.day - DAY * MOST_DAYS), slot.day - DAY


def compared_with(first: date, last: date) -> tuple[date, date]:
    """The same days of the week before, or of as many weeks before as there are."""
    weeks = -(-((last - first).days + 1) // 7)
    return first - DAY * 7 * weeks, last - DAY * 7 * weeks
