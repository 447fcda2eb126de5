"""Counts over a time for the report: the database counts, and few rows come back (D24).

Spam is counted nowhere, and a merged case with the one that took it in. A time ends just before its last
moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, exists, func, literal, or_, select
from sqlmodel import Session

from store.models import (
    FOR_A_PERSON,
    GOES_ON,
    CompensationState,
    EventKind,
    LetterKind,
    PromiseState,
    Signal,
    Status,
)
from store.statements import Select as Nouns
from store.watching import ASK_AGAIN
from store.writing import TABLES

_CASE, _FACT, _PROMISE = TABLES["case"], TABLES["fact"], TABLES["promise"]
_COMPENSATION, _SIGNAL, _EVENT = TABLES["compensation"], TABLES["signal"], TABLES["event"]
_LETTER = TABLES["letter"]
REAL = (_CASE.c.spam.is_(False), _CASE.c.merged_into.is_(None))
KEPT, LATE, MISSED, RUNNING = "kept", "late", "missed", "running"
EARLIER = "earlier "
ANSWER, RESOLVE, FINAL = "answer", "resolve", "final"
_DEADLINES = {ANSWER: _CASE.c.deadline_at, RESOLVE: _CASE.c.resolve_by, FINAL: _CASE.c.final_by}
GROUPS = ("severity", "channel", "language")
_SIGNALS = Nouns(
    Signal,
    _SIGNAL.c.raised_at >= bindparam("start"),
    _SIGNAL.c.raised_at < bindparam("end"),
    order=[_SIGNAL.c.raised_at, _SIGNAL.c.id],
)


class Came(NamedTuple):
    """So many cases of a cause."""

    kind: str
    category: str
    many: int


class Grouped(NamedTuple):
    """So many cases of a value, in the time and in the one before."""

    value: str
    many: int
    before: int


class CauseFact(NamedTuple):
    """So many complaints of a cause that share a fact, in the time and in the one before."""

    category: str
    name: str
    value: str
    many: int
    before: int


class Outcome(NamedTuple):
    """So many deadlines or promises of a group that ended so."""

    group: str
    outcome: str
    many: int


class Paid(NamedTuple):
    """So many compensations of one kind and one amount."""

    currency: str
    kind: str
    amount: str
    state: str
    many: int


def first_opened(session: Session) -> datetime | None:
    """When the first case was opened; None when there is none."""
    found: datetime | None = session.execute(
        select(_CASE.c.opened_at).where(*REAL).order_by(_CASE.c.opened_at).limit(1)
    ).scalar()
    return found


def came(session: Session, start: datetime, end: datetime) -> list[Came]:
    """The cases that were opened in the time, by kind and cause."""
    counted = (
        select(_CASE.c.kind, _CASE.c.category, func.count())
        .where(_CASE.c.opened_at >= start, _CASE.c.opened_at < end, *REAL)
        .group_by(_CASE.c.kind, _CASE.c.category)
    )
    return [Came(kind.value, category, count) for kind, category, count in session.execute(counted)]


def grouped(session: Session, before: datetime, start: datetime, end: datetime) -> dict[str, list[Grouped]]:
    """The cases that were opened in the time and in the one before, by severity, channel and language."""
    columns = [_CASE.c[name] for name in GROUPS]
    counted = (
        select(*columns, *_both(start))
        .where(_CASE.c.opened_at >= before, _CASE.c.opened_at < end, *REAL)
        .group_by(*columns)
    )
    now, then = ({name: Counter[str]() for name in GROUPS} for _ in range(2))
    for *values, count, past in session.execute(counted):
        for name, value in zip(GROUPS, values, strict=True):
            now[name][str(value)] += count
            then[name][str(value)] += past
    return {
        name: [Grouped(value, now[name][value], then[name][value]) for value in now[name]] for name in now
    }


def cause_facts(
    session: Session, names: Sequence[str], before: datetime, start: datetime, end: datetime, most: int
) -> list[CauseFact]:
    """What complaints of one cause have in common: the most frequent facts first."""
    now, then = _both(start)
    counted = (
        select(_CASE.c.category, _FACT.c.name, _FACT.c.value, now, then)
        .join(_FACT, _FACT.c.case_number == _CASE.c.number)
        .where(_CASE.c.opened_at >= before, _CASE.c.opened_at < end, *REAL)
        .where(_CASE.c.kind == "complaint", _FACT.c.name.in_(names), _FACT.c.removed.is_(False))
        .group_by(_CASE.c.category, _FACT.c.name, _FACT.c.value)
        .having(now > 0)
        .order_by(now.desc(), _CASE.c.category, _FACT.c.name, _FACT.c.value)
        .limit(most)
    )
    return [CauseFact(*row) for row in session.execute(counted)]


def deadlines(
    session: Session, before: datetime, start: datetime, end: datetime, now: datetime
) -> dict[str, tuple[list[Outcome], list[Outcome]]]:
    """The deadlines that lie in the time, and in the one before, by cause: kept, missed, or still running.

    One is kept by what ended it in time: an answer that was approved, or the end of the case. A final one is
    kept by a final answer too, which leaves the case open; there it was missed when that was recorded. Of
    several of one case the last counts.
    """
    some = or_(*(and_(due >= before, due < end) for due in _DEADLINES.values()))
    theirs = _EVENT.c.case_number.in_(select(_CASE.c.number).where(some, *REAL))
    wrote = (
        select(_EVENT.c.case_number.label("number"), func.max(_EVENT.c.at).label("at"))
        .where(_EVENT.c.kind.in_(ASK_AGAIN), theirs)
        .group_by(_EVENT.c.case_number)
        .subquery()
    )
    # What was answered before the customer wrote again was another deadline.
    asked = func.coalesce(wrote.c.at, _CASE.c.opened_at)
    codes = [
        _when(due, _outcome(which, due, now, asked), before, start, end) for which, due in _DEADLINES.items()
    ]
    joined = _CASE.outerjoin(wrote, wrote.c.number == _CASE.c.number)
    each = select(_CASE.c.category, *codes).select_from(joined).where(some, *REAL).subquery()
    counted = select(*each.c, func.count()).group_by(*each.c)
    found: dict[str, tuple[list[Outcome], list[Outcome]]] = {which: ([], []) for which in _DEADLINES}
    for category, *told, count in session.execute(counted):
        for which, code in zip(_DEADLINES, told, strict=True):
            if code:
                outcome = code.removeprefix(EARLIER)
                found[which][code != outcome].append(Outcome(category, outcome, count))
    return found


def _outcome(which: str, due: Any, now: datetime, asked: Any) -> Any:
    ends: list[Any] = [_CASE.c.resolved_at <= due, _CASE.c.closed_at <= due]
    # Who waits for the customer has answered; only an end resolves.
    waits: Any = _CASE.c.status.in_(GOES_ON)
    if which == ANSWER:
        # A second letter, begun or sent, does not undo the first one.
        waits = and_(
            _CASE.c.status.in_(FOR_A_PERSON), or_(_CASE.c.answered_at.is_(None), _CASE.c.answered_at < asked)
        )
        ends += [and_(_CASE.c.answered_at <= due, _CASE.c.answered_at >= asked), _earlier_answer(due, asked)]
    if which == FINAL:
        missed = exists().where(
            _EVENT.c.case_number == _CASE.c.number,
            _EVENT.c.kind == EventKind.DEADLINE_MISSED,
            _EVENT.c.data["deadline"].as_string() == FINAL,
        )
        return case(
            (and_(waits, due > now), RUNNING),
            (and_(or_(*ends, _CASE.c.status == Status.ANSWERED), ~missed), KEPT),
            else_=MISSED,
        )
    return case((and_(waits, due > now), RUNNING), (and_(~waits, or_(*ends)), KEPT), else_=MISSED)


def _earlier_answer(due: Any, asked: Any) -> Any:
    """Whether an answer was let go in time, where a later one has taken its place. One that was taken back
    has no letter any more."""
    return and_(
        _CASE.c.answered_at > due,
        exists().where(
            _LETTER.c.case_number == _CASE.c.number,
            _LETTER.c.kind == LetterKind.ANSWER,
            _LETTER.c.created_at >= asked,
            _LETTER.c.created_at <= due,
        ),
    )


def _when(due: Any, outcome: Any, before: datetime, start: datetime, end: datetime) -> Any:
    """The outcome, with a word before it where it is of the time before; NULL where it is of neither."""
    return case(
        (and_(due >= start, due < end), outcome),
        (and_(due >= before, due < start), literal(EARLIER) + outcome),
        else_=None,
    )


def promises(
    session: Session, before: datetime, start: datetime, end: datetime, now: datetime
) -> tuple[list[Outcome], list[Outcome]]:
    """The promises that were due in the time, and in the one before, by who made them; none withdrawn."""
    state, due = _PROMISE.c.state, _PROMISE.c.due_at
    outcome = case(
        (and_(state == PromiseState.KEPT, _PROMISE.c.ended_at <= due), KEPT),
        (state == PromiseState.KEPT, LATE),
        (and_(state == PromiseState.OPEN, due > now), RUNNING),
        else_=MISSED,
    )
    inner = (
        select(_PROMISE.c.made_by, outcome, due >= start)
        .join(_CASE, _CASE.c.number == _PROMISE.c.case_number)
        .where(due >= before, due < end, state != PromiseState.WITHDRAWN, *REAL)
    )
    return _outcomes(session, inner)


def offered(session: Session, start: datetime, end: datetime) -> list[Paid]:
    """What was offered in the time and not withdrawn since."""
    return _paid(session, _COMPENSATION.c.offered_at >= start, _COMPENSATION.c.offered_at < end)


def paid(session: Session, start: datetime, end: datetime) -> list[Paid]:
    """What was paid in the time, whenever it was offered."""
    is_paid = _COMPENSATION.c.state == CompensationState.PAID
    return _paid(session, is_paid, _COMPENSATION.c.paid_at >= start, _COMPENSATION.c.paid_at < end)


def owed(session: Session) -> list[Paid]:
    """What is offered now, and not paid yet."""
    return _paid(session, _COMPENSATION.c.state == CompensationState.OFFERED)


def signals(session: Session, start: datetime, end: datetime) -> list[Signal]:
    """The causes that were told of in the time, in order."""
    return _SIGNALS.all(session, start=start, end=end)


def within(column: Any, start: datetime | None, end: datetime | None) -> list[Any]:
    """Conditions on a moment. An end that is open is not asked for: that spares looking each row up."""
    wanted = [] if start is None else [column >= start]
    return wanted if end is None else [*wanted, column < end]


def _both(start: datetime) -> tuple[Any, Any]:
    """The cases since a moment, and those before it."""
    later = func.coalesce(func.sum(case((_CASE.c.opened_at >= start, 1), else_=0)), 0)
    earlier = func.coalesce(func.sum(case((_CASE.c.opened_at < start, 1), else_=0)), 0)
    return later, earlier


def _outcomes(session: Session, inner: Select[Any]) -> tuple[list[Outcome], list[Outcome]]:
    """Those of the time, and those of the one before: the third column tells which."""
    each = inner.subquery()
    group, outcome, is_now = each.c
    counted = select(is_now, group, outcome, func.count(literal(1))).group_by(is_now, group, outcome)
    rows = session.execute(counted).all()
    return [Outcome(*row) for now, *row in rows if now], [Outcome(*row) for now, *row in rows if not now]


def _paid(session: Session, *wanted: Any) -> list[Paid]:
    columns = (
        _COMPENSATION.c.currency,
        _COMPENSATION.c.kind,
        _COMPENSATION.c.amount,
        _COMPENSATION.c.state,
    )
    counted = (
        select(*columns, func.count())
        .join(_CASE, _CASE.c.number == _COMPENSATION.c.case_number)
        .where(*wanted, _COMPENSATION.c.state != CompensationState.WITHDRAWN, *REAL)
        .group_by(*columns)
    )
    return [
        Paid(currency, kind, amount, state.value, n)
        for currency, kind, amount, state, n in session.execute(counted)
    ]
