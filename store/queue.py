"""Outgoing mail and timers: claim what is due, complete it once, try again later (promises 6 to 9)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from store import storable
from store.models import EventKind, Letter, LetterKind, LetterState, Raw, Timer, TimerState
from store.values import SOFTWARE
from store.writing import TABLES

LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)
Result = Literal["sent", "later", "refused", "in-doubt"]

_LETTER, _TIMER = TABLES["letter"], TABLES["timer"]
_TOLD: Mapping[Result, tuple[EventKind, str]] = {
    "sent": (EventKind.SENT, "{kind} left for {recipient}"),
    "refused": (EventKind.SEND_FAILED, "{kind} to {recipient} was refused and is not sent again: {error}"),
    "in-doubt": (
        EventKind.IN_DOUBT,
        "{kind} may or may not have reached {recipient}; it is sent again: {error}",
    ),
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in this worker's hands: send these bytes, then complete this attempt."""

    id: int
    kind: LetterKind
    key: str
    case_number: int | None
    recipient: str
    envelope_from: str
    message_id: str
    subject: str
    data: bytes
    attempt: int
    in_doubt: bool
    created_at: datetime


def claim(session: Session, *, worker_id: str, now: datetime, limit: int) -> list[Claimed]:
    """Take letters that are due, the most pressing first; no other worker gets them.

    Commit before connecting: a letter that is `sending` when its worker dies is in doubt.
    """
    statement = (
        select_rows(Letter, Raw.data)
        .where(Letter.raw_id == Raw.id, Letter.state == LetterState.QUEUED, col(Letter.due_at) <= now)
        .order_by(col(Letter.priority), col(Letter.due_at), col(Letter.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Letter)
    )
    found = session.exec(statement, execution_options={"populate_existing": True}).all()
    if found:
        session.connection().execute(
            update(_LETTER)
            .where(_LETTER.c.id.in_([letter.id for letter, _ in found]))
            .values(state=LetterState.SENDING, owner=worker_id, attempts=_LETTER.c.attempts + 1)
        )
    return [_claimed(letter, data) for letter, data in found]


def complete(
    session: Session,
    letter_id: int,
    attempt: int,
    worker_id: str,
    outcome: Result,
    *,
    now: datetime,
    due_at: datetime | None = None,
    error: str = "",
) -> bool:
    """Say how an attempt ended. False: it was no longer this worker's, and nothing is changed."""
    connection = session.connection()
    mine = (
        _LETTER.c.id == letter_id,
        _LETTER.c.attempts == attempt,
        _LETTER.c.owner == worker_id,
        _LETTER.c.state == LetterState.SENDING,
    )
    values = _outcome(outcome, now, due_at) | {"owner": None, "last_error": storable.clean(error)}
    told = (_LETTER.c.case_number, _LETTER.c.kind, _LETTER.c.recipient, _LETTER.c.key)
    row = connection.execute(update(_LETTER).where(*mine).values(values).returning(*told)).first()
    if row is None:
        return False
    if outcome in _TOLD:
        _tell(connection, [row], outcome, now, error)
    return True


def put_back(session: Session, *, now: datetime) -> int:
    """Queue again, in doubt, what a worker was sending that is no longer registered; how many."""
    connection = session.connection()
    workers = select(TABLES["worker"].c.id)
    told = (_LETTER.c.case_number, _LETTER.c.kind, _LETTER.c.recipient, _LETTER.c.key)
    rows = connection.execute(
        update(_LETTER)
        .where(_LETTER.c.state == LetterState.SENDING, _LETTER.c.owner.not_in(workers))
        .values(_outcome("in-doubt", now, now) | {"owner": None, "last_error": "the worker stopped"})
        .returning(*told)
    ).all()
    if rows:
        _tell(connection, rows, "in-doubt", now, "the worker stopped while sending it")
    return len(rows)


def next_due(session: Session) -> datetime | None:
    """When the next letter or timer is due; None when nothing waits."""
    letter = select(func.min(_LETTER.c.due_at)).where(_LETTER.c.state == LetterState.QUEUED)
    timer = select(func.min(_TIMER.c.due_at)).where(_TIMER.c.state == TimerState.WAITING)
    dates = [session.connection().execute(one).scalar() for one in (letter, timer)]
    return min((date for date in dates if date is not None), default=None)


def due_timers(session: Session, now: datetime, limit: int) -> list[Timer]:
    """Timers that are due, the longest overdue first; held for this transaction."""
    statement = (
        select_rows(Timer)
        .where(Timer.state == TimerState.WAITING, col(Timer.due_at) <= now)
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.exec(statement, execution_options={"populate_existing": True}))


def timer_done(session: Session, timer_id: int, state: TimerState, now: datetime) -> bool:
    """End a waiting timer. False when it waits no more."""
    waiting = (_TIMER.c.id == timer_id, _TIMER.c.state == TimerState.WAITING)
    ended = session.connection().execute(update(_TIMER).where(*waiting).values(state=state, done_at=now))
    return ended.rowcount == 1


def put_off_timer(session: Session, timer_id: int, due_at: datetime) -> None:
    """Let a waiting timer become due later."""
    waiting = (_TIMER.c.id == timer_id, _TIMER.c.state == TimerState.WAITING)
    session.connection().execute(update(_TIMER).where(*waiting).values(due_at=due_at))


def back_off(attempts: int, first: timedelta) -> timedelta:
    """How long to wait after so many attempts: the first wait, doubled each time, up to an hour."""
    doublings = min(max(attempts - 1, 0), 32)
    return min(first * int(2**doublings), max(first, LONGEST_WAIT))


def given_up(created_at: datetime, now: datetime) -> bool:
    """True when a letter has been tried for so long that it counts as refused (promise 7)."""
    return now - created_at >= GIVE_UP_AFTER


def _claimed(letter: Letter, data: bytes) -> Claimed:
    assert letter.id is not None  # noqa: S101 - it came from the table
    return Claimed(
        id=letter.id,
        kind=letter.kind,
        key=letter.key,
        case_number=letter.case_number,
        recipient=letter.recipient,
        envelope_from=letter.envelope_from,
        message_id=letter.message_id,
        subject=letter.subject,
        data=zlib.decompress(data),
        attempt=letter.attempts + 1,
        in_doubt=letter.in_doubt,
        created_at=letter.created_at,
    )


def _outcome(outcome: Result, now: datetime, due_at: datetime | None) -> dict[str, Any]:
    match outcome:
        case "sent":
            return {"state": LetterState.SENT, "sent_at": now, "in_doubt": False}
        case "refused":
            return {"state": LetterState.FAILED}
        case "later" | "in-doubt" if due_at is not None:
            again = {"state": LetterState.QUEUED, "due_at": due_at}
            return again | ({"in_doubt": True} if outcome == "in-doubt" else {})
    raise ValueError(f"a letter that ends as {outcome!r} needs due_at, the time of its next attempt")


def _tell(connection: Connection, rows: Any, outcome: Result, now: datetime, error: str) -> None:
    kind, text = _TOLD[outcome]
    events = [
        {
            "at": now,
            "kind": kind,
            "case_number": row.case_number,
            "actor": SOFTWARE,
            "mail_id": None,
            "text": storable.clean(text.format(kind=row.kind, recipient=row.recipient, error=error)),
            "data": {"letter": row.key},
        }
        for row in rows
    ]
    connection.execute(insert(TABLES["event"]), events)
