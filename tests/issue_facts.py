"""Known issues and commitments in short, for tests."""

from __future__ import annotations

from typing import Any

from store.models import Commitment, CommitmentState, Concerned, IssueState, KnownIssue
from tests.facts_factory import AGENT, NOW


def issue(number: int = 3, **changes: Any) -> KnownIssue:
    values: dict[str, Any] = {
        "id": number,
        "title": "Parcels rest in Haifa",
        "category": "late",
        "facts": {},
        "notes": {"en": "They rest in Haifa.", "fa": "در حیفا مانده‌اند."},
        "fixes": {},
        "state": IssueState.OPEN,
        "opened_by": AGENT,
        "opened_at": NOW,
    }
    return KnownIssue(**(values | changes))


def row(number: int = 3, case: int = 7, **changes: Any) -> Concerned:
    values: dict[str, Any] = {"issue_id": number, "case_number": case, "at": NOW}
    return Concerned(**(values | changes))


def commitment(number: int = 5, **changes: Any) -> Commitment:
    values: dict[str, Any] = {
        "id": number,
        "case_number": 7,
        "what": "we pack glass twice",
        "made_by": AGENT,
        "made_at": NOW,
        "state": CommitmentState.OPEN,
    }
    return Commitment(**(values | changes))
