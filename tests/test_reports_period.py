"""The time that a report is about, as people write it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.regular import week_begins
from cases.rules.durations import Weekday
from cases.rules.working_time import Calendar
from reports.period import Days, NoPeriod, Unit, bins, period

TEHRAN = Calendar(time_zone="Asia/Tehran", weekend=(Weekday.FRIDAY,))
NOW = datetime(2026, 3, 25, 21, 0, tzinfo=UTC)
"""The 26th of March in Tehran, a Thursday: the 6th of Farvardin 1405."""


@pytest.mark.parametrize(
    ("first", "last", "jalali", "days"),
    [
        ("", "", False, ("2025-12-26", "2026-03-26")),
        ("2026-03-01", "", False, ("2026-03-01", "2026-03-26")),
        ("2026-03-01", "2026-03-10", False, ("2026-03-01", "2026-03-10")),
        ("", "2026-03-10", False, ("2025-12-10", "2026-03-10")),
        ("1404-12-10", "۱۴۰۵/۰۱/۰۱", True, ("2026-03-01", "2026-03-21")),
        ("last month", "", False, ("2026-02-01", "2026-02-28")),
        ("Last  Month", "", True, ("2026-02-20", "2026-03-20")),
        ("this month", "", True, ("2026-03-21", "2026-03-26")),
        ("last year", "", True, ("2025-03-21", "2026-03-20")),
        ("last year", "", False, ("2025-01-01", "2025-12-31")),
        ("this year", "", False, ("2026-01-01", "2026-03-26")),
        ("this week", "", False, ("2026-03-21", "2026-03-26")),
        ("last week", "", False, ("2026-03-14", "2026-03-20")),
        ("yesterday", "", False, ("2026-03-25", "2026-03-25")),
        ("today", "", False, ("2026-03-26", "2026-03-26")),
        ("30 days", "", False, ("2026-02-25", "2026-03-26")),
        ("2w", "", False, ("2026-03-13", "2026-03-26")),
        ("last month", "today", False, ("2026-02-01", "2026-03-26")),
    ],
)
def test_a_time_is_read_as_people_write_it(
    first: str, last: str, jalali: bool, days: tuple[str, str]
) -> None:
    found = period(first, last, NOW, TEHRAN, jalali=jalali)
    assert (found.first.isoformat(), found.last.isoformat()) == days


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("soon", "", "'soon' is no time; write a day"),
        ("2026-02-30", "", "there is no day '2026-02-30'"),
        ("1404-13-01", "", "there is no day"),
        ("0 days", "", "is no time"),
        ("2026-03-02", "2026-03-01", "begins on 2026-03-02, after its last day, 2026-03-01"),
        ("9999-12-31", "", "too far away"),
    ],
)
def test_what_is_no_time_is_told_with_what_to_write(first: str, last: str, says: str) -> None:
    with pytest.raises(NoPeriod, match=says):
        period(first, last, NOW, TEHRAN, jalali=False)


def test_a_day_begins_and_ends_by_the_firms_clock() -> None:
    days = period("today", "", NOW, TEHRAN, jalali=False)
    assert days.start == datetime(2026, 3, 25, 20, 30, tzinfo=UTC)
    assert days.end - days.start == timedelta(days=1)
    assert days.before().end == days.start


@given(first=st.dates(date(2020, 1, 1), date(2030, 1, 1)), many=st.integers(1, 1500), jalali=st.booleans())
def test_the_parts_of_a_time_are_all_of_it(first: date, many: int, jalali: bool) -> None:
    days = Days(first, first + timedelta(days=many - 1), TEHRAN.zone)
    found = bins(days, week_begins(TEHRAN), jalali=jalali)
    assert (found.parts[0].first, found.parts[-1].last) == (days.first, days.last)
    for one, following in zip(found.parts, found.parts[1:], strict=False):
        assert one.last + timedelta(days=1) == following.first
        assert found.unit is not Unit.WEEK or following.first.weekday() == 5
    assert len(found.parts) <= 62
    assert found.short <= {0, len(found.parts) - 1}


@pytest.mark.parametrize(
    ("weekend", "begins"),
    [
        ((Weekday.FRIDAY,), 5),
        ((Weekday.FRIDAY, Weekday.SATURDAY), 6),
        ((Weekday.SATURDAY, Weekday.SUNDAY), 0),
        ((), 0),
    ],
)
def test_a_week_begins_after_the_weekend(weekend: tuple[Weekday, ...], begins: int) -> None:
    assert week_begins(Calendar(weekend=weekend)) == begins
