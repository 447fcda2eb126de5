"""What every letter to a customer may say about the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from cases.facts import Facts
from cases.told_agents import facts_told
from store.models import Case

WRITTEN = ("mail", "form", "letter", "chat")
"""Channels on which a customer writes to the firm; on the others nobody is thanked for writing."""
SHORT = 60
"""Characters of a subject that is made of the words."""


class FactValues:
    """The facts of a case for a letter: `facts.order_number` is its value, or "" where nobody knows one."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactValues) and self._values == other._values

    __hash__ = None  # type: ignore[assignment]


class Promised(NamedTuple):
    """A promise, as letters tell it."""

    what: str
    due: datetime
    was_due: datetime | None = None
    """Its earlier day, where it was put off."""


class Offered(NamedTuple):
    """A compensation, as letters tell it."""

    kind: str
    amount: str
    """A decimal number; "" for a share of the price."""
    currency: str
    percent: str = ""
    visible_by: datetime | None = None
    """When the customer will see it (D14)."""


class OutsideBody(NamedTuple):
    """Whom a customer may turn to outside the firm (D16)."""

    name: str
    contact: str


def about(facts: Facts, case: Case) -> dict[str, Any]:
    """The values that every letter to a customer may use."""
    agent = facts.rulebook.agent(case.assignee)
    return {
        "name": case.customer_name,
        "number": case.number,
        "subject": "" if _made_up(case) else case.subject,
        "written": case.channel in WRITTEN,
        "agent_name": agent.name if agent else "",
        "contact": facts.policy.complaints_address,
        "deadline": _still_to_come(case.deadline_at, facts),
        "words": facts.history.last_words,
        "facts": FactValues({one["name"]: ", ".join(one["found"]) for one in facts_told(facts)}),
    }


def beginning(words: str) -> str:
    """A subject for what came without one."""
    line = words.splitlines()[0].strip()
    return line if len(line) <= SHORT else f"{line[:SHORT].rsplit(maxsplit=1)[0]} …"


def _made_up(case: Case) -> bool:
    """Whether the subject was made of what a colleague wrote down: the customer never gave it one."""
    return bool(case.told.strip()) and case.subject == beginning(case.told.strip())


def _still_to_come(deadline: datetime | None, facts: Facts) -> datetime | None:
    """A deadline that a customer can be told; one that has passed is no promise."""
    return deadline if deadline is not None and deadline > facts.now else None
