"""What the agents' desk reads beside a case's own rows: promises, money, requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session

from store.models import Compensation, Promise, Request, RequestKind, RequestState
from store.statements import Select
from store.writing import TABLES

_PROMISE, _COMPENSATION, _REQUEST = (TABLES[name] for name in ("promise", "compensation", "request"))
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
_BY_KEY = Select(Request, _REQUEST.c.key == bindparam("key"))


def promises_of(session: Session, number: int) -> tuple[Promise, ...]:
    """What a case's customer was promised, oldest first."""
    return tuple(_PROMISES.all(session, number=number))


def compensations_of(session: Session, number: int) -> tuple[Compensation, ...]:
    """What a case's customer was offered on the case, oldest first."""
    return tuple(_COMPENSATIONS.all(session, number=number))


def given_since(session: Session, customer: str, since: datetime) -> tuple[Compensation, ...]:
    """Everything that a customer was offered after that moment, on any case, oldest first."""
    return tuple(_GIVEN.all(session, customer=customer, since=since))


def waiting_on(session: Session, number: int, now: datetime) -> tuple[Request, ...]:
    """What still waits for a colleague's yes on a case, oldest first."""
    return tuple(_WAITING.all(session, number=number, now=now))


def request(session: Session, key: str) -> Request | None:
    """The request of that key, whatever became of it."""
    return next(iter(_BY_KEY.all(session, key=key)), None)
