"""rules/retention.yaml: how long what customers wrote is kept."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from cases.rules.errors import meant
from cases.rules.fields import CategoryName, Strict, parsed
from cases.rules.strict_yaml import Path

Mistake = tuple[Path, str]
NEVER = "never"
LONGEST = 100
"""Years."""
_WRITTEN = re.compile(r"(\d{1,4}) +(month|year)s?")


@dataclass(frozen=True, slots=True)
class Age:
    """How long something is kept, as an admin writes it: "24 months", "2 years", "never"."""

    months: int | None
    """None is for ever."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "24 months" and the like; ValueError says what to write."""
        written = text.strip().lower()
        if written == NEVER:
            return cls(None)
        found = _WRITTEN.fullmatch(written)
        if not found:
            raise ValueError("write for how long, such as '24 months' or '7 years', or 'never'")
        months = int(found[1]) * (12 if found[2] == "year" else 1)
        if not months:
            raise ValueError("after no time at all nothing could be answered; write '1 month' at least")
        if months > LONGEST * 12:
            raise ValueError(f"that is more than {LONGEST} years; write 'never'")
        return cls(months)

    def before(self, now: datetime) -> datetime | None:
        """What is older than that moment is kept no longer; None where all is kept."""
        if self.months is None:
            return None
        years, month = divmod(now.year * 12 + now.month - 1 - self.months, 12)
        day = min(now.day, monthrange(years, month + 1)[1])
        return now.replace(year=years, month=month + 1, day=day)


Kept = Annotated[Age, parsed(Age.parse)]
FOR_EVER = Age(None)


class RetentionFile(Strict):
    """How long what customers wrote is kept."""

    whole_mails: Kept = FOR_EVER
    """Whole mails with what was attached, of cases that are closed; what was read of them stays."""
    closed_cases: Kept = FOR_EVER
    """Cases that have been closed for so long: their words are erased, what figures count stays."""
    categories: Mapping[CategoryName, Kept] = Field(default_factory=dict)
    """Closed cases of these causes are kept for another time."""

    def of(self, category: str) -> Age:
        """How long the closed cases of a cause are kept."""
        return self.categories.get(category, self.closed_cases)

    @property
    def keeps_all(self) -> bool:
        """Whether nothing is ever erased by this file."""
        ages = (self.whole_mails, self.closed_cases, *self.categories.values())
        return all(age.months is None for age in ages)


def mistakes_in(file: RetentionFile, categories: Collection[str] | None) -> Iterator[Mistake]:
    """What each line alone does not show. `categories` is None where their file can't be read."""
    for category, age in file.categories.items():
        if categories is not None and category not in categories:
            advice = meant(category, tuple(categories))
            yield ("categories", category), f"there is no category '{category}'; {advice}"
        if age.months and file.whole_mails.months and age.months < file.whole_mails.months:
            told = "its words would be erased before its whole mails; write a longer time, or a shorter one"
            yield ("categories", category), f"{told} for 'whole_mails'"
    cases, mails = file.closed_cases.months, file.whole_mails.months
    if cases and mails and cases < mails:
        told = "cases would be erased before their whole mails; write a longer time here"
        yield ("closed_cases",), f"{told}, or a shorter one for 'whole_mails'"
