"""A case, whole, as text for an agent: `show`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases import issue_lists
from cases.facts import Listing
from cases.known import Concern
from cases.rules.rulebook import Rulebook
from cases.saying import Say
from cases.showing_events import happened
from cases.told_agents import BY, fact_said, name_of
from store.models import (
    FROM_CUSTOMERS,
    Case,
    Commitment,
    Compensation,
    Draft,
    DraftState,
    Event,
    Letter,
    LetterState,
    Mail,
    Promise,
)
from store.values import CORRECTIONS

MOST_MAILS, MOST_LETTERS = 50, 50
"""Of each the newest."""
LONGEST = 8_000
"""Characters of one mail or draft that are shown."""
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
    after = (
        _letters(whole),
        _promises(whole),
        followed,
        _money(whole),
        happened(whole.events, whole.case, rulebook),
    )
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


def _told(case: Case) -> Iterator[Line]:
    if case.told:
        yield from (Say("show-told", {"channel": case.channel}), *_text(case.told))


def _mails(whole: WholeCase) -> Iterator[Line]:
    """The customer's mails, by the numbers that `split` takes."""
    theirs = [mail for mail in whole.mails if mail.kind in FROM_CUSTOMERS]
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


def _text(words: str) -> Iterator[Line]:
    shortened = words[:LONGEST]
    if shortened.strip():
        yield shortened
    if len(words) > len(shortened):
        yield Say("show-cut", {"count": len(words) - len(shortened)})
