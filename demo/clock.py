"""A clock that can be put forward, so that days pass in a moment."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class FastClock:
    """The true time plus what has been skipped; call it for the time."""

    def __init__(self) -> None:
        self._skipped = timedelta(0)
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            return datetime.now(UTC) + self._skipped

    def skip(self, time: timedelta) -> None:
        """Let time pass."""
        with self._lock:
            self._skipped += time
