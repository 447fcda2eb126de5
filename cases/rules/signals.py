"""When a cause has grown enough to be told of (D23): how often, within what time, and to whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from cases.rules.durations import Duration
from cases.rules.fields import Name, Strict, Texts, filled, parsed

_WRITTEN = re.compile(r"(\d{1,5}) +in +(.+)")
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Threshold:
    """So many cases within a time."""

    number: int
    within: Duration

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "20 in 7 days"; ValueError says what to write."""
        found = _WRITTEN.fullmatch(text.strip())
        if not found:
            raise ValueError("write a number of cases and a time: '20 in 7 days'")
        if not 2 <= int(found[1]) <= MOST:
            raise ValueError(f"write a number of cases from 2 to {MOST}: '20 in 7 days'")
        within = Duration.parse(found[2])
        if within.working:
            raise ValueError("write the time in hours, days or weeks, not in working time: '20 in 7 days'")
        if not within.amount:
            raise ValueError("nothing comes within no time at all; write how long: '20 in 7 days'")
        return cls(int(found[1]), within)

    def __str__(self) -> str:
        return f"{self.number} in {self.within}"


class Signal(Strict):
    """One thing to be told of."""

    name: Name
    description: str = ""
    category: Texts = ()
    """The causes that are counted, together; none means all complaints."""
    fact: Mapping[Name, Texts] = Field(default_factory=dict)
    """The cases that are counted have these facts: a name, and what it says; '*' for anything."""
    each: StrictBool = False
    """Whether every value of the fact is counted by itself: each product, each place."""
    threshold: Annotated[Threshold, parsed(Threshold.parse)]
    to: Texts
    """Who is told: a role, a team, or an agent's address."""

    @model_validator(mode="after")
    def _counts_each_of_something(self) -> Self:
        if self.each and not self.fact:
            raise ValueError("'each' counts the values of a fact; add 'fact: {product: \"*\"}' or the like")
        if not self.to:
            raise ValueError("say who is told: 'to: admin', a team or an address")
        return self


class Sensitivity(StrEnum):
    """How surely a cause must have grown before somebody is told."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class GrowthWatch(Strict):
    """When a cause has more cases than its own history lets one expect."""

    enabled: StrictBool = True
    """false: nobody is told of it."""
    to: Annotated[Texts, AfterValidator(filled)] = ("owner",)
    """Who is told: a role, a team, or an agent's address."""
    at_least: int = Field(6, ge=3, le=1000)
    """Fewer customers are never told of."""
    sensitivity: Sensitivity = Sensitivity.NORMAL
    """low: only of what is beyond doubt; high: sooner, and with more false alarms."""
    facts: Texts | None = None
    """The facts whose values are causes, too; without it every product, place, person and text."""


class ClusterWatch(Strict):
    """When mails that no rule names begin to say the same new thing."""

    enabled: StrictBool = True
    """false: nobody is told of it."""
    to: Annotated[Texts, AfterValidator(filled)] = ("owner",)
    """Who is told: a role, a team, or an agent's address."""
    at_least: int = Field(6, ge=4, le=100)
    """Fewer customers are never told of."""


class SignalsFile(Strict):
    signals: tuple[Signal, ...] = ()
    growth: GrowthWatch = GrowthWatch()
    clusters: ClusterWatch = ClusterWatch()
