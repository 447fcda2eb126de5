"""What waits for one agent, and which letters are there: for digests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from store import storable
from store.models import FOR_A_PERSON, Case
from store.statements import Select, Statement
from store.writing import TABLES

_CASE, _LETTER = TABLES["case"], TABLES["letter"]
_OF_AGENT = Select(
    Case,
    _CASE.c.assignee == bindparam("agent"),
    or_(*(_CASE.c.status == status for status in FOR_A_PERSON)),
    or_(_CASE.c.snoozed_until.is_(None), _CASE.c.snoozed_until <= bindparam("now")),
    order=[_CASE.c.number],
    limit=bindparam("most"),
)
_IS_THERE = Statement(select(_LETTER.c.id).where(_LETTER.c.key == bindparam("key")))


def waiting_for(session: Session, agent: str, now: datetime, most: int) -> Sequence[Case]:
    """The cases that wait for an agent, by number; not those that were put off."""
    return _OF_AGENT.all(session, agent=storable.key(agent), now=now, most=most)


def was_made(session: Session, key: str) -> bool:
    """Whether there is a letter of this key."""
    return _IS_THERE.first(session, key=key) is not None
