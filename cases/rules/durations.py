"""Stretches of time, weekdays and working hours, as an admin writes them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self

AMOUNT = re.compile(r"(\d{1,4}) +(working )?(minute|hour|day|week)s?")
HOURS = re.compile(r"(\d{1,2}):(\d{2}) *[-–] *(\d{1,2}):(\d{2})")
MIDNIGHT = time(0)

MOST_WORKING = 400
"""Of working days or hours; any calendar that leaves a working day has so many in the years ahead."""


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working-hours"
    WORKING_DAYS = "working-days"


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time as an admin writes it: "4 hours", "2 days", "3 working days"."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "4 hours" and the like; ValueError says what to write."""
        found = AMOUNT.fullmatch(text.strip().lower())
        if not found or (found[2] and found[3] in ("minute", "week")):
            raise ValueError(
                "write a number and a unit: '30 minutes', '4 hours', '2 days' or '3 working days'"
            )
        if found[2] and int(found[1]) > MOST_WORKING:
            raise ValueError(f"at most {MOST_WORKING} working days or hours; write days or weeks for more")
        if found[3] == "week":
            return cls(int(found[1]) * 7, Unit.DAYS)
        return cls(int(found[1]), Unit(f"{'working-' if found[2] else ''}{found[3]}s"))

    @property
    def working(self) -> bool:
        """True when it runs by the firm's calendar only."""
        return self.unit in (Unit.WORKING_HOURS, Unit.WORKING_DAYS)

    @property
    def elapsed(self) -> timedelta:
        """Its length on the clock; ValueError for a stretch of working time."""
        if self.working:
            raise ValueError(f"{self} runs by the calendar")
        return timedelta(**{self.unit.value: self.amount})

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value.replace('-', ' ')}"


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """As date.weekday() counts: Monday is 0."""
        return list(Weekday).index(self)


@dataclass(frozen=True, slots=True)
class Hours:
    """The working hours of a day."""

    start: time
    end: time
    """Midnight is the one at which the day ends."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "09:00-17:00"; ValueError says what to write."""
        found, hours = HOURS.fullmatch(text.strip()), None
        to_the_end = text.strip().endswith("24:00")
        with suppress(ValueError):
            if found:
                end = MIDNIGHT if to_the_end else time(int(found[3]), int(found[4]))
                hours = cls(time(int(found[1]), int(found[2])), end)
        if hours and (to_the_end or hours.start < hours.end or hours.end == MIDNIGHT < hours.start):
            return hours
        if hours:
            raise ValueError(
                "these hours end before they begin; write the earlier time first: '09:00-17:00'. A working "
                "day ends at 24:00 at the latest"
            )
        raise ValueError("write the hours as from-to on a clock of 24 hours: '09:00-17:00'")

    def opens(self, day: date) -> datetime:
        """When they begin on that day, on the clock on the wall."""
        return datetime.combine(day, self.start)

    def closes(self, day: date) -> datetime:
        """When they end on that day, on the clock on the wall."""
        return datetime.combine(day + timedelta(days=self.end == MIDNIGHT), self.end)

    def hold(self, at: time) -> bool:
        """Whether this time of day is within them; the end is not."""
        return self.start <= at and (at < self.end or self.end == MIDNIGHT)

    @property
    def length(self) -> timedelta:
        return self.closes(date.min) - self.opens(date.min)

    def __str__(self) -> str:
        end = "24:00" if self.end == MIDNIGHT else f"{self.end:%H:%M}"
        return f"{self.start:%H:%M}-{end}"
