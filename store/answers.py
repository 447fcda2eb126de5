"""The answers of a case on their way to its customer."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlmodel import Session

from store.models import Letter, LetterKind
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


def newest_answers(session: Session, number: int, most: int) -> list[Letter]:
    """A case's approved answers, left or still waiting, newest first."""
    return _ANSWERS.all(session, number=number, most=most)
