"""A mail that could not be read when it came and can be now: what its case learns from it."""

from __future__ import annotations

from dataclasses import replace

from cases import agent_mail, asks
from cases.calendar import after
from cases.decision import Decision, LetterRequest
from cases.facts import Facts
from cases.intake import what_is_it
from cases.opening import opened
from cases.rules.categories import category_of
from store.models import Case, EventKind, LetterKind, MailKind, Status
from store.values import SOFTWARE, CaseChange, Message, NewEvent

LEARNT = ("kind", "category", "severity", "fault", "language", "subject", "confidence", "why", "mentions")
"""What a case knows from reading its mail."""
OF_THE_SENDER = ("customer", "customer_name", "acknowledged_at", "not_acknowledged_because")


def reread(facts: Facts, message: Message, case: Case | None, *, untouched: bool, actor: str) -> Decision:
    """What the mail leads to, read at last.

    A case that it began and that nobody has acted on (`untouched`) is classified anew and gets a new draft,
    and its customer the acknowledgement that could not be sent before. To any other case it is told and
    nothing more: what a command or a machine wrote then is not obeyed now.
    """
    kind, because = what_is_it(facts, message)
    elsewhere = facts.case if facts.case and case and facts.case.number != case.number else None
    if case is None or kind is not MailKind.CUSTOMER or elsewhere or facts.verdict is None:
        what = because or (f"it belongs to case {elsewhere.number}" if elsewhere else "it is a customer's")
        decision = _told(case, f"a mail can be read now: {what}", actor)
    elif untouched:
        decision = _anew(facts, message, case, actor)
    else:
        decision = _told(case, "a mail can be read now; the case is left as persons made it", actor)
    found = () if elsewhere or kind is not MailKind.CUSTOMER else facts.mail_facts
    return replace(decision, mail_kind=kind, found=found)


def is_untouched(case: Case) -> bool:
    """Whether the case is as it was when it began."""
    return case.status is Status.NEW and case.seen_at is None and case.merged_into is None


def _told(case: Case | None, text: str, actor: str) -> Decision:
    event = NewEvent(EventKind.REPLAYED, text, actor)
    return Decision(case_number=case.number if case else None, events=(event,))


def _anew(facts: Facts, message: Message, case: Case, actor: str) -> Decision:
    first = opened(_as_it_came(facts, case), message)
    assert first.case is not None  # noqa: S101 - `opened` opens one
    found = first.case.values
    answered = case.acknowledged_at is not None
    names = LEARNT if answered else LEARNT + OF_THE_SENDER
    values = {name: found[name] for name in names} | {"assignee": found["assignee"]}
    category = category_of(str(found["category"]), facts.rulebook)
    calendar = facts.rulebook.calendar_of(str(found["assignee"]))
    values["deadline_at"] = after(case.opened_at, category.answer_within, calendar)
    read = case.model_copy(update=values)
    version = facts.draft.version + 1 if facts.draft else 1
    facts = asks.with_words(facts, message)
    acks = () if answered else tuple(one for one in first.letters if one.kind is LetterKind.ACK)
    return Decision(
        case=CaseChange(case.number, case.status, values, first.case.participants),
        case_number=case.number,
        events=_events(case, read, version, actor),
        draft=asks.draft_for(facts, read, asks.letter_of(facts, read), version),
        letters=acks + _to_agent(facts, read, version),
    )


def _as_it_came(facts: Facts, case: Case) -> Facts:
    """The facts of a mail that opens this case."""
    others = tuple(one for one in facts.history.others if one.number != case.number)
    return replace(
        facts,
        case=None,
        next_number=case.number,
        new_case_token=case.reply_token,
        history=replace(facts.history, others=others),
    )


def _events(before: Case, read: Case, version: int, actor: str) -> tuple[NewEvent, ...]:
    said = f"its mail can be read now: {read.kind}, {read.category}, {read.severity}"
    events = [NewEvent(EventKind.REPLAYED, said, actor)]
    if before.acknowledged_at is None and read.acknowledged_at is not None:
        events.append(NewEvent(EventKind.ACKNOWLEDGED, f"in {read.language}", SOFTWARE))
    if read.assignee and read.assignee != before.assignee:
        events.append(NewEvent(EventKind.ASSIGNED, f"to {read.assignee}", SOFTWARE))
    return (*events, NewEvent(EventKind.DRAFTED, f"version {version}", SOFTWARE))


def _to_agent(facts: Facts, case: Case, version: int) -> tuple[LetterRequest, ...]:
    agent = facts.rulebook.agent(case.assignee)
    if agent is None:
        return ()
    return (agent_mail.draft_to_agent(facts, case, agent, headline="redrafted", version=version),)
