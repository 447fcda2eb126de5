"""Who works here: heartbeats, the owners of mailboxes, and what a dead worker leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, insert, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from store import queue
from store.models import Mailbox
from store.writing import TABLES, upsert

STALE_AFTER = timedelta(seconds=30)

_WORKER, _MAILBOX = TABLES["worker"], TABLES["mailbox"]


@dataclass(frozen=True, slots=True)
class Freed:
    """What dead workers held: it is free again."""

    workers: tuple[str, ...] = ()
    letters: int = 0
    """Queued again, in doubt."""
    mailboxes: int = 0


def register(session: Session, *, worker_id: str, host: str, pid: int, now: datetime) -> None:
    """Begin to work. Whoever had this host's process number before is dead.

    `host` must differ between two places whose process numbers do not know each other, as two
    containers of one name.
    """
    connection = session.connection()
    connection.execute(delete(_WORKER).where(_WORKER.c.host == host, _WORKER.c.pid == pid))
    row = {"id": worker_id, "host": host, "pid": pid, "started_at": now, "heartbeat_at": now}
    connection.execute(insert(_WORKER), row)
    _free(session, (), now)


def beat(session: Session, worker_id: str, now: datetime) -> bool:
    """Say that this worker lives. False: it was buried, what it held is gone; it must register again."""
    mine = update(_WORKER).where(_WORKER.c.id == worker_id).values(heartbeat_at=now)
    return session.connection().execute(mine).rowcount == 1


def leave(session: Session, worker_id: str, now: datetime) -> Freed:
    """End in order: what this worker still holds is free at once."""
    session.connection().execute(delete(_WORKER).where(_WORKER.c.id == worker_id))
    return _free(session, (worker_id,), now)


def bury(
    session: Session,
    *,
    host: str,
    alive: Callable[[int], bool] | Collection[int],
    now: datetime,
    stale_after: timedelta = STALE_AFTER,
) -> Freed:
    """Remove workers without a recent heartbeat, and those of this host whose process is gone.

    Their letters are queued again, in doubt (RFC 1047), and their mailboxes have no owner. Beat first:
    a worker that has not is not spared by being the one that asks.
    """
    is_alive = alive if callable(alive) else alive.__contains__
    connection = session.connection()
    dead = []
    for worker in connection.execute(select(_WORKER)).all():
        stale = now - worker.heartbeat_at > stale_after
        if stale or (worker.host == host and not is_alive(worker.pid)):
            # A heartbeat that came meanwhile counts.
            unchanged = (_WORKER.c.id == worker.id, _WORKER.c.heartbeat_at == worker.heartbeat_at)
            if connection.execute(delete(_WORKER).where(*unchanged)).rowcount:
                dead.append(worker.id)
    return _free(session, tuple(dead), now)


def own_mailbox(session: Session, name: str, worker_id: str, now: datetime) -> Mailbox | None:
    """Become, or stay, the one who reads a mailbox; a heartbeat too.

    None when another living worker reads it, or when this one was buried and must register again.
    """
    if not beat(session, worker_id, now):
        return None
    connection = session.connection()
    connection.execute(upsert(connection, _MAILBOX).on_conflict_do_nothing(), {"name": name})
    free = or_(_MAILBOX.c.owner.is_(None), _MAILBOX.c.owner == worker_id, _MAILBOX.c.owner.not_in(_living()))
    taken = connection.execute(update(_MAILBOX).where(_MAILBOX.c.name == name, free).values(owner=worker_id))
    if not taken.rowcount:
        return None
    statement = select_rows(Mailbox).where(col(Mailbox.name) == name)
    return session.exec(statement, execution_options={"populate_existing": True}).one()


def polled(session: Session, mailbox_id: int, now: datetime, error: str = "") -> None:
    """Note when a mailbox was last looked at, or what keeps us from it."""
    values = {"last_error": error} if error else {"last_error": "", "last_poll_at": now}
    session.connection().execute(update(_MAILBOX).where(_MAILBOX.c.id == mailbox_id).values(values))


def release(session: Session, name: str, worker_id: str) -> None:
    """Stop reading a mailbox, if this worker is the one who does."""
    mine = (_MAILBOX.c.name == name, _MAILBOX.c.owner == worker_id)
    session.connection().execute(update(_MAILBOX).where(*mine).values(owner=None))


def _free(session: Session, dead: tuple[str, ...], now: datetime) -> Freed:
    letters = queue.put_back(session, now=now)
    orphaned = (_MAILBOX.c.owner.is_not(None), _MAILBOX.c.owner.not_in(_living()))
    mailboxes = session.connection().execute(update(_MAILBOX).where(*orphaned).values(owner=None))
    return Freed(dead, letters, mailboxes.rowcount)


def _living() -> Select[str]:
    return select(_WORKER.c.id)
