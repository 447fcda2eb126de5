"""rules/calendar.yaml: when the firm works, and when a team does that works otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import time
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from cases.rules import countries
from cases.rules.durations import Hours, Weekday
from cases.rules.errors import meant
from cases.rules.fields import Day, Name, Strict, TimeZone, WorkingHours, as_texts
from cases.rules.strict_yaml import Path
from cases.rules.working_time import Calendar

Mistake = tuple[Path, str]


def _as_country(value: Any) -> Any:
    """A country alone is all of it."""
    return value if isinstance(value, dict | Strict) else {"country": value}


class HolidaysOf(Strict):
    """A country, or a part of it, whose holidays are kept."""

    country: Annotated[str, AfterValidator(countries.code_of)]
    """Its two letters: IR, IL, AE, DE …"""
    subdivision: str = ""
    """A part of it with holidays of its own, by its short name: BY for Bavaria."""

    @model_validator(mode="after")
    def _names_a_part_that_there_is(self) -> Self:
        if self.subdivision:
            countries.part_of(self.country, self.subdivision)
        return self

    @property
    def known(self) -> countries.Known:
        """What is known of its holidays."""
        part = countries.part_of(self.country, self.subdivision) if self.subdivision else ""
        return countries.holidays(self.country, part)

    def __str__(self) -> str:
        return f"{self.country}, {self.subdivision}" if self.subdivision else self.country


class WorkingTimes(Strict):
    """When people work."""

    time_zone: TimeZone = "UTC"
    weekend: Annotated[tuple[Weekday, ...], BeforeValidator(as_texts)] = (Weekday.SATURDAY, Weekday.SUNDAY)
    working_hours: WorkingHours = Hours(time(9), time(17))
    other_hours: Mapping[Weekday, WorkingHours] = {}
    """Days whose hours differ."""
    holidays_of: Annotated[
        tuple[Annotated[HolidaysOf, BeforeValidator(_as_country)], ...], BeforeValidator(as_texts)
    ] = ()
    """Countries whose holidays are kept."""
    holidays: tuple[Day, ...] = ()
    """Days on which nobody works, beside those of the countries."""
    working_days: tuple[Day, ...] = ()
    """Days on which people work although they are of the weekend, or holidays of a country."""

    @model_validator(mode="after")
    def _leaves_a_working_day(self) -> Self:
        if len(set(self.weekend)) >= len(Weekday):
            raise ValueError("the weekend takes the whole week; leave at least one working day")
        return self

    @model_validator(mode="after")
    def _says_one_thing_of_a_day(self) -> Self:
        if both := sorted(set(self.holidays) & set(self.working_days)):
            raise ValueError(
                f"{both[0]} stands under 'holidays' and under 'working_days'; keep one of the two"
            )
        return self

    def compiled(self) -> Calendar:
        """With the holidays of its countries."""
        return Calendar(
            self.time_zone,
            self.weekend,
            self.working_hours,
            dict(self.other_hours),
            frozenset(self.holidays).union(*(one.known.days for one in self.holidays_of)),
            frozenset(self.working_days),
        )


class TeamTimes(WorkingTimes):
    """When a team works. What it does not say is as for the firm."""


class CalendarFile(WorkingTimes):
    """When the firm works."""

    teams: Mapping[Name, TeamTimes] = {}
    """Teams of agents.yaml that work otherwise. What a team does not say is as for the firm."""

    def of_teams(self) -> dict[str, Calendar]:
        """The calendars of those teams, by name."""
        return {name: self._joined(times).compiled() for name, times in self.teams.items()}

    def _joined(self, times: TeamTimes) -> WorkingTimes:
        said = {name: getattr(times, name) for name in times.model_fields_set}
        if "holidays" in said and "working_days" not in said:
            # The firm's working day is the team's day off, if the team says so.
            said["working_days"] = tuple(day for day in self.working_days if day not in times.holidays)
        return self.model_copy(update=said)


def mistakes_in(file: CalendarFile, teams: Collection[str]) -> Iterator[Mistake]:
    """What each line alone does not show. `teams` are those that agents are in."""
    for name in file.teams:
        if name not in teams:
            known = meant(name, teams) if teams else f"write 'team: {name}' at those who are in it"
            yield ("teams", name), f"no agent is in a team '{name}', by agents.yaml; {known}"


def notes_on(file: CalendarFile) -> Iterator[Mistake]:
    """What is not known for certain of the holidays that a calendar has."""
    told: set[str] = set()
    parts: list[tuple[Path, WorkingTimes]] = [((), file)]
    parts += [(("teams", name), times) for name, times in file.teams.items()]
    for path, times in parts:
        for place, one in enumerate(times.holidays_of):
            if str(one) not in told:
                told.add(str(one))
                yield from (((*path, "holidays_of", place), note) for note in _on(one))


def _on(one: HolidaysOf) -> Iterator[str]:
    known = one.known
    if known.estimated_from:
        yield (
            f"from {known.estimated_from} on, holidays of {one} that go by the moon are estimates, perhaps a "
            "day off; put them right under 'holidays' and 'working_days' when they are announced"
        )
    if known.last < countries.LAST:
        yield f"holidays of {one} are known until {known.last}; write later ones under 'holidays'"
