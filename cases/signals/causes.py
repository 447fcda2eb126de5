"""Cases as they are counted: of which cause each is, and who wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from store.values import canonical

Fact = tuple[str, str]
"""Name and value."""
LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Seen:
    """A case, as far as it is counted."""

    number: int
    at: datetime
    """When it was opened."""
    category: str
    """What it is about, as the last word on it says."""
    customer: str
    """The customer's address; "" where none is known."""
    facts: tuple[Fact, ...] = ()
    complains: bool = True
    """Whether it is a complaint; praise and questions are counted only where a rule names their category."""


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """What cases have in common: a category, facts, or both. An empty category is any complaint."""

    category: str = ""
    facts: tuple[Fact, ...] = ()

    @property
    def name(self) -> str:
        """One name for one cause, the same in every worker."""
        return named(self.category or "*", self.facts)

    def holds(self, case: Seen) -> bool:
        """Whether a case is of this cause."""
        return (not self.category or case.category == self.category) and set(self.facts) <= set(case.facts)


def named(what: str, facts: Iterable[Fact]) -> str:
    """A name of something that is counted; a fact may be long, for a customer wrote it."""
    return "/".join([what, *(f"{name}={value[:LONGEST_VALUE]}" for name, value in facts)])


def causes_of(case: Seen, names: Collection[str]) -> list[Cause]:
    """What a case counts for: its category, each of its facts of these names, and both together."""
    facts = sorted({fact for fact in case.facts if fact[0] in names})
    found = [Cause(case.category)]
    for fact in facts:
        found += [Cause("", (fact,)), Cause(case.category, (fact,))]
    return found


def by_people(cases: Iterable[Seen]) -> list[Seen]:
    """One case of each customer, the newest, the newest first: who writes twenty mails is no wave."""
    newest: dict[str, Seen] = {}
    for case in sorted(cases, key=_age, reverse=True):
        newest.setdefault(whose(case), case)
    return list(newest.values())


def whose(case: Seen) -> str:
    """By what two cases are known to be one person's; without an address each is another's."""
    return canonical(case.customer) if case.customer else f"#{case.number}"


def _age(case: Seen) -> tuple[datetime, int]:
    return case.at, case.number


def overlap(first: Sequence[int], second: Collection[int]) -> float:
    """Which part of the smaller of two sets of cases stands in the other."""
    smaller = min(len(first), len(second))
    return len(set(first) & set(second)) / smaller if smaller else 0.0
