"""Commands about how a case goes on: notes, putting it off, and how it ends or begins again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.asking import why_never
from cases.calendar import after
from cases.check_in_timers import closing_timer
from cases.commands import correcting, handing, reopening
from cases.commands.asking import with_wishes
from cases.commands.command import Command
from cases.commands.dates import rests_on, until_when
from cases.commands.situation import Effect, Situation
from cases.commands.unsent import refuse_lost_words
from cases.drafts import as_it_is
from cases.facts import Facts
from cases.lifecycle import OPEN_ENDS
from cases.rules.categories import category_of
from cases.saying import Refusal, Say
from store.models import Case, EventKind, Status, TimerKind
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
    said = {"until": until, "closed": rests_on(facts, until), "promised": _missed(situation, until)}
    return Effect(
        events=((EventKind.SNOOZED, f"until {until.isoformat(timespec='minutes')}"),),
        says=Say("snoozed", said),
        values={"snoozed_until": until, "seen_at": facts.now},
        timers=(NewTimer(TimerKind.SNOOZE, f"{TimerKind.SNOOZE}/{case.number}/{facts.cause}", until),),
        cancel_timers=(TimerKind.SNOOZE,),
        data={"until": until.isoformat()},
        next_step=Say("next-snoozed"),
    )


def _missed(situation: Situation, until: datetime) -> datetime | None:
    """By when the customer was promised an answer, where that is before; None where nothing is missed."""
    if situation.status is Status.ANSWERED:
        return None
    deadline = as_it_is(situation).deadline_at
    return deadline if deadline and deadline < until else None


def resolve(situation: Situation, _: str) -> Effect:
    """The case is solved, in the agent's eyes; the check-in asks the customer later (D21)."""
    refuse_lost_words(situation, "resolve")
    facts, case = situation.facts, as_it_is(situation)
    because = why_never(with_wishes(situation), case)
    due = None if because else _check_in_due(facts, case)
    told = {"check_in": due, "because": because.code if because else ""}
    timer = _asks(facts, case, due) if due else closing_timer(facts, case)
    return Effect(
        events=((EventKind.RESOLVED, ""),),
        says=Say("resolved-unsent", told) if _is_unsent(situation) else Say("resolved", told),
        values={"resolved_at": facts.now} | _ended(situation),
        timers=(timer,),
        cancel_timers=OPEN_ENDS,
    )


def _check_in_due(facts: Facts, case: Case) -> datetime:
    """When the customer is asked."""
    wait = category_of(case.category, facts.rulebook).check_in_after
    return after(facts.now, wait, facts.rulebook.calendar_of(case))


def _asks(facts: Facts, case: Case, due: datetime) -> NewTimer:
    kind = TimerKind.CHECK_IN
    return NewTimer(kind, f"{kind}/{case.number}/{facts.cause}", due)


def close(situation: Situation, _: str) -> Effect:
    """The case ends at once; the customer is not asked about it."""
    refuse_lost_words(situation, "close")
    return Effect(
        events=((EventKind.CLOSED_BY_AGENT, ""),),
        says=Say("closed-unsent") if _is_unsent(situation) else Say("closed"),
        values={"closed_at": situation.facts.now} | _ended(situation),
        cancel_timers=OPEN_ENDS,
    )


def spam(situation: Situation, _: str) -> Effect:
    """No customer of ours: nothing is sent any more, and what more comes joins silently."""
    facts, case = situation.facts, as_it_is(situation)
    if case.merged_into is not None:
        raise Refusal("merged-already", number=case.merged_into)
    if case.spam:
        return Effect((), Say("already-so", {"command": "spam", "value": "spam"}))
    if any(effect.approve_draft for effect in situation.effects):
        raise Refusal("conflict", first="approve", second="spam")
    unsent = _unsent(facts)
    return Effect(
        events=((EventKind.SPAM, f"from {situation.case.customer or 'nobody'}"),),
        says=Say("spam", {"sender": situation.case.customer, "withdrawn": bool(unsent)}),
        values={"spam": True, "closed_at": facts.now} | _ended(situation),
        reject_draft=situation.draft_open,
        cancel_timers=(*OPEN_ENDS, TimerKind.DRAFT),
        withdraw=unsent,
        revoke_tokens=True,
    )


def _unsent(facts: Facts) -> tuple[str, ...]:
    """Every letter to the customer that is not on its way yet."""
    leaving = (facts.leaving.key,) if facts.leaving else ()
    return tuple(dict.fromkeys((*leaving, *facts.unsent)))


def _is_unsent(situation: Situation) -> bool:
    """Whether there is an answer that could have been sent, and was not."""
    return situation.draft_open and bool(situation.case.customer)


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
        not_with=("resolve", "close", "spam", "assign", "release", "escalate"),
    ),
    Command(
        "resolve",
        "resolve",
        "Say that the case is solved; the customer is asked later.",
        "nothing",
        resolve,
        not_with=_ENDS,
    ),
    Command("reopen", "reopen", "Let a case that ended go on.", "nothing", reopening.reopen, not_with=_ENDS),
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
