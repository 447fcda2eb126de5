"""Who learns that a letter did not reach the person it was for (promise 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cases import asks
from cases.facts import Facts, LetterRequest, Unreached
from store.models import Case


def told(
    facts: Facts, case: Case, letters: Sequence[Unreached], *, reason: str, bounced: bool
) -> tuple[LetterRequest, ...]:
    """An alert to the agent; to the admins where there is none or the agent is who was not reached.

    Once for a letter, however many mails say that it came back.
    """
    recipients = {recipient for _, recipient, _ in letters}
    agent = facts.rulebook.agent(case.assignee)
    persons = (agent,) if agent and agent.address not in recipients else asks.admins(facts)
    number, recipient, subject = next((one for one in letters if one[1] == case.customer), letters[0])
    facts = replace(facts, cause=f"letter/{number}")
    return tuple(
        asks.undelivered(
            facts, case, one, recipient=recipient, letter=subject, reason=reason, bounced=bounced
        )
        for one in persons
        if one.address not in recipients
    )
