"""The time that a report is about: "last month", or one day to another; its days, weeks and months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from cases.regular import week_begins
from cases.rules.working_time import Calendar
from language.normalise import normalise

DAY = timedelta(days=1)
USUAL = 91
"""Days of a report that nobody said a time for: a quarter of a year."""
MOST_DAYS, MOST_WEEKS = 35, 60
"""Longer times are shown by week, and then by month."""
JALALI_BELOW = 1700
"""Years below are Jalali."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_BACK = re.compile(r"(?:last |the last )?(\d{1,4}) ?(d|w|days?|weeks?)")
ADVICE = (
    "write a day (2026-03-01 or 1404-12-10), how far back (30 days, 12 weeks), or today, yesterday, "
    "this week, last week, this month, last month, this year or last year"
)


class NoPeriod(ValueError):
    """What was written is no time, or one that ends before it begins; the message says what to write."""


class Unit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Days:
    """Some days, from the first to the last of them, by the firm's clock."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """The first moment, in UTC."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after them, in UTC."""
        return _midnight(self.last + DAY, self.zone)

    @property
    def count(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    def before(self) -> Days:
        """As many days as these, just before them."""
        return Days(self.first - DAY * self.count, self.first - DAY, self.zone)


@dataclass(frozen=True, slots=True)
class Bins:
    """A time in parts: each begins where the one before it ends."""

    unit: Unit
    parts: tuple[Days, ...]

    @property
    def short(self) -> frozenset[int]:
        """Which of them are not whole, at the ends: there a week may be cut off."""
        usual = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 28}[self.unit]
        return frozenset(at for at, part in enumerate(self.parts) if part.count < usual)


def period(written_from: str, written_to: str, now: datetime, calendar: Calendar, *, jalali: bool) -> Days:
    """The days that are meant. Words such as "last month" name both ends; what is left out is a quarter.

    Months and years are those of the Jalali calendar if so wished. Raises NoPeriod.
    """
    zone = calendar.zone
    today = now.astimezone(zone).date()
    read = _Reader(today, week_begins(calendar), jalali)
    whole = read.meant(written_from) if written_from.strip() else None
    last = read.meant(written_to).last if written_to.strip() else None
    if last is None:
        last = whole.last if whole and not whole.is_day else today
    first = whole.first if whole else last - DAY * (USUAL - 1)
    if first > last:
        raise NoPeriod(f"the time begins on {first}, after its last day, {last}; {ADVICE}")
    return Days(first, last, zone)


def bins(days: Days, begins: int, *, jalali: bool) -> Bins:
    """The days one by one, by week or by month, so that people can still look at them."""
    if days.count <= MOST_DAYS:
        return Bins(Unit.DAY, _cut(days, lambda _: True))
    if days.count <= MOST_WEEKS * 7:
        return Bins(Unit.WEEK, _cut(days, lambda day: day.weekday() == begins))
    return Bins(Unit.MONTH, _cut(days, lambda day: _day_of_month(day, jalali=jalali) == 1))


class _Meant(NamedTuple):
    first: date
    last: date
    is_day: bool = False
    """Written as a single day: where it is the beginning, the time goes on from there."""


@dataclass(frozen=True, slots=True)
class _Reader:
    today: date
    begins: int
    jalali: bool

    def meant(self, written: str) -> _Meant:
        text = " ".join(normalise(written).split())
        named: dict[str, Callable[[], tuple[date, date]]] = {
            "today": lambda: (self.today, self.today),
            "yesterday": lambda: (self.today - DAY, self.today - DAY),
            "this week": lambda: (self._week(), self.today),
            "last week": lambda: (self._week() - 7 * DAY, self._week() - DAY),
            "this month": lambda: (self._month(self.today), self.today),
            "last month": lambda: (self._month(self._month(self.today) - DAY), self._month(self.today) - DAY),
            "this year": lambda: (self._year(self.today), self.today),
            "last year": lambda: (self._year(self._year(self.today) - DAY), self._year(self.today) - DAY),
        }
        if text in named:
            return _Meant(*named[text]())
        if found := _BACK.fullmatch(text):
            days = int(found[1]) * (7 if found[2].startswith("w") else 1)
            if days:
                return _Meant(self.today - DAY * (days - 1), self.today)
        if found := _DATE.fullmatch(text):
            year, month, of_month = map(int, found.groups())
            day = _day(year, month, of_month, written)
            return _Meant(day, day, is_day=True)
        raise NoPeriod(f"'{written}' is no time; {ADVICE}")

    def _week(self) -> date:
        return self.today - DAY * ((self.today.weekday() - self.begins) % 7)

    def _month(self, day: date) -> date:
        return day - DAY * (_day_of_month(day, jalali=self.jalali) - 1)

    def _year(self, day: date) -> date:
        first = self._month(day)
        while (_jalali(first).month if self.jalali else first.month) != 1:
            first = self._month(first - DAY)
        return first


def _day(year: int, month: int, day: int, written: str) -> date:
    try:
        if year < JALALI_BELOW:
            found: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
        else:
            found = date(year, month, day)
    except ValueError:
        raise NoPeriod(f"there is no day '{written}'; {ADVICE}") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise NoPeriod(f"'{written}' is too far away; {ADVICE}")
    return found


def _cut(days: Days, begins_here: Callable[[date], bool]) -> tuple[Days, ...]:
    firsts = [day for day in _each(days) if day == days.first or begins_here(day)]
    return tuple(
        Days(one, following - DAY, days.zone) for one, following in pairwise((*firsts, days.last + DAY))
    )


def _each(days: Days) -> Iterator[date]:
    return (days.first + DAY * n for n in range(days.count))


def _day_of_month(day: date, *, jalali: bool) -> int:
    return int(_jalali(day).day) if jalali else day.day


def _jalali(day: date) -> JalaliDate:
    return JalaliDate(day)  # type: ignore[no-untyped-call]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
