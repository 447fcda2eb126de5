"""Known issues, the cases they concern, and commitments, as they are written and read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from store import issues, ledger, queries
from store.database import opened
from store.models import (
    CommitmentState,
    Concerned,
    IssueState,
    KnownIssue,
    LetterKind,
    RequestKind,
    Status,
    TimerKind,
    TimerState,
)
from store.values import Beside, CaseChange, Fact, NewRow, Recording, RowChange
from tests.plans import full_scans, watched
from tests.store_samples import AGENT, HOUR, NOW, a_case, letter
from tests.test_store_desk_looks import a_request


def record(session: Session, number: int | None, *rows: NewRow, **more: Any) -> None:
    ledger.record(session, Recording(case_number=number, rows=rows, **more), now=NOW)


def an_issue(number: int, **changes: Any) -> NewRow:
    values: dict[str, Any] = {
        "id": number,
        "name": None,
        "title": "Parcels rest",
        "category": "late",
        "facts": {},
        "notes": {"en": "They rest."},
        "fixes": {},
        "state": IssueState.OPEN,
        "opened_by": AGENT,
        "opened_at": NOW,
        "fixed_by": "",
        "fixed_at": None,
    }
    return NewRow("known_issue", values | changes)


def a_row(issue: int, case: int, **changes: Any) -> NewRow:
    values = {"issue_id": issue, "case_number": case, "at": NOW, "told_fixed_at": None, "by": ""}
    return NewRow("concerned", {**values, "removed": False, **changes})


def a_commitment(number: int, case: int, what: str = "we pack twice") -> NewRow:
    values = {"id": number, "case_number": case, "what": what, "made_by": AGENT, "made_at": NOW}
    return NewRow("commitment", {**values, "state": CommitmentState.OPEN, "ended_by": "", "ended_at": None})


def seen(session: Session, number: int) -> list[tuple[int, bool | None]]:
    """The issues of a case, and whether they were taken away from it."""
    case = issues.cases(session, [number])[number]
    return [(issue.id, row.removed if row else None) for issue, row in issues.of_case(session, case)]


def test_a_case_sees_open_issues_and_those_that_concern_it(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        assert (issues.next_issue(session), issues.next_commitment(session)) == (1, 1)
        number, _ = a_case(session)
        fixed = {"state": IssueState.FIXED, "fixed_at": NOW - HOUR}
        rows = (
            an_issue(1),
            an_issue(2, **fixed),
            an_issue(3, **fixed),
            an_issue(4, state=IssueState.WITHDRAWN),
        )
        record(session, number, *rows, a_row(3, number, removed=True))
        assert seen(session, number) == [(1, None), (3, True)]
        assert issues.next_issue(session) == 5
        assert [one.id for one in issues.open_issues(session)] == [1]
        assert issues.count_concerned(session, 3) == 0


def test_an_issue_that_was_fixed_after_the_case_came_is_seen_too(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        record(session, None, an_issue(1, state=IssueState.FIXED, fixed_at=NOW + HOUR))
        assert seen(session, number) == [(1, None)]


def test_open_cases_of_the_cause_are_found_until_they_are_written_down(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        late, _ = a_case(session, "late", category="late")
        a_case(session, "lost", category="lost")
        a_case(session, "over", category="late", status=Status.CLOSED)
        record(session, late, facts=(Fact("product", "K-1"),))
        known = KnownIssue(**an_issue(1).values)
        narrow = KnownIssue(**an_issue(2, facts={"product": "K-1"}).values)
        other = KnownIssue(**an_issue(3, category="", facts={"product": "K-2"}).values)
        record(session, None, *(an_issue(number) for number in (1, 2, 3)))
        found = [issues.unnoticed(session, one, 10) for one in (known, narrow, other)]
        assert found == [[late], [late], []]
        record(session, late, a_row(1, late))
        assert issues.unnoticed(session, known, 10) == []


def test_who_takes_a_case_in_takes_over_what_concerns_it(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        one, _ = a_case(session, "one")
        other, _ = a_case(session, "two")
        record(session, one, an_issue(1), a_row(1, one))
        merged = CaseChange(one, Status.NEW, {"status": Status.CLOSED, "merged_into": other})
        into = Beside(CaseChange(other, Status.NEW), takes_all=True)
        ledger.record(session, Recording(case=merged, beside=into), now=NOW)
        assert [row.case_number for row in issues.concerned_by(session, 1)] == [one, other]


def test_a_row_says_once_that_the_customer_was_told(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        record(session, number, an_issue(1), a_row(1, number))
        key = {"issue_id": 1, "case_number": number}
        change = RowChange("concerned", key, {"removed": False}, {"told_fixed_at": NOW})
        record(session, number, changes=(change,))
        (row,) = issues.concerned_by(session, 1)
        assert isinstance(row, Concerned)
        assert row.told_fixed_at == NOW


def test_commitments_are_found_by_case_and_while_they_are_open(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        record(session, number, a_commitment(1, number), a_commitment(2, number, "another"))
        done = {"state": CommitmentState.DONE, "ended_by": AGENT, "ended_at": NOW}
        record(session, number, changes=(RowChange("commitment", {"id": 1}, {}, done),))
        assert [one.state for one in issues.commitments_of(session, number)] == [
            CommitmentState.DONE,
            CommitmentState.OPEN,
        ]
        assert [one.id for one in issues.open_commitments(session)] == [2]
        assert issues.count_commitments(session) == 1
        found = issues.commitment(session, 2)
        assert found
        assert found.what == "another"


def test_who_cannot_be_told_is_found_for_many_cases_at_once(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        one, _ = a_case(session, "one", sender="ann@example.com")
        other, _ = a_case(session, "two", sender="bob@example.com")
        record(session, one, letters=(letter("ack/1", kind=LetterKind.ACK),))
        assert issues.unreachable(session, [one, other]) == set()
        (sent,) = queries.letters_of(session, one)[-1:]
        record(session, one, undelivered=(sent.id or 0,))
        assert issues.unreachable(session, [one, other]) == {one}
        out = {"address": "bob@example.com", "at": NOW, "case_number": other, "asked_again": False}
        record(session, other, NewRow("opt_out", out))
        assert issues.opted_out(session, ["ann@example.com", "bob@example.com"]) == {"bob@example.com"}
        record(session, other, NewRow("opt_out", out | {"asked_again": True}))
        assert issues.opted_out(session, ["bob@example.com"]) == set()
        assert set(issues.last_words(session, [one, other])) == {one, other}


def test_letters_of_a_batch_are_timers_of_their_cases_and_each_is_there_once(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        row = {"key": f"fixed/1/{number}", "kind": TimerKind.FIXED, "case_number": number}
        timer = NewRow("timer", {**row, "state": TimerState.WAITING, "due_at": NOW + HOUR, "done_at": None})
        record(session, None, timer)
        record(session, None, timer)
        assert issues.last_telling(session) == NOW + HOUR


def test_a_batch_waits_until_it_is_decided_or_too_old(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        record(session, None, a_request(None, "batch/1", kind=RequestKind.BATCH))
        record(session, None, a_request(None, "challenge/1", kind=RequestKind.CHALLENGE))
        assert [one.key for one in issues.waiting(session, NOW)] == ["batch/1"]
        assert issues.waiting(session, NOW + timedelta(days=90)) == ()


def test_no_case_is_read_that_is_not_asked_for(database_url: str) -> None:
    with watched() as seen, opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        record(session, number, an_issue(1), a_row(1, number), a_commitment(1, number))
        seen.clear()
        case = issues.cases(session, [number])[number]
        issues.of_case(session, case)
        issues.commitments_of(session, number)
        issues.open_commitments(session)
        issues.concerned_by(session, 1)
        issues.unreachable(session, [number])
        issues.last_words(session, [number])
        issues.unnoticed(session, KnownIssue(**an_issue(1).values), 10)
        issues.last_telling(session)
        assert len(seen) > 7
        assert full_scans(session, dict(seen)) == []
