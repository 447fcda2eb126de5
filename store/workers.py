"""Who works here: heartbeats, the owners of mailboxes, and what a dead worker leaves behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update
from sqlmodel import Session

from store import queue
from store.models import Mailbox
from store.statements import Insert, Select, Statement
from store.writing import TABLES

STALE_AFTER = timedelta(seconds=30)
STILL_FOR = 11.0
"""Seconds that a heart is watched before a clock is believed that says it stands still: two beats."""
LONGEST_LOOK = 10.0
"""Seconds between two looks that count as watching: a process that was stopped has seen nothing."""

_WORKER, _MAILBOX = TABLES["worker"], TABLES["mailbox"]
_ME = _WORKER.c.id == bindparam("worker")
_LIVING = select(_WORKER.c.id)

_WHO = Statement(select(_WORKER.c.id, _WORKER.c.host, _WORKER.c.pid, _WORKER.c.heartbeat_at))
_NEW_WORKER = Insert(_WORKER)
_BEAT = Statement(update(_WORKER).where(_ME).values(heartbeat_at=bindparam("now")))
_LEAVE = Statement(delete(_WORKER).where(_ME))
_BURY = Statement(delete(_WORKER).where(_ME, _WORKER.c.heartbeat_at == bindparam("seen")))
_REPLACE = Statement(
    delete(_WORKER).where(_WORKER.c.host == bindparam("host"), _WORKER.c.pid == bindparam("pid"))
)
_ORPHANED = Statement(
    update(_MAILBOX).where(_MAILBOX.c.owner.is_not(None), _MAILBOX.c.owner.not_in(_LIVING)).values(owner=None)
)
_NEW_MAILBOX = Insert(_MAILBOX, ignore=True)
_MAILBOX_OF = Select(Mailbox, _MAILBOX.c.name == bindparam("name"))
_OWN = Statement(
    update(_MAILBOX)
    .where(
        _MAILBOX.c.name == bindparam("name"),
        or_(
            _MAILBOX.c.owner.is_(None),
            _MAILBOX.c.owner == bindparam("worker"),
            _MAILBOX.c.owner.not_in(_LIVING),
        ),
    )
    .values(owner=bindparam("worker"))
)
_THAT_BOX = update(_MAILBOX).where(_MAILBOX.c.id == bindparam("box"))
_POLLED = Statement(_THAT_BOX.values(last_error="", last_poll_at=bindparam("now")))
_IN_TROUBLE = Statement(_THAT_BOX.values(last_error=bindparam("error")))


@dataclass(frozen=True, slots=True)
class Freed:
    """What dead workers held: it is free again."""

    workers: tuple[str, ...] = ()
    letters: int = 0
    """Queued again, in doubt."""
    mailboxes: int = 0


class Watch:
    """What one process has seen of the others' hearts.

    Clocks jump, and those of two machines differ: by the clock alone an hour's jump would be everybody's
    death. Whoever is seen to beat lives, whatever the clock says.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looked: float | None = None
        self._still: dict[str, tuple[datetime, float]] = {}
        self._lock = threading.Lock()

    def still(self, hearts: Mapping[str, datetime]) -> set[str]:
        """Those whose heart was not seen to beat for long enough; at the first look, all of them."""
        with self._lock:
            at, before = self._clock(), self._looked
            passed = min(at - before, LONGEST_LOOK) if before is not None else 0.0
            self._looked = at
            self._still = {
                worker: (heart, self._so_far(worker, heart, passed)) for worker, heart in hearts.items()
            }
            if before is None:
                return set(hearts)
            return {worker for worker, (_, seconds) in self._still.items() if seconds >= STILL_FOR}

    def _so_far(self, worker: str, heart: datetime, passed: float) -> float:
        known, seconds = self._still.get(worker, (None, 0.0))
        return seconds + passed if known == heart else 0.0


def all_of(session: Session) -> list[tuple[str, str, int, datetime]]:
    """Every worker that is registered: its id, host, process number and last heartbeat."""
    return [(worker, place, pid, heartbeat) for worker, place, pid, heartbeat in _WHO.rows(session)]


def register(session: Session, *, worker_id: str, host: str, pid: int, now: datetime) -> None:
    """Begin to work. Whoever had this host's process number before is dead.

    `host` must differ between two places whose process numbers do not know each other, as two
    containers of one name.
    """
    _REPLACE.run(session, host=host, pid=pid)
    row = {"id": worker_id, "host": host, "pid": pid, "started_at": now, "heartbeat_at": now}
    _NEW_WORKER.add(session, row)
    _free(session, (), now)


def beat(session: Session, worker_id: str, now: datetime) -> bool:
    """Say that this worker lives. False: it was buried, what it held is gone; it must register again."""
    return _BEAT.run(session, worker=worker_id, now=now) == 1


def leave(session: Session, worker_id: str, now: datetime) -> Freed:
    """End in order: what this worker still holds is free at once."""
    _LEAVE.run(session, worker=worker_id)
    return _free(session, (worker_id,), now)


def bury(
    session: Session,
    *,
    host: str,
    alive: Callable[[int], bool] | Collection[int],
    now: datetime,
    watch: Watch | None = None,
) -> Freed:
    """Remove workers without a recent heartbeat, and those of this host whose process is gone.

    Their letters are queued again, in doubt (RFC 1047), and their mailboxes have no owner. Beat first:
    a worker that has not is not spared by being the one that asks. With a `watch`, a heartbeat only counts
    as old when it was not seen to come for a while either.
    """
    is_alive = alive if callable(alive) else alive.__contains__
    dead = []
    found = _WHO.rows(session)
    hearts = {worker: heartbeat for worker, _, _, heartbeat in found}
    still = watch.still(hearts) if watch else hearts.keys()
    for worker, place, pid, heartbeat in found:
        # A heartbeat of the future is one of a clock that was put back since.
        silent = worker in still and abs(now - heartbeat) > STALE_AFTER
        gone = silent or (place == host and not is_alive(pid))
        # A heartbeat that came meanwhile counts.
        if gone and _BURY.run(session, worker=worker, seen=heartbeat):
            dead.append(worker)
    return _free(session, tuple(dead), now)


def ids(session: Session) -> set[str]:
    """The workers that are there, as far as is known."""
    return {row[0] for row in _WHO.rows(session)}


def own_mailbox(session: Session, name: str, worker_id: str, now: datetime) -> Mailbox | None:
    """Become, or stay, the one who reads a mailbox; a heartbeat too.

    None when another living worker reads it, or when this one was buried and must register again.
    """
    if not beat(session, worker_id, now):
        return None
    if not _OWN.run(session, name=name, worker=worker_id):
        _NEW_MAILBOX.add(session, {"name": name})
        if not _OWN.run(session, name=name, worker=worker_id):
            return None
    return _MAILBOX_OF.one(session, name=name)


def polled(session: Session, mailbox_id: int, now: datetime, error: str = "") -> None:
    """Note when a mailbox was last looked at, or what keeps us from it."""
    if error:
        _IN_TROUBLE.run(session, box=mailbox_id, error=error)
    else:
        _POLLED.run(session, box=mailbox_id, now=now)


def _free(session: Session, dead: tuple[str, ...], now: datetime) -> Freed:
    queue.after_a_jump(session, now)
    letters = queue.put_back(session, now=now)
    return Freed(dead, letters, _ORPHANED.run(session))
