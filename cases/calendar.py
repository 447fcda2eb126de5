"""Arithmetic in working time: weekends, holidays and opening hours of the firm and its teams (L4)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

from cases.rules.durations import Duration, Unit
from cases.rules.working_time import Calendar, Year

FURTHEST = timedelta(days=3660)
"""How far to look ahead."""
YEARS = 11
"""So many calendar years are touched by that."""
FURTHEST_COUNTED = 30
"""Days within which a customer is told a number of working days; a date says more about what is later."""
NOTHING = timedelta(0)


class NoWorkingTime(Exception):
    """The calendar has no working day in the next ten years: too many holidays."""


def after(start: datetime, wait: Duration, calendar: Calendar) -> datetime:
    """The moment that lies `wait` after `start` (both aware; the result is UTC).

    Working days end at closing time of the n-th working day after that of `start`; working hours
    run only while the firm is open. Raises NoWorkingTime when it never is.
    """
    if wait.unit is Unit.WORKING_DAYS:
        return _working_days(start, wait.amount, calendar)
    if wait.unit is Unit.WORKING_HOURS:
        return _working_hours(start, timedelta(hours=wait.amount), calendar)
    return start.astimezone(UTC) + wait.elapsed


def before(end: datetime, wait: Duration, calendar: Calendar) -> datetime:
    """The moment from which `wait` leads to `end` (both aware; the result is UTC).

    Working days begin at opening time of the n-th working day before that of `end`; working hours are counted
    back while the firm is open, the last moment is meant. Raises NoWorkingTime when it never was.
    """
    if wait.unit is Unit.WORKING_DAYS:
        return _working_days_back(end, wait.amount, calendar)
    if wait.unit is Unit.WORKING_HOURS:
        return _working_hours_back(end, timedelta(hours=wait.amount), calendar)
    return end.astimezone(UTC) - wait.elapsed


def between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of the time from `start` to `end` the firm works; nothing when `end` is not later."""
    if end <= start:
        return NOTHING
    zone = calendar.zone
    first, last = start.astimezone(zone).year, end.astimezone(zone).year
    whole = sum((calendar.year(number).total for number in range(first, last)), NOTHING)
    return whole + _worked(end, calendar.year(last)) - _worked(start, calendar.year(first))


def closed_until(now: datetime, calendar: Calendar) -> datetime | None:
    """When the firm opens again, in UTC; None while it is open, and where it never opens."""
    number = now.astimezone(calendar.zone).year
    for year in map(calendar.year, range(number, number + YEARS)):
        place = bisect_right(year.closes, now)
        if place < len(year.opens):
            opens = year.opens[place]
            return opens if now < opens <= now + FURTHEST else None
    return None


def is_open(now: datetime, calendar: Calendar) -> bool:
    """Whether the firm works at this moment."""
    year = calendar.year(now.astimezone(calendar.zone).year)
    place = bisect_right(year.closes, now)
    return place < len(year.opens) and year.opens[place] <= now


def working_days_until(now: datetime, due: datetime, calendar: Calendar) -> int | None:
    """How many working days after today the day of `due` is; 0 when it is today.

    None where that can't be said: `due` is past, on a day of rest, or further away than people count.
    """
    zone = calendar.zone
    today, last = now.astimezone(zone).date(), due.astimezone(zone).date()
    if due <= now or not 0 <= (last - today).days <= FURTHEST_COUNTED:
        return None
    if last > today and calendar.hours_on(last) is None:
        return None
    ahead = bisect_right(calendar.year(last.year).days, last)
    done = bisect_right(calendar.year(today.year).days, today)
    return ahead - done + sum(len(calendar.year(number).days) for number in range(today.year, last.year))


def _working_days(start: datetime, amount: int, calendar: Calendar) -> datetime:
    today = start.astimezone(calendar.zone).date()
    days = calendar.year(today.year).days
    place = bisect_right(days, today) + amount - 1 if amount else bisect_left(days, today)
    for year in map(calendar.year, range(today.year, today.year + YEARS)):
        if place < len(year.days):
            return _not_too_far(year.ends[place], start)
        place -= len(year.days)
    raise NoWorkingTime


def _working_hours(start: datetime, wait: timedelta, calendar: Calendar) -> datetime:
    if not wait:
        return closed_until(start, calendar) or start.astimezone(UTC)
    number = start.astimezone(calendar.zone).year
    left = wait + _worked(start, calendar.year(number))
    for year in map(calendar.year, range(number, number + YEARS)):
        if left <= year.total:
            place = bisect_left(year.worked, left)
            return _not_too_far(year.closes[place] - (year.worked[place] - left), start)
        left -= year.total
    raise NoWorkingTime


def _working_days_back(end: datetime, amount: int, calendar: Calendar) -> datetime:
    last = end.astimezone(calendar.zone).date()
    days = calendar.year(last.year).days
    place = bisect_left(days, last) - amount if amount else bisect_right(days, last) - 1
    for number in range(last.year, last.year - YEARS, -1):
        if place >= 0:
            return _not_too_far(calendar.year(number).begins[place], end)
        place += len(calendar.year(number - 1).days)
    raise NoWorkingTime


def _working_hours_back(end: datetime, wait: timedelta, calendar: Calendar) -> datetime:
    if not wait:
        return end.astimezone(UTC)
    last = end.astimezone(calendar.zone).year
    left = _worked(end, calendar.year(last)) - wait
    for number in range(last, last - YEARS, -1):
        if left >= NOTHING:
            year = calendar.year(number)
            place = bisect_right(year.worked, left)
            return _not_too_far(year.closes[place] - (year.worked[place] - left), end)
        left += calendar.year(number - 1).total
    raise NoWorkingTime


def _worked(moment: datetime, year: Year) -> timedelta:
    """How much of a year is worked until a moment in it."""
    place = bisect_right(year.closes, moment)
    done = year.worked[place - 1] if place else NOTHING
    if place < len(year.opens) and year.opens[place] < moment:
        return done + (moment - year.opens[place])
    return done


def _not_too_far(found: datetime, start: datetime) -> datetime:
    if abs(found - start) > FURTHEST:
        raise NoWorkingTime
    return found
