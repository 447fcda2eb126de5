"""Whether the database can be used, as all loops of one worker see it: said once, not by each of them."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field

import structlog

from store.database import StoreDown

log = structlog.get_logger()


@dataclass(slots=True)
class Outage:
    """Goes on from the first loop that finds the database away until every loop that has is served again.

    One that is served proves nothing for the others: on a full disk all that only read goes on. Safe to share
    between threads.
    """

    why: str = ""
    """What is wrong; "" while the database can be used."""
    times: int = 0
    """How often it could not be used."""
    _suffer: set[Hashable] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begins(self, loop: Hashable) -> bool:
        """The database failed this loop: whether that is news."""
        with self._lock:
            news = not self._suffer
            self._suffer.add(loop)
            return news

    def ends(self, loop: Hashable) -> bool:
        """The database served this loop: whether none is left that waits for it, and that is news."""
        if loop not in self._suffer:
            return False
        with self._lock:
            self._suffer.discard(loop)
            if not self._suffer:
                self.why = ""
            return not self._suffer

    def met(self, loop: Hashable, down: StoreDown) -> None:
        """As `begins`, and said in the log if it is news."""
        self.why = str(down)
        self.times += 1
        if self.begins(loop):
            log.error("the database can't be used; trying again", why=str(down))

    def over(self, loop: Hashable) -> None:
        """As `ends`, and said in the log if it is news."""
        if self.ends(loop):
            log.info("the database is used again")
