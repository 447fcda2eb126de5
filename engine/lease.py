"""How long a worker may believe that it is taken for alive, and that what it claimed is its own."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from store.workers import STALE_AFTER

LASTS = STALE_AFTER / 2
"""After the last heartbeat. Others bury a worker at STALE_AFTER; the rest is for what is being done."""


@dataclass(slots=True)
class Lease:
    """Lapses by the clock when no heartbeat was written for long, as in a process that was stopped.

    Safe to share between threads. Without any heartbeat, as in a command, it never lapses.
    """

    _until: datetime | None = None
    _term: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def term(self) -> int:
        """Which life of this worker it is: another one after it was buried, which ends all claims."""
        return self._term

    def renew(self, at: datetime, *, begun_again: bool = False) -> None:
        """A heartbeat of `at` is in the database."""
        with self._lock:
            self._until = at + LASTS
            self._term += begun_again

    def end(self) -> None:
        """This worker frees all that it claimed; whoever still holds some of it holds it no more."""
        with self._lock:
            self._term += 1

    def holds(self, term: int, now: datetime) -> bool:
        """Whether what was claimed in that term can't be another worker's yet."""
        with self._lock:
            return term == self._term and (self._until is None or now < self._until)
