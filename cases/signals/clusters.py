"""New clusters: mails of no known cause in which two words stand together that did not before.

A pair of words counts once for each customer. A pair that many of the newest mails have, and hardly any of
the older ones, is a burst; the words that most of its mails share, and the mails that have them, are the
cluster. That is explained by the words and the cases alone. What stands in every mail is in every older one
as well, so it makes no burst.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from math import log10

from cases.signals.causes import Seen, by_people
from cases.signals.growth import tail
from language.normalise import normalise

WINDOW = timedelta(days=3)
HISTORY = timedelta(days=63)
ENOUGH = 60
"""Older mails without which nobody can say what is new."""
LONG_ENOUGH = timedelta(days=14)
"""As far back they have to go."""
SCORE = 6.0
"""How rarely such a burst comes by chance, as a power of ten: some days have many thousands of pairs."""
TIMES = 4.0
"""As many times the usual number a pair must have."""
MOST_WORDS = 80
"""Of one mail, those that it begins with."""
MOST_TERMS = 6
"""Of one cluster."""
MOST_CLUSTERS = 3
MOST_TEXTS = 1000
"""Of the newest mails that are compared, the newest; more take longer than anybody wants to wait."""
_SHORTEST, _LONGEST = 3, 24
_IN_MANY = 0.25
"""A word that stands in such a part of the older mails tells nothing apart."""
_SHARED, _RARER = 0.5, 0.3
"""A word is a cluster's when such a part of its mails has it, and far fewer of the older ones."""
_UNUSUAL = 0.5
"""What is added to a pair's number among the older mails: never seen is not impossible."""
_CLUMPS = 0.2
"""The square of how far a pair's number may be off: words come in conversations."""
_ALIKE = 3
"""Terms that a further mail of a cluster has."""
_WORD = re.compile(r"[^\W\d_]+")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """A mail, as the words that it has."""

    case: Seen
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Older:
    """The mails before the newest ones: how many, since when, and in which of them each word stands."""

    count: int = 0
    since: datetime | None = None
    having: Mapping[str, Collection[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[Text]) -> Older:
        """Of these mails."""
        having: dict[str, set[int]] = {}
        count, since = 0, None
        for text in texts:
            count += 1
            since = min(since, text.case.at) if since else text.case.at
            for word in text.words:
                having.setdefault(word, set()).add(text.case.number)
        return cls(count, since, having)

    def with_both(self, pair: Pair) -> int:
        """How many have both words."""
        first, second = (self.having.get(word, ()) for word in pair)
        return len(set(first) & set(second))

    def share(self, word: str) -> float:
        """Which part of them has a word."""
        return len(self.having.get(word, ())) / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """Mails that say the same new thing."""

    terms: tuple[str, ...]
    """The words that they share, the most telling first."""
    cases: tuple[Seen, ...]
    """One of each customer, the newest first."""
    expected: float
    """How many of them the older mails would lead one to expect."""
    score: float


def words_of(subject: str, text: str) -> frozenset[str]:
    """The words of a mail that are compared: no digits, nothing very short or long, and not without end."""
    found = (word for word in _WORD.findall(normalise(f"{subject}\n{text}"[:20_000])))
    fitting = (word for word in found if _SHORTEST <= len(word) <= _LONGEST)
    return frozenset(list(dict.fromkeys(fitting))[:MOST_WORDS])


def clusters(newest: Sequence[Text], older: Older, now: datetime, at_least: int) -> list[Cluster]:
    """The bursts among the newest mails, the surest first, none of them twice."""
    if older.count < ENOUGH or older.since is None or now - older.since < LONG_ENOUGH:
        return []
    left = _one_of_each(newest)[:MOST_TEXTS]
    found: list[Cluster] = []
    while len(found) < MOST_CLUSTERS and (cluster := _surest(left, older, at_least)):
        found.append(cluster)
        theirs = {case.number for case in cluster.cases}
        left = [text for text in left if text.case.number not in theirs]
    return found


def _one_of_each(texts: Sequence[Text]) -> list[Text]:
    """The newest mail of each customer."""
    known = {text.case.number: text for text in texts}
    return [known[case.number] for case in by_people(text.case for text in texts)]


def _surest(texts: Sequence[Text], older: Older, at_least: int) -> Cluster | None:
    pairs = _pairs(texts, older, at_least)
    judged = ((_score(count, len(texts), pair, older), pair) for pair, count in pairs)
    score, pair = max(judged, default=(0.0, ("", "")))
    return _around(pair, score, texts, older) if score >= SCORE else None


def _pairs(texts: Sequence[Text], older: Older, at_least: int) -> list[tuple[Pair, int]]:
    """The pairs that stand in enough mails, each with how many these are."""
    having = Counter(word for text in texts for word in text.words)
    often = {word for word, count in having.items() if count >= at_least and older.share(word) <= _IN_MANY}
    pairs = Counter(pair for text in texts for pair in combinations(sorted(text.words & often), 2))
    return [(pair, count) for pair, count in pairs.items() if count >= at_least]


def _score(count: int, among: int, pair: Pair, older: Older) -> float:
    mean = _expected(pair, among, older)
    if count < TIMES * mean:
        return 0.0
    size = 1 / (_CLUMPS + 1 / (older.with_both(pair) + _UNUSUAL))
    return -log10(max(tail(count, mean, size), 1e-300))


def _expected(pair: Pair, among: int, older: Older) -> float:
    return among * (older.with_both(pair) + _UNUSUAL) / older.count


def _around(pair: Pair, score: float, texts: Sequence[Text], older: Older) -> Cluster:
    """The cluster of a pair: what else most of its mails share and few others have, and who else has that."""
    core = [text for text in texts if text.words.issuperset(pair)]
    having = Counter(word for text in core for word in text.words)
    shared = {word: count / len(core) for word, count in having.items() if count >= _SHARED * len(core)}
    telling = {word: share for word, share in shared.items() if older.share(word) <= _RARER * share}
    terms = sorted(telling, key=lambda word: (-(shared[word] - older.share(word)), word))[:MOST_TERMS]
    terms = terms if len(terms) >= len(pair) else sorted(pair, key=older.share)
    theirs = [t for t in texts if t.words.issuperset(pair) or len(t.words.intersection(terms)) >= _ALIKE]
    cases = by_people(text.case for text in theirs)
    return Cluster(tuple(terms), tuple(cases), _expected(pair, len(texts), older), score)


def same(terms: Collection[str], others: Collection[str]) -> bool:
    """Whether two clusters are about the same: half of the shorter list of terms stands in the other."""
    fewer = min(len(set(terms)), len(set(others)))
    return fewer > 0 and len(set(terms) & set(others)) * 2 >= fewer
