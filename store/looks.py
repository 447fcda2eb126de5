"""What the loop of a mailbox asks at each look: whose the mailbox is, and which UIDs are in hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from store.models import ArrivalState
from store.statements import Statement
from store.writing import TABLES

_ARRIVAL, _MAILBOX, _WORKER = TABLES["arrival"], TABLES["mailbox"], TABLES["worker"]
_OWNED = select(_MAILBOX.c.owner).where(_MAILBOX.c.id == bindparam("mailbox"))
_OWNER = Statement(_OWNED)
_OWNER_HELD = Statement(_OWNED.with_for_update(read=True))
"""SQLite needs no lock, for it has one writer at a time."""
_HOLDER = Statement(
    select(_WORKER.c.id, _WORKER.c.host, _WORKER.c.pid)
    .select_from(_MAILBOX.join(_WORKER, _WORKER.c.id == _MAILBOX.c.owner))
    .where(_MAILBOX.c.name == bindparam("name"))
)
# In hand is what is not filed: the partial index holds nothing else.
_BEGUN = Statement(
    select(_ARRIVAL.c.uid).where(
        _ARRIVAL.c.mailbox_id == bindparam("mailbox"),
        _ARRIVAL.c.uidvalidity == bindparam("validity"),
        _ARRIVAL.c.filed.is_(False),
        _ARRIVAL.c.state == ArrivalState.TAKEN,
    )
)


class NotOwner(Exception):
    """Another worker reads this mailbox now; what this one wanted to write is not written."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The worker that reads a mailbox."""

    worker_id: str
    host: str
    pid: int


def assure_owner(session: Session, mailbox_id: int, worker_id: str) -> None:
    """Go on only as the owner, who stays it until this transaction ends. Raises NotOwner.

    A worker that was stopped for a while and lost its mailbox meanwhile learns it here, before it writes.
    """
    if _OWNER_HELD.scalar(session, mailbox=mailbox_id) != worker_id:
        raise NotOwner(f"mailbox {mailbox_id} is no longer read by {worker_id}")


def is_owner(session: Session, mailbox_id: int, worker_id: str) -> bool:
    """Whether a worker reads this mailbox; cheap enough for every look, sure of nothing that follows."""
    return bool(_OWNER.scalar(session, mailbox=mailbox_id) == worker_id)


def holder(session: Session, name: str) -> Holder | None:
    """Who reads a mailbox; None when anybody may."""
    found = _HOLDER.first(session, name=name)
    return None if found is None else Holder(*found)


def begun(session: Session, mailbox_id: int, uidvalidity: int) -> set[int]:
    """UIDs that were taken and are not stored: one may have killed a worker, or is to be tried again."""
    return set(_BEGUN.scalars(session, mailbox=mailbox_id, validity=uidvalidity))
