"""Who learns that a letter did not reach the person it was for, or may not have (promise 7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from cases import agent_mail
from cases.decision import LetterRequest
from cases.facts import Facts, Unreached
from cases.rules.types import Agent
from cases.saying import Say
from store.models import TO_CUSTOMERS, Case, LetterKind

LATE_AFTER = timedelta(hours=4)
DOUBT_AFTER = timedelta(hours=1)


def told(
    facts: Facts, case: Case, letters: Sequence[Unreached], *, reason: str, bounced: bool
) -> tuple[LetterRequest, ...]:
    """An alert to the agent; to the admins where there is none or the agent is who was not reached.

    Once for a letter, however many mails say that it came back.
    """
    recipients = {recipient for _, recipient, _ in letters}
    number, recipient, subject = next((one for one in letters if one[1] == case.customer), letters[0])
    facts = replace(facts, cause=f"letter/{number}")
    return tuple(
        agent_mail.undelivered(
            facts, case, one, recipient=recipient, letter=subject, reason=reason, bounced=bounced
        )
        for one in _persons(facts, case, recipients)
    )


def warning(
    case: Case, kind: LetterKind, letter: Unreached, *, in_doubt: bool, final: bool, age: timedelta
) -> Say | None:
    """What the team must know of a letter that has not left for so long; None while there is no need.

    `final` says that it is not sent again. An alert warns of no alert.
    """
    if kind is LetterKind.ALERT:
        return None
    _, recipient, _ = letter
    about = {"number": case.number, "recipient": recipient}
    if in_doubt and kind in TO_CUSTOMERS and (final or age >= DOUBT_AFTER):
        return Say("letter-in-doubt", about | {"final": final})
    if age >= LATE_AFTER and not final:
        return Say("letter-late", about | {"hours": int(age / timedelta(hours=1))})
    return None


def warned(
    facts: Facts, case: Case, letter: Unreached, say: Say, *, reason: str
) -> tuple[LetterRequest, ...]:
    """The warning, to whoever would be told that the letter failed: once for each thing to say of it."""
    number, recipient, subject = letter
    final = "/final" if say.values.get("final") else ""
    facts = replace(facts, cause=f"{say.code}/{number}{final}")
    return tuple(
        agent_mail.admin_alert(facts, one, say, lines=tuple(line for line in (subject, reason) if line))
        for one in _persons(facts, case, {recipient})
    )


def _persons(facts: Facts, case: Case, recipients: Collection[str]) -> tuple[Agent, ...]:
    agent = facts.rulebook.agent(case.assignee)
    persons = (agent,) if agent and agent.address not in recipients else agent_mail.admins(facts)
    return tuple(one for one in persons if one.address not in recipients)
