"""How the script counts: medians, shares and sums in their plainest form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from bench.quarter.business_time import Team
from bench.quarter.lives import Life

Key = tuple[Any, ...]


def is_same(mine: Any, shown: Any) -> bool:
    if mine is None or shown is None or len(mine) != len(shown):
        return bool(mine == shown)
    for a, b in zip(mine, shown, strict=True):
        if isinstance(a, float) and isinstance(b, float | int):
            if abs(a - b) > 0.01:
                return False
        elif a != b:
            return False
    return True


def each(names: Iterable[str]) -> dict[Key, Any]:
    return {(name,): (count,) for name, count in Counter(names).items()}


def within(part: tuple[str, str], days: Mapping[Any, int], *rest: str) -> int:
    """How many lie in a part of the time."""
    return sum(
        n for (day, *key), n in days.items() if part[0] <= day.isoformat() <= part[1] and key == [*rest]
    )


def wait_of(those: Sequence[tuple[Life, datetime]]) -> tuple[Any, ...]:
    if not those:
        return 0, None, None, None, None
    clock = [(at - life.opened_at).total_seconds() for life, at in those]
    work = [worked(life.team, life.opened_at, at) for life, at in those]
    return len(those), float(median(clock)), nine_tenths(clock), float(median(work)), nine_tenths(work)


def worked(team: Team, start: datetime, end: datetime) -> float:
    return team.worked(start, end).total_seconds()


def nine_tenths(lengths: Sequence[float]) -> float:
    """The smallest that nine of ten do not exceed."""
    return next(
        one for one in sorted(lengths) if 10 * sum(each <= one for each in lengths) >= 9 * len(lengths)
    )


def outcome_of(states: Iterable[str]) -> tuple[int, int, int]:
    found = Counter(states)
    return found["kept"], found["missed"], found["running"]


def content_of(scores: Iterable[int]) -> tuple[int, int]:
    found = list(scores)
    return sum(one >= 4 for one in found), len(found)
