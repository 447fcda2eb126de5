"""Unusual growth: a cause that has more cases than its own history lets one expect.

The statistic is a negative binomial tail over one, two and seven days, in the manner of Farrington (1996).
The expected number comes from eight weeks that end a week ago (so that a wave does not hide itself), the
newer ones weighing more, with the week's rhythm of all complaints together, and grows along where everything
else grows. Days that stand out are pulled back to the rest, so that an old wave does not make the next one
look usual. The spread is what the cause's days showed, and how little is known of a rare one. docs/signals.md
says how often it is wrong, and how soon it finds a wave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log10, sqrt

GUARD = 7
"""Days up to today that are not part of the history."""
BASE = 56
"""Days of history before these."""
LEAST = 28
"""Days of history without which nothing is unusual."""
DAYS = GUARD - 1 + BASE
"""Days before today that are looked at."""
WINDOWS = (1, 2, 7)
"""Days that are added up, today the last of them."""
A_WEEK = 7
HALF_LIFE = 28
_MOST_ALONG = 2.0
"""As many times its usual number a cause may have without a signal because everything else has."""
_USUAL_SPREAD, _SURE_OF_IT = 1.4, 14
"""The spread of a cause's days before anything is known of them, and how many days outweigh it."""
_OF_A_DAY = 0.04
"""The square of how far a day may be off for reasons that concern all causes: the weather, a holiday."""
_STANDS_OUT = 3.0
_NEVER_SEEN = 0.5
"""Cases that a cause without any is thought to have had in its history."""


@dataclass(frozen=True, slots=True)
class Past:
    """How many people wrote on each of the days before today, the oldest first, yesterday last."""

    cause: Sequence[int]
    all: Sequence[int]
    """Complaints of any cause."""


@dataclass(frozen=True, slots=True)
class Lately:
    """How many people wrote within one of the windows, today so far included."""

    days: int
    cause: int
    all: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What a window of a cause shows."""

    days: int
    count: int
    expected: float
    score: float
    """How rarely so many would come by chance: 6.0 is once in a million such windows."""


def growth(past: Past, lately: Sequence[Lately], most_usual: float = 1.5) -> Growth | None:
    """The window that is most unusual; None where there is too little history, or nothing above the usual.

    `past` holds DAYS days or fewer, `lately` the windows. A number counts when it is more than `most_usual`
    times what is expected.
    """
    base = _Base.of(past)
    if base is None:
        return None
    found = (_judged(base, one) for one in lately)
    unusual = [one for one in found if one.count > most_usual * one.expected]
    return max(unusual, key=lambda one: one.score, default=None)


@dataclass(frozen=True, slots=True)
class _Base:
    """What the history says: the level of a day, the week's rhythm, and how far days stray."""

    level: float
    rhythm: tuple[float, ...]
    """By how many days before today a weekday was, 0 for today: its share of a mean day."""
    spread: float
    unsure: float
    """The square of how far the level may be off."""
    odds: float
    """Cases of the cause to one of any other."""

    @classmethod
    def of(cls, past: Past) -> _Base | None:
        cause, everything = past.cause[: 1 - GUARD], past.all[: 1 - GUARD]
        first = next((number for number, count in enumerate(everything) if count), len(everything))
        cause, everything = cause[first:][-BASE:], everything[first:][-BASE:]
        if len(cause) < LEAST:
            return None
        rhythm = _rhythm(everything)
        factors = [rhythm[ago % A_WEEK] for ago in range(GUARD - 1 + len(cause), GUARD - 1, -1)]
        weights = [0.5 ** ((len(cause) - number) / HALF_LIFE) for number in range(len(cause))]
        pulled = _pulled_back(cause, factors, weights)
        level = _level(pulled, factors, weights)
        others = sum(w * max(0, a - c) for w, a, c in zip(weights, everything, cause, strict=True))
        ours = sum(w * c for w, c in zip(weights, pulled, strict=True))
        spread = _spread(pulled, factors, level)
        return cls(level, rhythm, spread, spread / (ours + _NEVER_SEEN), ours / others if others else 0.0)

    def expected(self, one: Lately) -> float:
        """By the calendar; more where everything else has grown, too."""
        by_days = self.level * sum(self.rhythm[ago % A_WEEK] for ago in range(one.days))
        along = self.odds * max(0, one.all - one.cause)
        return max(by_days, min(along, _MOST_ALONG * by_days))


def _judged(base: _Base, one: Lately) -> Growth:
    mean = base.expected(one)
    # var = spread * mean + (unsure + of a day) * mean²
    excess = (base.spread - 1) / mean + base.unsure + _OF_A_DAY / one.days
    return Growth(one.days, one.cause, mean, -log10(max(tail(one.cause, mean, 1 / excess), 1e-300)))


def _rhythm(everything: Sequence[int]) -> tuple[float, ...]:
    """The share of each weekday, by how many days before today it was; one day of an even week is added."""
    mean = sum(everything) / len(everything)
    shares = []
    for ago in range(A_WEEK):
        # The last of `everything` was GUARD days ago.
        days = [everything[-1 - back] for back in range(len(everything)) if (back + GUARD) % A_WEEK == ago]
        shares.append((sum(days) + mean) / ((len(days) + 1) * mean) if mean else 1.0)
    whole = sum(shares) / A_WEEK
    return tuple(share / whole for share in shares)


def _level(counts: Sequence[float], factors: Sequence[float], weights: Sequence[float]) -> float:
    seen = sum(w * c for w, c in zip(weights, counts, strict=True))
    usual = sum(w * f for w, f in zip(weights, factors, strict=True))
    return (seen + _NEVER_SEEN) / usual


def _pulled_back(counts: Sequence[int], factors: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Days that stand out count as much as a day that just does not."""
    pulled = [float(count) for count in counts]
    for _ in range(3):
        level = _level(pulled, factors, weights)
        most = [_most(level * factor) for factor in factors]
        pulled = [min(count, limit) for count, limit in zip(counts, most, strict=True)]
    return pulled


def _most(mean: float) -> float:
    return mean + _STANDS_OUT * sqrt(_USUAL_SPREAD * mean) + 1


def _spread(counts: Sequence[float], factors: Sequence[float], level: float) -> float:
    strays: float = sum((c - level * f) ** 2 / (level * f) for c, f in zip(counts, factors, strict=True))
    return max(1.05, (strays + _USUAL_SPREAD * _SURE_OF_IT) / (len(counts) + _SURE_OF_IT))


def tail(count: int, mean: float, size: float) -> float:
    """How likely a negative binomial number of that mean and size is `count` or more."""
    if count <= 0:
        return 1.0
    if count <= mean:
        return 1.0 - sum(_terms(0, count, mean, size))
    return sum(_terms(count, None, mean, size))


def _terms(start: int, end: int | None, mean: float, size: float) -> Iterator[float]:
    """The likelihoods of the numbers from start on, as long as they add something."""
    share = mean / (mean + size)
    term = exp(
        lgamma(start + size)
        - lgamma(size)
        - lgamma(start + 1)
        + size * log(size / (mean + size))
        + start * log(share)
    )
    number, first = start, term
    while (end is None or number < end) and (term > first * 1e-12 or number < mean):
        yield term
        term *= share * (number + size) / (number + 1)
        number += 1
