"""The mails of one case that a letter answers or follows; however long the thread, only its end is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, literal, or_, select
from sqlmodel import Session

from store.binding import Row
from store.models import FROM_CUSTOMERS, LetterKind, Mail
from store.statements import Select, Statement
from store.writing import TABLES

_LETTER, _MAIL = TABLES["letter"], TABLES["mail"]
_FROM_CUSTOMER = (
    _MAIL.c.case_number == bindparam("number"),
    or_(*(_MAIL.c.kind == kind for kind in FROM_CUSTOMERS)),
)
_OF_CASE = _LETTER.c.case_number == bindparam("number")
_LAST = Select(Mail, *_FROM_CUSTOMER, order=[_MAIL.c.id.desc()], limit=1)
_FIRST = Select(Mail, *_FROM_CUSTOMER, order=[_MAIL.c.id], limit=bindparam("most"))
_NEWEST = Select(Mail, *_FROM_CUSTOMER, order=[_MAIL.c.id.desc()], limit=bindparam("most"))
_WROTE_AT = Statement(select(_MAIL.c.received_at).where(*_FROM_CUSTOMER).order_by(_MAIL.c.id.desc()).limit(1))
_WRITTEN = Statement(
    select(_MAIL.c.received_at, _MAIL.c.message_id)
    .where(*_FROM_CUSTOMER, _MAIL.c.message_id != literal(""))
    .order_by(_MAIL.c.id.desc())
    .limit(bindparam("most"))
)
_GOT = Statement(
    select(_LETTER.c.created_at, _LETTER.c.message_id)
    .where(_OF_CASE, _LETTER.c.recipient == bindparam("recipient"))
    .order_by(_LETTER.c.id.desc())
    .limit(bindparam("most"))
)
_TO_AGENTS = Statement(
    select(_LETTER.c.message_id)
    .where(_OF_CASE, or_(_LETTER.c.kind == LetterKind.DRAFT, _LETTER.c.kind == LetterKind.TRANSCRIPT))
    .order_by(_LETTER.c.id.desc())
    .limit(bindparam("most"))
)


def last_mail(session: Session, number: int) -> Mail | None:
    """The last mail that a customer wrote about a case."""
    return _LAST.one(session, number=number)


def customer_wrote(session: Session, number: int) -> datetime | None:
    """When the last mail of a case's customer came."""
    found: datetime | None = _WROTE_AT.scalar(session, number=number)
    return found


def first_mails(session: Session, number: int, most: int) -> list[Mail]:
    """The first mails that a customer wrote about a case, in order."""
    return _FIRST.all(session, number=number, most=most)


def newest_mails(session: Session, number: int, most: int) -> list[Mail]:
    """The last mails that a customer wrote about a case, newest first."""
    return _NEWEST.all(session, number=number, most=most)


def with_customer(session: Session, number: int, customer: str, most: int) -> tuple[str, ...]:
    """The last Message-IDs of the customer's thread in order; their own last mail ends it.

    That is what a letter answers.
    """
    written: Sequence[Row] = _WRITTEN.rows(session, number=number, most=most + 1)
    got: Sequence[Row] = _GOT.rows(session, number=number, recipient=customer, most=most)
    last = [message_id for _, message_id in sorted(written)][-1:]
    return tuple([one for _, one in sorted([*written, *got]) if one not in last][-most:] + last)


def with_agents(session: Session, number: int, most: int) -> tuple[str, ...]:
    """The last Message-IDs of what agents were mailed about a case, in order."""
    return tuple(reversed(_TO_AGENTS.scalars(session, number=number, most=most)))
