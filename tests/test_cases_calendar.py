"""Working time by example; test_cases_calendar_counted.py has it against a slow counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.calendar import NoWorkingTime, after, before, closed_until, is_open, working_days_until
from cases.rules.calendars import CalendarFile
from cases.rules.durations import Duration, Hours, Unit, Weekday
from cases.rules.working_time import Calendar

MINUTE = timedelta(minutes=1)


def calendar(says: dict[str, Any]) -> Calendar:
    return CalendarFile.model_validate(says).compiled()


TEHRAN = calendar(
    {
        "time_zone": "Asia/Tehran",
        "weekend": ["friday"],
        "working_hours": "08:30-17:00",
        "other_hours": {"thursday": "08:30-12:30"},
        "holidays": ["2026-03-21", "2026-03-22"],
    }
)
JERUSALEM = calendar(
    {"time_zone": "Asia/Jerusalem", "weekend": ["friday", "saturday"], "working_hours": "09:00-17:00"}
)
BERLIN = calendar({"time_zone": "Europe/Berlin", "working_hours": "01:00-05:00"})
"""It works through the hour that daylight saving skips and the one that it repeats."""
NEW_YORK = calendar({"time_zone": "America/New_York", "holidays": ["2026-12-25"]})
ALL = [TEHRAN, JERUSALEM, BERLIN, NEW_YORK]


def hours(amount: int) -> Duration:
    return Duration(amount, Unit.WORKING_HOURS)


def days(amount: int) -> Duration:
    return Duration(amount, Unit.WORKING_DAYS)


def at(text: str, calendar: Calendar) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.time_zone))


moments = st.integers(0, 400 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * MINUTE)


@given(
    start=moments, amount=st.integers(1, 9999), unit=st.sampled_from([Unit.MINUTES, Unit.HOURS, Unit.DAYS])
)
def test_other_times_run_by_the_clock_alone(start: datetime, amount: int, unit: Unit) -> None:
    assert after(start, Duration(amount, unit), TEHRAN) == start + timedelta(**{unit.value: amount})


@given(start=moments, wait=st.builds(Duration, st.integers(0, 40), st.sampled_from(Unit)))
def test_the_result_is_utc_whatever_zone_the_start_is_in(start: datetime, wait: Duration) -> None:
    results = {after(start.astimezone(ZoneInfo(z)), wait, TEHRAN) for z in ("UTC", "Asia/Tehran")}
    assert len(results) == 1
    assert results.pop().tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "wait", "end"),
    [
        ("2026-03-05T09:00", hours(4), "2026-03-07T09:00"),  # 3½ hours of Thursday, ½ of Saturday
        ("2026-03-05T12:30", hours(1), "2026-03-07T09:30"),  # at closing time on the half day
        ("2026-03-06T23:59", hours(1), "2026-03-07T09:30"),  # on Friday
        ("2026-03-05T16:00", days(1), "2026-03-07T17:00"),  # Friday is no day
        ("2026-03-04T16:00", days(1), "2026-03-05T12:30"),  # Thursday closes early
        ("2026-03-19T10:00", days(1), "2026-03-23T17:00"),  # Friday and two holidays
        ("2026-03-06T10:00", days(1), "2026-03-07T17:00"),  # from a day of rest
    ],
)
def test_an_iranian_week(start: str, wait: Duration, end: str) -> None:
    assert after(at(start, TEHRAN), wait, TEHRAN) == at(end, TEHRAN)


def test_an_israeli_weekend_is_friday_and_saturday() -> None:
    thursday = at("2026-03-05T16:00", JERUSALEM)
    assert after(thursday, hours(2), JERUSALEM) == at("2026-03-08T10:00", JERUSALEM)
    assert after(thursday, days(1), JERUSALEM) == at("2026-03-08T17:00", JERUSALEM)


def test_an_hour_that_daylight_saving_skips_is_not_worked() -> None:
    calendar = replace(BERLIN, weekend=())
    night = at("2026-03-29T01:00", calendar)
    assert after(night, hours(3), calendar) == at("2026-03-29T05:00", calendar)
    assert after(night, hours(4), calendar) == at("2026-03-30T02:00", calendar)


def test_an_hour_that_daylight_saving_repeats_is_worked_twice() -> None:
    calendar = replace(BERLIN, weekend=())
    night = at("2026-10-25T01:00", calendar)
    assert after(night, hours(5), calendar) == at("2026-10-25T05:00", calendar)


def test_a_day_by_the_clock_has_24_hours_also_when_the_clock_changes() -> None:
    start = at("2026-03-28T12:00", BERLIN)
    assert after(start, Duration(1, Unit.DAYS), BERLIN) == at("2026-03-29T13:00", BERLIN)


def test_a_mail_after_closing_time_is_of_its_own_day() -> None:
    monday_evening = at("2026-03-02T20:00", NEW_YORK)
    assert after(monday_evening, days(1), NEW_YORK) == at("2026-03-03T17:00", NEW_YORK)


def test_a_firm_that_never_works_is_told_so() -> None:
    off = tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(4000))
    never = calendar({"holidays": off})
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for wait in (hours(1), days(1)):
        with pytest.raises(NoWorkingTime):
            after(start, wait, never)


@pytest.mark.parametrize("field", [{"weekend": ["monday"]}, {"holidays": ["2026-03-03"]}])
def test_what_is_no_working_day_has_no_hours(field: dict[str, Any]) -> None:
    assert calendar(field).hours_on(date(2026, 3, 2 if "weekend" in field else 3)) is None


@pytest.mark.parametrize("written", ["401 working days", "9999 working hours"])
def test_a_wait_that_no_calendar_could_hold_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="at most 400"):
        Duration.parse(written)


@pytest.mark.parametrize("written", ["400 working days", "400 working hours"])
def test_the_longest_wait_ends_even_where_people_work_one_hour_a_week(written: str) -> None:
    one_day = tuple(day for day in Weekday if day is not Weekday.MONDAY)
    rare = Calendar(weekend=one_day, working_hours=Hours.parse("09:00-10:00"))
    assert after(datetime(2026, 1, 1, tzinfo=UTC), Duration.parse(written), rare)
    assert before(datetime(2036, 1, 1, tzinfo=UTC), Duration.parse(written), rare)


@pytest.mark.parametrize(
    ("calendar", "now", "opens"),
    [
        (TEHRAN, "2026-03-02T09:00", None),
        (TEHRAN, "2026-03-02T08:29", "2026-03-02T08:30"),
        (TEHRAN, "2026-03-02T17:00", "2026-03-03T08:30"),
        (TEHRAN, "2026-03-05T12:30", "2026-03-07T08:30"),
        (TEHRAN, "2026-03-20T12:00", "2026-03-23T08:30"),
        (JERUSALEM, "2026-03-06T12:00", "2026-03-08T09:00"),
    ],
)
def test_a_closed_firm_opens_with_its_next_working_day(
    calendar: Calendar, now: str, opens: str | None
) -> None:
    expected = at(opens, calendar) if opens else None
    assert closed_until(at(now, calendar), calendar) == expected
    assert is_open(at(now, calendar), calendar) is (opens is None)


def test_a_firm_without_working_days_never_opens() -> None:
    first = date(2026, 1, 1)
    closed = Calendar(weekend=(), holidays=frozenset(first + timedelta(days=n) for n in range(4000)))
    assert closed_until(datetime(2026, 1, 2, tzinfo=UTC), closed) is None


@pytest.mark.parametrize(
    ("now", "due", "expected"),
    [
        ("2026-03-02T09:00", "2026-03-02T17:00", 0),
        ("2026-03-02T18:00", "2026-03-03T17:00", 1),
        ("2026-03-02T09:00", "2026-03-04T17:00", 2),
        ("2026-03-05T09:00", "2026-03-07T17:00", 1),
        ("2026-03-06T09:00", "2026-03-07T17:00", 1),
        ("2026-03-05T09:00", "2026-03-06T17:00", None),
        ("2026-03-02T09:00", "2026-03-02T08:00", None),
        ("2026-03-02T09:00", "2026-05-02T17:00", None),
    ],
)
def test_working_days_until_a_day_are_counted_after_today(now: str, due: str, expected: int | None) -> None:
    assert working_days_until(at(now, TEHRAN), at(due, TEHRAN), TEHRAN) == expected


@settings(deadline=None)
@given(
    st.sampled_from(ALL),
    st.integers(0, 365 * 24 * 60),
    st.integers(1, 12),
)
def test_a_deadline_in_so_many_working_days_is_so_many_working_days_away(
    calendar: Calendar, minutes: int, amount: int
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
    due = after(now, days(amount), calendar)
    assert working_days_until(now, due, calendar) in (amount, None)
    if (due - now).days < 29:
        assert working_days_until(now, due, calendar) == amount
