"""Whether every loop of a worker makes progress: each says when it will be heard of again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

ALLOWED = 300.0
"""Seconds that one step of a loop may take: reading a group of mails, a regular job, a look."""
A_LETTER = 900.0
"""And giving one letter to a server, which may think for long at each stage (RFC 5321, 4.5.3.2)."""


@dataclass(slots=True)
class Pulse:
    """A loop that is not heard of in time hangs. Costs a dictionary's entry a beat. Safe between threads."""

    _until: dict[str, float] = field(default_factory=dict)

    def beat(self, within: float = 0.0, allowed: float | None = None) -> None:
        """This thread makes progress. It will be heard of after the wait that begins now and one step."""
        name = threading.current_thread().name
        self._until[name] = time.monotonic() + within + (ALLOWED if allowed is None else allowed)

    def end(self) -> None:
        """This thread's loop has ended, as it should."""
        self._until.pop(threading.current_thread().name, None)

    def hung(self) -> list[str]:
        """The loops that should have been heard of by now."""
        now = time.monotonic()
        return sorted(name for name, until in self._until.copy().items() if until < now)
