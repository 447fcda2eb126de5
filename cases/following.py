"""What a customer writes into a case that exists: more words, or thanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from cases import agent_mail, asks, deadlines
from cases.alarms import raised, told
from cases.assigning import escalated, heir, members, one_of
from cases.calendar import after
from cases.decision import Decision, LetterRequest
from cases.facts import Facts
from cases.first_draft import beside_its_words
from cases.lifecycle import OPEN_ENDS, advance
from cases.people import flood_alerts, flood_event, floods, participants
from cases.rules.categories import category_of
from cases.rules.types import Agent
from cases.said_back import is_courtesy
from cases.spam import joined_silently
from store.models import ENDED, Case, EventKind, Status
from store.values import SOFTWARE, CaseChange, Message, NewEvent


def customer_wrote(facts: Facts, message: Message) -> Decision:
    """A further mail of the customer: the agent gets it with a new draft; thanks alone reopen nothing."""
    case = case_of(facts)
    if case.spam:
        return joined_silently(message, case)
    if case.status is not Status.NEW and is_courtesy(facts, message):
        event = NewEvent(EventKind.COURTESY, message.reply_text.strip()[:200], actor(message))
        return Decision(case=change_of(facts, case, (), message), case_number=case.number, events=(event,))
    return more_words(facts, message)


def more_words(
    facts: Facts,
    message: Message,
    first: tuple[NewEvent, ...] = (),
    values: Mapping[str, Any] = MappingProxyType({}),
) -> Decision:
    """Words that ask for something: the case goes on. `first` is what the mail says besides."""
    case = case_of(facts)
    about = beside_its_words(message)
    happened = (EventKind.CUSTOMER_WROTE, *going_on(case))
    events = (*first, *(NewEvent(kind, message.subject, actor(message), about) for kind in happened))
    decision = back_to_agent(
        facts, case, message, events, template="follow_up", headline="again", values=values
    )
    return alarming(facts, case, message, decision)


def said_again(facts: Facts, message: Message, case: Case) -> Decision:
    """The same words a second time: kept on the case, answered never, and no more work for its agent."""
    event = NewEvent(EventKind.DUPLICATE, "the sender said the same a moment ago", actor(message))
    return Decision(case_number=case.number, events=(event,))


def alarming(facts: Facts, case: Case, message: Message, decision: Decision) -> Decision:
    """The decision with the letters to those who are to know at once; none more in a flood."""
    if floods(facts):
        return decision
    case = case.model_copy(update={"severity": raised(case.severity, facts.alarms)})
    letters, events = told(facts, case, message, facts.alarms)
    return replace(decision, letters=decision.letters + letters, events=decision.events + events)


def case_of(facts: Facts) -> Case:
    """The case that the mail belongs to."""
    if facts.case is None:
        raise ValueError("this mail belongs to no case")
    return facts.case


def actor(message: Message) -> str:
    """Whose doing it is, for the log."""
    return message.sender.key or "nobody"


def going_on(case: Case) -> tuple[EventKind, ...]:
    """What happens to a case that had ended or was put off, and goes on."""
    reopened = (EventKind.REOPENED,) if case.status in ENDED else ()
    return (*reopened, *((EventKind.WOKE,) if case.snoozed_until else ()))


def change_of(
    facts: Facts, case: Case, kinds: tuple[EventKind, ...], message: Message, **values: object
) -> CaseChange:
    """The case after these events; who wrote takes part in it from now on."""
    status = advance(case.status, kinds)
    return CaseChange(case.number, case.status, values | {"status": status}, participants(facts, message))


def _of_a_flood(
    facts: Facts,
    case: Case,
    message: Message,
    events: tuple[NewEvent, ...],
    values: Mapping[str, Any],
) -> Decision:
    """The case is the agent's again, in the queue alone: neither a mail nor a new version of the draft."""
    kinds = tuple(event.kind for event in events)
    return Decision(
        case=change_of(facts, case, kinds, message, **{**values, **anew(facts, case)}),
        case_number=case.number,
        events=(*events, flood_event(facts)),
        letters=flood_alerts(facts, message),
        cancel_timers=OPEN_ENDS,
    )


def back_to_agent(
    facts: Facts,
    case: Case,
    message: Message,
    events: tuple[NewEvent, ...],
    *,
    template: str,
    headline: str,
    values: Mapping[str, Any],
) -> Decision:
    """The case is the agent's again, with a new version of the draft; in a flood, in the queue alone.

    Where the first is still to come, it comes with these words: one draft, and one mail about it.
    """
    if floods(facts):
        return _of_a_flood(facts, case, message, events, values)
    facts = asks.with_words(facts, message)
    severity = raised(case.severity, facts.alarms)
    values = {**values, **anew(facts, case)}
    if severity is not case.severity:
        values["severity"] = severity
        values |= deadlines.tightened(facts, case.model_copy(update=values))
    if taking := _escalated_to(facts, case):
        values["assignee"], headline = taking.address, "escalated"
        events += (escalated(taking.address, facts.escalate),)
    elif values["assignee"] != case.assignee:
        events += (NewEvent(EventKind.ASSIGNED, f"to {values['assignee']}", SOFTWARE),)
    version = facts.draft.version + 1 if facts.draft else 1
    if not facts.draft_coming:
        events += (NewEvent(EventKind.DRAFTED, f"version {version}", SOFTWARE),)
    change = change_of(facts, case, tuple(event.kind for event in events), message, **values)
    if facts.draft_coming:
        return Decision(case=change, case_number=case.number, events=events, cancel_timers=OPEN_ENDS)
    case = case.model_copy(update=values)
    return Decision(
        case=change,
        case_number=case.number,
        events=events,
        draft=asks.draft_for(facts, case, template, version),
        letters=_letters(facts, case, headline, version),
        cancel_timers=OPEN_ENDS,
    )


def _escalated_to(facts: Facts, case: Case) -> Agent | None:
    """Who gets the case because a rule says so of this mail; None where one of them has it already."""
    if not facts.escalate or case.assignee in {
        one.address for one in members(facts.escalate, facts.rulebook)
    }:
        return None
    return one_of(facts.escalate, case.number, facts)


def anew(facts: Facts, case: Case) -> dict[str, object]:
    """What a case loses and gets when it is the agent's again: who had an answer waits for another."""
    values: dict[str, object] = {"seen_at": None, "assignee": heir(case, facts).address}
    if case.status in (Status.ANSWERED, *ENDED):
        wait = category_of(case.category, facts.rulebook).answer_within
        values["deadline_at"] = after(facts.now, wait, facts.rulebook.calendar_of(str(values["assignee"])))
    if case.status in ENDED:
        values |= {"resolved_at": None, "closed_at": None, **deadlines.anew(facts, case)}
    if case.snoozed_until:
        values["snoozed_until"] = None
    return values


def _letters(facts: Facts, case: Case, headline: str, version: int) -> tuple[LetterRequest, ...]:
    agent = facts.rulebook.agent(case.assignee)
    return (
        (agent_mail.draft_to_agent(facts, case, agent, headline=headline, version=version),) if agent else ()
    )
