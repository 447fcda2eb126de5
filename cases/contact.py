"""When a case's customer and the firm last wrote to each other, as those who watch it are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.models import LetterKind


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that was made for the customer."""

    kind: LetterKind
    key: str
    at: datetime
    """When it was made."""
    failed: bool = False
    """It came back, or was never taken."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What went to and fro between a case's customer and the firm."""

    wrote_at: datetime | None = None
    """When the customer's last mail came."""
    asked_at: datetime | None = None
    """When the customer last wrote what wants an answer; None where nobody has looked."""
    letters: tuple[Sent, ...] = ()
    """The last ones to the customer, newest first."""
    flooded_at: datetime | None = None
    """When the customer last wrote more than anybody does."""
