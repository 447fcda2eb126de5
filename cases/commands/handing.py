"""Commands about whose the case is: assign, take, release, escalate (D16, D19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cases import agent_mail, told_agents
from cases.assigning import is_away
from cases.commands.choosing import LONGEST_NAME, agent_before, agent_called, chosen, meant
from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.decision import DraftRequest, LetterRequest
from cases.drafts import as_it_is, is_untouched, redrafted, template_of
from cases.facts import Remark
from cases.lifecycle import PAUSES
from cases.releasing import given_to_somebody_at, timer_of
from cases.rules.types import Agent, Role
from cases.saying import Refusal, Say
from cases.verbs import FOR_WHO_GAVE_IT
from store.models import FOR_A_PERSON, EventKind

TO_ROLES = (Role.APPROVER, Role.ADMIN, Role.OWNER)
"""The roles that a case can be escalated to, by whoever of them has the fewest cases."""


def assign(situation: Situation, who: str) -> Effect:
    """The case goes to another agent, who gets the draft."""
    agent = agent_called(who, situation.facts.rulebook.agents)
    if agent.address == situation.assignee:
        return Effect((), Say("already-theirs", {"agent": agent.name}))
    _refuse_away(situation, agent)
    return _handed(
        situation,
        agent,
        Effect(((EventKind.ASSIGNED, f"to {agent.address}"),), Say("assigned", {"agent": agent.name})),
        headline="assigned",
        remarks=_remarks(situation),
    )


def take(situation: Situation, _: str) -> Effect:
    """The case is the giver's from now on; whoever had it is told."""
    agent = situation.agent
    if agent.address == situation.assignee:
        return Effect((), Say("already-theirs", {"agent": agent.name}))
    done = Effect(((EventKind.ASSIGNED, f"to {agent.address}"),), Say("taken"))
    return _handed(situation, agent, done, headline="assigned", remarks=())


def release(situation: Situation, _: str) -> Effect:
    """The case is nobody's, and stands first in the queue."""
    if not situation.assignee:
        return Effect((), Say("already-nobodys"))
    giver, at = situation.agent, given_to_somebody_at(situation.facts)
    waits = situation.status in FOR_A_PERSON
    return Effect(
        events=((EventKind.RELEASED, f"by {giver.address}"),),
        says=Say("released", {"at": at if waits else None}),
        values=_anew(situation) | {"assignee": ""},
        letters=_told_before(situation, Say("released-yours", {"agent": giver.name})),
        timers=(timer_of(situation.facts, situation.case, giver.address, at),) if waits else (),
        cancel_timers=PAUSES,
        revoke_tokens=True,
        next_step=Say("next-take"),
    )


def escalate(situation: Situation, text: str) -> Effect:
    """The case goes to somebody who can do more about it, with all that was written down on it (D16)."""
    agent, reason = _whom(situation, text)
    if agent.address == situation.agent.address:
        raise Refusal("escalate-to-yourself")
    _refuse_away(situation, agent)
    because = f": {reason}" if reason else ""
    remarks = _remarks(situation)
    if reason:
        remarks = (*remarks, Remark(situation.facts.now, situation.agent.address, reason))
    done = Effect(
        events=((EventKind.ESCALATED, f"to {agent.address}{because}"),),
        says=Say("escalated", {"agent": agent.name}),
        data={"to": agent.address, "reason": reason},
    )
    return _handed(situation, agent, done, headline="escalated", remarks=remarks)


def _handed(
    situation: Situation, agent: Agent, done: Effect, *, headline: str, remarks: Sequence[Remark]
) -> Effect:
    """What happens when the case changes hands: older reply addresses end, and both are mailed.

    A draft that no person wrote into is made anew, so that it leaves in the new agent's name.
    """
    draft = _in_their_name(situation, agent)
    drafted = ((EventKind.DRAFTED, f"version {draft.version}"),) if draft else ()
    is_giver = agent.address == situation.agent.address
    seen_at = situation.facts.now if is_giver else None
    return replace(
        done,
        events=(*done.events, *drafted),
        values=_anew(situation) | {"assignee": agent.address, "seen_at": seen_at},
        draft=draft,
        letters=(
            *_told_before(situation, Say("taken-from-you", {"agent": agent.name}), but=agent),
            *(() if is_giver else _to_the_new_one(situation, agent, draft, headline, remarks)),
        ),
        cancel_timers=PAUSES,
        revoke_tokens=True,
        next_step=None if is_giver else Say("next-take"),
    )


def _in_their_name(situation: Situation, agent: Agent) -> DraftRequest | None:
    if not is_untouched(situation) or situation.status not in FOR_A_PERSON:
        return None
    return redrafted(situation, template_of(situation), assignee=agent.address)


def _to_the_new_one(
    situation: Situation,
    agent: Agent,
    draft: DraftRequest | None,
    headline: str,
    remarks: Sequence[Remark],
) -> tuple[LetterRequest, ...]:
    """The mail about the case; where its first draft is still to come, that one goes to them anyway."""
    if situation.facts.draft_coming and not remarks:
        return ()
    case = as_it_is(situation).model_copy(update={"assignee": agent.address})
    letter = agent_mail.draft_to_agent(
        situation.facts,
        case,
        agent,
        headline=headline,
        version=draft.version if draft else situation.version,
        draft_is_open=situation.draft_open,
        trail=told_agents.remarks(situation.facts, remarks),
    )
    return (letter,)


def _told_before(situation: Situation, say: Say, but: Agent | None = None) -> tuple[LetterRequest, ...]:
    """Tells whoever had the case until now, unless they did it themselves or have it again."""
    had = situation.facts.rulebook.agent(situation.assignee)
    if had is None or had in (situation.agent, but):
        return ()
    return (told(situation, had, say),)


def told(situation: Situation, agent: Agent, say: Say) -> LetterRequest:
    """A word to an agent about what a colleague did with their case."""
    facts, case = situation.facts, situation.case
    letter = agent_mail.transcript(
        facts, case, agent, (say,), version=situation.version, draft_is_open=False, verbs=FOR_WHO_GAVE_IT
    )
    key = f"told/{case.number}/{facts.cause}/{agent.address}"
    return replace(letter, key=key, thread=facts.history.agent_thread)


def _anew(situation: Situation) -> dict[str, Any]:
    """What a case loses when it is another's: nobody has opened it yet, and nobody has put it off.

    Who puts it off and takes it in one mail means both.
    """
    values: dict[str, Any] = {"seen_at": None}
    here = any(effect.values.get("snoozed_until") for effect in situation.effects)
    return values | ({"snoozed_until": None} if as_it_is(situation).snoozed_until and not here else {})


def _refuse_away(situation: Situation, agent: Agent) -> None:
    facts = situation.facts
    if is_away(agent, facts):
        there = [one.name for one in facts.rulebook.agents if not is_away(one, facts)]
        until = facts.presence.away[agent.address]
        raise Refusal("agent-away", agent=agent.name, until=until, there=tuple(there))


def _whom(situation: Situation, text: str) -> tuple[Agent, str]:
    """Who is meant, and the reason that stands behind: a person, a team or a role, in this order."""
    rulebook = situation.facts.rulebook
    found = agent_before(text, rulebook.agents)
    if found:
        return found[0], _plain(found[1])
    parts = text.split()
    for count in range(min(len(parts), LONGEST_NAME), 0, -1):
        agents = _group(situation, " ".join(parts[:count]))
        if agents is not None:
            return _free(situation, agents, parts[0]), _plain(" ".join(parts[count:]))
    raise _unknown(situation, parts[0])


def _group(situation: Situation, name: str) -> list[Agent] | None:
    """The agents of a team or a role; None when it is the name of neither."""
    rulebook = situation.facts.rulebook
    of_team = [agent for agent in rulebook.agents if agent.team and agent.team.lower() == name.lower()]
    if of_team:
        return of_team
    try:
        role = chosen("escalate", name, TO_ROLES, rulebook.words)
    except Refusal:
        return None
    return list(rulebook.with_role(Role(role)))


def _free(situation: Situation, agents: Sequence[Agent], role: str) -> Agent:
    """Of a group, who is not away and has the fewest cases; the giver last."""
    facts = situation.facts
    if not agents:
        raise Refusal("nobody-has-the-role", role=role)
    busy = facts.presence.open_cases
    return min(
        agents,
        key=lambda one: (is_away(one, facts), one == situation.agent, busy.get(one.address, 0)),
    )


def _unknown(situation: Situation, who: str) -> Refusal:
    rulebook = situation.facts.rulebook
    teams = sorted({agent.team for agent in rulebook.agents if agent.team})
    known = [*(agent.name for agent in rulebook.agents), *teams, *TO_ROLES]
    calls = [word for agent in rulebook.agents for word in (agent.address, agent.name, *agent.name.split())]
    near = meant(who, [*calls, *teams, *TO_ROLES])
    return Refusal("unknown-agent", who=who, meant=near, known=tuple(map(str, known)))


def _plain(reason: str) -> str:
    return reason.strip(" \t,،:;؛-–—")


def _remarks(situation: Situation) -> tuple[Remark, ...]:
    """What was written down so far, in this very mail too."""
    now, who = situation.facts.now, situation.agent.address
    here = (
        Remark(now, who, text)
        for effect in situation.effects
        for kind, text in effect.events
        if kind is EventKind.NOTED
    )
    return (*situation.facts.trail, *here)


_NOT_TWICE = ("assign", "take", "release", "escalate")

COMMANDS = (
    Command(
        "assign",
        "assign WHO",
        "Give the case to another agent, by name or address.",
        "text",
        assign,
        not_with=_NOT_TWICE,
    ),
    Command("take", "take", "Make the case yours.", "nothing", take, not_with=_NOT_TWICE),
    Command(
        "release",
        "release",
        "Give the case back to the queue, for whoever is there.",
        "nothing",
        release,
        not_with=_NOT_TWICE,
    ),
    Command(
        "escalate",
        "escalate WHO REASON",
        "Give the case to somebody who can do more: a person, a team, or approver, admin, owner.",
        "text",
        escalate,
        not_with=_NOT_TWICE,
        flows=True,
    ),
)
