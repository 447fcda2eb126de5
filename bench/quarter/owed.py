"""What a case owes, and how far it was followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Ought:
    """Something that ought to happen: a letter that leaves, or an event."""

    at: datetime
    case: int
    what: str
    about: str = ""
    to: str = ""


@dataclass
class Followed:
    """How far a deadline or a promise was followed."""

    name: str
    by: datetime
    steps: int = 0
    missed: bool = False
    settled_at: datetime | None = None
    """When what was wanted until then was done."""


@dataclass
class Vow:
    """A promise to the customer."""

    due: datetime
    made_at: datetime
    followed: Followed
    open: bool = True
    reminded: bool = False
    broken: bool = False
    settled: bool = False
    """The customer was told that it takes longer, or need not be."""
    kept_at: datetime | None = None

    def outcome(self, now: datetime) -> str:
        """What became of it by now; "" of one that gave way to another."""
        if self.kept_at is not None:
            return "kept" if self.kept_at <= self.due else "late"
        if not self.open:
            return ""
        return "running" if self.due > now else "missed"
