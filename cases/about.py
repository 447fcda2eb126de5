"""What every letter to a customer may say about the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.facts import Facts
from store.models import Case


def about(facts: Facts, case: Case) -> dict[str, Any]:
    """The values that every letter to a customer may use."""
    agent = facts.rulebook.agent(case.assignee)
    return {
        "name": case.customer_name,
        "number": case.number,
        "subject": case.subject,
        "agent_name": agent.name if agent else "",
        "contact": facts.policy.complaints_address,
        "deadline": _still_to_come(case.deadline_at, facts),
        "words": facts.history.last_words,
    }


def _still_to_come(deadline: datetime | None, facts: Facts) -> datetime | None:
    """A deadline that a customer can be told; one that has passed is no promise."""
    return deadline if deadline is not None and deadline > facts.now else None
