"""Rows of counts → what the report says of them. Pure: nothing here reads a clock or a database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from cases.checkin import HIGHEST, LOWEST
from reports.figures import Cause, Count, Kept, Oldest, Outcomes, Queue, Reopened, Satisfaction, Sum
from reports.statistics import Share, share
from store.models import CaseKind, Severity

SATISFIED = 4
"""Whoever gives so much, or more, is satisfied."""
AGES = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 30))
Came = tuple[str, str, int]
"""Kind, cause, how many."""


def kinds(parts: Sequence[Iterable[Came]], before: Iterable[Came]) -> tuple[Count, ...]:
    """How many of each kind, in their order; none is left out."""
    now, past = Counter[str](), Counter[str]()
    for part in parts:
        _add(now, ((kind, count) for kind, _, count in part))
    _add(past, ((kind, count) for kind, _, count in before))
    return tuple(Count(kind.value, now[kind.value], past[kind.value]) for kind in CaseKind)


def by_kind(parts: Sequence[Iterable[Came]]) -> dict[str, tuple[int, ...]]:
    """How many of each kind, part by part."""
    counted = [Counter[str]() for _ in parts]
    for counter, part in zip(counted, parts, strict=True):
        _add(counter, ((kind, count) for kind, _, count in part))
    return {kind.value: tuple(counter[kind.value] for counter in counted) for kind in CaseKind}


def causes(parts: Sequence[Iterable[Came]], before: Iterable[Came]) -> tuple[Cause, ...]:
    """Each cause and kind with its parts; the most frequent first."""
    series: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(parts))
    for at, part in enumerate(parts):
        for kind, category, count in part:
            series[category, kind][at] += count
    past = Counter[tuple[str, str]]()
    for kind, category, count in before:
        past[category, kind] += count
    names = {*series, *past}
    found = [Cause(*name, sum(series[name]), past[name], tuple(series[name])) for name in names]
    return tuple(sorted(found, key=lambda one: (-one.count, -one.before, one.category, one.kind)))


def counts(rows: Iterable[tuple[str, int, int]]) -> tuple[Count, ...]:
    """The most frequent first."""
    return tuple(sorted((Count(*row) for row in rows), key=lambda one: (-one.count, -one.before, one.name)))


def outcomes(rows: Iterable[tuple[str, str, int]], before: Iterable[tuple[str, str, int]]) -> Outcomes:
    """Group, outcome, how many → what became of them."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    everything, past = Counter[str](), Counter[str]()
    for group, outcome, count in rows:
        groups[group][outcome] += count
        everything[outcome] += count
    _add(past, ((outcome, count) for _, outcome, count in before))
    found = [(name, _kept(counter)) for name, counter in groups.items()]
    return Outcomes(
        _kept(everything), _kept(past), tuple(sorted(found, key=lambda one: (-sum(one[1]), one[0])))
    )


def satisfaction(
    rows: Iterable[tuple[int, str, str, datetime, int]],
    start: datetime,
    asked: tuple[int, int],
    *,
    by_agent: bool,
) -> Satisfaction:
    """Case, cause, agent, when and what was said, in order → what was said since `start`, and before it."""
    now: dict[int, tuple[str, str, int]] = {}
    past: dict[int, int] = {}
    for number, category, agent, at, score in rows:
        if not LOWEST <= score <= HIGHEST:
            continue
        if at < start:
            past[number] = score
        else:
            now[number] = category, agent, score
    every = Counter(score for *_, score in now.values())
    by_category = _shares((category, score) for category, _, score in now.values())
    by_one = _shares((agent, score) for _, agent, score in now.values() if agent) if by_agent else []
    return Satisfaction(
        *asked,
        scores=tuple(every[score] for score in range(LOWEST, HIGHEST + 1)),
        satisfied=_satisfied(every.elements()),
        before=_satisfied(past.values()),
        by_category=tuple(by_category),
        by_agent=dict(by_one),
    )


def reopened(rows: Iterable[tuple[str, int, int]]) -> tuple[Reopened, ...]:
    """Cause, ended, reopened: the most first."""
    return tuple(
        sorted(
            (Reopened(*row) for row in rows if row[1]),
            key=lambda one: (-one.reopened, -one.ended, one.category),
        )
    )


Paid = tuple[str, str, str, str, int]
"""Currency, kind, amount, state, how many."""


def compensation(offered: Iterable[Paid], paid: Iterable[Paid], owed: Iterable[Paid]) -> tuple[Sum, ...]:
    """Sums by currency and kind, exact; each currency first as a whole."""
    sums = [_sums(rows) for rows in (offered, paid, owed)]
    return tuple(
        Sum(*name, *sums[0][name], *sums[1][name], *sums[2][name]) for name in sorted(set().union(*sums))
    )


def queue(
    rows: Iterable[tuple[str, str, int, int, int, int]],
    younger: Sequence[int],
    oldest: Iterable[tuple[int, datetime, datetime | None, str, str, str]],
) -> Queue:
    """Agent, severity, how many, unseen, overdue, put off → what waits; `younger` than each age, and all."""
    found = list(rows)
    severities, agents = Counter[str](), Counter[str]()
    _add(severities, ((severity, count) for _, severity, count, *_ in found))
    _add(agents, ((agent, count) for agent, _, count, *_ in found))
    ages = [count - before for before, count in zip((0, *younger[:-1]), younger, strict=True)]
    return Queue(
        waiting=sum(agents.values()),
        unassigned=agents[""],
        unseen=sum(row[3] for row in found),
        overdue=sum(row[4] for row in found),
        put_off=sum(row[5] for row in found),
        by_severity=tuple((one.value, severities[one.value]) for one in reversed(Severity)),
        by_age=tuple(ages),
        by_agent={agent: count for agent, count in agents.items() if agent},
        oldest=tuple(Oldest(*row) for row in oldest),
    )


def _add(counter: Counter[str], rows: Iterable[tuple[str, int]]) -> None:
    for name, count in rows:
        counter[name] += count


def _sums(rows: Iterable[Paid]) -> dict[tuple[str, str], tuple[int, Decimal]]:
    sums: dict[tuple[str, str], tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for currency, kind, amount, _, count in rows:
        for name in ((currency, ""), (currency, kind)):
            counted, total = sums[name]
            sums[name] = counted + count, total + Decimal(amount) * count
    return sums


def _kept(counter: Counter[str]) -> Kept:
    return Kept(*(counter[name] for name in Kept._fields))


def _satisfied(scores: Iterable[int]) -> Share:
    found = list(scores)
    return share(sum(score >= SATISFIED for score in found), len(found))


def _shares(rows: Iterable[tuple[str, int]]) -> list[tuple[str, Share]]:
    scores: dict[str, list[int]] = defaultdict(list)
    for name, score in rows:
        scores[name].append(score)
    found = [(name, _satisfied(those)) for name, those in scores.items()]
    return sorted(found, key=lambda one: (-one[1].whole, one[0]))
