"""What agents are told of promises and deadlines: one mail a look and person, whatever is late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cases import agent_mail
from cases.assigning import is_away
from cases.commands.situation import is_open
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.rules.types import Agent
from cases.saying import Say
from store.models import Case, Status

PROMISE_NEAR, DEADLINE_NEAR = "promise-near", "deadline-near"
PROMISE_BROKEN, DEADLINE_MISSED = "promise-broken", "deadline-missed"
GRAVITY = (DEADLINE_NEAR, PROMISE_NEAR, PROMISE_BROKEN, DEADLINE_MISSED)
"""What a mail is headed by, from the least."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that somebody is told."""

    agent: Agent
    headline: str
    says: Say
    letter: str = ""
    """The answer letter that is offered for it."""


def told(facts: Facts, case: Case, notices: Iterable[Notice]) -> tuple[LetterRequest, ...]:
    """A mail for each who is told something, with all of it, the customer's words and the draft."""
    by_agent: dict[str, list[Notice]] = {}
    for one in notices:
        by_agent.setdefault(one.agent.address, []).append(one)
    return tuple(_letter(facts, case, theirs) for theirs in by_agent.values())


def _letter(facts: Facts, case: Case, notices: Sequence[Notice]) -> LetterRequest:
    agent, draft = notices[0].agent, facts.draft
    letter = agent_mail.draft_to_agent(
        facts,
        case,
        agent,
        headline=max((one.headline for one in notices), key=GRAVITY.index),
        version=draft.version if draft else 0,
        draft_is_open=is_open(draft),
    )
    more = {"why_now": tuple(_lines(facts, case, notices)), "whose": _whose(facts, case, agent)}
    variables = {**letter.variables, **more}
    if case.status is Status.ANSWERED and not is_open(draft):
        variables["wanted"] = ""  # the customer has an answer
    offered = next((one.letter for one in notices if one.letter), "")
    return replace(letter, variables=variables, letter=offered if case.customer else "")


def _lines(facts: Facts, case: Case, notices: Sequence[Notice]) -> Iterator[Say]:
    """What it is about, a sentence each, and why it comes to somebody else than the case's agent."""
    yield from (one.says for one in notices)
    has_it = facts.rulebook.agent(case.assignee)
    if has_it is None:
        yield Say("watch-nobodys")
    elif is_away(has_it, facts):
        yield Say("watch-away", {"agent": has_it.name, "until": facts.presence.away[has_it.address]})


def _whose(facts: Facts, case: Case, reader: Agent) -> str:
    """The name of the agent who has the case, where that is not the reader."""
    has_it = facts.rulebook.agent(case.assignee)
    return has_it.name if has_it and has_it.address != reader.address else ""
