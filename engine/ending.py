"""Being told to end, by SIGTERM or SIGINT, at any moment from the first on (promise 21)."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable


class Ending:
    """Hears the signals; who is told before there is anything to end ends as soon as it has begun."""

    def __init__(self) -> None:
        self._told = False
        self._end: Callable[[], None] | None = None

    def listen(self) -> None:
        """Hear from now on; only the main thread may ask for it."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    def by(self, end: Callable[[], None]) -> None:
        """What is done when the signal comes, or now if it has come."""
        self._end = end
        if self._told:
            end()

    def _hear(self, *_: object) -> None:
        self._told = True
        if self._end:
            # Not from the handler itself: it may interrupt the very code that holds an event's lock.
            threading.Thread(target=self._end).start()
