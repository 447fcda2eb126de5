"""A case, whole, as text for an agent: `show`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from cases import issue_lists
from cases.facts import Listing
from cases.known import Concern
from cases.rules.rulebook import Rulebook
from cases.saying import Say
from cases.told_agents import BY, kind_of
from store.models import (
    Case,
    Commitment,
    Compensation,
    Draft,
    DraftState,
    Event,
    EventKind,
    Letter,
    LetterState,
    Mail,
    MailKind,
    Promise,
)
from store.values import CORRECTIONS, SOFTWARE

MOST_MAILS, MOST_EVENTS, MOST_LETTERS = 50, 100, 50
"""Of each the newest."""
LONGEST = 8_000
"""Characters of one mail or draft that are shown."""
THEIRS = (MailKind.CUSTOMER, MailKind.CHECK_IN_ANSWER)
UNTOLD = frozenset(
    {
        EventKind.SENT,
        EventKind.REFUSED,
        EventKind.LOOKED,
        EventKind.HELPED,
        EventKind.ALERT,
        EventKind.TIMER_SKIPPED,
    }
)
"""What happens all the time and says nothing of the case; its letters are listed by themselves."""
_OWED = {EventKind.PROMISE_KEPT, EventKind.OFFERED, EventKind.PAID, EventKind.WITHDRAWN, EventKind.COMMITTED}
IN_WORDS = frozenset({EventKind.NOTED, *_OWED})
"""Events whose text is what a person wrote."""
_NUMBER = re.compile(r"#\d+")
_TO_WHOM = re.compile(r"^to (?P<who>\S+?@[^\s,;:]+)(?::\s*(?P<why>.*))?", re.DOTALL)
_BY_WHEN = re.compile(r"^(?P<what>.*), by (?P<until>\S+)$", re.DOTALL)
_OF_A_VERSION = re.compile(r"^version \d+: ")
Line = str | Say


@dataclass(frozen=True, slots=True)
class WholeCase:
    """Everything that is stored of a case."""

    case: Case
    mails: Sequence[Mail] = ()
    drafts: Sequence[Draft] = ()
    letters: Sequence[Letter] = ()
    """Those to the customer."""
    promises: Sequence[Promise] = ()
    compensations: Sequence[Compensation] = ()
    issues: Sequence[Concern] = ()
    commitments: Sequence[Commitment] = ()
    events: Sequence[Event] = ()
    facts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Values by name."""
    opted_out: datetime | None = None
    """Since when the customer wants no check-ins."""
    next_word: datetime | None = None
    """When the customer gets a holding update if nobody writes before."""


def shown(whole: WholeCase, rulebook: Rulebook, now: datetime) -> Listing:
    """The case as an agent reads it: what it is, what was said, what was promised, what happened."""
    title = Say("shown", {"number": whole.case.number, "subject": whole.case.subject})
    parts = (_about(whole, rulebook, now), _told(whole.case), _mails(whole), _drafts(whole))
    followed = issue_lists.shown(whole.issues, whole.commitments, lambda one: name_of(one, rulebook))
    after = (_letters(whole), _promises(whole), followed, _money(whole), _events(whole, rulebook))
    return Listing(title, parts=tuple(line for part in (*parts, *after) for line in part))


def _about(whole: WholeCase, rulebook: Rulebook, now: datetime) -> Iterator[Line]:
    case = whole.case
    until = case.snoozed_until
    yield Say(
        "show-status",
        {
            "status": case.status.value,
            "snoozed": until if until and until > now else None,
            "spam": case.spam,
            "merged": case.merged_into,
            "split": case.split_from,
        },
    )
    yield Say(
        "show-what",
        {
            "kind": case.kind.value,
            "category": case.category,
            "severity": case.severity.value,
            "fault": case.fault.value,
        },
    )
    for hit in case.why:
        if by := hit.get(BY):
            yield Say("show-corrected", {"agent": name_of(by, rulebook)})
        elif CORRECTIONS in hit:
            yield Say("show-learned", {"words": tuple(hit["words"]), CORRECTIONS: hit[CORRECTIONS]})
        else:
            yield Say("show-why", {"rule": hit["rule"], "words": tuple(hit["words"])})
    yield Say(
        "show-customer",
        {
            "name": case.customer_name,
            "address": case.customer,
            "language": case.language,
            "channel": case.channel,
        },
    )
    if whole.opted_out:
        yield Say("show-no-check-ins", {"since": whole.opted_out})
    yield from _known(whole, rulebook)
    yield Say("show-assignee", {"agent": name_of(case.assignee, rulebook)})
    yield Say(
        "show-times",
        {
            "opened": case.opened_at,
            "deadline": case.deadline_at,
            "resolve_by": case.resolve_by,
            "final_by": case.final_by,
            "score": case.score,
        },
    )
    if whole.next_word:
        yield Say("show-next-word", {"at": whole.next_word})


def _known(whole: WholeCase, rulebook: Rulebook) -> Iterator[Line]:
    """The facts, in the order of the rules."""
    for name in dict.fromkeys((*rulebook.extracting.names, *whole.facts)):
        if values := whole.facts.get(name):
            yield fact_said(name, values, rulebook)


def fact_said(name: str, values: Sequence[str], rulebook: Rulebook) -> Say:
    """A fact with its values, in a sentence."""
    return Say("fact-known", {"name": name, "kind": kind_of(name, rulebook), "values": tuple(values)})


def name_of(address: str, rulebook: Rulebook) -> str:
    """An agent's name; the address of one who is none any more."""
    agent = rulebook.agent(address)
    return agent.name if agent else address


def _told(case: Case) -> Iterator[Line]:
    if case.told:
        yield from (Say("show-told", {"channel": case.channel}), *_text(case.told))


def _mails(whole: WholeCase) -> Iterator[Line]:
    """The customer's mails, by the numbers that `split` takes."""
    theirs = [mail for mail in whole.mails if mail.kind in THEIRS]
    for number, mail in list(enumerate(theirs, 1))[-MOST_MAILS:]:
        yield Say(
            "show-mail",
            {
                "count": number,
                "sender": mail.sender,
                "at": mail.received_at,
                "attachments": ", ".join(mail.attachments),
            },
        )
        yield from _text(mail.words)


def _drafts(whole: WholeCase) -> Iterator[Line]:
    """Every draft that was approved, and the newest unless another was made in its place."""
    for draft in whole.drafts:
        is_newest = draft is whole.drafts[-1] and draft.state is not DraftState.SUPERSEDED
        if is_newest or draft.state is DraftState.APPROVED:
            yield Say("show-draft", {"version": draft.version, "state": draft.state.value})
            yield from _text(draft.body)


def _letters(whole: WholeCase) -> Iterator[Line]:
    for letter in whole.letters[-MOST_LETTERS:]:
        yield Say(
            "show-letter",
            {
                "subject": letter.subject,
                "recipient": letter.recipient,
                "sent": letter.sent_at,
                "undelivered": letter.undelivered,
                "refused": letter.state is LetterState.FAILED,
                "due": letter.due_at if letter.state is LetterState.QUEUED else None,
                "tried": letter.attempts > 0,
            },
        )


def _promises(whole: WholeCase) -> Iterator[Line]:
    for count, one in enumerate(whole.promises, 1):
        yield Say(
            "show-promise", {"count": count, "what": one.what, "due": one.due_at, "state": one.state.value}
        )


def _money(whole: WholeCase) -> Iterator[Line]:
    for count, one in enumerate(whole.compensations, 1):
        yield Say(
            "show-money",
            {
                "count": count,
                "kind": one.kind,
                "amount": f"{one.amount}",
                "currency": one.currency,
                "reason": one.reason,
                "state": one.state.value,
            },
        )


def _events(whole: WholeCase, rulebook: Rulebook) -> Iterator[Line]:
    """What happened, day by day as the firm's clock goes; the events' own text is for the log."""
    told = [event for event in whole.events if event.kind not in UNTOLD][-MOST_EVENTS:]
    if told:
        yield Say("show-events")
    zone = ZoneInfo(rulebook.calendar.time_zone)
    for day, events in groupby(told, lambda event: event.at.astimezone(zone).date()):
        yield Say("show-day", {"day": day})
        for event in events:
            yield Say("show-event", _event(event, whole.case, rulebook))


def _event(event: Event, case: Case, rulebook: Rulebook) -> dict[str, Any]:
    """What happened, by whom, and the rest of it that a letter can say in its reader's language."""
    values = {"at": event.at, "kind": event.kind.value, "actor": _actor(event, case, rulebook)}
    rest = {"text": "", "what": "", "before": "", "after": "", "until": None}
    return values | rest | _rest(event, event.data or {}, rulebook)


def _actor(event: Event, case: Case, rulebook: Rulebook) -> str | Say:
    if event.actor == SOFTWARE:
        return Say("show-by-itself")
    if event.actor == case.customer:
        return case.customer_name or case.customer
    return name_of(event.actor, rulebook)


def _rest(event: Event, data: Mapping[str, Any], rulebook: Rulebook) -> dict[str, Any]:
    """What stands behind an event: a person's words, a number, a name, a value or a time."""
    kind, text = event.kind, event.text
    if kind in (EventKind.CHANGED, EventKind.CORRECTED) and "to" in data:
        what = data.get("what", "category")
        return {"what": what, "before": data.get("from", ""), "after": data["to"]}
    if kind in (EventKind.FACT, EventKind.NO_FACT) and "values" in data:
        return {"text": fact_said(str(data["name"]), data["values"], rulebook)}
    if kind is EventKind.SNOOZED and "until" in data:
        return {"until": datetime.fromisoformat(data["until"])}
    if kind in (EventKind.ASSIGNED, EventKind.ESCALATED) and (found := _TO_WHOM.match(text)):
        why = (found["why"] or "").strip() if kind is EventKind.ESCALATED else ""
        return {"text": ": ".join(part for part in (name_of(found["who"], rulebook), why) if part)}
    return {"text": _figures(kind, data) or _words(kind, text)}


def _figures(kind: EventKind, data: Mapping[str, Any]) -> str | Say:
    """A score with its comment, or which holding update it was; "" of anything else."""
    if kind in (EventKind.CHECK_IN_GOOD, EventKind.CHECK_IN_LOW) and "score" in data:
        return ": ".join(part for part in (f"{data['score']}/5", data.get("comment", "")) if part)
    if kind is EventKind.HOLDING_SENT and "count" in data:
        until = data.get("until")
        return Say(
            "show-held", {"count": data["count"], "next": datetime.fromisoformat(until) if until else None}
        )
    return ""


def _words(kind: EventKind, text: str) -> str:
    """What a person wrote, or the number of another case."""
    if kind is EventKind.PROMISED and (found := _BY_WHEN.match(text)):
        return found["what"]
    if kind in (EventKind.MERGED, EventKind.TOOK_IN, EventKind.SPLIT):
        return "".join(_NUMBER.findall(text)[:1])
    if kind is EventKind.REJECTED:
        return _OF_A_VERSION.sub("", text)
    return text if kind in IN_WORDS else ""


def _text(words: str) -> Iterator[Line]:
    shortened = words[:LONGEST]
    if shortened.strip():
        yield shortened
    if len(words) > len(shortened):
        yield Say("show-cut", {"count": len(words) - len(shortened)})
