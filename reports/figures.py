"""Everything that the report says, as values (D24). Made by reports/counting.py and reports/timing.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from reports.period import Bins, Days
from reports.statistics import Share
from store.models import Signal


@dataclass(frozen=True, slots=True)
class Count:
    """So many of a name, in the time and in the one before."""

    name: str
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class Cause:
    """How many cases had a cause, in the time and in the one before, and part by part."""

    category: str
    kind: str
    count: int
    before: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """How many complaints of a cause share a fact."""

    category: str
    fact: str
    value: str
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long something took, in seconds: as clocks count, and while the firm worked."""

    count: int
    median: float | None = None
    p90: float | None = None
    work_median: float | None = None
    work_p90: float | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took: all, in the time before, and by cause."""

    all: Wait
    before: Wait
    by_category: tuple[tuple[str, Wait], ...]
    by_agent: Mapping[str, Wait]


class Kept(NamedTuple):
    """What became of deadlines or promises whose day lies in the time."""

    kept: int
    late: int
    """Kept, but after their day."""
    missed: int
    running: int
    """Their day is still to come."""

    @property
    def decided(self) -> int:
        """Those of which one can say whether they were kept."""
        return self.kept + self.late + self.missed


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of deadlines or promises: all, in the time before, and by group."""

    all: Kept
    before: Kept
    by_group: tuple[tuple[str, Kept], ...]


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What customers said when they were asked; the last word of each case counts."""

    asked: int
    answered: int
    """Of those who were asked in the time."""
    scores: tuple[int, ...]
    """How many said 1, 2, 3, 4 and 5."""
    satisfied: Share
    before: Share
    by_category: tuple[tuple[str, Share], ...]
    by_agent: Mapping[str, Share]


class Reopened(NamedTuple):
    """How many of the cases that were ended in the time went on after it."""

    category: str
    ended: int
    reopened: int


class Sum(NamedTuple):
    """Compensations of one kind in one currency; kind "" is all of them."""

    currency: str
    kind: str
    offered: int
    offered_sum: Decimal
    paid: int
    paid_sum: Decimal
    owed: int
    owed_sum: Decimal


class Oldest(NamedTuple):
    """A case that has waited long."""

    number: int
    opened_at: datetime
    deadline_at: datetime | None
    severity: str
    category: str
    assignee: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for a person now."""

    waiting: int
    unassigned: int
    unseen: int
    overdue: int
    put_off: int
    by_severity: tuple[tuple[str, int], ...]
    by_age: tuple[int, ...]
    """How many are younger than each of the ages below, those before it left out; the last: older."""
    by_agent: Mapping[str, int]
    oldest: tuple[Oldest, ...]


class AgentFigures(NamedTuple):
    """What one agent did; for those alone who may see it."""

    address: str
    approved: int
    """Answers that the agent let go."""
    answer: Wait
    """To the first answer, of cases that are the agent's."""
    waiting: int
    promises: Kept
    satisfied: Share


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the report says."""

    made_at: datetime
    days: Days
    before: Days
    bins: Bins
    kinds: tuple[Count, ...]
    by_kind: Mapping[str, tuple[int, ...]]
    """By kind, part by part."""
    groups: Mapping[str, tuple[Count, ...]]
    """By severity, channel and language."""
    causes: tuple[Cause, ...]
    """The most frequent first; praise is a cause of praise."""
    together: tuple[Together, ...]
    signals: tuple[Signal, ...]
    times: Mapping[str, Times]
    """To acknowledge, answer and resolve."""
    deadlines: Mapping[str, Outcomes]
    promises: Outcomes
    satisfaction: Satisfaction
    reopened: tuple[Reopened, ...]
    reopened_before: tuple[Reopened, ...]
    compensation: tuple[Sum, ...]
    queue: Queue
    agents: tuple[AgentFigures, ...] | None
    """None where the reader may not see them."""

    @property
    def received(self) -> int:
        """All cases that were opened in the time."""
        return sum(one.count for one in self.kinds)

    @property
    def received_before(self) -> int:
        """All cases that were opened in the time before."""
        return sum(one.before for one in self.kinds)
