"""Signals that were told: which go on, and what was told last under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from store import storable
from store.models import Signal, SignalKind
from store.statements import Select, Statement
from store.writing import TABLES

_SIGNAL = TABLES["signal"]
MOST = 500
"""Signals of one look; nobody has so many waves at once."""
_LAST = Select(Signal, _SIGNAL.c.name == bindparam("called"), order=[_SIGNAL.c.id.desc()], limit=1)
_OPEN = Select(Signal, _SIGNAL.c.ended_at.is_(None), order=[_SIGNAL.c.raised_at.desc()], limit=MOST)
_SINCE = Select(
    Signal, _SIGNAL.c.raised_at >= bindparam("since"), order=[_SIGNAL.c.raised_at.desc()], limit=MOST
)
_CLUSTERS = Select(
    Signal,
    _SIGNAL.c.raised_at >= bindparam("since"),
    _SIGNAL.c.kind == SignalKind.CLUSTER,
    order=[_SIGNAL.c.raised_at.desc()],
    limit=MOST,
)
_TOLD = Statement(
    select(_SIGNAL.c.told).where(_SIGNAL.c.raised_at >= bindparam("since")).limit(MOST),
)
_END = Statement(
    update(_SIGNAL)
    .where(_SIGNAL.c.name == bindparam("called"), _SIGNAL.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)


def last_of(session: Session, name: str) -> Signal | None:
    """What was told last under a name."""
    return _LAST.one(session, called=storable.key(name))


def open_ones(session: Session) -> list[Signal]:
    """What goes on, as far as is known: the newest first, also what was told before it doubled."""
    return _OPEN.all(session)


def told_since(session: Session, since: datetime) -> list[Signal]:
    """Everything that was told since then, the newest first."""
    return _SINCE.all(session, since=since)


def clusters_since(session: Session, since: datetime) -> list[Signal]:
    """The clusters that were told since then, the newest first."""
    return _CLUSTERS.all(session, since=since)


def letters_since(session: Session, since: datetime) -> dict[str, int]:
    """How many signals each agent was mailed since then."""
    found: dict[str, int] = {}
    for told in _TOLD.scalars(session, since=since):
        for agent in told:
            found[agent] = found.get(agent, 0) + 1
    return found


def end(session: Session, name: str, now: datetime) -> None:
    """Everything that was told under a name grows no more."""
    _END.run(session, called=storable.key(name), now=now)
