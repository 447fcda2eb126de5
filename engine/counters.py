"""What one worker has done since it began, as numbers: counted where it happens, for a dictionary's cost."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

ACKNOWLEDGED_WITHIN = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
"""Seconds; the last class is everything above."""


@dataclass(slots=True)
class Histogram:
    """How many took how long."""

    bounds: Sequence[float]
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, seconds: float) -> None:
        """One more."""
        seconds = max(seconds, 0.0)
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class Counters:
    """Safe to share between threads."""

    mails: Counter[str] = field(default_factory=Counter)
    """Mails taken in, by kind."""
    letters: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Attempts to send, by the letter's kind and the result."""
    acknowledged: Histogram = field(default_factory=lambda: Histogram(ACKNOWLEDGED_WITHIN))
    """From when a mail was taken in until the server took its acknowledgement."""
    troubles: Counter[str] = field(default_factory=Counter)
    """What went wrong, by what it was."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def mail(self, kind: str) -> None:
        """A mail was taken in."""
        with self._lock:
            self.mails[kind] += 1

    def letter(self, kind: str, result: str, acknowledged_after: float | None = None) -> None:
        """An attempt to send has ended; that of an acknowledgement that left says how old its mail was."""
        with self._lock:
            self.letters[kind, result] += 1
            if acknowledged_after is not None:
                self.acknowledged.observe(acknowledged_after)

    def trouble(self, what: str) -> None:
        """Something went wrong: "database", "reader" (the process that reads mails was lost), "job" …"""
        with self._lock:
            self.troubles[what] += 1
