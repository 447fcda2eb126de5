"""Years of complaints that never were: weekdays, holidays, weather, slow growth, and planted waves.

Seeded, so that each run is the same. bench/signals.py and tests look whether what is told of them is true.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cases.signals.causes import Seen
from cases.signals.clusters import HISTORY, WINDOW, Cluster, Older, Text, clusters, same
from cases.signals.growth import DAYS, WINDOWS, Growth, Lately, Past, growth

WEEK = (1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.3)
HOLIDAYS = ((80, 4), (150, 2), (200, 1), (260, 3), (330, 2), (400, 5))
"""First day and length."""
ON_A_HOLIDAY, AFTER_ONE = 0.2, 2.2
WEATHER = 0.12
"""How far a whole day is off, as the deviation of a logarithm."""
QUIET = 14
"""Days after a signal in which a wave is the same one."""
BEGINS = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wave:
    """So many more of a cause on each of some days."""

    cause: int
    day: int
    a_day: float
    days: int = 7


@dataclass(frozen=True, slots=True)
class World:
    """A firm's complaints, day by day and cause by cause."""

    a_day: float = 50
    causes: int = 40
    days: int = 365 + DAYS
    a_year: float = 1.5
    """As many times as many after a year."""
    spread: float = 1.3
    """The variance of a cause's days, to their mean."""
    waves: tuple[Wave, ...] = ()
    seed: int = 1

    def counts(self) -> list[list[int]]:
        """How many wrote of each cause on each day."""
        dice = random.Random(self.seed)
        shares = [1 / (cause + 1) for cause in range(self.causes)]
        found: list[list[int]] = [[] for _ in shares]
        for day in range(self.days):
            level = self._level(day) * math.exp(dice.gauss(0, WEATHER))
            for cause, share in enumerate(shares):
                season = 1 + 0.25 * math.sin(2 * math.pi * (day / 180 + cause / 7))
                mean = self.a_day * share / sum(shares) * level * season
                found[cause].append(_strayed(dice, mean, self.spread))
        for wave in self.waves:
            for day in range(wave.day, min(wave.day + wave.days, self.days)):
                found[wave.cause][day] += _poisson(dice, wave.a_day)
        return found

    def _level(self, day: int) -> float:
        rests = {start + day for start, length in HOLIDAYS for day in range(length)}
        level: float = WEEK[day % 7] * self.a_year ** (day / 365)
        if day in rests:
            return level * ON_A_HOLIDAY
        return level * AFTER_ONE if day - 1 in rests else level


@dataclass(frozen=True, slots=True)
class Told:
    """A signal: of which cause, on which day."""

    cause: int
    day: int
    growth: Growth


def told(world: World, needed: float, at_least: int = 6, since: int = DAYS) -> Iterator[Told]:
    """The signals of growth, looked for at the end of each day."""
    counts = world.counts()
    everything = [sum(day) for day in zip(*counts, strict=True)]
    for cause, of_cause in enumerate(counts):
        quiet_until = since
        for day in range(since, world.days):
            if day < quiet_until:
                continue
            found = judged(of_cause, everything, day, at_least)
            if found and found.score >= needed:
                quiet_until = day + QUIET
                yield Told(cause, day, found)


def judged(cause: Sequence[int], everything: Sequence[int], day: int, at_least: int = 6) -> Growth | None:
    """What a cause shows at the end of a day."""
    begin = max(0, day - DAYS)
    lately = [
        Lately(days, sum(cause[day - days + 1 : day + 1]), sum(everything[day - days + 1 : day + 1]))
        for days in WINDOWS
    ]
    past = Past(cause[begin:day], everything[begin:day])
    return growth(past, [one for one in lately if one.cause >= at_least])


def _poisson(dice: random.Random, mean: float) -> int:
    if mean > 30:
        return max(0, round(dice.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, dice.random()
    while product >= limit:
        count, product = count + 1, product * dice.random()
    return count


def _strayed(dice: random.Random, mean: float, spread: float) -> int:
    if mean <= 0:
        return 0
    if spread <= 1:
        return _poisson(dice, mean)
    return _poisson(dice, dice.gammavariate(mean / (spread - 1), spread - 1))


# -- words


@dataclass(frozen=True, slots=True)
class Writing:
    """What customers write that no rule names: everyday words, and topics whose words come together."""

    a_day: float = 20
    days: int = 120
    bursts: Mapping[int, int] = field(default_factory=dict)
    """By day, how many mails of a new kind come; each has most of its words, in its own way."""
    new: tuple[str, ...] = ("charger", "smoke", "plug", "melted", "heat", "burning")
    seed: int = 1

    def texts(self) -> list[Text]:
        """The mails, in order."""
        dice = random.Random(self.seed)
        everyday = [_word(dice) for _ in range(4000)]
        often = [1 / (rank + 8) for rank in range(len(everyday))]
        topics = [dice.sample(everyday[200:], 25) for _ in range(60)]
        found: list[Text] = []
        for day in range(self.days):
            for _ in range(_poisson(dice, self.a_day * WEEK[day % 7])):
                words = set(dice.choices(everyday, often, k=dice.randint(15, 60)))
                words |= set(dice.sample(dice.choice(topics), dice.randint(3, 9)))
                found.append(_text(dice, day, words, len(found), "usual"))
            for _ in range(self.bursts.get(day, 0)):
                words = set(dice.choices(everyday, often, k=dice.randint(15, 50)))
                words |= {word for word in self.new if dice.random() < 0.7}
                found.append(_text(dice, day, words, len(found), "new"))
        return sorted(found, key=lambda text: text.case.at)


def told_of_words(writing: Writing, since: int = 63, at_least: int = 6) -> list[tuple[int, Cluster]]:
    """The clusters, looked for at the end of each day, each once."""
    texts = writing.texts()
    found: list[tuple[int, Cluster]] = []
    for day in range(since, writing.days):
        now = BEGINS + timedelta(days=day + 1)
        newest = [text for text in texts if now - WINDOW <= text.case.at < now]
        older = Older.of(text for text in texts if now - HISTORY <= text.case.at < now - WINDOW)
        for one in clusters(newest, older, now, at_least):
            if not any(same(one.terms, other.terms) and day - then < QUIET for then, other in found):
                found.append((day, one))
    return found


def is_new(cluster: Cluster) -> bool:
    """Whether most of its mails were planted."""
    return sum(case.category == "new" for case in cluster.cases) * 2 > len(cluster.cases)


def _word(dice: random.Random) -> str:
    return "".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(dice.randint(4, 9)))


def _text(dice: random.Random, day: int, words: set[str], number: int, kind: str) -> Text:
    at = BEGINS + timedelta(days=day, hours=24 * dice.random())
    return Text(Seen(number, at, kind, f"c{number}@example.com"), frozenset(words))
