"""Commands about how a case goes on: notes, putting it off, and how it ends or begins again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases import agent_mail
from cases.calendar import after
from cases.categories import category_of
from cases.commands import correcting, handing
from cases.commands.command import Command
from cases.commands.dates import until_when
from cases.commands.situation import Effect, Situation
from cases.drafts import as_it_is
from cases.facts import LetterRequest
from cases.lifecycle import OPEN_ENDS
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from store.models import CaseKind, EventKind, TimerKind
from store.values import NewTimer


def note(situation: Situation, text: str) -> Effect:
    """A remark for colleagues; the customer never sees it."""
    return Effect(
        events=((EventKind.NOTED, text),), says=Say("noted"), values={"seen_at": situation.facts.now}
    )


def snooze(situation: Situation, text: str) -> Effect:
    """The case is out of the queue until then; a mail of the customer brings it back before."""
    facts, case = situation.facts, situation.case
    until = until_when(facts, text)
    return Effect(
        events=((EventKind.SNOOZED, f"until {until.isoformat(timespec='minutes')}"),),
        says=Say("snoozed", {"until": until}),
        values={"snoozed_until": until, "seen_at": facts.now},
        timers=(NewTimer(TimerKind.SNOOZE, f"{TimerKind.SNOOZE}/{case.number}/{facts.cause}", until),),
        cancel_timers=(TimerKind.SNOOZE,),
        data={"until": until.isoformat()},
        next_step=Say("next-snoozed"),
    )


def resolve(situation: Situation, _: str) -> Effect:
    """The case is solved, in the agent's eyes; the check-in asks the customer later (D21)."""
    facts, case = situation.facts, as_it_is(situation)
    due = check_in_due(situation)
    kind = TimerKind.CHECK_IN if due else TimerKind.CLOSE
    at = due or after(
        facts.now, category_of(case.category, facts.rulebook).close_after, facts.rulebook.calendar
    )
    return Effect(
        events=((EventKind.RESOLVED, ""),),
        says=Say("resolved", {"check_in": due}),
        values={"resolved_at": facts.now} | _ended(situation),
        timers=(NewTimer(kind, f"{kind}/{case.number}/{facts.cause}", at),),
        cancel_timers=OPEN_ENDS,
    )


def check_in_due(situation: Situation) -> datetime | None:
    """When the customer is asked; None for praise, and for who got no automatic answer before."""
    case, facts = as_it_is(situation), situation.facts
    if case.kind is CaseKind.PRAISE or not case.acknowledged_at:
        return None
    wait = category_of(case.category, facts.rulebook).check_in_after
    return after(facts.now, wait, facts.rulebook.calendar)


def close(situation: Situation, _: str) -> Effect:
    """The case ends at once; the customer is not asked about it."""
    return Effect(
        events=((EventKind.CLOSED_BY_AGENT, ""),),
        says=Say("closed"),
        values={"closed_at": situation.facts.now} | _ended(situation),
        cancel_timers=OPEN_ENDS,
    )


def spam(situation: Situation, _: str) -> Effect:
    """No customer of ours: nothing is sent any more, and what more comes joins silently."""
    facts = situation.facts
    if as_it_is(situation).spam:
        return Effect((), Say("already-so", {"command": "spam", "value": "spam"}))
    leaving = facts.leaving
    return Effect(
        events=((EventKind.SPAM, f"from {situation.case.customer or 'nobody'}"),),
        says=Say("spam", {"sender": situation.case.customer, "withdrawn": leaving is not None}),
        values={"spam": True, "closed_at": facts.now} | _ended(situation),
        reject_draft=situation.draft_open,
        cancel_timers=(*OPEN_ENDS, TimerKind.DRAFT),
        withdraw=(leaving.key,) if leaving else (),
        revoke_tokens=True,
    )


def reopen(situation: Situation, _: str) -> Effect:
    """A case that had ended goes on with its agent, or with the giver where that one is no agent any more."""
    facts, case = situation.facts, as_it_is(situation)
    if case.merged_into is not None:
        raise Refusal("merged-already", number=case.merged_into)
    has_it = facts.rulebook.agent(situation.assignee)
    assignee = has_it or situation.agent
    given = () if has_it else ((EventKind.ASSIGNED, f"to {assignee.address}"),)
    wait = category_of(case.category, facts.rulebook).answer_within
    values: dict[str, Any] = {
        "assignee": assignee.address,
        "resolved_at": None,
        "closed_at": None,
        "spam": False,
        "seen_at": facts.now if assignee == situation.agent else None,
        "deadline_at": after(facts.now, wait, facts.rulebook.calendar),
    }
    return Effect(
        events=((EventKind.REOPENED, f"by {situation.agent.address}"), *given),
        says=Say("reopened", {"agent": assignee.name}),
        values=values,
        letters=_to_colleague(situation, assignee, values),
        cancel_timers=OPEN_ENDS,
    )


def _to_colleague(situation: Situation, agent: Agent, values: dict[str, Any]) -> tuple[LetterRequest, ...]:
    if agent == situation.agent:
        return ()
    case = as_it_is(situation).model_copy(update=values)
    letter = agent_mail.draft_to_agent(
        situation.facts,
        case,
        agent,
        headline="reopened",
        version=situation.version,
        draft_is_open=situation.draft_open,
    )
    return (letter,)


def _ended(situation: Situation) -> dict[str, Any]:
    """What is said of a case that ended: an agent has seen it, and nobody puts it off any more."""
    values: dict[str, Any] = {"seen_at": situation.facts.now}
    return values | ({"snoozed_until": None} if as_it_is(situation).snoozed_until else {})


_ENDS = ("resolve", "close", "spam", "reopen")

COMMANDS = (
    *handing.COMMANDS,
    Command(
        "note",
        "note TEXT",
        "Write something down on the case, for colleagues only.",
        "text",
        note,
        repeatable=True,
        flows=True,
    ),
    *correcting.COMMANDS,
    Command(
        "snooze",
        "snooze UNTIL",
        "Put the case off: until friday, in 3 working days, 2026-12-01.",
        "text",
        snooze,
        not_with=("resolve", "close", "spam"),
    ),
    Command(
        "resolve",
        "resolve",
        "Say that the case is solved; the customer is asked later.",
        "nothing",
        resolve,
        not_with=_ENDS,
    ),
    Command("reopen", "reopen", "Let a case that ended go on.", "nothing", reopen, not_with=_ENDS),
    Command("close", "close", "End the case without asking the customer.", "nothing", close, not_with=_ENDS),
    Command(
        "spam",
        "spam",
        "Close it as spam: the sender gets nothing more, and is counted nowhere.",
        "nothing",
        spam,
        not_with=(*_ENDS, "approve"),
    ),
)
