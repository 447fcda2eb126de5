"""What becomes due for a case: taken when it is, done once, or put off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, or_, select, update
from sqlmodel import Session

from store.models import Timer, TimerKind, TimerState
from store.statements import Select, Statement
from store.writing import TABLES

_TIMER = TABLES["timer"]
_WAITING = (_TIMER.c.id == bindparam("timer"), _TIMER.c.state == TimerState.WAITING)
_NEXT_TIMER = Statement(select(func.min(_TIMER.c.due_at)).where(_TIMER.c.state == TimerState.WAITING))
_DUE_TIMERS = Select(
    Timer,
    _TIMER.c.state == TimerState.WAITING,
    _TIMER.c.due_at <= bindparam("now"),
    order=(_TIMER.c.due_at, _TIMER.c.id),
    limit=bindparam("most"),
    lock={"skip_locked": True},
)
_WAIT_FOR_FILES = Select(
    Timer,
    _TIMER.c.state == TimerState.WAITING,
    or_(_TIMER.c.kind == TimerKind.DRAFT, _TIMER.c.kind == TimerKind.FILES),
    order=(_TIMER.c.due_at, _TIMER.c.id),
    limit=bindparam("most"),
)
_HURRY_FILES = Statement(
    update(_TIMER)
    .where(
        _TIMER.c.state == TimerState.WAITING,
        or_(_TIMER.c.kind == TimerKind.DRAFT, _TIMER.c.kind == TimerKind.FILES),
        _TIMER.c.due_at > bindparam("now"),
        _TIMER.c.due_at <= bindparam("until"),
    )
    .values(due_at=bindparam("now"))
)
_END_TIMER = Statement(
    update(_TIMER).where(*_WAITING).values(state=bindparam("becomes"), done_at=bindparam("now"))
)
_PUT_OFF_TIMER = Statement(update(_TIMER).where(*_WAITING).values(due_at=bindparam("due")))


def next_timer(session: Session) -> datetime | None:
    """When the next timer is due; None when none waits."""
    found: datetime | None = _NEXT_TIMER.scalar(session)
    return found


def timer_is_due(session: Session, now: datetime) -> bool:
    """Whether any timer is due."""
    due = next_timer(session)
    return due is not None and due <= now


def due_timers(session: Session, now: datetime, limit: int) -> list[Timer]:
    """Timers that are due, the longest overdue first; held for this transaction."""
    return _DUE_TIMERS.all(session, now=now, most=limit)


def waiting_for_files(session: Session, limit: int) -> list[Timer]:
    """Waiting timers that will send a customer's files to an agent, the next first."""
    return _WAIT_FOR_FILES.all(session, most=limit)


def hurry_files(session: Session, now: datetime, until: datetime) -> None:
    """Let be due now what waits for files and would be due by then."""
    _HURRY_FILES.run(session, now=now, until=until)


def timer_done(session: Session, timer_id: int, state: TimerState, now: datetime) -> bool:
    """End a waiting timer. False when it waits no more."""
    return _END_TIMER.run(session, timer=timer_id, becomes=state, now=now) == 1


def put_off_timer(session: Session, timer_id: int, due_at: datetime) -> None:
    """Let a waiting timer become due later."""
    _PUT_OFF_TIMER.run(session, timer=timer_id, due=due_at)
