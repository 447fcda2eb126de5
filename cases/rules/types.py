"""What the rule files may say: their shapes, as frozen models."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    model_validator,
)

from cases.limits import Authority
from cases.quiet import Quiet
from cases.sendable import sendable
from language.direction import printable
from store.models import CaseKind, Fault, Severity

ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
AMOUNT = re.compile(r"(\d{1,4}) +(working )?(minute|hour|day|week)s?")
HOURS = re.compile(r"(\d{1,2}):(\d{2}) *[-–] *(\d{1,2}):(\d{2})")
LANGUAGE = re.compile(r"[a-z]{2,3}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")

Filled = TypeVar("Filled")

UNSURE = "unsure"
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


class Role(StrEnum):
    """What an agent may do."""

    AGENT = "agent"
    APPROVER = "approver"
    ADMIN = "admin"
    OWNER = "owner"


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

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "09:00-17:00"; ValueError says what to write."""
        found = HOURS.fullmatch(text.strip())
        hours = None
        with suppress(ValueError):
            if found:
                hours = cls(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])))
        if hours and hours.start < hours.end:
            return hours
        if hours:
            raise ValueError("these hours end before they begin; write the earlier time first: '09:00-17:00'")
        raise ValueError("write the hours as from-to on a clock of 24 hours: '09:00-17:00'")


def _texts(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _some(value: Filled) -> Filled:
    if not value:
        raise ValueError("this is empty; write at least one")
    return value


def _read(parse: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def _fits(pattern: re.Pattern[str], otherwise: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, str) and not pattern.fullmatch(value.strip()):
            raise ValueError(otherwise)
        return value.strip().lower() if isinstance(value, str) and pattern is not NAME else value

    return BeforeValidator(check)


def _time_zone(value: Any) -> Any:
    if isinstance(value, str) and value not in zoneinfo.available_timezones():
        raise ValueError("no such time zone; write one like 'Asia/Tehran', 'Asia/Jerusalem' or 'UTC'")
    return value


def _sendable(value: str) -> str:
    if not sendable(value):
        raise ValueError("no mail can be sent there; write an address in Latin letters: 'name@example.com'")
    return value


def _one_line(value: str) -> str:
    if printable(value) != value or not value.strip():
        raise ValueError("write the name in words, on one line")
    return value.strip()


def _day(value: str) -> date:
    with suppress(ValueError):
        return date.fromisoformat(value)
    raise ValueError("write the day as year-month-day: '2026-03-21'")


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Language = Annotated[str, _fits(LANGUAGE, "write a language by its short name: 'fa', 'he', 'ar', 'en' …")]
Languages = Annotated[tuple[Language, ...], BeforeValidator(_texts)]
MailAddress = Annotated[
    str, _fits(ADDRESS, "write a mail address: 'name@example.com'"), AfterValidator(_sendable)
]
Addresses = Annotated[tuple[MailAddress, ...], BeforeValidator(_texts)]
Name = Annotated[str, _fits(NAME, "a name has only letters a to z, digits, - and _, and no spaces")]
CategoryName = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_one_line)]
Time = Annotated[Duration, _read(Duration.parse)]
WorkingHours = Annotated[Hours, _read(Hours.parse)]
Day = Annotated[date, _read(_day)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, defer_build=True)


class Category(Strict):
    """One cause that a case can have, and how cases of it are handled."""

    name: str = ""
    names: Mapping[Language, CategoryName] = {}
    """What agents call it, by language; they may write these names too."""
    kind: CaseKind
    description: str = Field(min_length=1)
    severity: Severity = Severity.NORMAL
    fault: Fault = Fault.UNKNOWN
    general: StrictBool = False
    """Chosen only where nothing more precise was hit."""
    answer_template: str = ""
    answer_within: Time = Duration(2, Unit.WORKING_DAYS)
    check_in_after: Time = Duration(3, Unit.DAYS)
    check_in_reminder_after: Time = Duration(4, Unit.DAYS)
    close_after: Time = Duration(7, Unit.DAYS)
    four_eyes: StrictBool = False
    """An answer leaves only when a second person has looked at it."""


class CategoriesFile(Strict):
    unsure_below: float = Field(0.4, ge=0, le=1)
    categories: Annotated[Mapping[Name, Category], AfterValidator(_some)]


class Conditions(Strict):
    """What must hold: every line of it. Within a line, one of its texts is enough."""

    phrase: Texts = ()
    pattern: Texts = ()
    header: Texts = ()
    sender: Texts = ()
    language: Languages = ()
    all: tuple[Conditions, ...] = ()
    any: tuple[Conditions, ...] = ()
    not_: Conditions | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError("name at least one thing to look for, such as 'phrase: …'")
        return self


class Says(Strict):
    """What a rule speaks for when it hits."""

    category: str = ""
    severity: Severity | None = None
    kind: CaseKind | None = None
    tag: Texts = ()
    assign: str = ""
    stop: StrictBool = False
    """Take this rule's category and weigh no other."""


class Examples(Strict):
    match: Texts = ()
    no_match: Texts = Field((), alias="no-match")


class Rule(Strict):
    """One rule: when it holds, what it says."""

    name: Name
    description: str = ""
    when: Conditions
    says: Says
    weight: float = Field(1.0, gt=0, le=100)
    examples: Examples = Examples()


class RulesFile(Strict):
    language: Language | None = None
    """The language of the file's phrases; in a mail of another one they count less than half."""
    prefixes: tuple[str, ...] = ()
    """Letters that may stand before a phrase in the same word."""
    suffixes: tuple[str, ...] = ()
    """Letters that may follow a phrase in the same word."""
    rules: Annotated[tuple[Rule, ...], AfterValidator(_some)]


class Agent(Strict):
    """A person who answers customers."""

    address: MailAddress
    name: str = Field(min_length=1)
    languages: Languages = ()
    """Languages the agent answers in; empty means all."""
    roles: Annotated[tuple[Role, ...], BeforeValidator(_texts)] = (Role.AGENT,)
    team: Name | None = None
    """Whom the agent works with; routes can name the team."""
    working_hours: WorkingHours | None = None
    """When the agent is there, on the firm's working days; an agent without hours always is."""
    authority: Authority = {}
    """What the agent may give alone; without it, nothing."""
    draft_only: StrictBool = False
    """Writes and proposes; somebody else approves."""
    digest: Annotated[Quiet, _read(Quiet.parse)] = Quiet()
    """Instead of a mail for each draft; what is urgent is mailed at once all the same."""


class AgentsFile(Strict):
    agents: Annotated[tuple[Agent, ...], AfterValidator(_some)]


class CalendarFile(Strict):
    """When the firm works."""

    time_zone: Annotated[str, BeforeValidator(_time_zone)] = "UTC"
    weekend: Annotated[tuple[Weekday, ...], BeforeValidator(_texts)] = (Weekday.SATURDAY, Weekday.SUNDAY)
    working_hours: WorkingHours = Hours(time(9), time(17))
    other_hours: Mapping[Weekday, WorkingHours] = {}
    """Days whose hours differ."""
    holidays: tuple[Day, ...] = ()

    @model_validator(mode="after")
    def _leaves_a_working_day(self) -> Self:
        if len(set(self.weekend)) >= len(Weekday):
            raise ValueError("the weekend takes the whole week; leave at least one working day")
        return self

    def hours_on(self, day: date) -> Hours | None:
        """The working hours of a day; None when it is a day of rest."""
        weekday = list(Weekday)[day.weekday()]
        if weekday in self.weekend or day in self.holidays:
            return None
        return self.other_hours.get(weekday, self.working_hours)


class Route(Strict):
    """Cases of these languages and categories go to these agents, or this team, in turn.

    An empty list of languages or categories means any.
    """

    language: Languages = ()
    category: Texts = ()
    assign: Addresses = ()
    team: Name | None = None

    @model_validator(mode="after")
    def _goes_to_somebody(self) -> Self:
        if bool(self.assign) == bool(self.team):
            raise ValueError("say who gets these cases: either 'assign: [name@example.com]' or 'team: NAME'")
        return self


class RoutingFile(Strict):
    routes: tuple[Route, ...] = ()
