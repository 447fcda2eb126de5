"""A lock that is had in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """One thread at a time, first come, first served.

    A `threading.Lock` goes to whoever is quickest, and that is who has just let go of it: a thread that
    writes without a pause would keep all others waiting for seconds.
    """

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many threads wait for their turn."""
        return len(self._waiting)

    def acquire(self, timeout: float) -> bool:
        """Wait for this thread's turn; False when it did not come in so many seconds."""
        with self._looking:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout):
            return True
        with self._looking:
            if mine not in self._waiting:
                return True  # it was handed over in the very last moment
            self._waiting.remove(mine)
        return False

    def release(self) -> None:
        """End this thread's turn, and begin the next one's."""
        with self._looking:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
