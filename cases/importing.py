"""Old mail: whose it is, which case it makes, and where that stands. It is answered by nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from cases.decision import Decision
from cases.facts import Facts
from cases.opening import by_verdict
from cases.people import participants
from cases.sendable import sendable
from store.models import Case, EventKind, LetterKind, MailKind, Status
from store.values import Address, CaseChange, Message, NewEvent, NewLetter, canonical

WHY = "it is old mail that was imported"
BY, CUSTOMER, US = "by", "customer", "us"
NO_UPDATES = 1000
"""As if so many holding updates had left: none does, until a person has written to the customer."""


class Whose(Enum):
    """Who wrote an old mail, and to whom."""

    CUSTOMERS = "a customer's"
    ANSWER = "ours, to a customer"
    INTERNAL = "ours, to us"
    AUTOMATIC = "a program's"


@dataclass(frozen=True, slots=True)
class Old:
    """What is known of an old mail besides what it says."""

    came: datetime
    whose: Whose
    to: tuple[Address, ...] = ()
    """The customers whom an answer of ours went to."""
    leave_open: bool = False
    """A case that nobody has answered stays open."""
    untouched: bool = True
    """Whether only an import has had to do with the case."""


def whose(message: Message, ours: Collection[str]) -> tuple[Whose, tuple[Address, ...]]:
    """Whose mail it is; `ours` are canonical addresses. With the customers whom an answer went to."""
    sender = canonical(message.sender.address)
    if sender and sender in ours:
        others = tuple(one for one in _recipients(message) if canonical(one.address) not in ours)
        return (Whose.ANSWER, others) if others else (Whose.INTERNAL, ())
    return (Whose.CUSTOMERS if message.kind is MailKind.CUSTOMER else Whose.AUTOMATIC), ()


def _recipients(message: Message) -> Iterable[Address]:
    return (one for one in (*message.to, *message.cc) if sendable(one.key))


def imported(facts: Facts, message: Message, old: Old, letter: NewLetter | None = None) -> Decision:
    """What becomes of an old mail; `letter` is an answer of ours as it left.

    No letter is written, no timer set, and nobody told.
    """
    case = facts.case
    match old.whose:
        case Whose.CUSTOMERS if case is None:
            return _opened(facts, message, old)
        case Whose.CUSTOMERS if case is not None:
            return Decision(
                case=_went_on(facts, case, message, old),
                case_number=case.number,
                events=(_event(message, CUSTOMER),),
                found=facts.mail_facts,
            )
        case Whose.ANSWER if case is not None and letter is not None:
            return Decision(
                case=_answered(case, old, letter),
                case_number=case.number,
                events=(_event(message, US),),
            )
        case _:
            kind = MailKind.COMMAND if old.whose is Whose.INTERNAL else message.kind
            because = f"{old.whose.value}, of an import"
            event = NewEvent(EventKind.IGNORED, because, message.sender.key or "nobody", {"imported": True})
            return Decision(mail_kind=kind, case_number=case.number if case else None, events=(event,))


def letter_kind(message: Message) -> LetterKind:
    """What an answer of ours was: a program's own is taken for an acknowledgement."""
    said = (value.strip().lower() for value in message.header("Auto-Submitted"))
    return LetterKind.ACK if any(value and value != "no" for value in said) else LetterKind.ANSWER


def _opened(facts: Facts, message: Message, old: Old) -> Decision:
    verdict = facts.verdict
    if verdict is None:
        raise ValueError("a mail that opens a case needs a verdict")
    values: dict[str, Any] = {
        "subject": message.subject,
        "customer": message.sender.key,
        "customer_name": "" if "=?" in message.sender.name else message.sender.name,
        "mentions": [facts.mentioned.number] if facts.mentioned else [],
        "not_acknowledged_because": WHY,
    }
    values = by_verdict(facts, verdict, old.came, "") | values | _ended(old)
    values |= {"deadline_at": None, "resolve_by": None, "final_by": None, "holdings": NO_UPDATES}
    number = values.pop("number")
    return Decision(
        case=CaseChange(number, None, values, participants(facts, message)),
        case_number=number,
        events=(_event(message, CUSTOMER),),
        found=facts.mail_facts,
    )


def _ended(old: Old) -> dict[str, Any]:
    if old.leave_open:
        return {"status": Status.NEW}
    return {"status": Status.CLOSED, "closed_at": old.came}


def _went_on(facts: Facts, case: Case, message: Message, old: Old) -> CaseChange:
    """The case after more words of its customer; one that people work on is theirs to change."""
    values: dict[str, Any] = {}
    if old.untouched and case.status is Status.CLOSED:
        values["closed_at"] = old.came
    elif old.untouched and case.status is Status.ANSWERED:
        values["status"] = Status.OPEN
    return CaseChange(case.number, case.status, values, participants(facts, message))


def _answered(case: Case, old: Old, letter: NewLetter) -> CaseChange:
    values: dict[str, Any] = {}
    automatic = letter.kind is LetterKind.ACK
    if old.untouched and automatic and case.acknowledged_at is None:
        values |= {"acknowledged_at": old.came, "not_acknowledged_because": ""}
    if old.untouched and not automatic:
        values |= {"answered_at": old.came, "first_answered_at": case.first_answered_at or old.came}
        if case.status is Status.CLOSED:
            values["closed_at"] = old.came
        elif case.status in (Status.NEW, Status.OPEN):
            values["status"] = Status.ANSWERED
    return CaseChange(case.number, case.status, values, tuple(one.key for one in old.to))


def _event(message: Message, by: str) -> NewEvent:
    return NewEvent(EventKind.IMPORTED, message.subject, message.sender.key or "nobody", {BY: by})
