"""Thresholds: so many cases within a time, as the rules say, of a cause or of each value of a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product

from cases.rules.signals import Signal
from cases.rules.wanted_facts import WantedFact
from cases.signals.causes import Fact, Seen, by_people, named
from store.values import Fact as Value

DOWN = 0.5
"""A signal is over when such a part of its number is left, and not at each case that goes and comes."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one signal counts: all that its rule names, or one value of each fact."""

    rule: Signal
    facts: tuple[Fact, ...] = ()
    """Where each value is counted by itself: which."""

    @property
    def name(self) -> str:
        """What tells it from any other."""
        return named(self.rule.name, self.facts)

    @property
    def number(self) -> int:
        """How many are told of."""
        return self.rule.threshold.number

    @property
    def within(self) -> timedelta:
        """The time in which they are counted."""
        return self.rule.threshold.within.elapsed


def counted_with(rule: Signal, case: Seen) -> list[Counted]:
    """What a case counts for by a rule; nothing where it is none of its cases."""
    if not _is_of(rule, case):
        return []
    if not rule.each:
        return [Counted(rule)]
    values = ([fact for fact in case.facts if _fits(rule, name, fact)] for name in rule.fact)
    return [Counted(rule, tuple(facts)) for facts in product(*values)]


def cases_of(counted: Counted, cases: Iterable[Seen], now: datetime) -> list[Seen]:
    """Those of the cases that count now, one of each customer, the newest first."""
    since, theirs = now - counted.within, set(counted.facts)
    within = (case for case in cases if case.at >= since)
    return by_people(case for case in within if _is_of(counted.rule, case) and theirs <= set(case.facts))


def is_over(counted: Counted, count: int) -> bool:
    """Whether so few are left that it would be told anew when it is reached again."""
    return count < DOWN * counted.number


def _is_of(rule: Signal, case: Seen) -> bool:
    named = case.category in rule.category if rule.category else case.complains
    return named and all(any(_fits(rule, name, fact) for fact in case.facts) for name in rule.fact)


def _fits(rule: Signal, name: str, fact: Fact) -> bool:
    """Whether a fact is one of those that the rule wants under this name."""
    return any(_wanted(name, text).first((Value(*fact),)) for text in rule.fact[name])


_wanted = lru_cache(1024)(WantedFact)
