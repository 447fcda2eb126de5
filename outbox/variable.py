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
    one_of: tuple[Any, ...] = ()
    """All that it can be, where that is little."""
    others: tuple[Any, ...] = ()
    """Further samples, where it can be anything."""

    @property
    def required(self) -> bool:
        """Whether a letter can't be rendered without it."""
        return self.blank is REQUIRED

    @property
    def closed(self) -> bool:
        """Whether its samples are all that it can be."""
        return bool(self.one_of) or isinstance(self.sample, bool)

    @property
    def alternatives(self) -> tuple[Any, ...]:
        """All its samples but the first one."""
        whole = (
            *self.one_of,
            *self.others,
            not self.sample if isinstance(self.sample, bool) else self.sample,
        )
        blank = () if self.required else (self.blank,)
        found: list[Any] = []
        for one in (*whole, *blank):
            if one != self.sample and one not in found:
                found.append(one)
        return tuple(found)


NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NUMBER = Variable("the case number", 1042)
FIRM = Variable("the firm's name (FROM_NAME)", "Example Shop")
SUBJECT = Variable("the subject of the customer's mail, as written", "Parcel is late", "")
WORDS = Variable("the customer's own words, as written", "Where is my parcel?\n\nIt is two weeks late.", "")
DEADLINE = Variable("when the customer will have an answer", NOON, None)
AGENT_NAME = Variable("the name of the agent", "Sam", "")
