"""Phrases that would have caught what agents corrected: counted over mails, and weighed against chance.

A phrase is proposed where it stands in mails of a category more often than chance would put it there: by
Fisher's exact test, one-sided, which holds for few mails too.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cases.rules.fold import STOP, Folded, fold_phrase

LONGEST = 3
"""Words of a phrase."""
FEWEST = 3
"""Mails of its category that a phrase must stand in."""
PEOPLE = 2
"""Customers whose mails those must be."""
MISSED = 2
"""Of those mails the ones that the rules took for something else."""
SURE = 0.001
"""How likely chance may be at most to put a phrase into so many mails of a category; thousands are tried."""
CLEAR = 2 / 3
"""The share of its category among the mails that it stands in."""
SHORTEST = 3
"""Letters of a phrase of one word."""
BEST = 5
"""Phrases that are proposed for a category and language."""
MOST = 4_000
"""Phrases of a category and language that are looked at, the most frequent ones."""

Words = tuple[str, ...]
Field = tuple[str, str]
"""A category and a language."""


class Judged(NamedTuple):
    """A mail, with what it is about as far as that is known."""

    number: int
    """Of its case; 0 for one that was given from outside."""
    customer: str
    language: str
    meant: str
    """What a person said; "" where nobody did."""
    ruled: str
    """What the rules say today; "" where they are unsure."""


@dataclass
class Counted:
    """How often a phrase stands where."""

    mine: int = 0
    """In mails of its category, as people said."""
    others: int = 0
    """In mails of other categories, as people or else the rules say."""
    unjudged: int = 0
    """In mails of which neither people nor rules say anything."""
    missed: list[int] = field(default_factory=list)
    """The cases of its category that the rules took for something else."""
    hits: list[int] = field(default_factory=list)
    """Some cases of other categories."""
    people: set[str] = field(default_factory=set)
    written: Counter[str] = field(default_factory=Counter)


class Proposal(NamedTuple):
    """A phrase that would have caught mails that the rules missed."""

    category: str
    language: str
    phrase: str
    mine: int
    others: int
    unjudged: int
    chance: float
    """How likely it would be by chance."""
    catches: tuple[int, ...]
    """Cases; 0 for a mail that was given from outside."""
    also_hits: tuple[int, ...]
    """Some cases of other categories that it stands in too."""


def phrases_in(mail: Folded) -> dict[Words, str]:
    """The phrases of one to three words of a mail, within its sentences, each as it is first written."""
    found: dict[Words, str] = {}
    words, tokens = mail.words, mail.token_of
    for first in range(len(words)):
        for last in range(first, min(first + LONGEST, len(words))):
            if words[last] == STOP:
                break
            some = tuple(words[first : last + 1])
            if some not in found and _may_be_a_phrase(some):
                found[some] = mail.as_written(tokens[first], tokens[last]).lower()
    return found


def _may_be_a_phrase(words: Words) -> bool:
    """No numbers, and no lone letters."""
    whole = "".join(words)
    return not any(sign.isdigit() for sign in whole) and (len(words) > 1 or len(whole) >= SHORTEST)


class Gathering:
    """First the corrected mails, which bring phrases forward; then all mails, in which those are counted."""

    def __init__(self) -> None:
        self._brought: dict[Field, Counter[Words]] = defaultdict(Counter)
        self._counted: dict[Words, dict[Field, Counted]] = {}
        self._mails: dict[Field, list[int]] = defaultdict(lambda: [0, 0])
        self._fields: dict[str, list[str]] = defaultdict(list)
        self.corrected = 0
        self.missed = 0

    def bring(self, mail: Folded, judged: Judged) -> None:
        """A mail of which a person said what it is about."""
        self.corrected += 1
        if judged.meant != judged.ruled:
            self.missed += 1
            self._brought[judged.meant, judged.language].update(phrases_in(mail).keys())

    def weigh(self) -> None:
        """End bringing: from now on phrases are counted."""
        for one, phrases in self._brought.items():
            self._fields[one[1]].append(one[0])
            for words, count in phrases.most_common(MOST):
                if count >= MISSED:
                    self._counted.setdefault(words, {})[one] = Counted()
        self._brought.clear()

    def count(self, mail: Folded, judged: Judged) -> None:
        """Any mail."""
        meant = judged.meant or judged.ruled
        for category in self._fields[judged.language]:
            if meant:
                self._mails[category, judged.language][category != judged.meant] += 1
        for words, written in phrases_in(mail).items():
            for (category, language), counted in self._counted.get(words, {}).items():
                if language == judged.language:
                    _add(counted, category, judged, written)

    def proposals(self) -> Iterator[tuple[Words, Proposal]]:
        """Every phrase that is more than chance, the best of each category and language first."""
        found = [
            (words, self._proposal(words, one, counted))
            for words, fields in self._counted.items()
            for one, counted in fields.items()
            if _is_enough(counted)
        ]
        sure = [(words, one) for words, one in found if one.chance <= SURE]
        yield from sorted(sure, key=lambda item: _rank(*item))

    def _proposal(self, words: Words, of: Field, counted: Counted) -> Proposal:
        mine, others = self._mails[of]
        return Proposal(
            category=of[0],
            language=of[1],
            phrase=as_phrase(words, counted.written),
            mine=counted.mine,
            others=counted.others,
            unjudged=counted.unjudged,
            chance=by_chance(counted.mine, mine, counted.others, others),
            catches=tuple(counted.missed),
            also_hits=tuple(counted.hits),
        )


def _add(counted: Counted, category: str, judged: Judged, written: str) -> None:
    if judged.meant == category:
        counted.mine += 1
        counted.people.add(judged.customer or f"given/{counted.mine}")
        counted.written[written] += 1
        if judged.ruled != category:
            counted.missed.append(judged.number)
    elif judged.meant or judged.ruled not in ("", category):
        counted.others += 1
        if judged.number and len(counted.hits) < BEST:
            counted.hits.append(judged.number)
    elif not judged.ruled:
        counted.unjudged += 1


def _is_enough(counted: Counted) -> bool:
    return (
        counted.mine >= FEWEST
        and len(counted.people) >= PEOPLE
        and len(counted.missed) >= MISSED
        and counted.mine >= CLEAR * (counted.mine + counted.others)
    )


def _rank(words: Words, one: Proposal) -> tuple[object, ...]:
    return one.category, one.language, -len(one.catches), one.chance, -len(words), words


def by_chance(mine: int, of_mine: int, others: int, of_others: int) -> float:
    """How likely it is that of the mails with a phrase at least so many are mine, did it mean nothing."""
    having, whole = mine + others, of_mine + of_others
    ways = _log_ways(whole, having)
    return min(
        1.0,
        sum(
            math.exp(_log_ways(of_mine, count) + _log_ways(of_others, having - count) - ways)
            for count in range(mine, min(having, of_mine) + 1)
        ),
    )


def _log_ways(of: int, take: int) -> float:
    """The logarithm of the number of ways to take some of many."""
    if not 0 <= take <= of:
        return -math.inf
    return math.lgamma(of + 1) - math.lgamma(take + 1) - math.lgamma(of - take + 1)


def as_phrase(words: Words, written: Mapping[str, int]) -> str:
    """The phrase as most people write it, where that is still the same phrase."""
    for one in sorted(written, key=lambda text: (-written[text], text)):
        plain = all(sign.isalpha() or sign in " '’\u200c" for sign in one)
        if plain and fold_phrase(one) == words:
            return one
    return " ".join(words)


def best(found: Iterable[tuple[Words, Proposal]]) -> list[Proposal]:
    """Of each category and language the few that together catch most; none says what another one says."""
    kept: dict[Field, list[Proposal]] = defaultdict(list)
    caught: dict[Field, Counter[int]] = defaultdict(Counter)
    for _, one in found:
        of = one.category, one.language
        new = Counter(one.catches) - caught[of]
        if len(kept[of]) < BEST and new.total() > 0:
            kept[of].append(one)
            caught[of] |= Counter(one.catches)
    return [one for several in kept.values() for one in several]


def yaml_line(phrase: str) -> str:
    """The phrase as a line of a rule's list."""
    words: Sequence[str] = ("yes", "no", "true", "false", "null", "on", "off", "y", "n")
    quoted = phrase in words or not phrase[:1].isalpha()
    escaped = phrase.replace("'", "''")
    return f"        - '{escaped}'" if quoted else f"        - {phrase}"
