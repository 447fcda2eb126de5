"""What each command does to a case: pure functions from a situation to an effect."""

from __future__ import annotations

import re
from datetime import datetime

from cases import asks
from cases.calendar import after
from cases.categories import category_of
from cases.commands.situation import Effect, Situation
from cases.facts import DraftRequest
from cases.lifecycle import OPEN_ENDS
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from cases.sendable import sendable
from language.normalise import normalise
from store.models import CaseKind, EventKind, TimerKind
from store.values import NewTimer

PLACEHOLDER = re.compile(r"\[[^\[\]\n]*[^\W\d_][^\[\]\n]*\](?!\()")
"""Words in brackets that somebody was to replace; an answer never leaves with them (D7)."""


def approve(situation: Situation, _: str) -> Effect:
    """The open draft leaves for the customer, exactly as it is stored (promise 18)."""
    if not situation.draft_open:
        raise Refusal("no-open-draft", command="approve")
    if not sendable(situation.case.customer):
        raise Refusal("no-customer")
    left = PLACEHOLDER.search(situation.body)
    if left:
        raise Refusal("placeholder", words=left[0])
    letter = asks.answer(situation.facts, situation.case, situation.version, situation.body, situation.agent)
    return Effect(
        events=((EventKind.APPROVED, f"version {situation.version} is to be sent"),),
        says=Say("approved", {"version": situation.version, "recipient": situation.case.customer}),
        values={"answered_at": situation.facts.now, "seen_at": situation.facts.now},
        approve_draft=True,
        letters=(letter,),
    )


def edit(situation: Situation, text: str) -> Effect:
    """A new version of the draft, in the agent's own words."""
    version = situation.version + 1
    draft = DraftRequest(version, situation.case.language, situation.agent.address, body=text)
    return Effect(
        events=((EventKind.EDITED, f"version {version} of the draft"),),
        says=Say("edited", {"version": version}),
        values={"seen_at": situation.facts.now},
        draft=draft,
    )


def reject(situation: Situation, reason: str) -> Effect:
    """The draft is thrown away; the case stays with the agent."""
    if not situation.draft_open:
        raise Refusal("no-open-draft", command="reject")
    return Effect(
        events=((EventKind.REJECTED, f"version {situation.version}: {reason}"),),
        says=Say("rejected", {"version": situation.version}),
        values={"seen_at": situation.facts.now},
        reject_draft=True,
    )


def assign(situation: Situation, who: str) -> Effect:
    """The case goes to another agent, who gets the draft."""
    agent = _find(who, situation.facts.rulebook.agents)
    letter = asks.draft_to_agent(
        situation.facts,
        situation.case,
        agent,
        headline="assigned",
        version=situation.version,
    )
    return Effect(
        events=((EventKind.ASSIGNED, f"to {agent.address}"),),
        says=Say("assigned", {"agent": agent.name}),
        values={"assignee": agent.address},
        letters=(letter,),
    )


def note(situation: Situation, text: str) -> Effect:
    """A remark for colleagues; the customer never sees it."""
    return Effect(
        events=((EventKind.NOTED, text),), says=Say("noted"), values={"seen_at": situation.facts.now}
    )


def resolve(situation: Situation, _: str) -> Effect:
    """The case is solved, in the agent's eyes; the check-in asks the customer later (D21)."""
    facts, case = situation.facts, situation.case
    due = check_in_due(situation)
    kind = TimerKind.CHECK_IN if due else TimerKind.CLOSE
    at = due or after(
        facts.now, category_of(case.category, facts.rulebook).close_after, facts.rulebook.calendar
    )
    return Effect(
        events=((EventKind.RESOLVED, ""),),
        says=Say("resolved", {"check_in": due}),
        values={"resolved_at": facts.now, "seen_at": facts.now},
        timers=(NewTimer(kind, f"{kind}/{case.number}/{facts.cause}", at),),
        cancel_timers=OPEN_ENDS,
    )


def show_help(_: Situation, __: str) -> Effect:
    """The list of commands; the transcript carries it anyway."""
    return Effect(events=((EventKind.HELPED, ""),), says=Say("helped"))


def check_in_due(situation: Situation) -> datetime | None:
    """When the customer is asked; None for praise, and for who got no automatic answer before."""
    case, facts = situation.case, situation.facts
    if case.kind is CaseKind.PRAISE or not case.acknowledged_at:
        return None
    wait = category_of(case.category, facts.rulebook).check_in_after
    return after(facts.now, wait, facts.rulebook.calendar)


def _find(who: str, agents: tuple[Agent, ...]) -> Agent:
    """The one agent whose address, name or first name is `who`."""
    wanted = normalise(who)
    exact = [agent for agent in agents if wanted in (agent.address, normalise(agent.name))]
    found = exact or [agent for agent in agents if wanted in normalise(agent.name).split()]
    if len(found) != 1:
        raise Refusal("unknown-agent", who=who, known=", ".join(agent.name for agent in agents))
    return found[0]
