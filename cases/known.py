"""What is known of known issues and commitments, as decisions are told it (D18, D22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from store.models import Case, Commitment, Concerned, KnownIssue


@dataclass(frozen=True, slots=True)
class Concern:
    """A known issue as one case stands to it."""

    issue: KnownIssue
    row: Concerned | None = None
    """What is written down of it; None while nobody has looked."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case whose customer may be told that something is done, and what speaks against it."""

    case: Case
    row: Concerned | None = None
    commitment: Commitment | None = None
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The case's facts: the values of each name."""
    unreachable: bool = False
    """The last letter to the customer came back or was never taken."""
    opted_out: bool = False
    """The customer does not want to be written to unasked."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of this that a decision may look at."""

    issues: tuple[Concern, ...] = ()
    """The open issues, and those that the case was concerned by; oldest first."""
    commitments: tuple[Commitment, ...] = ()
    """Of the case, oldest first."""
    next_issue: int = 0
    next_commitment: int = 0
    named: KnownIssue | None = None
    """The issue of the number that a command names."""
    all_open: tuple[KnownIssue, ...] = ()
    """Every open issue, for a command about one of them."""
    open_commitments: tuple[Commitment, ...] = ()
    """Every open one of the firm, for a command that ends some."""
    candidates: tuple[Candidate, ...] = ()
    """The cases that a batch may be for, oldest first."""
    samples: Mapping[int, str] = field(default_factory=dict)
    """What the customers of some of them last wrote, by the number of the case."""
    busy_until: datetime | None = None
    """Until when letters of an earlier batch leave."""
    stale: tuple[str, ...] = ()
    """Keys of earlier requests for the same, which wait for a yes that nobody should give any more."""


NOTHING = Known()
