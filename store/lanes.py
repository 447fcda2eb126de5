"""Which letters some senders take: all, or those of the mailboxes that send through the same server.

A server that is away then holds up no letter of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal, select
from sqlmodel import Session

from store.binding import Row
from store.models import LetterState
from store.statements import Statement
from store.writing import TABLES

_LETTER = TABLES["letter"]
_QUEUED = _LETTER.c.state == LetterState.QUEUED
_BEFORE_ALL = -(2**31)
_COLUMNS = (
    "id", "kind", "key", "case_number", "recipient", "envelope_from", "message_id", "subject", "attempts",
    "unsent", "in_doubt", "created_at", "raw_id", "encloses_at", "encloses_how", "encloses_raw_id",
)  # fmt: skip


class Lane:
    """The queue as some senders see it.

    One priority after the other, each from the front of its index: what waits for later is never read.
    """

    def __init__(self, *, only: Collection[str] = (), but: Collection[str] = ()) -> None:
        """`only` the letters of these mailboxes, or all `but` theirs."""
        mine: list[Any] = [_QUEUED]
        if only:
            mine.append(_LETTER.c.mailbox.in_(_names(only)))
        if but:
            mine.append(_LETTER.c.mailbox.not_in(_names(but)))
        of_priority = (*mine, _LETTER.c.priority == bindparam("priority"))
        lowest = func.min(_LETTER.c.priority)
        self._next_priority = Statement(select(lowest).where(*mine, _LETTER.c.priority > bindparam("after")))
        self._next_of_priority = Statement(select(func.min(_LETTER.c.due_at)).where(*of_priority))
        self._due = Statement(
            select(*(_LETTER.c[name] for name in _COLUMNS))
            .where(*of_priority, _LETTER.c.due_at <= bindparam("now"))
            .order_by(_LETTER.c.due_at, _LETTER.c.id)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
        )

    def due(self, session: Session, now: datetime, limit: int) -> Iterator[Row]:
        """Letters that are due, the most pressing first, as `queue.claim` takes them."""
        left = limit
        for priority in self._priorities(session):
            rows = self._due.rows(session, priority=priority, now=now, most=left)
            yield from rows
            left -= len(rows)
            if left <= 0:
                return

    def next_due(self, session: Session) -> datetime | None:
        """When the next of them is due; None when none waits."""
        dates = [self.next_of(session, priority) for priority in self._priorities(session)]
        return min((date for date in dates if date is not None), default=None)

    def next_of(self, session: Session, priority: int) -> datetime | None:
        """When the next of a priority is due; None when none waits."""
        due: datetime | None = self._next_of_priority.scalar(session, priority=priority)
        return due

    def _priorities(self, session: Session) -> Iterator[int]:
        """The priorities of what is queued, the most pressing first."""
        priority = self._next_priority.scalar(session, after=_BEFORE_ALL)
        while priority is not None:
            yield priority
            priority = self._next_priority.scalar(session, after=priority)


def _names(names: Collection[str]) -> list[Any]:
    return [literal(name, _LETTER.c.mailbox.type) for name in names]


ALL = Lane()
