"""The figures of the firm by mail: what changed, what grows, what waits, what was missed (D24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from cases.agent_mail import language_of, to_desk
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.priorities import ALERT
from cases.regular import Regular, Slot, Span
from cases.rules.types import Agent
from cases.told_agents import kind_of
from store.models import LetterKind, Signal
from store.values import Address

OFFERS = ("queue", "causes", "stats")
"""What a reply can ask for, to see more."""


@dataclass(frozen=True, slots=True)
class Against:
    """So many of a name, and so many on the days that they are compared with."""

    name: str
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of those that can be told were kept in time; and on the days that they are compared with."""

    name: str
    kept: int
    decided: int
    kept_before: int
    decided_before: int

    @property
    def missed(self) -> int:
        """How many were not."""
        return self.decided - self.kept


@dataclass(frozen=True, slots=True)
class Oldest:
    """A case that has waited long."""

    number: int
    opened: datetime
    deadline: datetime | None
    severity: str


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell of some days, and of what is so now."""

    first: date
    last: date
    before_first: date
    before_last: date
    received: Against
    answers: Against
    ended: Against
    kinds: Sequence[Against]
    causes: Sequence[Against]
    """Of complaints, the most frequent first."""
    signals: Sequence[tuple[Signal, bool]]
    """What grows, and whether it was told in these days."""
    waiting: int
    unassigned: int
    overdue: int
    put_off: int
    oldest: Sequence[Oldest]
    deadlines: Sequence[Kept]
    """By what was due: an answer, a resolution, the final answer."""
    promises: Kept
    asked: int
    satisfied: Kept
    """How many of those who answered the check-in are satisfied."""

    @property
    def says_nothing(self) -> bool:
        """Whether nothing happened in these days, and nothing waits."""
        happened = (self.received, self.answers, self.ended)
        due = (*self.deadlines, self.promises, self.satisfied)
        counts = (*(one.count for one in happened), *(one.decided for one in due), self.waiting, self.asked)
        return not any(counts) and not any(new for _, new in self.signals)


def key_of(agent: Agent, regular: Regular, slot: Slot) -> str:
    """The key of one mail: there is one for each agent, span and day."""
    return f"{LetterKind.FIGURES}/{agent.address}/{regular.span}/{slot.day:%Y%m%d}"


def letter(facts: Facts, agent: Agent, regular: Regular, slot: Slot, told: Told) -> LetterRequest | None:
    """The mail; None where there is nothing to say. Once a week that is said all the same."""
    if told.says_nothing and regular.span is Span.DAILY:
        return None
    request = LetterRequest(
        kind=LetterKind.FIGURES,
        key=key_of(agent, regular, slot),
        template="agent_figures",
        language=language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables={
            "agent_name": agent.name,
            "weekly": regular.span is Span.WEEKLY,
            **_variables(facts, told),
        },
        priority=ALERT,
    )
    return replace(request, reply_to=to_desk(agent), offers=OFFERS)


def _variables(facts: Facts, told: Told) -> dict[str, Any]:
    return {
        "first": told.first,
        "last": told.last,
        "before_first": told.before_first,
        "before_last": told.before_last,
        "nothing": told.says_nothing,
        "received": asdict(told.received),
        "answers": asdict(told.answers),
        "ended": asdict(told.ended),
        "kinds": tuple(asdict(one) for one in told.kinds),
        "causes": tuple(asdict(one) for one in told.causes),
        "signals": tuple(_signal(facts, one, new=new) for one, new in told.signals),
        "waiting": told.waiting,
        "unassigned": told.unassigned,
        "overdue": told.overdue,
        "put_off": told.put_off,
        "cases": tuple(asdict(one) for one in told.oldest),
        "deadlines": tuple(_kept(one) for one in told.deadlines if one.decided),
        "promised": _kept(told.promises),
        "missed": sum(one.missed for one in (*told.deadlines, told.promises)),
        "asked": told.asked,
        "satisfied": _kept(told.satisfied),
    }


def _kept(one: Kept) -> dict[str, Any]:
    percent = round(100 * one.kept / one.decided) if one.decided else 0
    return {**asdict(one), "missed": one.missed, "percent": percent}


def _signal(facts: Facts, signal: Signal, *, new: bool) -> dict[str, Any]:
    shared = signal.fact.items()
    return {
        "kind": signal.kind.value,
        "categories": tuple(one for one in signal.category.split(",") if one),
        "facts": tuple(
            {"name": name, "kind": kind_of(name, facts.rulebook), "value": value} for name, value in shared
        ),
        "terms": tuple(signal.terms),
        "count": signal.count,
        "expected": round(signal.expected, 1) if signal.expected else None,
        "since": signal.since,
        "new": new,
    }
