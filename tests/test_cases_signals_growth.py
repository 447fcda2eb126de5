"""Unusual growth: waves are found, and usual days are not told of."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.signal_worlds import Wave, World, judged, told
from cases.signals.growth import DAYS, LEAST, Lately, Past, growth, tail

NEEDED = 5.0


def steady(a_day: int, days: int = DAYS, others: int = 20) -> Past:
    return Past([a_day] * days, [a_day + others] * days)


@given(st.integers(0, 60), st.floats(0.01, 30), st.floats(0.05, 50))
@settings(deadline=None)
def test_the_tail_is_what_is_left_above_a_number(count: int, mean: float, size: float) -> None:
    def likelihood(number: int) -> float:
        grown = math.lgamma(number + size) - math.lgamma(size) - math.lgamma(number + 1)
        return math.exp(
            grown + size * math.log(size / (size + mean)) + number * math.log(mean / (size + mean))
        )

    slow = 1 - sum(likelihood(number) for number in range(count))
    assert tail(count, mean, size) == pytest.approx(slow, abs=1e-9)


@given(st.integers(0, 8), st.integers(1, 40), st.integers(1, 10))
@settings(deadline=None, max_examples=60)
def test_more_customers_are_never_less_unusual(usual: int, count: int, more: int) -> None:
    past = steady(usual)
    less = growth(past, [Lately(1, count, count + 20)])
    grown = growth(past, [Lately(1, count + more, count + more + 20)])
    assert (grown.score if grown else 0.0) >= (less.score if less else 0.0)


@given(st.integers(1, 30))
@settings(deadline=None)
def test_a_usual_day_is_nothing(usual: int) -> None:
    assert (
        growth(steady(usual), [Lately(1, usual, usual + 20), Lately(7, 7 * usual, 7 * usual + 140)]) is None
    )


def test_a_wave_shows_with_what_was_expected() -> None:
    found = growth(steady(2), [Lately(1, 20, 40), Lately(2, 22, 60), Lately(7, 32, 160)])
    assert found
    assert (found.days, found.count) == (1, 20)
    assert found.expected == pytest.approx(2, rel=0.1)
    assert found.score > NEEDED


def test_without_weeks_of_history_nothing_is_unusual() -> None:
    least = LEAST + 6
    wave = [Lately(1, 50, 70)]
    assert growth(steady(1, days=least - 1), wave) is None
    assert growth(steady(1, days=least), wave) is not None
    first_days = [0] * (DAYS - 10) + [20] * 10
    assert growth(Past(first_days, first_days), wave) is None, (
        "the firm is new; the days before it are no history"
    )


def test_what_grows_along_with_everything_else_is_nothing() -> None:
    past = Past([10] * DAYS, [100] * DAYS)
    alone = growth(past, [Lately(1, 22, 112)])
    along = growth(past, [Lately(1, 22, 220)])
    assert alone
    assert alone.score > (along.score if along else 0.0) + 2


def test_a_busy_monday_is_expected_on_mondays() -> None:
    """The newest day of the history was a Sunday, so that today is a Monday."""
    week = [21, 7, 7, 7, 7, 0, 0]
    days = (week * 10)[-DAYS:]
    past = Past(days, [3 * day for day in days])
    monday = growth(past, [Lately(1, 24, 66)])
    tuesday = growth(Past([*days[1:], 21], [*(3 * day for day in days[1:]), 63]), [Lately(1, 24, 45)])
    assert monday is None
    assert tuesday
    assert tuesday.score > 2


def test_an_old_wave_does_not_make_the_next_one_usual() -> None:
    with_wave = [2] * 30 + [40] * 4 + [2] * (DAYS - 34)
    found = growth(Past(with_wave, [day + 20 for day in with_wave]), [Lately(1, 20, 40)])
    assert found
    assert found.score > NEEDED


# A year


@pytest.mark.parametrize(("a_day", "causes"), [(5, 15), (50, 40)])
def test_a_year_without_waves_has_few_false_signals(a_day: float, causes: int) -> None:
    """Weekdays, holidays and the days after them, weather, seasons, and half as many again in the year."""
    found = [one for seed in (11, 12) for one in told(World(a_day=a_day, causes=causes, seed=seed), NEEDED)]
    assert len(found) <= 24, found
    assert len(found) <= 6, "and it is far fewer than one a month"


def test_slow_growth_is_no_wave() -> None:
    assert len(list(told(World(a_year=4.0, causes=20, seed=3), NEEDED))) <= 6


@pytest.mark.parametrize(("cause", "more"), [(1, 30), (5, 20), (10, 15), (30, 10)])
def test_a_wave_is_found_within_a_day(cause: int, more: float) -> None:
    start = 120
    for seed in range(3):
        wave = Wave(cause, start, more)
        found = list(told(World(days=start + 7, waves=(wave,), seed=seed), NEEDED, since=start - 14))
        of_wave = [one.day for one in found if one.cause == cause and one.day >= start]
        assert of_wave, (cause, seed)
        assert of_wave[0] - start <= 1, "on the day on which it begins or the next"


def test_a_wave_in_one_cause_is_told_of_no_other() -> None:
    wave = Wave(10, 120, 40)
    found = list(told(World(days=127, waves=(wave,), seed=2), NEEDED, since=106))
    assert {one.cause for one in found} == {10}


def test_a_day_without_anything_is_nothing() -> None:
    assert judged([0] * 100, [0] * 100, 90) is None
    assert growth(Past([0] * DAYS, [20] * DAYS), [Lately(1, 6, 26)]) is not None, "what was never there"
