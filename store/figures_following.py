"""How cases went on, for the report: what ended when, what customers said, what waits now (D24).

What comes back case by case comes as a few values, and never all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, func, select, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session

from store.figures import REAL, within
from store.models import FOR_A_PERSON, EventKind, LetterKind, Severity
from store.writing import TABLES

_CASE, _EVENT, _LETTER = TABLES["case"], TABLES["event"], TABLES["letter"]
ENDS = (EventKind.RESOLVED, EventKind.CLOSED_BY_AGENT)
SCORED = (EventKind.CHECK_IN_GOOD, EventKind.CHECK_IN_LOW)
AT_ONCE = 5_000
_BEGINNING = datetime(1970, 1, 1)  # noqa: DTZ001 - as SQLite writes UTC


Took = tuple[str, str, float, float]
"""Cause, agent, and from when to when something of a case took, in seconds since 1970."""
Waits = tuple[int, datetime, datetime | None, str, str, str]
"""A case that waits for a person: number, opened at, deadline, severity, cause, agent."""


class Score(NamedTuple):
    """What a customer said when asked."""

    case_number: int
    category: str
    assignee: str
    at: datetime
    score: int


class WentOn(NamedTuple):
    """What became of the cases of a cause."""

    category: str
    ended: int
    """By an agent, in the time."""
    reopened: int
    """So many of them went on at any time after it."""
    ended_before: int
    """The same of the time before."""
    reopened_before: int
    asked: int
    """Whose customer was asked in the time whether all is well."""
    answered: int
    """So many of them said something, at any time after it."""


class Queued(NamedTuple):
    """So many cases that wait, of one agent and one severity."""

    assignee: str
    severity: str
    many: int
    unseen: int
    overdue: int
    put_off: int


def first_sent(session: Session, kind: LetterKind, start: datetime, end: datetime) -> Iterator[Took]:
    """The cases whose first letter of a kind left in the time."""
    first = (
        select(_LETTER.c.case_number, func.min(_LETTER.c.sent_at).label("at"))
        .where(_LETTER.c.kind == kind, _LETTER.c.created_at < end, _LETTER.c.sent_at.is_not(None))
        .group_by(_LETTER.c.case_number)
        .subquery()
    )
    found = (
        select(_CASE.c.category, _CASE.c.assignee, _raw(_CASE.c.opened_at), _raw(first.c.at))
        .join(first, first.c.case_number == _CASE.c.number)
        .where(first.c.at >= start, first.c.at < end, *REAL)
    )
    yield from _took(session, found)


def resolved(session: Session, start: datetime, end: datetime) -> Iterator[Took]:
    """The cases that were resolved in the time, and are still."""
    found = select(
        _CASE.c.category, _CASE.c.assignee, _raw(_CASE.c.opened_at), _raw(_CASE.c.resolved_at)
    ).where(_CASE.c.resolved_at >= start, _CASE.c.resolved_at < end, *REAL)
    yield from _took(session, found)


def scores(session: Session, start: datetime | None, end: datetime | None) -> Iterator[Score]:
    """What customers said in the time, in order."""
    score = _EVENT.c.data["score"].as_integer()
    found = (
        select(_CASE.c.number, _CASE.c.category, _CASE.c.assignee, _EVENT.c.at, score)
        .join(_CASE, _CASE.c.number == _EVENT.c.case_number)
        .where(*within(_EVENT.c.at, start, end), _EVENT.c.kind.in_(SCORED), *REAL)
        .order_by(_EVENT.c.id)
    )
    for row in _each(session, found):
        yield Score(*row)


def went_on(session: Session, before: datetime | None, start: datetime, end: datetime) -> list[WentOn]:
    """What became of cases, by cause: the events of a case are looked at once, for all of it."""
    at, number = _EVENT.c.at, _EVENT.c.id
    ended, asked = _EVENT.c.kind.in_(ENDS), _EVENT.c.kind == EventKind.CHECK_IN_SENT
    now, earlier = and_(at >= start, at < end), at < start
    firsts = (and_(ended, now), and_(ended, earlier), and_(asked, now))
    lasts = (_EVENT.c.kind == EventKind.REOPENED, _EVENT.c.kind.in_(SCORED))
    # Since a moment few things happened: they are looked up by that, and not case by case through them all.
    by_case = _EVENT.c.case_number if before is None else _EVENT.c.case_number + 0
    of_case = (
        select(
            by_case.label("number"),
            *(func.min(case((which, number))) for which in firsts),
            *(func.max(case((which, number))) for which in lasts),
        )
        .where(
            *within(at, before, None),
            _EVENT.c.kind.in_((*ENDS, *SCORED, EventKind.CHECK_IN_SENT, EventKind.REOPENED)),
        )
        .group_by(by_case)
        .subquery()
    )
    _, ended_now, ended_before, asked_now, again, said = of_case.c
    counts = (
        *(ended_now.is_not(None), again > ended_now),
        *(ended_before.is_not(None), again > ended_before),
        *(asked_now.is_not(None), said > asked_now),
    )
    counted = (
        select(_CASE.c.category, *(func.sum(case((which, 1), else_=0)) for which in counts))
        .join(of_case, of_case.c.number == _CASE.c.number)
        .where(*REAL)
        .group_by(_CASE.c.category)
    )
    return [WentOn(*row) for row in session.execute(counted)]


def approvals(session: Session, start: datetime | None, end: datetime | None) -> dict[str, int]:
    """How many answers each agent let go in the time."""
    counted = (
        select(_EVENT.c.actor, func.count())
        .join(_CASE, _CASE.c.number == _EVENT.c.case_number)
        .where(*within(_EVENT.c.at, start, end), _EVENT.c.kind == EventKind.APPROVED, *REAL)
        .group_by(_EVENT.c.actor)
    )
    rows: list[tuple[str, int]] = [(str(actor), int(many)) for actor, many in session.execute(counted)]
    return dict(rows)


def queue(session: Session, now: datetime) -> list[Queued]:
    """What waits for a person now, by agent and severity; "" is nobody."""

    def of_them(*wanted: Any) -> Any:
        return func.coalesce(func.sum(case((and_(*wanted), 1), else_=0)), 0)

    later = _CASE.c.snoozed_until > now
    counted = (
        select(
            _CASE.c.assignee,
            _CASE.c.severity,
            func.count(),
            of_them(_CASE.c.seen_at.is_(None)),
            of_them(_CASE.c.deadline_at < now),
            of_them(_CASE.c.snoozed_until.is_not(None), later),
        )
        .where(_CASE.c.status.in_(FOR_A_PERSON), *REAL)
        .group_by(_CASE.c.assignee, _CASE.c.severity)
    )
    return [
        Queued(assignee, Severity(severity).value, *rest)
        for assignee, severity, *rest in session.execute(counted)
    ]


def waiting_since(session: Session, now: datetime, ages: tuple[timedelta, ...]) -> tuple[int, ...]:
    """How many of what waits are younger than each of these ages, and how many there are in all."""
    younger = [func.coalesce(func.sum(case((_CASE.c.opened_at > now - age, 1), else_=0)), 0) for age in ages]
    counted = select(*younger, func.count()).where(_CASE.c.status.in_(FOR_A_PERSON), *REAL)
    return tuple(int(count) for count in session.execute(counted).one())


def oldest(session: Session, most: int) -> list[Waits]:
    """What has waited longest for a person."""
    found = (
        select(
            _CASE.c.number,
            _CASE.c.opened_at,
            _CASE.c.deadline_at,
            _CASE.c.severity,
            _CASE.c.category,
            _CASE.c.assignee,
        )
        .where(_CASE.c.status.in_(FOR_A_PERSON), *REAL)
        .order_by(_CASE.c.opened_at, _CASE.c.number)
        .limit(most)
    )
    return list(session.execute(found))


def _raw(column: Any) -> Any:
    """The moment as the driver gives it: there are many, and they are needed as numbers."""
    return type_coerce(column, NullType())


def _took(session: Session, statement: Select[Any]) -> Iterator[Took]:
    rows = _each(session, statement)
    if session.get_bind().dialect.name == "sqlite":
        read, seconds = datetime.fromisoformat, timedelta.total_seconds
        for category, assignee, opened, ended in rows:
            yield category, assignee, seconds(read(opened) - _BEGINNING), seconds(read(ended) - _BEGINNING)
    else:
        for category, assignee, opened, ended in rows:
            yield category, assignee, opened.timestamp(), ended.timestamp()


def _each(session: Session, statement: Select[Any]) -> Iterable[Any]:
    """The rows, a few thousand in memory at a time."""
    return session.connection().execute(
        statement, execution_options={"yield_per": AT_ONCE, "stream_results": True}
    )
