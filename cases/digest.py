"""The quiet mode: for agents who want it, one mail about all that waits instead of a mail a draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from cases.agent_mail import language_of, to_desk
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.priorities import TO_AGENT
from cases.quiet import Quiet
from cases.rules.types import Agent
from cases.rules.working_time import Calendar
from cases.told_agents import beginning, left_of
from cases.verbs import FOR_THE_DESK
from store.models import Case, Commitment, LetterKind, Severity
from store.values import Address

MOST = 30
"""Cases that a digest shows; it says how many more there are."""
BEGINNING = 160
"""Characters of the customer's words that it shows."""
AT_ONCE = ("escalated", "promise-near", "promise-broken", "deadline-missed")
"""What is mailed at once, by its headline. That a deadline of one's own case is near stands in the digest."""
FURTHEST = 60
"""Days to look back for the digest before this one; a firm that rests longer than that has none."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The time of a digest, and that of the one before."""

    at: datetime
    before: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for an agent."""

    case: Case
    words: str
    """What the customer last wrote."""
    since: datetime
    """When its newest draft was made, or the case opened."""
    has_draft: bool


def is_held(request: LetterRequest, facts: Facts) -> bool:
    """Whether a letter is not sent, because its agent gets a digest.

    What is urgent or late or of another's case is sent all the same, and so is what agents bring about.
    """
    told = request.variables
    if request.kind is not LetterKind.DRAFT or told.get("severity") == Severity.URGENT:
        return False
    if told.get("headline") in AT_ONCE or told.get("whose"):
        return False
    if facts.agent and facts.agent.address == request.recipient.key:
        return False
    agent = facts.rulebook.agent(request.recipient.key)
    return agent is not None and bool(agent.digest)


def last_slot(quiet: Quiet, now: datetime, calendar: Calendar) -> Slot | None:
    """The latest time for a digest that has come, and the one before it; None when there were no two."""
    found = (at for at in _backwards(quiet, now, calendar) if at <= now)
    at, before = next(found, None), next(found, None)
    return Slot(at, before) if at and before else None


def _backwards(quiet: Quiet, now: datetime, calendar: Calendar) -> Iterator[datetime]:
    """Times for digests on working days, the latest first."""
    zone = calendar.zone
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=n) for n in range(FURTHEST)):
        for at in reversed(_times(quiet, day, calendar)):
            yield datetime.combine(day, at, zone)


def _times(quiet: Quiet, day: date, calendar: Calendar) -> tuple[time, ...]:
    hours = calendar.hours_on(day)
    if hours is None:
        return ()
    if quiet.daily_at is not None:
        return (quiet.daily_at,)
    full = (time(hour) for hour in range(24)) if quiet.hourly else ()
    opens, closes = hours.opens(day), hours.closes(day)
    return tuple(at for at in full if opens <= datetime.combine(day, at) <= closes)


def key_of(agent: Agent, slot: Slot) -> str:
    """The key of an agent's digest: there is one for each slot."""
    return f"{LetterKind.DIGEST}/{agent.address}/{slot.at:%Y%m%dT%H%M}"


def digest(
    facts: Facts, agent: Agent, slot: Slot, waiting: Sequence[Waiting], made: Sequence[Commitment] = ()
) -> LetterRequest | None:
    """One mail about all that waits since before the slot; None when there is nothing to say.

    Every hour only what is new is worth a mail; once a day, whatever waits is. `made` is what the agent told
    customers that the firm will change, and it has not yet.
    """
    known = [one for one in waiting if one.since <= slot.at]
    news = [one for one in known if one.since > slot.before]
    if not known or (agent.digest.hourly and not news):
        return None
    variables: dict[str, Any] = {
        "agent_name": agent.name,
        "when": slot.at,
        "cases": tuple(_row(facts, one, slot) for one in known[:MOST]),
        "more": max(0, len(known) - MOST),
        "commitments": tuple(
            {"number": one.id, "what": one.what, "case": one.case_number} for one in made[:MOST]
        ),
    }
    letter = LetterRequest(
        kind=LetterKind.DIGEST,
        key=key_of(agent, slot),
        template="agent_digest",
        language=language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables=variables,
        priority=TO_AGENT,
    )
    return replace(letter, reply_to=to_desk(agent), offers=FOR_THE_DESK)


def _row(facts: Facts, waiting: Waiting, slot: Slot) -> dict[str, Any]:
    case = waiting.case
    return {
        "number": case.number,
        "customer": case.customer_name or case.customer,
        "subject": case.subject,
        "severity": case.severity.value,
        "words": beginning(waiting.words, BEGINNING),
        "deadline": case.deadline_at,
        "left": left_of(facts, case),
        "new": waiting.since > slot.before,
        "draft": waiting.has_draft and bool(case.customer),
    }
