"""Of what is followed beyond a case: signals, known issues, commitments."""

from __future__ import annotations

from enum import StrEnum


class SignalKind(StrEnum):
    """Why a cause is told of (D23)."""

    THRESHOLD = "threshold"
    """So many cases within a time, as the rules say."""
    GROWTH = "growth"
    """Unusually many for this cause."""
    CLUSTER = "cluster"
    """Mails that say the same new thing, which no rule names."""


class IssueState(StrEnum):
    """How far a known issue has come (D18)."""

    OPEN = "open"
    FIXED = "fixed"
    WITHDRAWN = "withdrawn"


class CommitmentState(StrEnum):
    """How far a commitment has come (D22)."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
