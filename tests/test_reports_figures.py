"""What the report makes of rows of counts, and the few statistics that it names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import between
from cases.rules.working_time import Calendar
from reports import charts, counting, timing
from reports.figures import Count, Sum
from reports.statistics import median, p90, share
from reports.worktime import WorkTime

START = datetime(2026, 3, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
NEW_YORK = Calendar(time_zone="America/New_York")


@given(begin=MOMENTS, end=MOMENTS)
def test_working_time_is_that_of_the_calendar(begin: datetime, end: datetime) -> None:
    fast = WorkTime(NEW_YORK, datetime(2024, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    [worked] = fast.between([begin.timestamp()], [end.timestamp()])
    assert worked == pytest.approx(between(begin, end, NEW_YORK).total_seconds(), abs=1e-3)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40).map(sorted))
def test_half_are_below_the_median_and_nine_of_ten_do_not_exceed_p90(ordered: list[float]) -> None:
    assert sum(one < median(ordered) for one in ordered) <= len(ordered) / 2
    assert sum(one > median(ordered) for one in ordered) <= len(ordered) / 2
    assert sum(one <= p90(ordered) for one in ordered) >= 0.9 * len(ordered)
    below = [one for one in ordered if one < p90(ordered)]
    assert len(below) < 0.9 * len(ordered), "it is the smallest of its kind"


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # The interval by Wilson (1927) as statistics packages give it.
    [(5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_how_sure_a_share_is(part: int, whole: int, low: float, high: float) -> None:
    found = share(part, whole)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)
    assert share(0, 0).share is None


def test_a_wait_counts_in_the_time_in_which_it_ended() -> None:
    hour = 3600.0
    first = START.timestamp()
    rows = [("late", "sam", first - 2 * hour, first - hour), ("late", "sam", first - hour, first)]
    rows += [("lost", "", first, first + 3 * hour)]
    working = WorkTime(Calendar(), START - timedelta(days=9), START + timedelta(days=9))
    found = timing.times(rows, first, lambda _: working, by_agent=True)
    assert (found.before.count, found.before.median) == (1, hour)
    assert (found.all.count, found.all.median, found.all.p90) == (2, 2 * hour, 3 * hour)
    assert found.all.work_median == 0, "the first of March is a Sunday"
    assert [name for name, _ in found.by_category] == ["late", "lost"]
    assert list(found.by_agent) == ["sam"]
    assert not timing.times(rows, first, lambda _: working, by_agent=False).by_agent


def test_sums_of_money_are_exact_and_apart_by_currency() -> None:
    offered = [("EUR", "refund", "0.10", "offered", 3), ("EUR", "voucher", "5", "offered", 1)]
    found = counting.compensation(offered, [], [("IRR", "refund", "1000000", "offered", 2)])
    assert found[0] == Sum("EUR", "", 4, Decimal("5.30"), 0, Decimal(0), 0, Decimal(0))
    assert [(one.currency, one.kind, one.owed_sum) for one in found[3:]] == [
        ("IRR", "", Decimal(2000000)),
        ("IRR", "refund", Decimal(2000000)),
    ]


def test_only_the_last_word_of_a_case_counts() -> None:
    rows = [
        (1, "late", "sam", START - timedelta(days=1), 5),
        (1, "late", "sam", START, 2),
        (1, "late", "sam", START + timedelta(days=1), 4),
        (2, "late", "", START, 1),
    ]
    found = counting.satisfaction(rows, START, (3, 2), by_agent=True)
    assert found.scores == (1, 0, 0, 1, 0)
    assert found.satisfied[:2] == (1, 2)
    assert found.before[:2] == (1, 1)
    assert list(found.by_agent) == ["sam"]


def test_every_kind_is_told_even_where_there_is_none() -> None:
    found = counting.kinds([[("praise", "praise", 2)], [("praise", "praise", 1)]], [("complaint", "late", 4)])
    assert found[:2] == (Count("complaint", 0, 4), Count("praise", 3, 0))


@given(st.integers(0, 10**9))
def test_lines_of_a_chart_are_round_and_reach_above_everything(highest: int) -> None:
    lines = charts.steps(highest)
    assert lines[-1] >= highest
    assert 1 <= len(lines) <= charts.LINES
    assert len({other - one for one, other in zip([0, *lines], lines, strict=False)}) == 1
    assert str(lines[0]).rstrip("0") in ("1", "2", "5")


@pytest.mark.parametrize(("rtl", "x"), [(False, "0"), (True, "75.0")])
def test_a_bar_begins_where_the_language_begins(rtl: bool, x: str) -> None:
    assert f'x="{x}%"' in charts.bar(0.25, None, "s-good", rtl=rtl)
