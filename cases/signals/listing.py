"""What grows now, in a table for agents: the command `causes`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.facts import Listing
from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE
from cases.saying import Say
from cases.told_agents import kind_of
from store.models import Signal, SignalKind

WEEKS = 4
"""Weeks before the last seven days that these are compared with."""
MOST_TOLD, MOST_GROWING = 20, 10
"""Lines of what was told and goes on, and of what grows besides."""
LEAST = 3
"""Customers within the week without whom a category is not said to grow."""
_COLUMNS = ("cause", "customers", "usual", "told")


@dataclass(frozen=True, slots=True)
class Weeks:
    """How many customers complained within seven days, and within the weeks before, by category."""

    now: Mapping[str, int]
    before: Mapping[str, int]

    def usual(self, category: str) -> float:
        """How many a usual week has."""
        return self.before.get(category, 0) / WEEKS


def causes(told: Iterable[Signal], weeks: Weeks, rulebook: Rulebook, since: datetime) -> Listing:
    """What was told and goes on, then the categories that have more customers than in a usual week."""
    newest = {one.name: one for one in sorted(told, key=lambda one: one.raised_at)}.values()
    signals = sorted(newest, key=lambda one: one.raised_at, reverse=True)[:MOST_TOLD]
    rows = tuple(_signal(one, rulebook) for one in signals)
    known = {one.category for one in signals if not one.fact and one.kind != SignalKind.CLUSTER}
    rows += tuple(_category(name, weeks) for name in _growing(weeks) if name not in known)
    nothing = () if rows else (Say("causes-none"),)
    return Listing(Say("causes", {"since": since}), _COLUMNS if rows else (), rows, nothing)


def _growing(weeks: Weeks) -> Sequence[str]:
    more = (
        (count - weeks.usual(name), name)
        for name, count in weeks.now.items()
        if count >= LEAST and count > weeks.usual(name) and name != UNSURE
    )
    return [name for _, name in sorted(more, reverse=True)[:MOST_GROWING]]


def _signal(one: Signal, rulebook: Rulebook) -> tuple[Say, ...]:
    usual = None if one.kind == SignalKind.THRESHOLD else round(one.expected, 1)
    return (
        Say("cell-cause", dict(_said(one, rulebook))),
        Say("cell-customers", {"count": one.count, "since": one.since}),
        Say("cell-usual", {"expected": usual}),
        Say("cell-moment", {"at": one.raised_at}),
    )


def _said(one: Signal, rulebook: Rulebook) -> Iterator[tuple[str, object]]:
    facts = ({"name": n, "kind": kind_of(n, rulebook), "value": value} for n, value in one.fact.items())
    yield "categories", tuple(name for name in one.category.split(",") if name)
    yield "facts", tuple(facts)
    yield "terms", tuple(one.terms)


def _category(name: str, weeks: Weeks) -> tuple[Say, ...]:
    return (
        Say("cell-cause", {"categories": (name,), "facts": (), "terms": ()}),
        Say("cell-customers", {"count": weeks.now[name], "since": None}),
        Say("cell-usual", {"expected": round(weeks.usual(name), 1)}),
        Say("cell-moment", {"at": None}),
    )
