"""One mail of an archive: where it lies. Archives may be larger than memory, so each is read by itself."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inbox.mailbox import Fetched

_ESCAPED = re.compile(rb"(?m)^>(>*From )")
_CUT = 320 * 2**10
"""Of a mail over the limit: its headers and the start of its text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Where one mail lies."""

    path: Path
    start: int
    length: int
    at: datetime | None = None
    """When it came, as an mbox says; None where only the mail itself tells."""
    escaped: bool = False
    """In an mbox, where lines that begin with "From " have a ">" before them."""

    def __str__(self) -> str:
        return f"{self.path} (at byte {self.start})" if self.escaped else str(self.path)

    def head(self, most: int) -> bytes:
        """The start of it, for its headers."""
        return _read(self.path, self.start, min(self.length, most))

    def fetched(self, uid: int, limit: int) -> Fetched:
        """The mail as a mailbox would give it; of one over the limit only the start."""
        cut = self.length > limit
        raw = _read(self.path, self.start, _CUT if cut else self.length)
        if self.escaped and b"From " in raw:
            raw = _ESCAPED.sub(rb"\1", raw)
        return Fetched(uid, raw, self.length if cut else len(raw), cut)


def _read(path: Path, start: int, length: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(handle, length, start)
    finally:
        os.close(handle)
