"""Commands about the case itself: whose it is, what it is, and how it ends."""

from __future__ import annotations

from datetime import datetime

from cases import asks
from cases.calendar import after
from cases.categories import category_of
from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.lifecycle import OPEN_ENDS
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from language.normalise import normalise
from store.models import CaseKind, EventKind, TimerKind
from store.values import NewTimer


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


COMMANDS = (
    Command("assign", "assign WHO", "Give the case to another agent, by name or address.", "text", assign),
    Command(
        "note",
        "note TEXT",
        "Write something down on the case, for colleagues only.",
        "text",
        note,
        repeatable=True,
        flows=True,
    ),
    Command(
        "resolve",
        "resolve",
        "Say that the case is solved; the customer is asked later.",
        "nothing",
        resolve,
    ),
)
