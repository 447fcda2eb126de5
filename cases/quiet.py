"""How often an agent wants to be written to: a mail a draft, or now and then all that waits in one mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Self

_DAILY = re.compile(r"daily +(\d{1,2}):(\d{2})")
_WRITE = "write never, hourly, or daily with a time of day, such as 'daily 09:00'"


@dataclass(frozen=True, slots=True)
class Quiet:
    """When an agent gets a digest. With neither, there is none, and every draft is mailed by itself."""

    hourly: bool = False
    daily_at: time | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "never", "hourly" or "daily 09:00"; ValueError says what to write."""
        said = " ".join(text.lower().split())
        if said in ("never", "hourly"):
            return cls(hourly=said == "hourly")
        found = _DAILY.fullmatch(said)
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            return cls(daily_at=time(int(found[1]), int(found[2])))
        raise ValueError(_WRITE)

    def __bool__(self) -> bool:
        return self.hourly or self.daily_at is not None
