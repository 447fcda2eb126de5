"""Who said to be away, and how many cases everybody has."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from store import attendance, ledger
from store.database import opened
from store.models import Status
from store.values import NewRow, Recording
from tests.plans import full_scans, watched
from tests.store_samples import AGENT, HOUR, NOW, a_case


def away(session: Session, agent: str, until: datetime) -> None:
    row = NewRow("absence", {"agent": agent, "until": until, "said_at": NOW})
    ledger.record(session, Recording(rows=(row,)), now=NOW)


def test_the_newest_word_about_an_absence_counts(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        assert attendance.absences(session) == {}
        away(session, AGENT, NOW + HOUR)
        away(session, "noa@shop.example", NOW + HOUR)
        away(session, AGENT, NOW)
        assert attendance.absences(session) == {AGENT: NOW, "noa@shop.example": NOW + HOUR}


def test_cases_that_wait_for_an_answer_are_counted(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "new", assignee=AGENT)
        a_case(session, "open", assignee=AGENT, status=Status.OPEN)
        a_case(session, "answered", assignee=AGENT, status=Status.ANSWERED)
        a_case(session, "nobody's")
        assert attendance.open_cases(session) == {AGENT: 2, "": 1}


def test_counting_reads_only_the_cases_that_wait(database_url: str) -> None:
    with watched() as seen, opened(database_url) as database, database.write() as session:
        for number in range(5):
            a_case(session, f"closed {number}", status=Status.CLOSED)
        seen.clear()
        attendance.open_cases(session)
        attendance.absences(session)
        assert len(seen) >= 2
        assert full_scans(session, dict(seen)) == []
