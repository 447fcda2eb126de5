"""How far a long command is, on one line of a terminal; nothing where nobody looks."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self, TextIO

WIDTH = 30
OFTEN = 0.1
"""Seconds between two drawings."""
SURE_AFTER = 3.0
"""Seconds after which the rate says something of the time left."""
HOUR, MINUTE = 3600, 60


class Progress:
    """A bar that grows with `step`, and is wiped at the end."""

    def __init__(self, stream: TextIO, total: int = 0) -> None:
        self._stream, self._total, self._done = stream, total, 0
        self._shown = stream.isatty()
        self._begun = time.monotonic()
        self._drawn = 0.0

    def __enter__(self) -> Self:
        self._draw()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()

    def step(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        self._draw()

    def reached(self, done: int, total: int) -> None:
        """So many are done, of so many; 0 while nobody knows of how many."""
        if total and not self._total:
            self._begun = time.monotonic()
        self._done, self._total = done, total
        if time.monotonic() - self._drawn >= OFTEN or done == total:
            self._draw()

    def _draw(self) -> None:
        if not self._shown:
            return
        self._drawn = time.monotonic()
        self._stream.write(f"\r\033[K{self._line()}")
        self._stream.flush()

    def _line(self) -> str:
        if not self._total:
            return f"{self._done:,} mails found"
        whole = max(self._total, self._done, 1)
        full = WIDTH * self._done // whole
        bar = "#" * full + "." * (WIDTH - full)
        return f"[{bar}] {self._done}/{whole} mails, {100 * self._done // whole} %{self._rate(whole)}"

    def _rate(self, whole: int) -> str:
        """How many a second, and how long the rest takes at that; nothing while it is too early to say."""
        passed = time.monotonic() - self._begun
        if passed < SURE_AFTER or not self._done:
            return ""
        rate = self._done / passed
        return f", {rate:.0f} a second, {_lasting((whole - self._done) / rate)} left"


def _lasting(seconds: float) -> str:
    if seconds >= HOUR:
        return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"
    return f"{seconds // MINUTE:.0f} min" if seconds >= 2 * MINUTE else f"{seconds:.0f} s"
