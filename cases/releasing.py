"""A case that was given back to the queue: whoever takes it has it; else the next in turn gets it (D19)."""

from __future__ import annotations

from datetime import datetime

from cases import agent_mail, asks
from cases.asks import ANSWERS
from cases.assigning import Choice, in_turn
from cases.calendar import after
from cases.commands.situation import is_open
from cases.decision import Decision, DraftRequest
from cases.facts import Facts
from cases.rules.durations import Duration, Unit
from store.models import ENDED, Case, EventKind, Status, TimerKind
from store.values import SOFTWARE, CaseChange, NewEvent, NewTimer

TO_TAKE_IT = Duration(1, Unit.WORKING_HOURS)
"""How long anybody may take it first."""


def given_to_somebody_at(facts: Facts) -> datetime:
    """When a case that is released now goes to the next in turn."""
    return after(facts.now, TO_TAKE_IT, facts.rulebook.calendar)


def timer_of(facts: Facts, case: Case, giver: str, due: datetime) -> NewTimer:
    """The timer of a released case; its key ends with who gave the case back."""
    return NewTimer(TimerKind.RELEASE, f"{TimerKind.RELEASE}/{case.number}/{facts.cause}/{giver}", due)


def why_not(facts: Facts, case: Case) -> str:
    """Why the case is given to nobody; "" when it is."""
    if case.assignee:
        return "somebody has the case"
    if case.status in (*ENDED, Status.ANSWERED):
        return f"the case is {case.status}"
    if case.snoozed_until is not None and case.snoozed_until > facts.now:
        return "the case was put off; somebody gets it when it comes back"
    return "" if _next(facts, case).address else "no agent is named for such cases; it stays in the queue"


def _next(facts: Facts, case: Case) -> Choice:
    return in_turn(case, facts, but=facts.cause.rpartition("/")[2])


def given_to_somebody(facts: Facts, case: Case) -> Decision:
    """The next agent in turn has the case, and is mailed about it; never again who gave it back, where
    another could have it."""
    choice = _next(facts, case)
    agent = facts.rulebook.agent(choice.address)
    if agent is None:
        raise ValueError("there is no agent who could have a case")
    values = {"assignee": agent.address, "seen_at": None}
    theirs = case.model_copy(update=values)
    draft = _in_their_name(facts, theirs)
    newest = draft or facts.draft
    letter = agent_mail.draft_to_agent(
        facts,
        theirs,
        agent,
        headline="assigned",
        version=newest.version if newest else 0,
        draft_is_open=is_open(facts.draft),
    )
    drafted = (NewEvent(EventKind.DRAFTED, f"version {draft.version}", SOFTWARE),) if draft else ()
    return Decision(
        case=CaseChange(case.number, case.status, values | {"status": case.status}),
        case_number=case.number,
        events=(NewEvent(EventKind.ASSIGNED, str(choice), SOFTWARE), *drafted),
        draft=draft,
        letters=(letter,),
    )


def _in_their_name(facts: Facts, case: Case) -> DraftRequest | None:
    """The draft for its new agent to sign, where no person wrote into it."""
    draft = facts.draft
    if draft is None or not is_open(draft) or not draft.template:
        return None
    return asks.draft_for(facts, case, draft.template.removeprefix(ANSWERS), draft.version + 1)
