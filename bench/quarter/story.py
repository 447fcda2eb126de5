"""What happens in the quarter: who writes when about what, with a wave, a bad batch and a slow week in it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, sqrt

from bench.quarter.business_time import GRID, Team
from bench.quarter.firm import BAD_PRODUCT, FIRM, HAIFA, PRODUCTS, TEHRAN
from bench.quarter.words import CAUSES, LANGUAGES, Texts

DAY = timedelta(days=1)
WEEK = (1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.3)
GROWTH = 1.25
"""As many times as many at the end as at the beginning."""
ON_A_HOLIDAY = 0.4
COMES_BACK = 0.12
"""Such a part of the cases is of customers who had one before."""
TEAM_OF = {"fa": TEHRAN, "he": HAIFA}
FIRST_HOUR, LAST_HOUR = 7, 22
WAVE, BATCH, EVERYDAY = "wave", "batch", "everyday"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A customer's first mail about a matter."""

    number: int
    at: datetime
    customer: str
    language: str
    cause: str
    text: str
    product: str = ""
    planted: str = EVERYDAY

    @property
    def message_id(self) -> str:
        return f"<m{self.number}@example.com>"


@dataclass(frozen=True, slots=True)
class Story:
    """Days are counted from the first one, which is day 0."""

    first: date = date(2027, 2, 1)
    days: int = 91
    cases: int = 5000
    wave: int = 63
    wave_days: int = 6
    batch: int = 42
    batch_days: int = 6
    slow: int = 70
    """The Monday on which most are away, until the next."""
    seed: int = 1
    wave_size: int = 0
    batch_size: int = 0
    parcels_at: int = 0
    batch_at: int = 0
    """By the day, and at how many in a week an admin wants to be told; 0: by the number of cases."""
    found_within: timedelta = DAY
    """So soon a wave is to be told of."""
    slow_hurts: bool = True

    @property
    def a_day(self) -> float:
        """Cases of an everyday day."""
        return self.cases / self.days

    @property
    def wave_a_day(self) -> int:
        """Broken parcels more."""
        return self.wave_size or max(10, round(0.45 * self.a_day))

    @property
    def batch_a_day(self) -> int:
        """Defective ones more."""
        return self.batch_size or max(12, round(0.25 * self.a_day))

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        return self.start + self.days * DAY

    @property
    def back(self) -> date:
        """When those who were away come back."""
        return self.first + (self.slow + 7) * DAY

    @property
    def parcels(self) -> str:
        """The threshold that an admin would set: clearly more than what is usual."""
        share = (CAUSES["damaged"] + CAUSES["lost"]) / sum(CAUSES.values())
        return f"{self.parcels_at or _well_above(7 * self.a_day * share * GROWTH)} in 7 days"

    @property
    def bad_batch(self) -> str:
        share = CAUSES["defective"] / sum(CAUSES.values()) / len(PRODUCTS)
        return f"{self.batch_at or _well_above(7 * self.a_day * share * GROWTH)} in 7 days"

    def begins(self, planted: str) -> datetime:
        """When that part of the story begins."""
        return self.start + (self.wave if planted == WAVE else self.batch) * DAY


SMALL = Story(
    first=date(2027, 3, 15),
    days=14,
    cases=150,
    wave=2,
    wave_days=2,
    batch=8,
    batch_days=2,
    slow=7,
    wave_size=10,
    batch_size=6,
    parcels_at=20,
    batch_at=8,
    found_within=2 * DAY,
)
"""Two weeks, with Nowruz and two changes of clocks in them. Without history, thresholds alone tell."""


def _well_above(usual: float) -> int:
    return ceil(usual + 5 * sqrt(1.5 * usual)) + 3


def arrivals(story: Story, texts: Texts, teams: dict[str, Team]) -> list[Arrival]:
    """Every new matter of the quarter, in the order of time."""
    dice = random.Random(story.seed)
    wanted = [*_planted(story, dice), *_everyday(story, dice, teams)]
    known: list[tuple[datetime, str, str]] = []
    found = []
    for number, (at, cause, meant, planted) in enumerate(sorted(wanted), 1):
        customer, language = _customer(dice, known, number, at, meant, planted)
        product = dice.choice(PRODUCTS) if cause == "defective" else ""
        product = BAD_PRODUCT if planted == BATCH else product
        text = dice.choice(texts[cause][language]).replace("{product}", product)
        found.append(Arrival(number, at, customer, language, cause, text, product, planted))
    return found


def _customer(
    dice: random.Random,
    known: list[tuple[datetime, str, str]],
    number: int,
    at: datetime,
    language: str,
    planted: str,
) -> tuple[str, str]:
    """A new customer, or one who wrote some days ago."""
    if planted == EVERYDAY and known and dice.random() < COMES_BACK:
        before, customer, theirs = dice.choice(known)
        if at - before > 3 * DAY:
            return customer, theirs
    customer = f"customer{number}@example.com"
    known.append((at, customer, language))
    return customer, language


Wanted = tuple[datetime, str, str, str]


def _planted(story: Story, dice: random.Random) -> Iterator[Wanted]:
    for begin, length, a_day, cause, name in (
        (story.wave, story.wave_days, story.wave_a_day, "damaged", WAVE),
        (story.batch, story.batch_days, story.batch_a_day, "defective", BATCH),
    ):
        for day in range(begin, begin + length):
            for _ in range(a_day):
                yield _moment(story, day, dice), cause, _one_of(dice, LANGUAGES), name


def _everyday(story: Story, dice: random.Random, teams: dict[str, Team]) -> Iterator[Wanted]:
    planted = story.wave_days * story.wave_a_day + story.batch_days * story.batch_a_day
    weights = {
        (day, language): share * _level(story, day, teams[TEAM_OF.get(language, FIRM)])
        for day in range(story.days)
        for language, share in LANGUAGES.items()
    }
    for day, language in dice.choices(list(weights), list(weights.values()), k=story.cases - planted):
        yield _moment(story, day, dice), _one_of(dice, CAUSES), language, EVERYDAY


def _level(story: Story, day: int, team: Team) -> float:
    that = story.first + day * DAY
    level = WEEK[that.weekday()] * (1 + (GROWTH - 1) * day / story.days)
    return level * (ON_A_HOLIDAY if that in team.holidays else 1)


def _moment(story: Story, day: int, dice: random.Random) -> datetime:
    minutes = dice.randrange(FIRST_HOUR * 60, LAST_HOUR * 60, int(GRID.total_seconds()) // 60)
    return story.start + day * DAY + timedelta(minutes=minutes)


def _one_of(dice: random.Random, shares: dict[str, int] | Sequence[str]) -> str:
    return dice.choices(list(shares), list(shares.values()) if isinstance(shares, dict) else None)[0]
