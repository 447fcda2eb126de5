"""A word without what its language writes onto words, so that two of its forms are known for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.rules.vocabulary import SHORTEST, Affixes

LONG = 6
"""Letters that two long words begin with alike when they are of one family: delivery, delivered."""


@dataclass(frozen=True, slots=True)
class Stems:
    """What is left of words."""

    affixes: Affixes
    alike: dict[str, str]
    """Words, each with the first of those that mean the same."""
    weak: frozenset[str] = frozenset()
    """Letters that come and go within a word."""

    def cores(self, word: str) -> set[str]:
        """The word, and each word that it may be a form of."""
        return {
            core
            for prefix in self.affixes.prefixes
            if word.startswith(prefix)
            for suffix in self.affixes.suffixes
            if word.endswith(suffix)
            and (len(core := word[len(prefix) : len(word) - len(suffix)]) >= SHORTEST or core == word)
        }

    def keys(self, word: str) -> set[str]:
        """What two words have in common when one stands for the other."""
        cores = self.cores(word)
        meant = {self.alike[core] for core in cores if core in self.alike}
        roots = (
            {"".join(sign for sign in core if sign not in self.weak) for core in cores}
            if self.weak
            else set()
        )
        begins = {f"{word[:LONG]}-"} if len(word) > LONG else set()
        return cores | meant | begins | {f"√{root}" for root in roots if len(root) >= SHORTEST}


def alike(groups: Iterable[Iterable[tuple[str, ...]]]) -> dict[str, str]:
    """The words of each group by their first one."""
    found: dict[str, str] = {}
    for group in groups:
        words = [word for phrase in group for word in phrase]
        found |= {word: f"={words[0]}" for word in words if word not in found}
    return found
