"""Days that agents name, placed by the firm's calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.commands.dates import by_when, until_when
from cases.saying import Refusal
from tests.facts_factory import facts
from tests.money_facts import people

MORNING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday; the firm works from nine to five, and rests on Saturday and Sunday."""
EVENING = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def by(text: str, now: datetime = MORNING) -> str:
    return f"{by_when(facts(now=now, rulebook=people()), text):%m-%d %H:%M}"


def until(text: str, now: datetime = MORNING) -> str:
    return f"{until_when(facts(now=now, rulebook=people()), text):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "ends", "begins"),
    [
        ("friday", "03-06 17:00", "03-06 09:00"),
        ("saturday", "03-07 23:59", "03-07 00:00"),
        ("in 3 working days", "03-05 17:00", "03-05 09:00"),
        ("in 5 working days", "03-09 17:00", "03-09 09:00"),
        ("in 5 working days at 12:00", "03-09 12:00", "03-09 12:00"),
        ("in 8 working hours", "03-03 10:00", "03-03 10:00"),
        ("in 2 hours", "03-02 12:00", "03-02 12:00"),
        ("tomorrow at 14:00", "03-03 14:00", "03-03 14:00"),
        ("۱۰ آذر ۱۴۰۵", "12-01 17:00", "12-01 09:00"),
    ],
)
def test_a_day_ends_when_the_firm_closes_and_begins_when_it_opens(text: str, ends: str, begins: str) -> None:
    assert (by(text), until(text)) == (ends, begins)


def test_what_is_promised_for_today_after_closing_time_is_due_at_the_end_of_the_day() -> None:
    assert by("today") == "03-02 17:00"
    assert by("today", EVENING) == "03-02 23:59"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("yesterday", "when-past"),
        ("soon", "when-unknown"),
        ("monday", "when-two-ways"),
        ("31 feb", "when-no-such-day"),
        ("2020-01-01", "when-past"),
        ("0001-01-01", "when-past"),
        ("09:59", "when-past"),
        ("today at 10:00", "when-past"),
        ("2029-12-01", "when-far"),
        ("9999-12-31", "when-far"),
        ("1448/06/10", "when-far"),
        ("in 9999 weeks", "when-far"),
        ("in 9999 working days", "when-far"),
        ("in 9999 working hours", "when-far"),
    ],
)
def test_what_can_be_no_deadline_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        by(text)
    assert refusal.value.say.code == code


def test_nothing_can_wait_until_this_morning() -> None:
    with pytest.raises(Refusal, match="when past"):
        until("today")


@given(ahead=st.integers(1, 500))
def test_working_days_end_on_a_working_day(ahead: int) -> None:
    due = by_when(facts(now=MORNING, rulebook=people()), f"in {ahead} working days")
    assert due.weekday() < 5
    assert due - MORNING >= timedelta(days=ahead)


@given(text=st.text(max_size=30))
def test_whatever_is_read_lies_ahead(text: str) -> None:
    known = facts(now=MORNING, rulebook=people())
    for place in (by_when, until_when):
        try:
            assert place(known, text) > MORNING
        except Refusal as refusal:
            assert refusal.say.code.startswith("when-")


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (MORNING, "03-06 17:00"),
        (datetime(2026, 3, 6, 10, 0, tzinfo=UTC), "03-06 17:00"),
        (datetime(2026, 3, 7, 10, 0, tzinfo=UTC), "03-13 17:00"),
    ],
)
def test_the_end_of_the_week_is_the_last_working_day_before_the_weekend(now: datetime, ends: str) -> None:
    assert by("end of the week", now) == ends
