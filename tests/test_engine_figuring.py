"""The figures of the report, against a slow count of every event, letter and mail."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from engine import figuring
from reports.figures import Figures, Kept
from reports.period import Days
from store.database import opened
from store.models import CaseFact, CaseKind
from tests.facts_factory import rulebook
from tests.histories import BEGIN, END, NOA, SAM, History
from tests.slow_count import ENDS, Slow, middle, nearest_rank, worked

CALENDAR = """\
time_zone: Asia/Tehran
weekend: [thursday, friday]
working_hours: 08:30-16:00
holidays: [2026-03-21, 2026-03-22]
"""
AGENTS = f"""\
agents:
  - {{address: {SAM}, name: Sam, roles: [agent, admin]}}
  - {{address: {NOA}, name: Noa, roles: [agent]}}
"""
RULES = rulebook(calendar=CALENDAR, agents=AGENTS)
ZONE = ZoneInfo("Asia/Tehran")
FIRST = BEGIN.astimezone(ZONE).date()


@settings(
    max_examples=6,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(seed=st.integers(0, 10**9), since=st.integers(0, 30), many=st.integers(1, 40))
def test_the_figures_are_those_of_a_slow_count(database_url: str, seed: int, since: int, many: int) -> None:
    days = Days(FIRST + timedelta(days=since), FIRST + timedelta(days=since + many - 1), ZONE)
    with opened(database_url) as database, database.read() as session:
        History(session, Random(seed)).tell(25, 110)
        figures = figuring.figures(session, RULES, days, END, jalali=False, by_agent=True)
        slow = Slow.read(session, days.start, days.end, END)
        _came_in(figures, slow)
        _took_so_long(figures, slow)
        _was_kept(figures, slow)
        _was_said(figures, slow)
        _waits(figures, slow)
        _is_shared(figures, slow, session)


def test_a_second_letter_leaves_the_first_one_in_time(database_url: str) -> None:
    days = Days(FIRST, FIRST + timedelta(days=39), ZONE)
    with opened(database_url) as database, database.read() as session:
        history = History(session, Random(1))
        history.tell(1, 0)
        [case] = history.cases
        begin = history.now
        for day, happens in enumerate(
            (history._approved, history._begins_a_second_letter, history._approved)
        ):
            history.now = begin + timedelta(days=1 + day, hours=1)
            happens(case)
        figures = figuring.figures(session, RULES, days, END, jalali=False, by_agent=True)
    assert figures.deadlines["answer"].all == Kept(kept=1, late=0, missed=0, running=0)


def _came_in(figures: Figures, slow: Slow) -> None:
    came, before = slow.received(), slow.received(before=True)
    assert {(one.kind, one.category): one.count for one in figures.causes if one.count} == came
    assert {(one.kind, one.category): one.before for one in figures.causes if one.before} == before
    assert figures.received == sum(came.values())
    for kind in figures.kinds:
        assert kind.count == sum(count for (one, _), count in came.items() if one == kind.name)
        assert kind.count == sum(figures.by_kind[kind.name])
    opened_at = [slow.opened(one) for one in slow.cases()]
    for at, part in enumerate(figures.bins.parts):
        mine = sum(part.first <= one.astimezone(ZONE).date() <= part.last for one in opened_at)
        assert mine == sum(counts[at] for counts in figures.by_kind.values())


def _took_so_long(figures: Figures, slow: Slow) -> None:
    ends = {
        "acknowledgement": slow.first_letter("ack"),
        "answer": slow.first_letter("answer"),
        "resolution": slow.resolved,
    }
    for name, ended in ends.items():
        waits = slow.waits(ended)
        lengths, times = [length for _, length in waits], figures.times[name]
        assert times.all.count == len(waits)
        assert times.all.median == pytest.approx(middle(lengths), abs=1e-4)
        assert times.all.p90 == pytest.approx(nearest_rank(lengths, 0.9), abs=1e-4)
        working = worked(slow, waits, RULES.calendar)
        assert times.all.work_median == pytest.approx(middle(working), abs=1e-4)
        assert times.all.work_p90 == pytest.approx(nearest_rank(working, 0.9), abs=1e-4)
        by_cause = Counter(slow.category(number) for number, _ in waits)
        assert {category: wait.count for category, wait in times.by_category} == by_cause


def _was_kept(figures: Figures, slow: Slow) -> None:
    for found, counted in (
        (figures.deadlines["answer"].all, slow.answer_deadlines()),
        (figures.promises.all, slow.kept()),
    ):
        assert found == Kept(*(counted[name] for name in Kept._fields))
    sums = {
        one.currency: (one.offered_sum, one.paid_sum, one.owed_sum)
        for one in figures.compensation
        if not one.kind
    }
    assert {name: each for name, each in sums.items() if any(each)} == slow.money()


def _was_said(figures: Figures, slow: Slow) -> None:
    scores = slow.scores()
    assert figures.satisfaction.scores == tuple(list(scores.values()).count(score) for score in range(1, 6))
    assert figures.satisfaction.satisfied[:2] == (sum(one >= 4 for one in scores.values()), len(scores))
    asked = slow.after_a_first(("check-in-sent",), ("check-in-good", "check-in-low"))
    assert (figures.satisfaction.asked, figures.satisfaction.answered) == asked
    ended = slow.after_a_first(ENDS, ("reopened",))
    assert (
        sum(one.ended for one in figures.reopened),
        sum(one.reopened for one in figures.reopened),
    ) == ended
    assert figures.agents is not None
    approved = Counter(
        one.actor
        for one in slow.events
        if one.kind == "approved" and slow.within(one.at) and one.case_number in slow.cases()
    )
    assert {one.address: one.approved for one in figures.agents} == {SAM: approved[SAM], NOA: approved[NOA]}


def _waits(figures: Figures, slow: Slow) -> None:
    waiting = []
    for number in slow.cases():
        state = "waits"
        for one in slow.of(number):
            if one.kind in ("approved", *ENDS, "check-in-good"):
                state = "done"
            elif one.kind in ("customer-wrote", "check-in-low", "drafted"):
                state = "waits"
        if state == "waits":
            waiting.append((slow.opened(number), number))
    assert figures.queue.waiting == sum(figures.queue.by_age) == len(waiting)
    assert [one.number for one in figures.queue.oldest] == [number for _, number in sorted(waiting)][:10]
    younger = sum(at > END - timedelta(days=1) for at, _ in waiting)
    assert figures.queue.by_age[0] == younger


def _is_shared(figures: Figures, slow: Slow, session: Session) -> None:
    counted = Counter[tuple[str, str]]()
    for fact in session.exec(select(CaseFact)):
        number = fact.case_number
        if (
            number in slow.cases()
            and slow.kind(number) == CaseKind.COMPLAINT
            and slow.within(slow.opened(number))
        ):
            counted[slow.category(number), fact.value] += 1
    assert {(one.category, one.value): one.count for one in figures.together} == counted
