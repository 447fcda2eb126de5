"""What the agents' desk reads beside a case's own rows: promises, money, requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session

from store import queries
from store.models import (
    Case,
    Compensation,
    EventKind,
    LetterKind,
    Promise,
    Request,
    RequestKind,
    RequestState,
)
from store.statements import Select, Statement
from store.writing import TABLES

_PROMISE, _COMPENSATION, _REQUEST = (TABLES[name] for name in ("promise", "compensation", "request"))
_EVENT, _LETTER = TABLES["event"], TABLES["letter"]
_PROMISES = Select(
    Promise, _PROMISE.c.case_number == bindparam("number"), order=[_PROMISE.c.made_at, _PROMISE.c.id]
)
_COMPENSATIONS = Select(
    Compensation,
    _COMPENSATION.c.case_number == bindparam("number"),
    order=[_COMPENSATION.c.offered_at, _COMPENSATION.c.id],
)
_GIVEN = Select(
    Compensation,
    _COMPENSATION.c.customer == bindparam("customer"),
    _COMPENSATION.c.offered_at > bindparam("since"),
    order=[_COMPENSATION.c.offered_at, _COMPENSATION.c.id],
)
_WAITING = Select(
    Request,
    _REQUEST.c.case_number == bindparam("number"),
    _REQUEST.c.state == RequestState.WAITING,
    _REQUEST.c.kind != RequestKind.CHALLENGE,
    _REQUEST.c.expires_at > bindparam("now"),
    order=[_REQUEST.c.id],
)
_HOLD = Statement(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("customer"), 0))))
_BEEN = Statement(
    select(_EVENT.c.kind, _EVENT.c.text, _EVENT.c.data).where(
        _EVENT.c.case_number == bindparam("number"),
        or_(_EVENT.c.kind == EventKind.CORRECTED, _EVENT.c.kind == EventKind.TOOK_IN),
    )
)
_ASKING = Statement(
    select(_LETTER.c.key, _LETTER.c.message_id).where(
        _LETTER.c.case_number == bindparam("number"), _LETTER.c.kind == LetterKind.REQUEST
    )
)
_BY_KEY = Select(Request, _REQUEST.c.key == bindparam("key"))


def promises_of(session: Session, number: int) -> tuple[Promise, ...]:
    """What a case's customer was promised, oldest first."""
    return tuple(_PROMISES.all(session, number=number))


def compensations_of(session: Session, number: int) -> tuple[Compensation, ...]:
    """What a case's customer was offered on the case, oldest first."""
    return tuple(_COMPENSATIONS.all(session, number=number))


def hold_customer(session: Session, customer: str) -> None:
    """Nobody else who holds the customer of that canonical address goes on until this transaction ends."""
    # SQLite has one writer at a time anyway.
    if session.connection().dialect.name == "postgresql":
        _HOLD.run(session, customer=customer)


def given_since(session: Session, customer: str, since: datetime) -> tuple[Compensation, ...]:
    """Everything that the customer of that canonical address was offered after that moment, on any case,
    oldest first."""
    return tuple(_GIVEN.all(session, customer=customer, since=since))


def waiting_on(session: Session, number: int, now: datetime) -> tuple[Request, ...]:
    """What still waits for a colleague's yes on a case, oldest first."""
    return tuple(_WAITING.all(session, number=number, now=now))


def request(session: Session, key: str) -> Request | None:
    """The request of that key, whatever became of it."""
    return next(iter(_BY_KEY.all(session, key=key)), None)


def request_letters(session: Session, number: int) -> Mapping[str, str]:
    """The letters that asked agents about requests on a case: their keys, and the Message-ID of each."""
    return dict(_ASKING.rows(session, number=number))


def categories_been(session: Session, case: Case) -> frozenset[str]:
    """Every category that a case was ever in, and those of the cases whose mails it took over."""
    names, seen, todo = set[str](), set[int](), [case.number]
    while todo:
        number = todo.pop()
        one = None if number in seen else queries.case(session, number)
        seen.add(number)
        if one is None:
            continue
        names.add(one.category)
        todo += [one.split_from] if one.split_from else []
        for kind, text, data in _BEEN.rows(session, number=number):
            if kind is EventKind.TOOK_IN:
                todo.append(int(text.removeprefix("#")))
            else:
                names |= {data["from"], data["to"]}
    return frozenset(names)
