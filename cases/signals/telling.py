"""A signal, told: the mail to whoever is to know, and what is kept of it (D23)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases.agent_mail import language_of, to_desk
from cases.decision import Decision, LetterRequest
from cases.facts import Facts
from cases.priorities import ALERT
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent, Role
from cases.signals.standing import TOLD_CASES, Candidate, key_of
from cases.told_agents import beginning, kind_of
from cases.verbs import FOR_THE_DESK
from store.models import EventKind, LetterKind, Signal, SignalKind
from store.values import SOFTWARE, Address, NewEvent, NewRow

MOST_SHOWN = 8
"""Cases whose words a mail shows."""
MOST_NAMED = 60
"""Cases that it names."""
BEGINNING = 240
"""Characters of a customer's words that it shows."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the cases, with what its customer wrote."""

    number: int
    subject: str
    words: str
    at: datetime


def recipients(to: Iterable[str], rulebook: Rulebook) -> tuple[Agent, ...]:
    """The agents of these roles, teams and addresses, each once; the admins where there is none."""
    found = [agent for who in to for agent in rulebook.named(who)]
    return tuple({one.address: one for one in found}.values()) or rulebook.with_role(Role.ADMIN)


def told(
    facts: Facts, one: Candidate, last: Signal | None, agents: Sequence[Agent], samples: Sequence[Sample]
) -> Decision:
    """One telling: its row, which nobody else can write, an event, and a mail to each of these agents."""
    key = key_of(one, last)
    again = last if last is not None and last.ended_at is None else None
    numbers = one.numbers
    row = {
        "key": key,
        "name": one.name,
        "kind": one.kind,
        "category": ",".join(one.categories),
        "fact": dict(one.facts),
        "terms": list(one.terms),
        "count": one.count,
        "expected": round(one.expected, 2),
        "since": one.since,
        "raised_at": facts.now,
        "cases": list(numbers[:TOLD_CASES]),
        "told": [agent.address for agent in agents],
        "ended_at": None,
    }
    data = {"name": one.name, "kind": one.kind.value, "count": one.count, "cases": list(numbers[:TOLD_CASES])}
    about = f"{one.name}: {one.count} since {one.since.isoformat(timespec='minutes')}"
    return Decision(
        events=(NewEvent(EventKind.SIGNAL, about, SOFTWARE, data),),
        letters=tuple(_letter(facts, one, again, agent, key, samples) for agent in agents),
        rows=(NewRow("signal", row),),
    )


def _letter(
    facts: Facts, one: Candidate, again: Signal | None, agent: Agent, key: str, samples: Sequence[Sample]
) -> LetterRequest:
    variables: dict[str, Any] = {
        "agent_name": agent.name,
        "kind": one.kind.value,
        "description": one.description,
        "categories": one.categories,
        "facts": tuple(
            {"name": name, "kind": kind_of(name, facts.rulebook), "value": value} for name, value in one.facts
        ),
        "terms": one.terms,
        "count": one.count,
        "before": again.count if again else None,
        "expected": round(one.expected, 1) if one.kind is not SignalKind.THRESHOLD else None,
        "since": one.since,
        "when": facts.now,
        "cases": tuple(_shown(sample) for sample in samples[:MOST_SHOWN]),
        "numbers": one.numbers[:MOST_NAMED],
        "more": max(0, len(one.numbers) - MOST_NAMED),
    }
    letter = LetterRequest(
        kind=LetterKind.SIGNAL,
        key=f"signal/{key}/{agent.address}",
        template="agent_signal",
        language=language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables=variables,
        priority=ALERT,
    )
    return replace(letter, reply_to=to_desk(agent), offers=FOR_THE_DESK)


def _shown(sample: Sample) -> dict[str, Any]:
    return {
        "number": sample.number,
        "subject": sample.subject,
        "words": beginning(sample.words, BEGINNING),
        "opened": sample.at,
    }
