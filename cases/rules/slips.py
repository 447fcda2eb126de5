"""Words with typing errors: a letter too many, too few or wrong, or two that changed places.

Words are looked for by what is left when letters are taken out of them: two words that are a slip apart have
one of those in common, so a word costs the same however many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

ONE_FROM, TWO_FROM = 5, 9
"""Letters of a word that may have one typing error, and two."""
LONGEST = 40
"""Letters of a word that is looked at; a longer one is no slip of a word."""


def slips_in(word: str) -> int:
    """How many typing errors a word of a phrase may have."""
    return (len(word) >= ONE_FROM) + (len(word) >= TWO_FROM)


class Slips:
    """The words of phrases, by what is left of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._left: dict[str, list[str]] = defaultdict(list)
        for word in words:
            most = slips_in(word) if len(word) <= LONGEST else 0
            for left in _left_of(word, most) if most else ():
                self._left[left].append(word)

    def near(self, written: str) -> set[str]:
        """The words that this one may be a slip of."""
        if not ONE_FROM - 1 <= len(written) <= LONGEST:
            return set()
        most = 1 + (len(written) >= TWO_FROM - 2)
        could = {word for left in _left_of(written, most) for word in self._left.get(left, ())}
        return {word for word in could if distance(written, word) <= slips_in(word)}


def _left_of(word: str, most: int) -> set[str]:
    """The word without any of its letters, up to so many; itself too."""
    found = {word}
    for count in range(1, most + 1):
        found.update("".join(kept) for kept in combinations(word, len(word) - count))
    return found


def distance(one: str, other: str) -> int:
    """How many slips are between two words: letters put in, left out or replaced, neighbours swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for to, wanted in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, earlier[to - 2] + 1)
            row.append(cost)
    return row[-1]
