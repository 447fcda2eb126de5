"""One value that a letter may show, and those that many letters have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Variable:
    """One value that a letter may show."""

    describes: str
    sample: Any
    blank: Any = REQUIRED
    """What stands for it when there is none; a variable without a blank must be given."""

    @property
    def required(self) -> bool:
        """Whether a letter can't be rendered without it."""
        return self.blank is REQUIRED


NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NUMBER = Variable("the case number", 1042)
FIRM = Variable("the firm's name (FROM_NAME)", "Example Shop")
SUBJECT = Variable("the subject of the customer's mail, as written", "Parcel is late", "")
WORDS = Variable("the customer's own words, as written", "Where is my parcel?\n\nIt is two weeks late.", "")
DEADLINE = Variable("when the customer will have an answer", NOON, None)
AGENT_NAME = Variable("the name of the agent", "Sam", "")
