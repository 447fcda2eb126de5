"""Business time once more, slowly: every ten minutes of the time in question, looked at one by one.

Knows nothing of cases/calendar.py nor of the library of holidays: the days of rest are written here by hand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

GRID = timedelta(minutes=10)
"""Everything in the quarter happens at such times."""
AN_HOUR = 6
"""So many of them."""
Hours = tuple[time, time]


@dataclass
class Team:
    """When a team works, as its people would say it."""

    name: str
    zone: str
    rests: tuple[int, ...]
    """Weekdays, Monday 0."""
    hours: Hours = (time(9), time(17))
    other_hours: Mapping[int, Hours] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    cells: list[datetime] = field(default_factory=list)
    """The beginnings of all ten minutes that are worked, in UTC."""
    days: dict[date, datetime] = field(default_factory=dict)
    """The end of each working day."""
    opens: dict[date, datetime] = field(default_factory=dict)

    def look_at(self, first: date, last: date) -> None:
        """Look at every ten minutes of these days."""
        moment = datetime.combine(first, time(), UTC)
        zone = ZoneInfo(self.zone)
        while moment < datetime.combine(last, time(), UTC):
            here = moment.astimezone(zone)
            if self._works(here.date(), here.time()):
                self.cells.append(moment)
                self.opens.setdefault(here.date(), moment)
                self.days[here.date()] = moment + GRID
            moment += GRID

    def _works(self, day: date, clock: time) -> bool:
        if day.weekday() in self.rests or day in self.holidays:
            return False
        begins, ends = self.other_hours.get(day.weekday(), self.hours)
        return begins <= clock < ends

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def is_open(self, moment: datetime) -> bool:
        """Whether the ten minutes that begin now are worked."""
        place = bisect_left(self.cells, moment)
        return place < len(self.cells) and self.cells[place] == moment

    def first_open(self, moment: datetime) -> datetime:
        """The moment itself where they work until it or from it on, else the next at which they begin."""
        if self.is_open(moment - GRID):
            return moment
        return self.cells[bisect_left(self.cells, moment)]

    def after(self, start: datetime, wait: str) -> datetime:
        """So long after, as the rule files write it: "2 working days", "4 working hours", "3 days"."""
        number, _, unit = wait.partition(" ")
        amount = int(number)
        if unit.startswith("working day"):
            return self._days_after(self.day_of(start), amount)
        if unit.startswith("working hour"):
            return self.cells[bisect_left(self.cells, start) + amount * AN_HOUR - 1] + GRID
        return start + elapsed(amount, unit)

    def _days_after(self, day: date, amount: int) -> datetime:
        while amount:
            day += timedelta(days=1)
            amount -= day in self.days
        return self.days[day]

    def before(self, end: datetime, wait: str) -> datetime:
        """So long before."""
        number, _, unit = wait.partition(" ")
        amount = int(number)
        if unit.startswith("working day"):
            day = self.day_of(end)
            while amount:
                day -= timedelta(days=1)
                amount -= day in self.days
            return self.opens[day]
        if unit.startswith("working hour"):
            return self.cells[bisect_left(self.cells, end) - amount * AN_HOUR]
        return end - elapsed(amount, unit)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time is worked."""
        return GRID * max(0, bisect_left(self.cells, end) - bisect_left(self.cells, start))


def elapsed(amount: int, unit: str) -> timedelta:
    """A time that clocks count."""
    name = unit if unit.endswith("s") else f"{unit}s"
    return timedelta(**{name: amount})


def on_grid(at: datetime) -> datetime:
    """The next of the moments at which things happen."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -(-(at - midnight) // GRID) * GRID
