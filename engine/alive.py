"""Which workers live: heartbeats, and for this machine the process itself."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from store import workers


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


def bury_the_dead(session: Session, now: datetime) -> None:
    """Free what workers held that are gone."""
    workers.bury(session, host=host(), alive=_is_alive, now=now)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
