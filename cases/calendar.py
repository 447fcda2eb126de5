"""Arithmetic in working time: weekends, holidays and opening hours of the firm (L4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cases.rules.durations import Duration, Hours, Unit
from cases.rules.types import CalendarFile

FURTHEST = 3660
"""Days to look ahead."""
FURTHEST_COUNTED = 30
"""Days within which a customer is told a number of working days; a date says more about what is later."""


class NoWorkingTime(Exception):
    """The calendar has no working day in the next ten years: too many holidays."""


def after(start: datetime, wait: Duration, calendar: CalendarFile) -> datetime:
    """The moment that lies `wait` after `start` (both aware; the result is UTC).

    Working days end at closing time of the n-th working day after that of `start`; working hours
    run only while the firm is open. Raises NoWorkingTime when it never is.
    """
    if wait.unit is Unit.WORKING_DAYS:
        return _working_days(start, wait.amount, calendar)
    if wait.unit is Unit.WORKING_HOURS:
        return _working_hours(start, timedelta(hours=wait.amount), calendar)
    return start.astimezone(UTC) + wait.elapsed


def between(start: datetime, end: datetime, calendar: CalendarFile) -> timedelta:
    """How much of the time from `start` to `end` the firm works; nothing when `end` is not later."""
    total = timedelta(0)
    if end <= start:
        return total
    for opens, closes in _shifts(start, calendar):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, start), timedelta(0))
    return total


def closed_until(now: datetime, calendar: CalendarFile) -> datetime | None:
    """When the firm opens again, in UTC; None while it is open, and where it never opens."""
    opens = next((opens for opens, closes in _shifts(now, calendar) if closes > now), now)
    return opens if opens > now else None


def working_days_until(now: datetime, due: datetime, calendar: CalendarFile) -> int | None:
    """How many working days after today the day of `due` is; 0 when it is today.

    None where that can't be said: `due` is past, on a day of rest, or further away than people count.
    """
    zone = ZoneInfo(calendar.time_zone)
    today, last = now.astimezone(zone).date(), due.astimezone(zone).date()
    if due <= now or not 0 <= (last - today).days <= FURTHEST_COUNTED:
        return None
    if last > today and calendar.hours_on(last) is None:
        return None
    days = (today + timedelta(days=n + 1) for n in range((last - today).days))
    return sum(calendar.hours_on(day) is not None for day in days)


def _working_days(start: datetime, days: int, calendar: CalendarFile) -> datetime:
    zone = ZoneInfo(calendar.time_zone)
    today, left = start.astimezone(zone).date(), days
    for day, hours in _working(today, calendar):
        if day > today:
            left -= 1
        if left <= 0 and (day > today or not days):
            return datetime.combine(day, hours.end, zone).astimezone(UTC)
    raise NoWorkingTime


def _working_hours(start: datetime, left: timedelta, calendar: CalendarFile) -> datetime:
    for opens, closes in _shifts(start, calendar):
        begin = max(opens, start)
        if closes - begin >= left:
            return begin.astimezone(UTC) + left
        left -= max(closes - begin, timedelta(0))
    raise NoWorkingTime


def _working(first: date, calendar: CalendarFile) -> Iterator[tuple[date, Hours]]:
    """The working days from the first on, with their hours."""
    for day in (first + timedelta(days=n) for n in range(FURTHEST)):
        if hours := calendar.hours_on(day):
            yield day, hours


def _shifts(start: datetime, calendar: CalendarFile) -> Iterator[tuple[datetime, datetime]]:
    """Opening and closing time of each working day from that of `start` on, in UTC: differences are true."""
    zone = ZoneInfo(calendar.time_zone)
    for day, hours in _working(start.astimezone(zone).date(), calendar):
        opens, closes = (datetime.combine(day, at, zone) for at in (hours.start, hours.end))
        yield opens.astimezone(UTC), closes.astimezone(UTC)
