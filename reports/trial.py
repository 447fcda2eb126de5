"""What changed rules would make of stored mail, beside the rules in force: counted, compared and judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import comb
from typing import NamedTuple

from store.values import Hit

Key = tuple[str, str]
"""A rule, and what it says."""
LIKELY = 0.05
"""What two rulebooks as good as each other would differ by more seldom than this is more than chance."""


class Side(NamedTuple):
    """What a rulebook says of a mail."""

    category: str
    kind: str
    severity: str
    goes_to: str


class Reason(NamedTuple):
    """A rule that speaks on one side only, or otherwise there."""

    rule: str
    words: tuple[str, ...]
    says: str
    before: float
    """Its score; 0 where it does not hit."""
    after: float


class Compared(NamedTuple):
    """A mail under both rulebooks."""

    before: Side
    after: Side
    reasons: tuple[Reason, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after


class Changed(NamedTuple):
    """A case that changed rules would handle otherwise."""

    number: int
    subject: str
    compared: Compared
    meant: str = ""
    """What a person said that it is about, if anybody has."""


@dataclass
class Marks:
    """How often a rulebook said what people said."""

    right: int = 0
    said: Counter[str] = field(default_factory=Counter)
    meant: Counter[str] = field(default_factory=Counter)
    agreed: Counter[str] = field(default_factory=Counter)

    def add(self, said: str, meant: str) -> None:
        self.said[said] += 1
        self.meant[meant] += 1
        if said == meant:
            self.right += 1
            self.agreed[said] += 1

    def precision(self, category: str) -> float:
        """Of what it called so, how much people called so."""
        return self.agreed[category] / self.said[category] if self.said[category] else 0.0

    def recall(self, category: str) -> float:
        """Of what people called so, how much it called so."""
        return self.agreed[category] / self.meant[category] if self.meant[category] else 0.0

    def f1(self, category: str) -> float:
        """The harmonic mean of both."""
        whole = self.said[category] + self.meant[category]
        return 2 * self.agreed[category] / whole if whole else 0.0


class Judgement(NamedTuple):
    """Two rulebooks against what people said."""

    mails: int
    corrected: int
    before: Marks
    after: Marks
    mended: int
    broken: int

    @property
    def categories(self) -> list[str]:
        """Those that people named, the most frequent first."""
        meant = self.before.meant
        return sorted(meant, key=lambda name: (-meant[name], name))

    def macro_f1(self, marks: Marks) -> float:
        """The mean F1 of the categories that people named."""
        names = self.categories
        return sum(marks.f1(name) for name in names) / len(names) if names else 0.0

    @property
    def chance(self) -> float:
        """How often a coin would part mended and broken at least so unevenly (sign test, two-sided)."""
        return sign_test(self.mended, self.broken)


@dataclass
class Trial:
    """Counts as mails come in; keeps only the first `limit` cases that change."""

    limit: int
    mails: int = 0
    changes: int = 0
    shown: list[Changed] = field(default_factory=list)
    categories: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    kinds: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    severities: Counter[tuple[str, str]] = field(default_factory=Counter)
    routes: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    corrected: int = 0
    mended: int = 0
    broken: int = 0
    marks: tuple[Marks, Marks] = field(default_factory=lambda: (Marks(), Marks()))

    def add(self, number: int, subject: str, compared: Compared, meant: str = "") -> None:
        """A case."""
        before, after = compared.before, compared.after
        self.mails += 1
        for side, (category, kind, _, _) in enumerate((before, after)):
            self.categories[side][category] += 1
            self.kinds[side][kind] += 1
        if not compared.changed:
            return
        self.changes += 1
        for counter, name in ((self.moves, 0), (self.severities, 2), (self.routes, 3)):
            if before[name] != after[name]:
                counter[before[name], after[name]] += 1
        if len(self.shown) < self.limit:
            self.shown.append(Changed(number, subject, compared, meant))

    def judge(self, compared: Compared, meant: str, *, corrected: bool) -> None:
        """A mail of which a person said, or let stand, what it is about."""
        said = compared.before.category, compared.after.category
        for marks, one in zip(self.marks, said, strict=True):
            marks.add(one, meant)
        self.corrected += corrected
        self.mended += said[1] == meant != said[0]
        self.broken += said[0] == meant != said[1]

    @property
    def judgement(self) -> Judgement:
        before, after = self.marks
        return Judgement(before.meant.total(), self.corrected, before, after, self.mended, self.broken)


def reasons(before: Iterable[Hit], after: Iterable[Hit]) -> tuple[Reason, ...]:
    """The hits that differ between two verdicts: by the words, by what they say, or by the score."""
    then = {(hit.rule, hit.says): hit for hit in before}
    now = {(hit.rule, hit.says): hit for hit in after}
    return tuple(_differing(then, now))


def _differing(then: Mapping[Key, Hit], now: Mapping[Key, Hit]) -> Iterator[Reason]:
    for key in dict.fromkeys((*now, *then)):
        one, other = then.get(key), now.get(key)
        if one and other and (one.words, one.weight) == (other.words, other.weight):
            continue
        words = tuple(dict.fromkeys((*(other.words if other else ()), *(one.words if one else ()))))
        rule, says = key
        yield Reason(rule, words, says, one.weight if one else 0.0, other.weight if other else 0.0)


def sign_test(one: int, other: int) -> float:
    """How often a fair coin parts so many throws at least so unevenly."""
    throws, most = one + other, max(one, other)
    if not throws:
        return 1.0
    uneven = sum(comb(throws, heads) for heads in range(most, throws + 1))
    return min(1.0, 2 * uneven / (1 << throws))
