"""What letters to a customer may say about the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from cases import committed, issues
from cases.calendar import after, working_days_until
from cases.facts import Facts
from cases.naming import Names
from cases.told_agents import complaints_lately, facts_told
from language.money import PERCENT
from language.normalise import normalise
from store.models import Case, CompensationState, Promise, PromiseState

WRITTEN = ("mail", "form", "letter", "chat")
"""Channels on which a customer writes to the firm; on the others nobody is thanked for writing."""
SHORT = 60
"""Characters of a subject that is made of the words."""
KEPT = "promise_kept"
"""The answer letter that speaks of a promise that was kept; every other speaks of one that is open."""


class FactValues:
    """The facts of a case for a letter: `facts.order_number` is its value, or "" where nobody knows one."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")

    def __iter__(self) -> Iterator[str]:
        """The values that are known."""
        return iter(self._values.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactValues) and self._values == other._values

    __hash__ = None  # type: ignore[assignment]


class Promised(NamedTuple):
    """A promise, as letters tell it."""

    what: str
    due: datetime
    was_due: datetime | None = None
    """Its earlier day, where it was put off."""


class Offered(NamedTuple):
    """A compensation, as letters tell it."""

    kind: str
    amount: str
    """A decimal number; "" for a share of the price."""
    currency: str
    percent: str = ""
    visible_by: datetime | None = None
    """When the customer will see it (D14)."""


class OutsideBody(NamedTuple):
    """Whom a customer may turn to outside the firm (D16)."""

    name: str
    contact: str


def about(facts: Facts, case: Case) -> dict[str, Any]:
    """The values that every letter to a customer may use."""
    agent = facts.rulebook.agent(case.assignee)
    deadline = _still_to_come(case.deadline_at, facts)
    return {
        "name": case.customer_name,
        "number": case.number,
        "subject": "" if _made_up(case) else case.subject,
        "written": case.channel in WRITTEN,
        "agent_name": agent.name if agent else "",
        "contact": facts.policy.complaints_address,
        "deadline": deadline,
        "days": _days_until(deadline, facts, case),
        "words": facts.history.last_words,
        "facts": FactValues({one["name"]: ", ".join(one["found"]) for one in facts_told(facts)}),
        "kind": case.kind.value,
        "complaints": complaints_lately(facts, case),
    }


def _days_until(deadline: datetime | None, facts: Facts, case: Case) -> int | None:
    """The working days that are left, of those who have the case; None where there are none to tell."""
    calendar = facts.rulebook.calendar_of(case)
    return working_days_until(facts.now, deadline, calendar) if deadline else None


def acknowledged(facts: Facts, case: Case, opens: datetime | None) -> dict[str, Any]:
    """The values of an acknowledgement. Nobody is promised an answer for an hour at which nobody is there."""
    values = about(facts, case) | {"opens": opens}
    if opens and values["deadline"] and values["deadline"] <= opens:
        values |= {"deadline": None, "days": None}
    return values


def answered(facts: Facts, case: Case, letter: str) -> dict[str, Any]:
    """The values of an answer's draft. A day says by when, and no number of days from now: a draft may be
    approved much later."""
    promises = _promises(facts)
    last = _kept(facts) if letter == KEPT else (promises[-1] if promises else None)
    body = facts.rulebook.letters.turn_to(case.category)
    languages = facts.rulebook.letters.chain(case.language)
    return about(facts, case) | {
        "days": None,
        "fault": case.fault.value,
        "promise": last,
        "promises": promises,
        "compensation": _offered(facts, case),
        "outside_body": OutsideBody(body.called(languages), body.contact) if body else None,
        "known_issue": issues.note_for(facts, case),
        "commitment": committed.said_in(facts, letter),
        "score": case.score,
    }


def beginning(words: str) -> str:
    """A subject for what came without one."""
    line = words.splitlines()[0].strip()
    return line if len(line) <= SHORT else f"{line[:SHORT].rsplit(maxsplit=1)[0]} …"


def same_promise(one: str, other: str) -> bool:
    """Whether two promises are one, made for two days: they have the same words."""
    return normalise(one) == normalise(other)


def _promises(facts: Facts) -> tuple[Promised, ...]:
    """What was promised and is still to come; a day that has passed can't be promised to anybody."""
    still = (one for one in facts.promises if one.state is PromiseState.OPEN and one.due_at > facts.now)
    return tuple(Promised(one.what, one.due_at, _day_before(one, facts.promises)) for one in still)


def _kept(facts: Facts) -> Promised | None:
    """The promise that was kept last."""
    kept = [one for one in facts.promises if one.state is PromiseState.KEPT]
    last = max(kept, key=lambda one: one.ended_at or one.made_at, default=None)
    return Promised(last.what, last.due_at) if last else None


def _day_before(promise: Promise, of_case: Sequence[Promise]) -> datetime | None:
    """The day that a promise had when it was made before, in the same words, if it was put off."""
    earlier = of_case[: next(at for at, one in enumerate(of_case) if one is promise)]
    days = [
        one.due_at
        for one in earlier
        if one.state is not PromiseState.KEPT and same_promise(one.what, promise.what)
    ]
    return days[-1] if days and days[-1] < promise.due_at else None


def _offered(facts: Facts, case: Case) -> Offered | None:
    """What the customer was given last, unless it was taken back."""
    given = [one for one in facts.compensations if one.state is not CompensationState.WITHDRAWN]
    if not given:
        return None
    one = given[-1]
    rules = facts.rulebook
    kind = Names(rules.words, rules.categories).compensation(one.kind)
    wait = rules.letters.visible(kind)
    seen = after(one.paid_at or facts.now, wait, rules.calendar_of(case)) if wait else None
    seen = _still_to_come(seen, facts)
    if one.currency == PERCENT:
        return Offered(kind, "", "", f"{Decimal(one.amount).normalize():f}", seen)
    return Offered(kind, one.amount, one.currency, "", seen)


def _made_up(case: Case) -> bool:
    """Whether the subject was made of what a colleague wrote down: the customer never gave it one."""
    return bool(case.told.strip()) and case.subject == beginning(case.told.strip())


def _still_to_come(day: datetime | None, facts: Facts) -> datetime | None:
    """A day that a customer can be told; one that has passed is no promise."""
    return day if day is not None and day > facts.now else None
