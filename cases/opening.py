"""A new case: who gets it, and whether it is acknowledged; its first draft comes right after (D5, D6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cases import agent_mail, asks
from cases.acknowledging import why_no_acknowledgement
from cases.alarms import told as alarms_told
from cases.assigning import Choice, escalated, whose
from cases.calendar import after
from cases.channels import Channel
from cases.decision import Decision, LetterRequest
from cases.facts import Facts
from cases.first_draft import FLOOD, beside_its_words, draft_key
from cases.people import alias_of, flood_alerts, flood_event, floods, participants
from cases.repeats import perhaps_the_same
from cases.rules.categories import category_of
from cases.saying import Say
from store.models import Case, EventKind, Status, TimerKind, plain, values_of
from store.values import RULES, SOFTWARE, CaseChange, Message, NewEvent, NewTimer, Verdict

HOUR = timedelta(hours=1)


def opened(facts: Facts, message: Message, also: Mapping[str, Any] | None = None) -> Decision:
    """A mail of a customer that belongs to no case yet; `also`: what else is known of the case.

    The draft and the mail to the agent are left to a timer, so that no acknowledgement waits for them.
    """
    verdict = facts.verdict
    if verdict is None:
        raise ValueError("a mail that opens a case needs a verdict")
    reasons = why_no_acknowledgement(facts, message) + _of_category(facts, verdict.category)
    channel = str((also or {}).get("channel", Channel.MAIL))
    choice = whose(verdict, facts.next_number, facts, channel)
    case = _new_case(facts, message, verdict, reasons, choice).model_copy(update=dict(also or {}))
    facts = asks.with_words(facts, message)
    letters: tuple[LetterRequest, ...] = () if reasons else (_acknowledgement(facts, message, case),)
    if floods(facts):
        letters += flood_alerts(facts, message)
    alarms, told = alarms_told(facts, case, message, verdict.alarms)
    values = values_of(case)
    return Decision(
        case=CaseChange(values.pop("number"), None, values, participants(facts, message)),
        case_number=case.number,
        events=_events(facts, message, case, reasons, choice) + told,
        letters=letters + alarms + _alerts(facts, message),
        timers=(NewTimer(TimerKind.DRAFT, draft_key(case.number), facts.now),),
    )


def _of_category(facts: Facts, name: str) -> tuple[str, ...]:
    """Why mail of a category gets no acknowledgement."""
    wanted = category_of(name, facts.rulebook).acknowledge
    return () if wanted else (f"the rules say that mail of the category {name} gets none",)


def _new_case(
    facts: Facts, message: Message, verdict: Verdict, reasons: tuple[str, ...], choice: Choice
) -> Case:
    values = {
        "subject": message.subject,
        "customer": message.sender.key,
        "customer_name": _name(message),
        "alias": alias_of(facts, message),
        "assignee": choice.address,
        "mentions": _mentions(facts, message, verdict),
        "acknowledged_at": None if reasons else facts.now,
        "not_acknowledged_because": "; ".join(reasons),
    }
    return plain(Case, by_verdict(facts, verdict, facts.now, choice.address) | values)


def by_verdict(facts: Facts, verdict: Verdict, came: datetime, assignee: str) -> dict[str, Any]:
    """What a new case has by the verdict on its mail. What is due is counted from when that came."""
    category = category_of(verdict.category, facts.rulebook)
    calendar = facts.rulebook.calendar_of(assignee)
    return {
        "number": facts.next_number,
        "status": Status.NEW,
        "kind": verdict.kind,
        "category": verdict.category,
        "severity": verdict.severity,
        "fault": category.fault,
        "language": verdict.language,
        "mailbox": facts.policy.mailbox,
        "reply_token": facts.new_case_token,
        "confidence": verdict.confidence,
        "why": [hit.told() for hit in verdict.hits],
        "opened_at": facts.now,
        "deadline_at": after(came, category.answer_within, calendar),
    }


def _mentions(facts: Facts, message: Message, verdict: Verdict) -> list[int]:
    """The case that the mail names, and the customer's open ones that may be about the same matter."""
    named = (facts.mentioned.number,) if facts.mentioned else ()
    same = perhaps_the_same(message.subject, verdict.category, facts.history.others, facts.rulebook.words)
    return list(dict.fromkeys((*named, *same)))


def _name(message: Message) -> str:
    """The name to greet by; one that could not be decoded (RFC 2047) is no name."""
    return "" if "=?" in message.sender.name else message.sender.name


def _acknowledgement(facts: Facts, message: Message, case: Case) -> LetterRequest:
    """The acknowledgement; in a flood of the whole firm it waits (promise 12)."""
    thread = (*message.references, message.message_id) if message.message_id else ()
    alarms = facts.verdict.alarms if facts.verdict else ()
    return asks.acknowledgement(facts, case, thread, _held(facts), alarms)


def _held(facts: Facts) -> timedelta:
    """How long an acknowledgement is held, so that a burst leaves at the hourly rate."""
    return HOUR * (facts.counts.acks_in_all_last_hour // facts.policy.acks_in_all_per_hour)


def _events(
    facts: Facts, message: Message, case: Case, reasons: tuple[str, ...], choice: Choice
) -> tuple[NewEvent, ...]:
    customer = case.customer or "nobody"
    version = {RULES: facts.verdict.rules} if facts.verdict and facts.verdict.rules else {}
    about = beside_its_words(message) | version | ({FLOOD: True} if floods(facts) else {})
    events = [NewEvent(EventKind.OPENED, f"{case.kind}, {case.category}, {case.severity}", customer, about)]
    if message.unparsed:
        events.append(NewEvent(EventKind.UNPARSED, "; ".join(message.damage), SOFTWARE))
    if reasons:
        events.append(NewEvent(EventKind.NOT_ACKNOWLEDGED, "; ".join(reasons), SOFTWARE))
    else:
        events.append(NewEvent(EventKind.ACKNOWLEDGED, f"in {case.language}", SOFTWARE))
    if case.mentions:
        numbers = ", ".join(f"#{number}" for number in case.mentions)
        events.append(NewEvent(EventKind.RELATED, f"it may be about the same as {numbers}", SOFTWARE))
    if case.assignee:
        events.append(NewEvent(EventKind.ASSIGNED, str(choice), SOFTWARE))
    if case.assignee and facts.verdict and facts.verdict.escalate:
        events.append(escalated(case.assignee, facts.verdict.escalate))
    if floods(facts):
        events.append(flood_event(facts))
    return tuple(events)


def _alerts(facts: Facts, message: Message) -> tuple[LetterRequest, ...]:
    if not message.unparsed or floods(facts):
        return ()
    headline = Say("unparsed", {"number": facts.next_number})
    return tuple(
        agent_mail.admin_alert(facts, admin, headline, lines=message.damage)
        for admin in agent_mail.admins(facts)
    )
