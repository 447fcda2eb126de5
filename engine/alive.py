"""Which workers live: heartbeats, and for this machine the process itself."""

from __future__ import annotations

import os
import socket
from datetime import datetime

from sqlmodel import Session

from store import workers


def register(session: Session, worker_id: str, now: datetime) -> None:
    """Begin as a worker: bury the dead of this machine, so that what they held is free at once."""
    bury_the_dead(session, now)
    workers.register(session, worker_id=worker_id, host=socket.gethostname(), pid=os.getpid(), now=now)


def bury_the_dead(session: Session, now: datetime) -> None:
    """Free what workers held that are gone."""
    workers.bury(session, host=socket.gethostname(), alive=_is_alive, now=now)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
