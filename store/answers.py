"""The answers of a case on their way to its customer."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import bindparam, false, select
from sqlmodel import Session

from store.models import TO_CUSTOMERS, Letter, LetterKind, LetterState
from store.statements import Select, Statement
from store.writing import TABLES

_LETTER = TABLES["letter"]
_ANSWERS = Select(
    Letter,
    _LETTER.c.case_number == bindparam("number"),
    _LETTER.c.kind == LetterKind.ANSWER,
    order=[_LETTER.c.id.desc()],
    limit=bindparam("most"),
)


_UNSENT = Select(
    Letter,
    _LETTER.c.case_number == bindparam("number"),
    _LETTER.c.state == LetterState.QUEUED,
    _LETTER.c.in_doubt == false(),
    order=[_LETTER.c.id],
)


_HOLDINGS = Statement(
    select(_LETTER.c.key).where(
        _LETTER.c.case_number == bindparam("number"),
        _LETTER.c.kind == LetterKind.HOLDING,
        _LETTER.c.created_at > bindparam("after"),
        _LETTER.c.created_at <= bindparam("before"),
    )
)


def unsent_to_customer(session: Session, number: int) -> list[Letter]:
    """A case's letters to its customer that wait to leave, tried before or not. What may have arrived is none
    of them."""
    return [one for one in _UNSENT.all(session, number=number) if one.kind in TO_CUSTOMERS]


def holdings_between(session: Session, number: int, after: datetime | None, before: datetime) -> int:
    """How many holding updates a case's customer got between two answers; a word about a promise is none."""
    since = after or datetime.min.replace(tzinfo=UTC)
    keys = _HOLDINGS.scalars(session, number=number, after=since, before=before)
    return sum(key.rpartition("/")[2].isdigit() for key in keys)


def newest_answers(session: Session, number: int, most: int) -> list[Letter]:
    """A case's approved answers, left or still waiting, newest first."""
    return _ANSWERS.all(session, number=number, most=most)
