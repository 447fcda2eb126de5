"""The report as tables of plain values: what stands behind every chart, and in the CSV and JSON files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from reports.counting import AGES, SATISFIED
from reports.figures import Figures, Kept, Outcomes, Reopened, Times, Wait
from reports.statistics import Share, share
from store.models import CaseKind

ALL, BEFORE, CAUSE = "all", "before", "cause"
"""What a row is about: everything, the time before, or one cause."""
KINDS = tuple(kind.value for kind in CaseKind)


class Column(NamedTuple):
    """A column: its name, and what its values are."""

    key: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """Plain values: seconds, shares from 0 to 1, days and moments, names as they are stored."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.key for column in self.columns)


def _table(name: str, columns: str, rows: Iterable[Sequence[Any]]) -> Table:
    """`columns` are written "key:kind key:kind"; a key alone is a count."""
    parted = (one.partition(":") for one in columns.split())
    return Table(name, tuple(Column(key, kind or "n") for key, _, kind in parted), tuple(map(tuple, rows)))


def tables(figures: Figures) -> dict[str, Table]:
    """Every table, by name."""
    found = (*_volumes(figures), *_causes(figures), *_times(figures), *_outcomes(figures))
    found = (*found, *_customers(figures), *_queue(figures), *_agents(figures))
    return {one.name: one for one in found}


def _volumes(figures: Figures) -> Iterator[Table]:
    parts = (
        (part.first, part.last, *counts, sum(counts))
        for part, *counts in zip(figures.bins.parts, *(figures.by_kind[kind] for kind in KINDS), strict=True)
    )
    kinds = " ".join(f"{kind}:n" for kind in KINDS)
    yield _table("volumes", f"from:day to:day {kinds} all", parts)
    yield _table("kinds", "kind:kind cases before", ((k.name, k.count, k.before) for k in figures.kinds))
    for name, counts in figures.groups.items():
        rows = ((one.name, one.count, one.before) for one in counts)
        yield _table(name, f"{name}:{name} cases before", rows)


def _causes(figures: Figures) -> Iterator[Table]:
    causes = figures.causes
    yield _table(
        "causes",
        "cause:cause kind:kind cases before",
        ((c.category, c.kind, c.count, c.before) for c in causes),
    )
    parts = (
        (cause.category, cause.kind, part.first, part.last, count)
        for cause in causes
        for part, count in zip(figures.bins.parts, cause.parts, strict=True)
    )
    yield _table("causes_by_time", "cause:cause kind:kind from:day to:day cases", parts)
    together = ((one.category, one.fact, one.value, one.count, one.before) for one in figures.together)
    yield _table("causes_with_facts", "cause:cause fact:fact value:text cases before", together)
    praise = ((c.category, c.count, c.before) for c in causes if c.kind == CaseKind.PRAISE)
    yield _table("praise", "cause:cause cases before", praise)
    signals = (
        (
            *(one.raised_at, one.kind.value, one.name, one.category, dict(one.fact), list(one.terms)),
            *(one.count, one.expected, one.since),
        )
        for one in figures.signals
    )
    columns = (
        "raised:moment why:why name:text cause:causes facts:facts terms:terms cases expected since:moment"
    )
    yield _table("signals", columns, signals)


def _times(figures: Figures) -> Iterator[Table]:
    columns = "of:of cause:cause cases median:length p90:length work_median:work work_p90:work"
    for name, times in figures.times.items():
        yield _table(f"time_to_{name}", columns, _waits(times))


def _waits(times: Times) -> Iterator[tuple[Any, ...]]:
    yield (ALL, "", *_wait(times.all))
    yield (BEFORE, "", *_wait(times.before))
    for category, wait in times.by_category:
        yield (CAUSE, category, *_wait(wait))


def _wait(wait: Wait) -> tuple[Any, ...]:
    return wait.count, wait.median, wait.p90, wait.work_median, wait.work_p90


def _outcomes(figures: Figures) -> Iterator[Table]:
    rows = (
        (which, *row) for which, outcomes in figures.deadlines.items() for row in _kept(outcomes, causes=True)
    )
    columns = "which:which of:of cause:cause kept missed running share:share"
    # A deadline is never kept late: what is late is missed.
    deadlines = ((*row[:4], *row[5:]) for row in rows)
    yield _table("deadlines", columns, deadlines)
    promises = ((row[0], *row[2:]) for row in _kept(figures.promises, causes=False))
    yield _table("promises", "of:of kept late missed running share:share", promises)


def _kept(outcomes: Outcomes, *, causes: bool) -> Iterator[tuple[Any, ...]]:
    yield (ALL, "", *_shown(outcomes.all))
    yield (BEFORE, "", *_shown(outcomes.before))
    for category, kept in outcomes.by_group if causes else ():
        yield (CAUSE, category, *_shown(kept))


def _shown(kept: Kept) -> tuple[Any, ...]:
    return (*kept, kept.kept / kept.decided if kept.decided else None)


def _customers(figures: Figures) -> Iterator[Table]:
    said = figures.satisfaction
    yield _table("check_ins", "asked answered", ((said.asked, said.answered),))
    yield _table("scores", "score:score customers", enumerate(said.scores, 1))
    rows = [(ALL, "", said.satisfied), (BEFORE, "", said.before)]
    rows += [(CAUSE, category, found) for category, found in said.by_category]
    columns = "of:of cause:cause satisfied answered share:share low:share high:share"
    yield _table("satisfaction", columns, ((of, cause, *_interval(found)) for of, cause, found in rows))
    ended = [(ALL, "", _sum(figures.reopened)), (BEFORE, "", _sum(figures.reopened_before))]
    ended += [(CAUSE, one.category, one) for one in figures.reopened]
    columns = "of:of cause:cause ended reopened share:share"
    yield _table("reopened", columns, ((of, cause, *_share_of(one)) for of, cause, one in ended))
    columns = "currency:currency compensation:compensation offered offered_sum:money paid paid_sum:money"
    yield _table("compensation", f"{columns} owed owed_sum:money", figures.compensation)


def _interval(found: Share) -> tuple[Any, ...]:
    return found.part, found.whole, found.share, found.low, found.high


def _sum(rows: Sequence[Reopened]) -> Reopened:
    return Reopened("", sum(one.ended for one in rows), sum(one.reopened for one in rows))


def _share_of(one: Reopened) -> tuple[Any, ...]:
    return one.ended, one.reopened, share(one.reopened, one.ended).share


def _queue(figures: Figures) -> Iterator[Table]:
    queue, agents = figures.queue, figures.agents is not None
    row = (queue.waiting, queue.unassigned, queue.unseen, queue.overdue, queue.put_off)
    yield _table("queue", "waiting unassigned unseen overdue put_off", (row,))
    yield _table("queue_by_severity", "severity:severity waiting", queue.by_severity)
    limits = [0, *(age // timedelta(days=1) for age in AGES), None]
    ages = ((limits[at], limits[at + 1], count) for at, count in enumerate(queue.by_age))
    yield _table("queue_by_age", "from:days to:days waiting", ages)
    columns = "case:case opened:moment deadline:moment severity:severity cause:cause"
    oldest = (one if agents else one[:-1] for one in queue.oldest)
    yield _table("oldest", f"{columns} agent:agent" if agents else columns, oldest)


def _agents(figures: Figures) -> Iterator[Table]:
    if figures.agents is None:
        return
    columns = (
        "agent:agent approved median_answer:length p90:length work_median:work waiting promises_kept "
        "promises_missed satisfied answered share:share low:share high:share"
    )
    rows = (
        (
            *(one.address, one.approved, one.answer.median, one.answer.p90, one.answer.work_median),
            *(one.waiting, one.promises.kept, one.promises.late + one.promises.missed),
            *_interval(one.satisfied),
        )
        for one in figures.agents
    )
    yield _table("agents", columns, rows)


__all__ = ["ALL", "BEFORE", "CAUSE", "SATISFIED", "Column", "Table", "tables"]
