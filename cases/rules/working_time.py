"""When somebody works: a calendar with its holidays, and what it comes to in moments, worked out once a year.

The promise of it all: people work in each minute in which the clock on their wall shows a time within the
hours of that day. So an hour that daylight saving skips is not worked, one that it repeats is worked twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from cases.rules.durations import Hours, Weekday

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
MARGIN = timedelta(days=2)
"""More than any time zone is away from UTC."""
Shift = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Year:
    """The working time of a year. All moments are UTC, so that their differences are true."""

    days: tuple[date, ...]
    """The working days."""
    begins: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    """When the work of each of them begins and ends."""
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    """Beginning and end of each stretch of work."""
    worked: tuple[timedelta, ...]
    """All that is worked until the end of each stretch."""

    @property
    def total(self) -> timedelta:
        return self.worked[-1] if self.worked else timedelta(0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the firm works, or a team of it."""

    time_zone: str = "UTC"
    weekend: tuple[Weekday, ...] = (Weekday.SATURDAY, Weekday.SUNDAY)
    working_hours: Hours = field(default_factory=lambda: Hours.parse("09:00-17:00"))
    other_hours: Mapping[Weekday, Hours] = field(default_factory=dict)
    """Days whose hours differ."""
    holidays: frozenset[date] = frozenset()
    """Days on which nobody works, also those of countries."""
    working_days: frozenset[date] = frozenset()
    """Days on which people work, whatever the weekend and the holidays say."""
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # The years are made again: none is kept between starts.
        said = (self.time_zone, self.weekend, self.working_hours, self.other_hours)
        return type(self), (*said, self.holidays, self.working_days)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def rests_weekly(self, day: date) -> bool:
        """Whether a day is of the weekend, whatever happens on it."""
        return _weekday(day) in self.weekend

    def hours_on(self, day: date) -> Hours | None:
        """The working hours of a day; None when it is a day of rest."""
        weekday = _weekday(day)
        if day not in self.working_days and (weekday in self.weekend or day in self.holidays):
            return None
        return self.other_hours.get(weekday, self.working_hours)

    def year(self, number: int) -> Year:
        """The working time of a year."""
        if (known := self._years.get(number)) is None:
            known = self._years[number] = self._worked_out(number)
        return known

    def _worked_out(self, number: int) -> Year:
        segments = list(_segments(number, self.zone))
        shifts = {day: found for day in _days(number) if (found := self._shifts_on(day, segments))}
        stretches = [shift for found in shifts.values() for shift in found]
        return Year(
            days=tuple(shifts),
            begins=tuple(found[0][0] for found in shifts.values()),
            ends=tuple(found[-1][1] for found in shifts.values()),
            opens=tuple(opens for opens, _ in stretches),
            closes=tuple(closes for _, closes in stretches),
            worked=tuple(accumulate(closes - opens for opens, closes in stretches)),
        )

    def _shifts_on(self, day: date, segments: Iterable[_Segment]) -> list[Shift]:
        """When the clock on the wall shows a time within a day's hours: one stretch, unless it is changed."""
        found: list[Shift] = []
        if hours := self.hours_on(day):
            opens, closes = hours.opens(day).replace(tzinfo=UTC), hours.closes(day).replace(tzinfo=UTC)
            for part in (part for segment in segments if (part := segment.within(opens, closes))):
                if found and found[-1][1] == part[0]:
                    found[-1] = (found[-1][0], part[1])
                else:
                    found.append(part)
        return found


def _weekday(day: date) -> Weekday:
    return _WEEK[day.weekday()]


_WEEK = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of time in which the clocks of a zone are not changed."""

    begins: datetime
    ends: datetime
    offset: timedelta

    def within(self, opens: datetime, closes: datetime) -> Shift | None:
        """The part of it in which the clock on the wall shows a time between these two, written as UTC."""
        begin, end = max(opens - self.offset, self.begins), min(closes - self.offset, self.ends)
        return (begin, end) if begin < end else None


def _days(number: int) -> Iterator[date]:
    day = date(number, 1, 1)
    while day.year == number:
        yield day
        day += DAY


def _segments(number: int, zone: tzinfo) -> Iterator[_Segment]:
    """A year, cut where the clocks of the zone are changed."""
    first = datetime(number, 1, 1, tzinfo=UTC) - MARGIN
    last = datetime(number, 12, 31, tzinfo=UTC) + MARGIN
    days = [first + DAY * n for n in range((last - first).days + 1)]
    pairs = pairwise((day, _offset(day, zone)) for day in days)
    changes = [_change(one, other, zone) for (one, shown), (other, then) in pairs if shown != then]
    for begins, ends in pairwise((first, *changes, last)):
        yield _Segment(begins, ends, _offset(begins, zone))


def _change(before: datetime, behind: datetime, zone: tzinfo) -> datetime:
    """The first second between two moments at which the clocks show another time than they would have."""
    offset = _offset(before, zone)
    while behind - before > SECOND:
        middle = before + (behind - before) // (2 * SECOND) * SECOND
        before, behind = (middle, behind) if _offset(middle, zone) == offset else (before, middle)
    return behind


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
