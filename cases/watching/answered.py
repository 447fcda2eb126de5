"""Whether a customer has the answer that they wanted, although their case may be in an agent's hands."""

from __future__ import annotations

from cases.facts import Facts
from store.models import Case


def is_answered(facts: Facts, case: Case) -> bool:
    """Whether a person has answered since the customer last asked for something; thanks ask for nothing.

    An agent who begins another letter takes the case up again, and nobody waits for it.
    """
    if case.answered_at is None or facts.contact is None:
        return False
    asked_at = facts.contact.asked_at or facts.contact.wrote_at or case.opened_at
    return case.answered_at >= asked_at
