"""Everything that is stored, row by row and mail by mail: to be written out, however much it is."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session

from store import queries
from store.enclosed import whole
from store.models import TO_CUSTOMERS, LetterState
from store.writing import TABLES

Row = dict[str, Any]
OF_FILES = {
    "cases": "case",
    "participants": "participant",
    "mails": "mail",
    "letters": "letter",
    "drafts": "draft",
    "events": "event",
    "facts": "fact",
    "promises": "promise",
    "commitments": "commitment",
    "compensations": "compensation",
    "requests": "request",
    "known_issues": "known_issue",
    "concerned": "concerned",
    "signals": "signal",
    "corrections": "correction",
    "opt_outs": "opt_out",
    "absences": "absence",
}
"""The name of a list → its table. What only a running worker needs is in none of them."""
LEFT_OUT = {
    "case": {"reply_token"},
    "mail": {"raw_id"},
    "letter": {
        "raw_id", "encloses_raw_id", "encloses_at", "encloses_how", "owner", "recipient_key", "due_at",
        "unsent", "priority", "copy_at", "copy_tries",
    },
}  # fmt: skip
"""Reply addresses, by which anybody may join a case, and what has no meaning outside of the database."""
AT_ONCE = 500
_MAIL, _LETTER = TABLES["mail"], TABLES["letter"]


@dataclass(frozen=True, slots=True, order=True)
class Stored:
    """A whole mail: as it came, or as it left."""

    at: datetime
    came: bool
    id: int
    sender: str
    raw_id: int
    encloses: tuple[int, str, int] | None = None
    """Where in it which stored mail goes, and how."""


def rows(session: Session, name: str) -> Iterator[Row]:
    """The rows of a list, in the order in which they were made."""
    table = TABLES[OF_FILES[name]]
    columns = [column for column in table.columns if column.name not in LEFT_OUT.get(table.name, ())]
    for row in _streamed(session, select(*columns).order_by(*table.primary_key.columns)):
        yield {name: _plain(value) for name, value in row._mapping.items()}


def mails(session: Session) -> Iterator[Stored]:
    """Every mail that came, and every letter that left for a customer, in the order of time.

    Letters to people of the firm are not among them: their text is not kept once they have left.
    """
    came = (_MAIL.c.received_at, _MAIL.c.id, _MAIL.c.sender, _MAIL.c.raw_id)
    left = (_LETTER.c.sent_at, _LETTER.c.id, _LETTER.c.envelope_from, _LETTER.c.raw_id)
    enclosing = (_LETTER.c.encloses_at, _LETTER.c.encloses_how, _LETTER.c.encloses_raw_id)
    sent = (_LETTER.c.state == LetterState.SENT, _LETTER.c.kind.in_(TO_CUSTOMERS))
    of_mails = select(*came).order_by(_MAIL.c.received_at, _MAIL.c.id)
    of_letters = (
        select(*left, *enclosing)
        .where(*sent, _LETTER.c.sent_at.is_not(None))
        .order_by(_LETTER.c.sent_at, _LETTER.c.id)
    )
    return heapq.merge(
        (
            Stored(at, True, number, sender, raw_id)
            for at, number, sender, raw_id in _streamed(session, of_mails)
        ),
        (
            Stored(at, False, number, sender, raw_id, (place, how, raw) if raw is not None else None)
            for at, number, sender, raw_id, place, how, raw in _streamed(session, of_letters)
        ),
        key=lambda one: (one.at, not one.came, one.id),
    )


def whole_mail(session: Session, one: Stored) -> bytes:
    """The bytes; none where they are no longer kept."""
    data = queries.raw(session, one.raw_id)
    if one.encloses:
        at, how, raw_id = one.encloses
        data = whole(data, at, "7bit" if how == "7bit" else "base64", queries.raw(session, raw_id))
    return data


def _streamed(session: Session, wanted: Select[Any]) -> Iterator[Any]:
    connection = session.connection()
    return iter(connection.execute(wanted, execution_options={"yield_per": AT_ONCE}))


def _plain(value: Any) -> Any:
    """As JSON has it: moments in ISO 8601, kinds and states by their names."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
