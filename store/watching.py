"""What is asked about a case that is watched; each through an index, and little of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    String,
    bindparam,
    cast,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import Session

from store.binding import Row
from store.models import GOES_ON, TO_CUSTOMERS, EventKind, LetterState, TimerKind, TimerState
from store.statements import Statement
from store.writing import TABLES

MOST_LETTERS = 50
"""Of a case to its customer, that are looked at."""
ASK_AGAIN = (EventKind.CUSTOMER_WROTE, EventKind.REOPENED, EventKind.CHECK_IN_LOW)
"""After these a customer waits for another answer."""

_EVENT, _LETTER = TABLES["event"], TABLES["letter"]
_CASE, _TIMER = TABLES["case"], TABLES["timer"]
_NUMBER: BindParameter[int] = bindparam("number")
_ASKED = Statement(
    select(_EVENT.c.at)
    .where(_EVENT.c.case_number == _NUMBER, or_(*(_EVENT.c.kind == kind for kind in ASK_AGAIN)))
    .order_by(_EVENT.c.id.desc())
    .limit(1)
)
_FLOODED = Statement(
    select(_EVENT.c.at)
    .where(_EVENT.c.case_number == _NUMBER, _EVENT.c.kind == EventKind.FLOOD)
    .order_by(_EVENT.c.id.desc())
    .limit(1)
)
_LETTERS = Statement(
    select(_LETTER.c.kind, _LETTER.c.key, _LETTER.c.created_at, _LETTER.c.state, _LETTER.c.undelivered)
    .where(_LETTER.c.case_number == _NUMBER, _LETTER.c.recipient == bindparam("recipient"))
    .where(or_(*(_LETTER.c.kind == kind for kind in TO_CUSTOMERS)))
    .order_by(_LETTER.c.id.desc())
    .limit(MOST_LETTERS)
)
_OF_CASE = (
    _TIMER.c.case_number == _NUMBER,
    _TIMER.c.state == TimerState.WAITING,
    _TIMER.c.kind == TimerKind.WATCH,
)
_WAITING = Statement(select(_TIMER.c.due_at).where(*_OF_CASE))
_MARK: BindParameter[str] = bindparam("mark")
_NOW = bindparam("now", type_=_TIMER.c.due_at.type)
_GOES_ON = or_(*(_CASE.c.status == status for status in GOES_ON))
_IS_WATCHED = exists().where(
    _TIMER.c.case_number == _CASE.c.number,
    _TIMER.c.state == TimerState.WAITING,
    _TIMER.c.kind == TimerKind.WATCH,
)
_WATCH_ALL = Statement(
    insert(_TIMER).from_select(
        ["key", "kind", "case_number", "state", "due_at"],
        select(
            literal(f"{TimerKind.WATCH}/").concat(cast(_CASE.c.number, String)).concat("/").concat(_MARK),
            literal(TimerKind.WATCH, _TIMER.c.kind.type),
            _CASE.c.number,
            literal(TimerState.WAITING, _TIMER.c.state.type),
            _NOW,
        ).where(_GOES_ON, ~_IS_WATCHED),
    )
)
_HASTEN = Statement(
    update(_TIMER)
    .where(_TIMER.c.state == TimerState.WAITING, _TIMER.c.due_at > _NOW, _TIMER.c.kind == TimerKind.WATCH)
    .values(due_at=_NOW)
)
_AHEAD = Statement(select(_EVENT.c.id).where(_EVENT.c.at > bindparam("soon")).limit(1))


def customer_asked(session: Session, number: int) -> datetime | None:
    """When a case's customer last asked again, or it went on after its end; None while there is one mail."""
    found: datetime | None = _ASKED.scalar(session, number=number)
    return found


def flooded(session: Session, number: int) -> datetime | None:
    """When a case's customer last wrote more than anybody does."""
    found: datetime | None = _FLOODED.scalar(session, number=number)
    return found


def letters_to_customer(session: Session, number: int, customer: str) -> Sequence[Row]:
    """The last letters to a case's customer, newest first: kind, key, when made, whether it failed."""
    rows = _LETTERS.rows(session, number=number, recipient=customer)
    return [(*row[:3], row[3] is LetterState.FAILED or bool(row[4])) for row in rows]


def looks_ahead(session: Session, number: int) -> list[datetime]:
    """When the case is looked at next; one at most."""
    return _WAITING.scalars(session, number=number)


def watch_all(session: Session, mark: str, now: datetime) -> int:
    """Let every case that goes on and is not watched be looked at now; how many. No mark is used twice."""
    return _WATCH_ALL.run(session, mark=mark, now=now)


def hasten(session: Session, now: datetime) -> int:
    """Let every case that is watched be looked at now; how many."""
    return _HASTEN.run(session, now=now)


def was_ahead(session: Session, soon: datetime) -> bool:
    """Whether something happened later than that: by a clock that has been put back since."""
    return _AHEAD.first(session, soon=soon) is not None
