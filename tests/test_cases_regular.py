"""When the figures are mailed, and of which days they tell."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.regular import MOST_DAYS, Regular, Slot, Span, compared_with, days_told, last_slot, week_begins
from cases.rules.durations import Weekday
from cases.rules.working_time import Calendar

UTC_FIRM = Calendar()
IRAN = Calendar(time_zone="Asia/Tehran", weekend=(Weekday.FRIDAY,))
ISRAEL = Calendar(time_zone="Asia/Jerusalem", weekend=(Weekday.FRIDAY, Weekday.SATURDAY))
DAILY, WEEKLY = Regular.parse("daily at 08:00"), Regular.parse("weekly at 08:00")
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "regular"),
    [
        ("daily at 08:00", Regular(Span.DAILY, time(8))),
        (" Daily 8:05 ", Regular(Span.DAILY, time(8, 5))),
        ("weekly at 23:59", Regular(Span.WEEKLY, time(23, 59))),
        ("weekly on  Sunday at 07:30", Regular(Span.WEEKLY, time(7, 30), Weekday.SUNDAY)),
        ("weekly friday 07:30", Regular(Span.WEEKLY, time(7, 30), Weekday.FRIDAY)),
    ],
)
def test_they_are_daily_or_weekly_at_a_time(text: str, regular: Regular) -> None:
    assert Regular.parse(text) == regular


@pytest.mark.parametrize(
    "text",
    ["", "daily", "weekly on 08:00", "daily on monday at 08:00", "daily at 24:00", "weekly at 8", "08:00"],
)
def test_anything_else_is_told_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="'weekly on monday at 08:00'"):
        Regular.parse(text)


@pytest.mark.parametrize(("calendar", "begins"), [(UTC_FIRM, 0), (IRAN, 5), (ISRAEL, 6)])
def test_a_week_begins_after_the_weekend(calendar: Calendar, begins: int) -> None:
    assert week_begins(calendar) == begins


def test_daily_ones_come_on_working_days() -> None:
    assert last_slot(DAILY, at(MONDAY), UTC_FIRM) == Slot(MONDAY, at(MONDAY))
    friday = MONDAY - 3 * DAY
    assert last_slot(DAILY, at(MONDAY, 7, 59), UTC_FIRM) == Slot(friday, at(friday))


def test_weekly_ones_come_when_the_week_begins_there() -> None:
    saturday, sunday = date(2026, 2, 28), date(2026, 3, 1)
    for calendar, begins in ((IRAN, saturday), (ISRAEL, sunday), (UTC_FIRM, MONDAY)):
        slot = last_slot(WEEKLY, at(date(2026, 3, 5), 12), calendar)
        assert slot is not None
        assert slot.day == begins
        assert slot.at == datetime.combine(begins, time(8), calendar.zone)


def test_weekly_ones_come_on_the_day_that_is_named() -> None:
    on = Regular.parse("weekly on wednesday at 08:00")
    assert last_slot(on, at(MONDAY), UTC_FIRM) == Slot(date(2026, 2, 25), at(date(2026, 2, 25)))


def test_what_falls_on_a_holiday_comes_on_the_next_working_day_of_that_week() -> None:
    rests = Calendar(holidays=frozenset({MONDAY, MONDAY + DAY}))
    wednesday = MONDAY + 2 * DAY
    assert last_slot(WEEKLY, at(wednesday), rests) == Slot(MONDAY, at(wednesday))
    assert last_slot(WEEKLY, at(wednesday, 7), rests) == Slot(MONDAY - 7 * DAY, at(MONDAY - 7 * DAY))
    assert days_told(WEEKLY, Slot(MONDAY, at(wednesday)), rests, None) == (MONDAY - 7 * DAY, MONDAY - DAY)


def test_who_rests_for_months_gets_none() -> None:
    rests = Calendar(holidays=frozenset(MONDAY - n * DAY for n in range(100)))
    assert last_slot(DAILY, at(MONDAY), rests) is None
    assert last_slot(WEEKLY, at(MONDAY), rests) is None


def test_daily_ones_tell_of_the_days_since_the_ones_before() -> None:
    friday = MONDAY - 3 * DAY
    assert days_told(DAILY, Slot(MONDAY, at(MONDAY)), UTC_FIRM, None) == (friday, MONDAY - DAY)
    assert days_told(DAILY, Slot(MONDAY, at(MONDAY)), UTC_FIRM, friday) == (friday, MONDAY - DAY)
    tuesday = MONDAY + DAY
    assert days_told(DAILY, Slot(tuesday, at(tuesday)), UTC_FIRM, MONDAY) == (MONDAY, MONDAY)


def test_after_a_stop_one_mail_tells_of_all_of_it_up_to_a_limit() -> None:
    slot = Slot(MONDAY, at(MONDAY))
    before = MONDAY - 12 * DAY
    assert days_told(DAILY, slot, UTC_FIRM, before) == (before, MONDAY - DAY)
    assert days_told(WEEKLY, slot, UTC_FIRM, MONDAY - 21 * DAY) == (MONDAY - 21 * DAY, MONDAY - DAY)
    assert days_told(WEEKLY, slot, UTC_FIRM, MONDAY - 900 * DAY) == (MONDAY - MOST_DAYS * DAY, MONDAY - DAY)


def test_weekly_ones_tell_of_a_week_also_after_their_day_was_changed() -> None:
    assert days_told(WEEKLY, Slot(MONDAY, at(MONDAY)), UTC_FIRM, MONDAY - 4 * DAY) == (
        MONDAY - 7 * DAY,
        MONDAY - DAY,
    )


def test_days_are_compared_with_the_same_days_of_the_week_before() -> None:
    friday, sunday = MONDAY - 3 * DAY, MONDAY - DAY
    assert compared_with(friday, sunday) == (friday - 7 * DAY, sunday - 7 * DAY)
    assert compared_with(MONDAY - 7 * DAY, sunday) == (MONDAY - 14 * DAY, sunday - 7 * DAY)
    assert compared_with(MONDAY - 9 * DAY, sunday) == (MONDAY - 23 * DAY, sunday - 14 * DAY)


@given(
    calendar=st.sampled_from([UTC_FIRM, IRAN, ISRAEL]),
    regular=st.sampled_from([DAILY, WEEKLY, Regular.parse("weekly on thursday at 02:30")]),
    hours=st.lists(st.integers(1, 60), min_size=2, max_size=40),
)
def test_every_day_is_told_once_however_often_one_looks(
    calendar: Calendar, regular: Regular, hours: list[int]
) -> None:
    """Whoever looks now and then, and puts down how far it was told, tells of each day once and in order."""
    now, told, spans = datetime(2026, 3, 10, tzinfo=UTC), None, []
    for more in hours:
        now += timedelta(hours=more)
        slot = last_slot(regular, now, calendar)
        assert slot is not None
        assert slot.at <= now
        if told is None or slot.day > told:
            spans.append(days_told(regular, slot, calendar, told))
            told = slot.day
    for (_, last), (first, _) in pairwise(spans):
        assert first == last + DAY
