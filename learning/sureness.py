"""How sure a guess is: its likelihood, by how much it leads, and whether the rules lean the same way.

What these are worth is learned from guesses about mails that were held back: of those with a sureness of
0.9, nine of ten were right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

SIGNS = 6
"""How many signs there are of a guess being right."""
_LEAST = 1e-6
_USUAL_LENGTH = 3.0
"""The logarithm of the words of a usual short mail."""


def signs(
    chances: Sequence[float], best: int, lean: str, label: str, confidence: float, words: int
) -> tuple[float, ...]:
    """The signs of a guess being right; `lean` is what the rules lean to, "" where they say nothing."""
    first = chances[best]
    second = max((chance for number, chance in enumerate(chances) if number != best), default=0.0)
    agrees, differs = float(lean == label), float(bool(lean) and lean != label)
    return (
        math.log((first + _LEAST) / (1 - first + _LEAST)) / 2,
        math.log((first + _LEAST) / (second + _LEAST)) / 2,
        agrees * (0.5 + confidence),
        differs * (0.5 + confidence),
        agrees,
        (math.log(words + 1) - _USUAL_LENGTH) / 2,
    )


@dataclass(frozen=True, slots=True)
class Sureness:
    """What each sign is worth."""

    bias: float = 0.0
    weights: tuple[float, ...] = ()
    """For each sign; without any, a guess is as sure as it is likely."""

    def of(self, seen: Sequence[float], likely: float) -> float:
        """How sure a guess with these signs is, 0 to 1."""
        if not self.weights:
            return likely
        score = self.bias + sum(map(mul, self.weights, seen))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
