"""What the virus scanner said of customers' files, as this worker knows it: shared by its threads.

Nothing here asks the scanner: whoever writes a letter looks here, and never waits (engine/scanning.py asks).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

_REMEMBERED = 2000
_PATIENCE = 20
"""So many times, a second apart, a first draft waits for its files; then it goes without them."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was said of one mail."""

    viruses: Mapping[int, str] = field(default_factory=dict)
    """What was found, by the place of the file among the mail's."""
    whole: str = ""
    """What was found in the mail as a whole; "" when nothing was."""
    too_large: frozenset[int] = frozenset()
    """The places of files that the scanner does not take, or fails over."""


@dataclass(slots=True, eq=False)
class Scans:
    """Safe between threads."""

    wanted: threading.Event = field(default_factory=threading.Event)
    """Set when a letter would have needed what is not known yet."""
    away: bool = False
    """Whether the scanner could not be asked at the last attempt."""
    _asked: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _known: OrderedDict[bytes, Scanned] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, raw: bytes) -> Scanned | None:
        """What was said of a mail; None when it was not scanned yet."""
        with self._lock:
            return self._known.get(sha256(raw).digest())

    def is_patient(self, timer: str) -> bool:
        """Whether a timer that asks once more may wait a moment longer; not for ever."""
        with self._lock:
            self._asked[timer] = self._asked.pop(timer, 0) + 1
            while len(self._asked) > _REMEMBERED:
                self._asked.popitem(last=False)
            return self._asked[timer] <= _PATIENCE

    def keep(self, raw: bytes, scanned: Scanned) -> None:
        """Remember it; what was said of the oldest is forgotten, and asked again."""
        with self._lock:
            self._known[sha256(raw).digest()] = scanned
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


NO_SCANS = Scans()
"""For whoever writes letters without a worker."""
