"""Figures from the stored cases, letters and events: counts, waiting times, satisfaction (D24)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlmodel import Session, col, select

from store.models import Case, Event, EventKind, Letter, LetterKind


@dataclass(frozen=True, slots=True)
class Waits:
    """How long something took, over all cases that have it."""

    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the page shows."""

    made_at: datetime
    cases: tuple[Case, ...]
    by_status: tuple[tuple[str, int], ...]
    by_kind: tuple[tuple[str, int], ...]
    by_category: tuple[tuple[str, int], ...]
    by_language: tuple[tuple[str, int], ...]
    acknowledged: Waits
    answered: Waits
    resolved: Waits
    scores: tuple[tuple[str, int], ...]
    reopened: int


def gather(session: Session, now: datetime) -> Figures:
    """The figures of all cases but spam."""
    cases = tuple(session.exec(select(Case).where(col(Case.spam).is_(False)).order_by(col(Case.number))))
    opened = {case.number: case.opened_at for case in cases}
    reopened = session.exec(select(Event.case_number).where(Event.kind == EventKind.REOPENED)).all()
    return Figures(
        made_at=now,
        cases=cases,
        by_status=_counts(case.status.value for case in cases),
        by_kind=_counts(case.kind.value for case in cases),
        by_category=_counts(case.category for case in cases),
        by_language=_counts(case.language for case in cases),
        acknowledged=_waits(opened, _first_sent(session, LetterKind.ACK)),
        answered=_waits(opened, _first_sent(session, LetterKind.ANSWER)),
        resolved=_waits(opened, [(case.number, case.resolved_at) for case in cases if case.resolved_at]),
        scores=_counts(str(case.score) for case in cases if case.score),
        reopened=sum(number in opened for number in reopened),
    )


def _counts(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(values).most_common())


def _first_sent(session: Session, kind: LetterKind) -> list[tuple[int, datetime]]:
    """When the first letter of a kind left, for each case that has one."""
    rows = session.exec(
        select(Letter.case_number, Letter.sent_at)
        .where(Letter.kind == kind, col(Letter.sent_at).is_not(None))
        .order_by(col(Letter.sent_at))
    ).all()
    first: dict[int, datetime] = {}
    for number, sent in rows:
        if number is not None and sent is not None:
            first.setdefault(number, sent)
    return list(first.items())


def _waits(opened: dict[int, datetime], ended: Sequence[tuple[int, datetime]]) -> Waits:
    times = sorted(end - opened[number] for number, end in ended if number in opened)
    if not times:
        return Waits(0, None, None)
    middle = timedelta(seconds=median(time.total_seconds() for time in times))
    return Waits(len(times), middle, times[max(0, -(-9 * len(times) // 10) - 1)])
