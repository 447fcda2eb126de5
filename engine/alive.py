"""Which workers live: heartbeats, and for this machine the process itself."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlmodel import Session

from store import workers
from store.workers import Freed, Watch

WATCH = Watch()
"""What this process has seen of other workers."""


@cache
def host() -> str:
    """A name for the place where process numbers mean what they mean here; no two containers share it."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{socket.gethostname()}/{space}"


def register(session: Session, worker_id: str, now: datetime) -> None:
    """Begin as a worker: bury the dead of this machine, so that what they held is free at once."""
    bury_the_dead(session, now)
    workers.register(session, worker_id=worker_id, host=host(), pid=os.getpid(), now=now)


def bury_the_dead(session: Session, now: datetime) -> Freed:
    """Free what workers held that are gone."""
    return workers.bury(session, host=host(), alive=_is_alive, now=now, watch=WATCH)


def living(session: Session, now: datetime) -> list[str]:
    """The workers that work on this database, as far as can be told from here."""
    return [
        worker
        for worker, place, pid, heartbeat in workers.all_of(session)
        if not is_gone(place, pid) and (place == host() or abs(now - heartbeat) <= workers.STALE_AFTER)
    ]


def is_gone(of: str, pid: int) -> bool:
    """Whether a process of the place named `of` is known to have ended; of another place none is."""
    return of == host() and not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_dead_but_unburied(pid)


def _is_dead_but_unburied(pid: int) -> bool:
    """Whether a process has ended and its parent has not asked how, as in a container without init."""
    try:
        after_the_name = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2]
    except OSError:
        return False
    return after_the_name.split()[:1] == [b"Z"]
