"""How long things took: medians and nine tenths of many waits, by cause and agent, in little memory."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from reports.figures import Times, Wait
from reports.statistics import median, p90
from reports.worktime import WorkTime

Took = tuple[str, str, float, float]
"""Cause, agent, from when, to when: in seconds since 1970."""


class Waits:
    """Waits of one cause and agent: eight bytes for each beginning and end."""

    def __init__(self) -> None:
        self.begins, self.ends = array("d"), array("d")


def times(rows: Iterable[Took], start: float, working: Callable[[str], WorkTime], *, by_agent: bool) -> Times:
    """The waits that ended since `start`, and those before it; `working` knows an agent's working time."""
    now: dict[tuple[str, str], Waits] = defaultdict(Waits)
    before: dict[tuple[str, str], Waits] = defaultdict(Waits)
    for category, agent, begins, ends in rows:
        waits = (now if ends >= start else before)[category, agent]
        waits.begins.append(begins)
        waits.ends.append(ends)
    took_now = {key: _Took.by(waits, working(key[1])) for key, waits in now.items()}
    took_before = [_Took.by(waits, working(agent)) for (_, agent), waits in before.items()]
    categories, agents = ({key[place] for key in now} for place in range(2))
    found = [(one, _wait([took for key, took in took_now.items() if key[0] == one])) for one in categories]
    return Times(
        all=_wait(list(took_now.values())),
        before=_wait(took_before),
        by_category=tuple(sorted(found, key=lambda one: (-one[1].count, one[0]))),
        by_agent={
            one: _wait([took for key, took in took_now.items() if key[1] == one])
            for one in agents
            if by_agent and one
        },
    )


class _Took(NamedTuple):
    """How long waits took, as clocks count and while somebody worked."""

    elapsed: array[float]
    working: array[float]

    @classmethod
    def by(cls, waits: Waits, working: WorkTime) -> _Took:
        lengths = (ends - begins for begins, ends in zip(waits.begins, waits.ends, strict=True))
        elapsed = array("d", (max(0.0, length) for length in lengths))
        return cls(elapsed, working.between(waits.begins, waits.ends))


def _wait(several: Sequence[_Took]) -> Wait:
    """What they come to together."""
    clock = sorted(chain.from_iterable(took.elapsed for took in several))
    work = sorted(chain.from_iterable(took.working for took in several))
    return Wait(len(clock), median(clock), p90(clock), median(work), p90(work)) if clock else Wait(0)
