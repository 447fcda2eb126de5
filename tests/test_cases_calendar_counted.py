"""Working time around changes of the clocks, against a slow counter that walks minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.calendar import after, before, between, closed_until, is_open, working_days_until
from cases.rules.calendars import CalendarFile
from cases.rules.durations import Duration, Unit, Weekday
from cases.rules.working_time import Calendar

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CHANGES = {
    "Asia/Tehran": ["2021-03-22", "2021-09-22"],  # at midnight, until 2022
    "Asia/Jerusalem": ["2026-03-27", "2026-10-25"],
    "Europe/Berlin": ["2026-03-29", "2026-10-25"],
    "America/Sao_Paulo": ["2018-11-04", "2019-02-17"],  # at midnight, until 2019
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],  # half an hour
    "Pacific/Apia": ["2011-12-30"],  # a day that did not happen
    "UTC": ["2026-01-01"],  # a new year
}
HOURS = [
    "09:00-17:00",
    "00:00-24:00",
    "00:00-02:00",
    "16:00-24:00",
    "01:30-05:00",
    "02:10-02:40",
    "22:15-23:45",
]
WEEKENDS = [["friday"], ["friday", "saturday"], ["saturday", "sunday"], []]


class Counter:
    """Looks at each minute by itself."""

    def __init__(self, file: CalendarFile) -> None:
        self.file, self.zone = file, ZoneInfo(file.time_zone)
        self.day, self.minutes_of = cache(self._day), cache(self._minutes_of)

    def _day(self, day: date) -> tuple[time, time] | None:
        """From when to when people work on a day; midnight at its end is 23:59:59.999999."""
        weekday = list(Weekday)[day.weekday()]
        rests = weekday in self.file.weekend or day in self.file.holidays
        if rests and day not in self.file.working_days:
            return None
        hours = self.file.other_hours.get(weekday, self.file.working_hours)
        return hours.start, hours.end if hours.end > time(0) else time.max

    def works(self, moment: datetime) -> bool:
        """Whether people work in the minute that begins then."""
        local = moment.astimezone(self.zone)
        hours = self.day(local.date())
        return hours is not None and hours[0] <= local.time() < hours[1]

    def after(self, start: datetime, minutes: int) -> datetime:
        moment = start
        while minutes:
            minutes -= self.works(moment)
            moment += MINUTE
        return moment

    def before(self, end: datetime, minutes: int) -> datetime:
        moment = end
        while minutes:
            moment -= MINUTE
            minutes -= self.works(moment)
        return moment

    def between(self, start: datetime, end: datetime) -> timedelta:
        minutes = (start + MINUTE * n for n in range((end - start) // MINUTE))
        return MINUTE * sum(map(self.works, minutes))

    def _minutes_of(self, day: date) -> list[datetime]:
        """The minutes of a day in which people work."""
        noon = datetime.combine(day, time(12), UTC)
        minutes = (noon + MINUTE * n for n in range(-27 * 60, 27 * 60))
        return [one for one in minutes if one.astimezone(self.zone).date() == day and self.works(one)]

    def day_after(self, day: date, amount: int, step: int = 1) -> date:
        """The n-th day on which people work, after a day or (with a step of -1) before it."""
        while amount:
            day += DAY * step
            amount -= bool(self.day(day) and self.minutes_of(day))
        return day


@st.composite
def files(draw: st.DrawFn) -> tuple[CalendarFile, datetime]:
    """A calendar, and a moment within some days of a change of its clocks."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    changed = date.fromisoformat(draw(st.sampled_from(CHANGES[zone])))
    near = st.integers(-4, 6).map(lambda n: changed + DAY * n)
    holidays = draw(st.sets(near, max_size=3))
    file = CalendarFile.model_validate(
        {
            "time_zone": zone,
            "weekend": draw(st.sampled_from(WEEKENDS)),
            "working_hours": draw(st.sampled_from(HOURS)),
            "other_hours": draw(
                st.dictionaries(st.sampled_from(Weekday), st.sampled_from(HOURS), max_size=2)
            ),
            "holidays": [str(day) for day in holidays],
            "working_days": [str(day) for day in draw(st.sets(near, max_size=2)) - holidays],
        }
    )
    unit = draw(st.sampled_from([1, 30]))  # half hours meet the very moments at which shifts begin and end
    minutes = unit * draw(st.integers(-4 * 1440 // unit, 4 * 1440 // unit))
    moment = datetime.combine(changed, time(0), UTC) + MINUTE * minutes
    return file, moment


def hours(amount: int) -> Duration:
    return Duration(amount, Unit.WORKING_HOURS)


def days(amount: int) -> Duration:
    return Duration(amount, Unit.WORKING_DAYS)


slowly = settings(deadline=None, max_examples=40)
"""The counter is slow, not what it counts for."""


@slowly
@given(files(), st.integers(1, 9))
def test_working_hours_are_those_that_are_counted(given: tuple[CalendarFile, datetime], amount: int) -> None:
    file, start = given
    assert after(start, hours(amount), file.compiled()) == Counter(file).after(start, amount * 60)


@slowly
@given(files(), st.integers(1, 9))
def test_working_hours_before_are_those_that_are_counted_back(
    given: tuple[CalendarFile, datetime], amount: int
) -> None:
    file, end = given
    assert before(end, hours(amount), file.compiled()) == Counter(file).before(end, amount * 60)


@slowly
@given(files(), st.integers(-60, 6 * 1440))
def test_the_time_between_two_moments_is_what_is_counted(
    given: tuple[CalendarFile, datetime], minutes: int
) -> None:
    file, start = given
    end = start + MINUTE * minutes
    assert between(start, end, file.compiled()) == Counter(file).between(start, end)


@slowly
@given(files(), st.integers(1, 6))
def test_working_days_end_with_their_last_minute(given: tuple[CalendarFile, datetime], amount: int) -> None:
    (file, start), counter = given, Counter(given[0])
    day = counter.day_after(start.astimezone(counter.zone).date(), amount)
    assert after(start, days(amount), file.compiled()) == counter.minutes_of(day)[-1] + MINUTE


@slowly
@given(files(), st.integers(1, 6))
def test_working_days_before_begin_with_their_first_minute(
    given: tuple[CalendarFile, datetime], amount: int
) -> None:
    (file, end), counter = given, Counter(given[0])
    day = counter.day_after(end.astimezone(counter.zone).date(), amount, -1)
    assert before(end, days(amount), file.compiled()) == counter.minutes_of(day)[0]


@slowly
@given(files())
def test_a_firm_is_closed_until_its_next_minute_of_work(given: tuple[CalendarFile, datetime]) -> None:
    (file, now), counter = given, Counter(given[0])
    opens = counter.after(now, 1) - MINUTE
    assert is_open(now, file.compiled()) is (opens == now) is counter.works(now)
    assert closed_until(now, file.compiled()) == (None if opens == now else opens)


@slowly
@given(files(), st.integers(1, 12))
def test_working_days_until_a_day_are_counted_one_by_one(
    given: tuple[CalendarFile, datetime], later: int
) -> None:
    (file, now), counter = given, Counter(given[0])
    due = now + DAY * later
    today, last = (one.astimezone(counter.zone).date() for one in (now, due))
    coming = (today + DAY * n for n in range(1, (last - today).days + 1))
    counted = sum(bool(counter.day(day) and counter.minutes_of(day)) for day in coming)
    expected = counted if counter.day(last) or last == today else None
    assert working_days_until(now, due, file.compiled()) == expected


moments = st.integers(0, 31 * 366 * 86400 * 10**6).map(
    lambda n: datetime(1999, 12, 1, tzinfo=UTC) + timedelta(microseconds=n)
)
FILE = CalendarFile.model_validate(
    {"time_zone": "Asia/Tehran", "weekend": ["friday"], "other_hours": {"thursday": "08:30-12:30"}}
)
CALENDAR = FILE.compiled()


@given(moments, moments, moments)
@example(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
def test_what_is_worked_adds_up_to_the_microsecond_over_years(
    one: datetime, two: datetime, six: datetime
) -> None:
    first, middle, last = sorted((one, two, six))
    parts = between(first, middle, CALENDAR) + between(middle, last, CALENDAR)
    assert between(first, last, CALENDAR) == parts


@given(moments, st.integers(0, 400))
def test_so_many_working_hours_lie_between_a_moment_and_what_is_after_or_before_it(
    moment: datetime, amount: int
) -> None:
    later, earlier = after(moment, hours(amount), CALENDAR), before(moment, hours(amount), CALENDAR)
    assert between(moment, later, CALENDAR) == between(earlier, moment, CALENDAR) == timedelta(hours=amount)


@given(moments)
def test_a_calendar_that_was_put_away_says_the_same(moment: datetime) -> None:
    again = Calendar(*CALENDAR.__reduce__()[1])
    assert again == CALENDAR
    assert after(moment, hours(30), again) == after(moment, hours(30), CALENDAR)


@pytest.mark.parametrize("zone", sorted(CHANGES))
def test_a_shift_of_the_whole_day_is_all_the_time_there_is(zone: str) -> None:
    file = CalendarFile.model_validate({"time_zone": zone, "weekend": [], "working_hours": "00:00-24:00"})
    start = datetime.fromisoformat(CHANGES[zone][0]).replace(tzinfo=UTC) - DAY * 3
    assert between(start, start + DAY * 9, file.compiled()) == DAY * 9
