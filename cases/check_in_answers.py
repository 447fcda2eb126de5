"""What an answer to a check-in leads to (D21): its case ends or goes on; and who is asked no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cases import agent_mail, asks
from cases.assigning import heir
from cases.check_in_timers import closing_timer
from cases.checkin import Answer, Wish
from cases.decision import Decision, LetterRequest
from cases.facts import Facts, Listing
from cases.following import (
    actor,
    alarming,
    back_to_agent,
    case_of,
    change_of,
    going_on,
    more_words,
    said_again,
)
from cases.lifecycle import OPEN_ENDS
from cases.people import floods
from cases.said_back import answer_in
from cases.saying import Say
from cases.spam import joined_silently
from cases.verbs import FOR_AN_ENDED_CASE
from store.models import ENDED, Case, EventKind, Status, TimerKind
from store.values import Message, NewEvent, NewRow, canonical

GOOD = 4
"""A score below it that comes with words is for a person to read."""
QUESTIONS = (TimerKind.CHECK_IN, TimerKind.CHECK_IN_REMINDER, TimerKind.CLOSE)


def check_in_answered(facts: Facts, message: Message) -> Decision:
    """A score closes the case, or reopens it and tells its agent. A late answer still counts."""
    case = case_of(facts)
    if case.spam:
        return joined_silently(message, case)
    answer = answer_in(facts, message)
    if answer is None:
        raise ValueError("this mail does not answer a check-in")
    before = facts.said_before
    if before and before.number == case.number:
        return said_again(facts, message, before)
    return _with_wish(facts, case, message, answer, _scored(facts, case, message, answer))


def _scored(facts: Facts, case: Case, message: Message, answer: Answer) -> Decision:
    if answer.score is None:
        return more_words(facts, message) if answer.comment else _nothing_said(facts, case, message, answer)
    if answer.is_low or (answer.score < GOOD and answer.comment):
        return _not_content(facts, case, message, answer)
    if message.attachments or facts.alarms or _asks_something(answer):
        first = _event(EventKind.CHECK_IN_GOOD, message, answer)
        return more_words(facts, message, first=(first,), values={"score": answer.score})
    return _content(facts, case, message, answer)


def _asks_something(answer: Answer) -> bool:
    """Whether the words beside a good score want an answer."""
    return "?" in answer.comment or "؟" in answer.comment


def _event(kind: EventKind, message: Message, answer: Answer) -> NewEvent:
    told = {"score": answer.score, "comment": answer.comment}
    return NewEvent(kind, f"{answer.score} of 5", actor(message), told)


def _not_content(facts: Facts, case: Case, message: Message, answer: Answer) -> Decision:
    """The case is its agent's again, with an apology to send."""
    first = _event(EventKind.CHECK_IN_LOW, message, answer)
    again = (NewEvent(kind, f"score {answer.score}", actor(message)) for kind in going_on(case))
    decision = back_to_agent(
        facts,
        case,
        message,
        (first, *again),
        template="check_in_low",
        headline="check-in-low",
        values={"score": answer.score},
    )
    return alarming(facts, case, message, decision)


def _content(facts: Facts, case: Case, message: Message, answer: Answer) -> Decision:
    """The case ends, and the customer is thanked; what they added reaches its agent."""
    event = _event(EventKind.CHECK_IN_GOOD, message, answer)
    change = change_of(facts, case, (event.kind,), message, score=answer.score)
    told = _told_agent(facts, case, answer)
    if change.values["status"] is not Status.CLOSED:  # it went on meanwhile, and may have been put off
        return Decision(case=change, case_number=case.number, events=(event,), letters=told)
    thanked = _thanked(facts, case, message, answer)
    ended = {"closed_at": case.closed_at or facts.now} | ({"thanked_at": facts.now} if thanked else {})
    return Decision(
        case=replace(change, values={**change.values, **ended}),
        case_number=case.number,
        events=(event,),
        letters=(*thanked, *told),
        cancel_timers=OPEN_ENDS,
    )


def _nothing_said(facts: Facts, case: Case, message: Message, answer: Answer) -> Decision:
    """A wish and no score: the case goes its way. Who is asked no more has it closed in due time."""
    thanked = _thanked(facts, case, message, answer)
    told: dict[str, Any] = {"thanked_at": facts.now} if thanked else {}
    ends = answer.wish is Wish.STOP and case.status is Status.RESOLVED
    return Decision(
        case=change_of(facts, case, (), message, **told),
        case_number=case.number,
        letters=thanked,
        timers=(closing_timer(facts, case),) if ends else (),
        cancel_timers=QUESTIONS if ends else (),
    )


def _with_wish(facts: Facts, case: Case, message: Message, answer: Answer, decision: Decision) -> Decision:
    """The decision with what the customer wants of check-ins from now on."""
    if answer.wish is None:
        return decision
    kind = EventKind.OPTED_OUT if answer.wish is Wish.STOP else EventKind.OPTED_IN
    row = wish_of(case.customer, answer.wish, facts, case)
    event = NewEvent(kind, "", actor(message))
    return replace(decision, events=(*decision.events, event), rows=(*decision.rows, row))


def wish_of(address: str, wish: Wish, facts: Facts, case: Case) -> NewRow:
    """What a customer wants of check-ins, to be kept; the newest word counts."""
    again = wish is Wish.AGAIN
    values = {"address": canonical(address), "at": facts.now, "case_number": case.number}
    return NewRow("opt_out", values | {"asked_again": again})


def _thanked(facts: Facts, case: Case, message: Message, answer: Answer) -> tuple[LetterRequest, ...]:
    """One letter of thanks a case; none for whoever no automatic letter may go to (promise 11)."""
    wrote_it = message.sender.key == case.customer and bool(case.customer)
    if case.thanked_at or not wrote_it or message.no_auto_reply or floods(facts):
        return ()
    return (asks.check_in_thanks(facts, case, answer.score, answer.wish),)


def _told_agent(facts: Facts, case: Case, answer: Answer) -> tuple[LetterRequest, ...]:
    """What a content customer added, for the case's agent: to be read, and perhaps more."""
    agent = facts.rulebook.agent(heir(case, facts).address)
    if agent is None or not answer.comment:
        return ()
    who = case.customer_name or case.customer
    title = Say("check-in-comment", {"customer": who, "score": answer.score})
    letter = agent_mail.transcript(
        facts,
        case,
        agent,
        (),
        version=facts.draft.version if facts.draft else 0,
        draft_is_open=False,
        lists=(Listing(title, parts=(answer.comment,)),),
        verbs=FOR_AN_ENDED_CASE,
        ended=case.status in ENDED,
    )
    key = f"check-in-comment/{case.number}/{facts.cause}/{agent.address}"
    return (replace(letter, key=key, thread=facts.history.agent_thread),)
