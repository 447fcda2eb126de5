"""A case, whole, as text for an agent: `show`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.facts import Listing
from cases.rulebook import Rulebook
from cases.saying import Say
from store.models import (
    Case,
    Compensation,
    Draft,
    DraftState,
    Event,
    EventKind,
    Letter,
    Mail,
    MailKind,
    Promise,
)

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
IN_WORDS = frozenset(
    {
        EventKind.NOTED,
        EventKind.REJECTED,
        EventKind.ESCALATED,
        EventKind.PROMISED,
        EventKind.PROMISE_KEPT,
        EventKind.OFFERED,
        EventKind.PAID,
        EventKind.REQUESTED,
        EventKind.GRANTED,
        EventKind.DENIED,
        EventKind.MERGED,
        EventKind.TOOK_IN,
        EventKind.SPLIT,
    }
)
"""Events whose text has a person's words, or a number; the text of the others is for the log."""
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
    events: Sequence[Event] = ()


def shown(whole: WholeCase, rulebook: Rulebook, now: datetime) -> Listing:
    """The case as an agent reads it: what it is, what was said, what was promised, what happened."""
    title = Say("shown", {"number": whole.case.number, "subject": whole.case.subject})
    parts = (_about(whole.case, rulebook, now), _told(whole.case), _mails(whole), _drafts(whole))
    after = (_letters(whole), _promises(whole), _money(whole), _events(whole, rulebook))
    return Listing(title, parts=tuple(line for part in (*parts, *after) for line in part))


def _about(case: Case, rulebook: Rulebook, now: datetime) -> Iterator[Line]:
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
        yield Say("show-why", {"rule": hit["rule"], "words": ", ".join(hit["words"])})
    yield Say(
        "show-customer",
        {
            "name": case.customer_name,
            "address": case.customer,
            "language": case.language,
            "channel": case.channel,
        },
    )
    yield Say("show-assignee", {"agent": name_of(case.assignee, rulebook)})
    yield Say("show-times", {"opened": case.opened_at, "deadline": case.deadline_at, "score": case.score})


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
    """The newest draft, and every one that was approved."""
    newest = whole.drafts[-1:]
    for draft in (*(one for one in whole.drafts[:-1] if one.state is DraftState.APPROVED), *newest):
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
                "amount": f"{one.amount} {one.currency}",
                "reason": one.reason,
                "state": one.state.value,
            },
        )


def _events(whole: WholeCase, rulebook: Rulebook) -> Iterator[Line]:
    told = [event for event in whole.events if event.kind not in UNTOLD]
    if told:
        yield Say("show-events")
    for event in told[-MOST_EVENTS:]:
        yield Say("show-event", _event(event, rulebook))


def _event(event: Event, rulebook: Rulebook) -> dict[str, Any]:
    """What happened, by whom, and the rest of it that a letter can say in its reader's language."""
    data: Mapping[str, Any] = event.data or {}
    values: dict[str, Any] = {"at": event.at, "kind": event.kind.value}
    values["actor"] = name_of(event.actor, rulebook)
    values |= {"text": "", "what": "", "before": "", "after": "", "until": None}
    if event.kind in (EventKind.CHANGED, EventKind.CORRECTED) and "to" in data:
        what = data.get("what", "category")
        return values | {"what": what, "before": data.get("from", ""), "after": data["to"]}
    if event.kind is EventKind.SNOOZED and "until" in data:
        return values | {"until": datetime.fromisoformat(data["until"])}
    if event.kind is EventKind.ASSIGNED:
        return values | {"text": name_of(event.text.removeprefix("to "), rulebook)}
    return values | ({"text": event.text} if event.kind in IN_WORDS else {})


def _text(words: str) -> Iterator[Line]:
    shortened = words[:LONGEST]
    if shortened.strip():
        yield shortened
    if len(words) > len(shortened):
        yield Say("show-cut", {"count": len(words) - len(shortened)})
