"""Known issues are kept as the rule files say, and open cases of their causes are written down, few at once.

New cases are, too, when their first draft is made; this finds those that were there before, and those of
which somebody said later what they are about.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import structlog
from sqlmodel import Session

from cases.decision import Decision
from cases.facts import Facts
from cases.issues import concerned, in_words, is_of_cause
from cases.rules.issues import Issue
from engine.desk import Desk
from engine.finish import Finisher
from engine.gather_issues import of_new_case
from store import facts as stored_facts
from store import issues, ledger, queries
from store.models import EventKind, IssueState, KnownIssue
from store.values import SOFTWARE, NewEvent, NewRow, RowChange

log = structlog.get_logger()

AT_ONCE = 50
"""Cases of one transaction."""
A_TURN = 1.0
"""Seconds for which cases are written down, then the worker does what else is due; the next turn goes on."""


def keep_issues(desk: Desk) -> None:
    """Make the table say what the rule files say, then write down the cases that turn out to be concerned."""
    as_the_files_say(desk)
    end = time.monotonic() + A_TURN
    while not desk.stop.is_set() and _write_down_some(desk) and time.monotonic() < end:
        pass


def as_the_files_say(desk: Desk) -> None:
    """Open, change and withdraw the issues of the files. What was fixed stays fixed."""
    with desk.database.read() as session:
        wanted = _wanted(desk, session)
    if not wanted:
        return
    try:
        with desk.database.write() as session:
            for decision in _wanted(desk, session):
                _record(desk, session, decision)
    except ledger.Conflict:
        log.info("another worker keeps the issues of the rule files")


def _wanted(desk: Desk, session: Session) -> list[Decision]:
    """What differs between the files and the table."""
    files, now = [one.files.current.rulebook.issues for one in desk.each_with_files], desk.clock()
    known = {one.name: one for one in issues.of_the_file(session)}
    # Of two with one name, the main mailbox's counts.
    written = {one.name: one for file in reversed(files) for one in file.issues}
    number = issues.next_issue(session)
    found = []
    for name, one in written.items():
        before = known.get(name)
        if before is None:
            row = {**_columns(one), "id": number, "opened_by": SOFTWARE, "opened_at": now}
            made = {**row, "fixes": {}, "fixed_by": "", "fixed_at": None, "state": IssueState.OPEN}
            title = one.title or name
            found.append(_decided(EventKind.ISSUE_OPENED, number, title, NewRow("known_issue", made)))
            number += 1
        elif before.state is not IssueState.FIXED and (change := _change(before, one, now)):
            found.append(_decided(EventKind.ISSUE_CHANGED, before.id, before.title, change))
    for old, before in known.items():
        if old not in written and before.state is IssueState.OPEN:
            change = _changed(before, {"state": IssueState.WITHDRAWN}, now)
            found.append(_decided(EventKind.ISSUE_CHANGED, before.id, f"{before.title}, withdrawn", change))
    return found


def _columns(one: Issue) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title or one.name,
        "category": one.category or "",
        "facts": dict(one.fact),
        "notes": {language: note.strip() for language, note in one.note.items()},
    }


def _change(before: KnownIssue, one: Issue, now: datetime) -> RowChange | None:
    columns = {**_columns(one), "state": IssueState.OPEN}
    values = {name: value for name, value in columns.items() if getattr(before, name) != value}
    return _changed(before, values, now) if values else None


def _changed(before: KnownIssue, values: dict[str, object], now: datetime) -> RowChange:
    """A yes to letters that were shown before counts no more."""
    return RowChange("known_issue", {"id": before.id}, {"state": before.state}, {**values, "changed_at": now})


def _decided(kind: EventKind, number: int, title: str, what: NewRow | RowChange) -> Decision:
    event = NewEvent(kind, f"issue {number}: {title}", SOFTWARE, {"issue": number})
    if isinstance(what, NewRow):
        return Decision(events=(event,), rows=(what,))
    return Decision(events=(event,), changes=(what,))


def _record(desk: Desk, session: Session, decision: Decision) -> None:
    now, in_force = desk.clock(), desk.files.current
    facts = Facts(now=now, cause="rules/issues.yaml", rulebook=in_force.rulebook, policy=desk.policy)
    finisher = Finisher(desk.settings, in_force.letters, desk.scans)
    ledger.record(session, finisher.finish(decision, facts), now=now)


def _write_down_some(desk: Desk) -> bool:
    """Write down some cases that issues concern; whether there may be more."""
    with desk.database.read() as session:
        found = list(_unnoticed(session))
    if not found:
        return False
    with desk.database.write() as session:
        done = [_write_down(desk, session, issue, number) for issue, number in found[:AT_ONCE]]
    return len(found) >= AT_ONCE and any(done)


def _unnoticed(session: Session) -> Iterator[tuple[KnownIssue, int]]:
    for issue in issues.open_issues(session):
        yield from ((issue, number) for number in issues.unnoticed(session, issue, AT_ONCE))


def _write_down(desk: Desk, session: Session, issue: KnownIssue, number: int) -> bool:
    """Write down that the issue concerns the case; whether it does, and nobody has written it down before."""
    case = queries.case(session, number, lock=True)
    if case is None:
        return False
    desk = desk.of(case.mailbox)
    rulebook, now = desk.files.current.rulebook, desk.clock()
    known = stored_facts.of_case(session, number)
    cause = f"issue/{issue.id}/{number}"
    bare = Facts(now=now, cause=cause, rulebook=rulebook, policy=desk.policy, case=case)
    facts = of_new_case(session, bare, case)
    values: dict[str, list[str]] = {}
    for fact in known.facts:
        values.setdefault(fact.name, []).append(fact.value)
    still = next((one for one in facts.known.issues if one.issue.id == issue.id), None)
    if still is None or still.row is not None or not is_of_cause(still.issue, case, values):
        return False
    event = NewEvent(EventKind.CONCERNED, in_words(issue), SOFTWARE, {"issue": issue.id})
    decision = Decision(case_number=number, events=(event,), rows=(concerned(issue, case, facts),))
    finisher = Finisher(desk.settings, desk.files.current.letters)
    ledger.record(session, finisher.finish(decision, facts), now=now)
    return True
