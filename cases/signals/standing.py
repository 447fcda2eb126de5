"""What is told of what has grown: once, again when it has doubled, and one wave under one name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.signals.causes import Seen, overlap
from cases.signals.clusters import same
from store.models import Signal, SignalKind

AGAIN = 2
"""As many times the number that was told, it is told again."""
SHARED = 0.5
"""Such a part of their cases in common, two signals are one wave."""
RELATED = timedelta(days=2)
"""As long a wave that was told of by a threshold is not told of under a narrower or wider name."""
TOLD_CASES = 200
"""Cases that are kept with a signal."""
CLUSTER_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that has grown, before it is known whether that has been told."""

    name: str
    kind: SignalKind
    count: int
    """Customers who wrote."""
    since: datetime
    cases: tuple[Seen, ...]
    """One of each customer, the newest first."""
    to: tuple[str, ...]
    """Who is told: roles, teams, addresses."""
    categories: tuple[str, ...] = ()
    """None: any complaint."""
    facts: tuple[tuple[str, str], ...] = ()
    terms: tuple[str, ...] = ()
    expected: float = 0.0
    score: float = 0.0
    description: str = ""
    """What the rule says that it is for."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its cases."""
        return tuple(case.number for case in self.cases)


def is_news(candidate: Candidate, last: Signal | None) -> bool:
    """Whether it is to be told, after it was last told under its name."""
    return last is None or last.ended_at is not None or candidate.count >= AGAIN * last.count


def key_of(candidate: Candidate, last: Signal | None) -> str:
    """The key of its telling: what was told last has one successor, whoever is first to tell it."""
    return f"{candidate.kind}/{candidate.name}/{last.id if last else 0}"


def to_tell(candidates: Iterable[Candidate], open_ones: Sequence[Signal], now: datetime) -> list[Candidate]:
    """Those that say something else than what is told already, and than each other: thresholds before what is
    only unusual, and that by how unusual it is."""
    found: list[Candidate] = []
    for one in sorted(candidates, key=_order):
        twin = any(_is_twin(one, other) for other in found)
        if not twin and (
            one.kind is SignalKind.THRESHOLD or not any(_covers(other, one, now) for other in open_ones)
        ):
            found.append(one)
    return found


def _order(candidate: Candidate) -> tuple[bool, float, int, str]:
    return candidate.kind is not SignalKind.THRESHOLD, -candidate.score, -candidate.count, candidate.name


def _is_twin(one: Candidate, other: Candidate) -> bool:
    """Whether both are the same wave. What an admin asks for by name is always told."""
    if one.kind is SignalKind.THRESHOLD:
        return False
    return overlap(one.numbers, other.numbers) >= SHARED


def _covers(told: Signal, one: Candidate, now: datetime) -> bool:
    """Whether somebody knows of this wave already, under another name."""
    if told.name == one.name or one.count >= AGAIN * told.count:
        return False
    if overlap(one.numbers, told.cases) >= SHARED:
        return True
    if told.kind is SignalKind.THRESHOLD and now - told.raised_at > RELATED:
        return False
    return told.kind is not SignalKind.CLUSTER and _related(told, one)


def _related(told: Signal, one: Candidate) -> bool:
    """Whether one of the two causes is part of the other."""
    named = set(told.category.split(",")) - {""}
    facts, ours = set(told.fact.items()), set(one.facts)
    of_category = not named or not one.categories or bool(named & set(one.categories))
    narrower = of_category and (facts <= ours or ours <= facts)
    return narrower and bool((named & set(one.categories)) or (facts & ours))


def under_its_name(candidate: Candidate, earlier: Iterable[Signal]) -> Candidate:
    """A cluster under the name by which it was told before: what its mails share may change by the day."""
    if candidate.kind is not SignalKind.CLUSTER:
        return candidate
    before = (one for one in earlier if _is_same(candidate, one))
    newest = max(before, key=lambda one: one.raised_at, default=None)
    return replace(candidate, name=newest.name) if newest else candidate


def _is_same(cluster: Candidate, told: Signal) -> bool:
    return same(cluster.terms, told.terms) or overlap(cluster.numbers, told.cases) >= SHARED
