"""What a customer writes into a case that exists: more words, thanks, or the answer to a check-in."""

from __future__ import annotations

from dataclasses import replace

from cases import agent_mail, asks, checkin
from cases.alarms import raised, told
from cases.assigning import heir
from cases.calendar import after
from cases.facts import Decision, Facts, LetterRequest
from cases.first_draft import beside_its_words
from cases.lifecycle import ENDED, OPEN_ENDS, advance
from cases.people import flood_alerts, flood_event, floods, participants
from cases.rules.categories import category_of
from cases.spam import joined_silently
from store.models import Case, EventKind, Status
from store.values import SOFTWARE, CaseChange, Message, NewEvent

GOOD = 4
"""A score below it that comes with words is for a person to read."""


def customer_wrote(facts: Facts, message: Message) -> Decision:
    """A further mail of the customer: the agent gets it with a new draft; thanks alone reopen nothing."""
    case = _case_of(facts)
    if case.spam:
        return joined_silently(message, case)
    if case.status is not Status.NEW and _is_courtesy(facts, message):
        event = NewEvent(EventKind.COURTESY, message.reply_text.strip()[:200], _actor(message))
        return Decision(case=_change(facts, case, (), message), case_number=case.number, events=(event,))
    happened = (EventKind.CUSTOMER_WROTE, *_reopening(case), *_waking(case))
    about = beside_its_words(message)
    events = tuple(NewEvent(kind, message.subject, _actor(message), about) for kind in happened)
    if floods(facts):
        return _of_a_flood(facts, case, message, events)
    severity = raised(case.severity, facts.alarms)
    values = {} if severity is case.severity else {"severity": severity}
    decision = _back_to_agent(
        facts, case, message, events, template="follow_up", headline="again", values=dict(values)
    )
    return _alarming(facts, case.model_copy(update=values), message, decision)


def said_again(facts: Facts, message: Message, case: Case) -> Decision:
    """The same words a second time: kept on the case, answered never, and no more work for its agent."""
    event = NewEvent(EventKind.DUPLICATE, "the sender said the same a moment ago", _actor(message))
    return Decision(case_number=case.number, events=(event,))


def check_in_answered(facts: Facts, message: Message) -> Decision:
    """A score closes the case, or reopens it and tells its agent (D21). A late answer still counts."""
    case = _case_of(facts)
    if case.spam:
        return joined_silently(message, case)
    answer = checkin.read(message.reply_text, facts.rulebook.words)
    if answer is None:
        raise ValueError("this mail does not answer a check-in")
    needs_a_person = answer.is_low or (answer.score < GOOD and bool(answer.comment))
    kind = EventKind.CHECK_IN_LOW if needs_a_person else EventKind.CHECK_IN_GOOD
    first = NewEvent(
        kind, f"{answer.score} of 5", _actor(message), {"score": answer.score, "comment": answer.comment}
    )
    if needs_a_person:
        kinds = (*_reopening(case), *_waking(case))
        again = tuple(NewEvent(kind, f"score {answer.score}", _actor(message)) for kind in kinds)
        severity = raised(case.severity, facts.alarms)
        decision = _back_to_agent(
            facts,
            case,
            message,
            (first, *again),
            template="check_in_low",
            headline="check-in-low",
            values={"score": answer.score, "severity": severity},
        )
        return _alarming(facts, case.model_copy(update={"severity": severity}), message, decision)
    change = _change(facts, case, (kind,), message, score=answer.score)
    if change.values["status"] is not Status.CLOSED:  # it went on meanwhile, and may have been put off
        return Decision(case=change, case_number=case.number, events=(first,))
    change = replace(change, values={**change.values, "closed_at": case.closed_at or facts.now})
    return Decision(case=change, case_number=case.number, events=(first,), cancel_timers=OPEN_ENDS)


def _alarming(facts: Facts, case: Case, message: Message, decision: Decision) -> Decision:
    """The decision with the letters to those who are to know at once."""
    letters, events = told(facts, case, message, facts.alarms)
    return replace(decision, letters=decision.letters + letters, events=decision.events + events)


def _is_courtesy(facts: Facts, message: Message) -> bool:
    """Thanks and nothing else; an attachment says more."""
    return not message.attachments and checkin.is_courtesy(message.reply_text, facts.rulebook.words)


def _case_of(facts: Facts) -> Case:
    if facts.case is None:
        raise ValueError("this mail belongs to no case")
    return facts.case


def _actor(message: Message) -> str:
    return message.sender.key or "nobody"


def _reopening(case: Case) -> tuple[EventKind, ...]:
    return (EventKind.REOPENED,) if case.status in ENDED else ()


def _waking(case: Case) -> tuple[EventKind, ...]:
    return (EventKind.WOKE,) if case.snoozed_until else ()


def _change(
    facts: Facts, case: Case, kinds: tuple[EventKind, ...], message: Message, **values: object
) -> CaseChange:
    status = advance(case.status, kinds)
    return CaseChange(case.number, case.status, values | {"status": status}, participants(facts, message))


def _of_a_flood(
    facts: Facts,
    case: Case,
    message: Message,
    events: tuple[NewEvent, ...],
) -> Decision:
    """The case is the agent's again, in the queue alone: neither a mail nor a new version of the draft."""
    kinds = tuple(event.kind for event in events)
    return Decision(
        case=_change(facts, case, kinds, message, **anew(facts, case)),
        case_number=case.number,
        events=(*events, flood_event(facts)),
        letters=flood_alerts(facts, message),
        cancel_timers=OPEN_ENDS,
    )


def _back_to_agent(
    facts: Facts,
    case: Case,
    message: Message,
    events: tuple[NewEvent, ...],
    *,
    template: str,
    headline: str,
    values: dict[str, object],
) -> Decision:
    """The case is the agent's again, with a new version of the draft.

    Where the first is still to come, it comes with these words: one draft, and one mail about it.
    """
    facts = asks.with_words(facts, message)
    values = values | anew(facts, case)
    if values["assignee"] != case.assignee:
        events += (NewEvent(EventKind.ASSIGNED, f"to {values['assignee']}", SOFTWARE),)
    version = facts.draft.version + 1 if facts.draft else 1
    if not facts.draft_coming:
        events += (NewEvent(EventKind.DRAFTED, f"version {version}", SOFTWARE),)
    change = _change(facts, case, tuple(event.kind for event in events), message, **values)
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


def anew(facts: Facts, case: Case) -> dict[str, object]:
    """What a case loses and gets when it is the agent's again: who had an answer waits for another."""
    values: dict[str, object] = {"seen_at": None, "assignee": heir(case, facts).address}
    if case.status in (Status.ANSWERED, *ENDED):
        wait = category_of(case.category, facts.rulebook).answer_within
        values["deadline_at"] = after(facts.now, wait, facts.rulebook.calendar)
    if case.status in ENDED:
        values |= {"resolved_at": None, "closed_at": None}
    if case.snoozed_until:
        values["snoozed_until"] = None
    return values


def _letters(facts: Facts, case: Case, headline: str, version: int) -> tuple[LetterRequest, ...]:
    agent = facts.rulebook.agent(case.assignee)
    return (
        (agent_mail.draft_to_agent(facts, case, agent, headline=headline, version=version),) if agent else ()
    )
