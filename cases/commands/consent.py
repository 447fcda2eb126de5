"""What has to wait for somebody else's yes before it is done (D13, promises 15 and 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cases import why_held
from cases.authority_limits import deciders, may_give_alone, other_eyes
from cases.commands.command import Command
from cases.commands.drafting import may_leave
from cases.commands.grammar import Given
from cases.commands.paying import offered
from cases.commands.situation import Effect, Situation
from cases.facts import Facts
from cases.requests import Waits, waits
from cases.rules.categories import category_of
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from cases.wishes import Commands, in_words, wish
from store.models import Case, EventKind, RequestKind

APPROVE = "approve"
ENDS = ("resolve", "close")
"""Commands that ask the customer, or say no more to them: not while their answer waits for a yes."""
WAITED_FOR = (RequestKind.AUTHORITY, RequestKind.FOUR_EYES)

__all__ = ["Waits", "held", "requested"]


def requested(
    facts: Facts,
    case: Case | None,
    giver: Agent,
    given: Sequence[Given],
    kind: RequestKind,
    asked: Sequence[Agent],
    expires_at: datetime,
) -> Waits:
    """Commands that wait for a yes, with the letters to those who are asked for it."""
    commands = tuple((one.name, one.argument) for one in given)
    return waits(facts, case, giver, commands, kind, asked, expires_at)


def held(situation: Situation, command: Command, argument: str) -> Effect | None:
    """What happens instead, while a command waits for a yes; None where the agent may do it alone.

    Raises Refusal where nobody could say yes.
    """
    _refuse_end_beside(situation, command)
    if situation.grant and situation.grant.kind in WAITED_FOR:
        return None
    if command.moves_money:
        return _money(situation, command, argument)
    if command.name == APPROVE:
        return _four_eyes(situation, command)
    return None


def _money(situation: Situation, command: Command, argument: str) -> Effect | None:
    """Above the agent's authority, or without proof of who wrote the mail, somebody else decides."""
    facts, agent = situation.facts, situation.agent
    money = offered(situation, argument).money
    alone = may_give_alone(agent, money, facts.compensations, facts.given_lately)
    if alone and is_proved(situation):
        return None
    why = why_held.of_money(facts, agent, money)
    asked = deciders(facts.rulebook, agent)
    return _waiting(situation, command, argument, RequestKind.AUTHORITY, asked, why, version=0)


def is_proved(situation: Situation) -> bool:
    """Whether more than a secret reply address says who gave the command (promise 16)."""
    policy, grant = situation.facts.policy, situation.grant
    if grant and grant.kind is RequestKind.CHALLENGE:
        return False
    return situation.facts.message is None or bool(policy.trusted_authserv_id) or not policy.token_only


def _four_eyes(situation: Situation, command: Command) -> Effect | None:
    """Some agents, and some categories, need a second person who looks at the answer."""
    facts, agent = situation.facts, situation.agent
    if not agent.draft_only and (not _wants_four_eyes(situation) or _seen_by_two(situation)):
        return None
    why = why_held.of_answer(agent)
    may_leave(situation)
    asked = other_eyes(facts.rulebook, agent)
    return _waiting(situation, command, "", RequestKind.FOUR_EYES, asked, why, version=situation.version)


def _wants_four_eyes(situation: Situation) -> bool:
    """Whether a category of the case does, also one that it was in before."""
    facts = situation.facts
    becomes = {effect.values["category"] for effect in situation.effects if "category" in effect.values}
    been = {situation.case.category, *facts.categories, *becomes}
    return any(category_of(name, facts.rulebook).four_eyes for name in been)


def _seen_by_two(situation: Situation) -> bool:
    """Whether a colleague wrote the text that this agent approves."""
    draft = situation.facts.draft
    if draft is None or draft.version != situation.version:
        return False
    return not draft.template and draft.agent != situation.agent.address


def _waiting(
    situation: Situation,
    command: Command,
    argument: str,
    kind: RequestKind,
    asked: Sequence[Agent],
    why: Say,
    *,
    version: int,
) -> Effect:
    facts, given = situation.facts, ((command.name, argument),)
    wanted = wish(facts.rulebook, situation.agent, given, version)
    _refuse_asked_before(facts, given, version, wanted)
    if not asked:
        raise Refusal("nobody-may-grant", command=wanted)
    until = facts.now + timedelta(days=facts.policy.request_days)
    # A mail can hold an offer and an approval; each waits on its own.
    apart = replace(facts, cause=f"{facts.cause}/{len(situation.effects)}")
    request = waits(
        apart, situation.case, situation.agent, given, kind, asked, until, draft_version=version, why=why
    )
    names = tuple(one.name for one in asked)
    return Effect(
        events=((EventKind.REQUESTED, f"{in_words(given)}: asks {', '.join(names)}"),),
        says=Say("held", {"command": wanted, "who": names, "until": until}),
        values={"seen_at": facts.now},
        data={"request": request.key, "command": command.name, "why": why.code},
        letters=request.letters,
        timers=request.timers,
        rows=request.rows,
        next_step=Say("next-wait"),
    )


def _refuse_asked_before(facts: Facts, given: Commands, version: int, wanted: Say) -> None:
    before = next(
        (
            one
            for one in facts.waiting
            if [tuple(each) for each in one.given] == list(given) and one.draft_version == version
        ),
        None,
    )
    if before:
        giver = facts.rulebook.agent(before.agent)
        who = giver.name if giver else before.agent
        raise Refusal("waits-already", command=wanted, who=who, until=before.expires_at)


def _refuse_end_beside(situation: Situation, command: Command) -> None:
    if command.name not in ENDS:
        return
    if any(
        effect.data.get("request") and effect.data.get("command") == APPROVE for effect in situation.effects
    ):
        raise Refusal("held-with", command=command.name)
