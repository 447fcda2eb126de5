"""The few statistics that the report names: median, nine tenths, and how sure a share is."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import NamedTuple

Z = 1.959963984540054
"""The normal distribution has 95% of itself within so many standard deviations."""


class Share(NamedTuple):
    """How many of how many, and between which shares the true one lies with 95% (Wilson's score interval)."""

    part: int
    whole: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


def share(part: int, whole: int) -> Share:
    """The share with its Wilson score interval, which stays within 0 and 1 and holds for few as for many."""
    if not whole:
        return Share(part, whole, None, None)
    seen, z2 = part / whole, Z * Z
    middle = (seen + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z * sqrt(seen * (1 - seen) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    # At both ends rounding would leave what is 0 or 1 just beside it.
    return Share(part, whole, middle - half if part else 0.0, middle + half if part < whole else 1.0)


def median(ordered: Sequence[float]) -> float:
    """The middle of these, which are in order; between the two middle ones where there are two."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def p90(ordered: Sequence[float]) -> float:
    """The smallest of these, which are in order, that nine of ten do not exceed (nearest rank)."""
    return ordered[ceil(len(ordered) * 9 / 10) - 1]
