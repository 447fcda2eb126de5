"""How much waits, for whoever watches: each number by an index, and never on a mail's way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select
from sqlmodel import Session

from store.models import AlertState, DraftState, LetterKind, LetterState, Status
from store.statements import Statement
from store.writing import TABLES

_CASE, _DRAFT, _ALERT, _LETTER = TABLES["case"], TABLES["draft"], TABLES["alert"], TABLES["letter"]
_FOR_A_PERSON = or_(_CASE.c.status == Status.NEW, _CASE.c.status == Status.OPEN)
_WAITING = Statement(select(_CASE.c.status, func.count()).where(_FOR_A_PERSON).group_by(_CASE.c.status))
_OVERDUE = Statement(
    select(func.count()).select_from(_CASE).where(_FOR_A_PERSON, _CASE.c.deadline_at < bindparam("now"))
)
# By the case: a draft's own state has no index, and those of closed cases are many.
_DRAFTS = Statement(
    select(func.count())
    .select_from(_CASE.join(_DRAFT, _DRAFT.c.case_number == _CASE.c.number))
    .where(_FOR_A_PERSON, _DRAFT.c.state == DraftState.OPEN)
)
_HELD = Statement(
    select(
        exists().where(
            _LETTER.c.state == LetterState.QUEUED,
            _LETTER.c.priority == bindparam("priority"),
            _LETTER.c.due_at > bindparam("now"),
            _LETTER.c.kind == LetterKind.ACK,
            _LETTER.c.attempts == 0,
        )
    )
)
_ALERTS = Statement(select(_ALERT.c.key).where(_ALERT.c.state == AlertState.OPEN))


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for people."""

    new: int
    open: int
    overdue: int
    """Cases whose deadline has passed."""
    drafts: int
    """Drafts that wait for a decision."""
    alerts: tuple[str, ...]
    """The keys of troubles that go on."""


def acknowledgements_held(session: Session, priority: int, now: datetime) -> bool:
    """Whether one of this priority is held back that nobody tried to send yet."""
    return bool(_HELD.scalar(session, priority=priority, now=now))


def waits(session: Session, now: datetime) -> Waits:
    """What waits for people at this moment."""
    cases: dict[Status, int] = dict(_WAITING.rows(session))
    return Waits(
        new=cases.get(Status.NEW, 0),
        open=cases.get(Status.OPEN, 0),
        overdue=_OVERDUE.scalar(session, now=now),
        drafts=_DRAFTS.scalar(session),
        alerts=tuple(_ALERTS.scalars(session)),
    )
