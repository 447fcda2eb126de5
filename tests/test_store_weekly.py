"""The figures of the last days."""

from __future__ import annotations

from store import ledger, weekly
from store.database import opened
from store.models import EventKind, Status
from store.values import NewEvent, Recording
from tests.store_samples import HOUR, NOW, a_case

SINCE = NOW - 48 * HOUR


def test_what_came_and_what_waits_is_counted_without_spam(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "a", category="late", opened_at=NOW - HOUR)
        a_case(session, "b", category="late", opened_at=NOW, status=Status.CLOSED)
        a_case(session, "c", category="broken", opened_at=NOW)
        a_case(session, "old", category="late", opened_at=SINCE - HOUR)
        a_case(session, "spam", category="late", opened_at=NOW, spam=True)
        a_case(session, "m", category="late", opened_at=NOW, status=Status.CLOSED, merged_into=1001)
        week = weekly.week(session, SINCE)
        assert week.by_category == (("late", 2), ("broken", 1))
        assert week.waiting == 3
        assert week.oldest is not None
        assert week.oldest.number == 1004


def test_scores_of_the_time_are_given(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        for kind, score, at in (
            (EventKind.CHECK_IN_GOOD, 5, NOW),
            (EventKind.CHECK_IN_LOW, 2, NOW),
            (EventKind.CHECK_IN_GOOD, 4, SINCE - HOUR),
        ):
            event = NewEvent(kind, f"{score} of 5", "ann@example.com", {"score": score})
            ledger.record(session, Recording(case_number=number, events=(event,)), now=at)
        assert sorted(weekly.week(session, SINCE).scores) == [2, 5]


def test_an_empty_desk_has_empty_figures(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        assert weekly.week(session, SINCE) == weekly.Week((), 0, None, ())
