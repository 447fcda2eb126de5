"""The answers of a case on their way to its customer."""

from __future__ import annotations

from sqlalchemy import bindparam, false
from sqlmodel import Session

from store.models import Letter, LetterKind, LetterState
from store.statements import Select
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
_TO_CUSTOMERS = (LetterKind.ACK, LetterKind.ANSWER, LetterKind.CHECK_IN)


def unsent_to_customer(session: Session, number: int) -> list[Letter]:
    """A case's letters to its customer that wait to leave, tried before or not. What may have arrived is none
    of them."""
    return [one for one in _UNSENT.all(session, number=number) if one.kind in _TO_CUSTOMERS]


def newest_answers(session: Session, number: int, most: int) -> list[Letter]:
    """A case's approved answers, left or still waiting, newest first."""
    return _ANSWERS.all(session, number=number, most=most)
