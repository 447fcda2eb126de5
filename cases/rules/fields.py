"""The kinds of values that stand in rule files, each with what to write where one is wrong."""

from __future__ import annotations

import re
import zoneinfo
from contextlib import suppress
from datetime import date
from typing import Annotated, Any, TypeVar

from persiantools.jdatetime import JalaliDate
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from cases.rules.durations import Duration, Hours
from cases.sendable import sendable
from language.direction import printable

ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
LANGUAGE = re.compile(r"[a-z]{2,3}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")

EARLIEST_YEAR = 1900
"""Days before it are of the Persian calendar."""

Filled = TypeVar("Filled")


def as_texts(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def filled(value: Filled) -> Filled:
    if not value:
        raise ValueError("this is empty; write at least one")
    return value


def parsed(parse: Any) -> BeforeValidator:
    """A value that is read from a text; a number or a truth value is a text that nobody can read."""

    def read(value: Any) -> Any:
        if isinstance(value, bool):
            return parse(str(value).lower())
        return parse(str(value)) if isinstance(value, str | int | float) else value

    return BeforeValidator(read)


def fits(pattern: re.Pattern[str], otherwise: str) -> BeforeValidator:
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


def _shown_on_one_line(value: str) -> str:
    if printable(value) != value or not value.strip():
        raise ValueError("write it on one line, without hidden signs")
    return value.strip()


def _day(value: str) -> date:
    day, gregorian = None, None
    with suppress(ValueError):
        day = date.fromisoformat(value)
        if day.year < EARLIEST_YEAR:
            jalali = JalaliDate(day.year, day.month, day.day)  # type: ignore[no-untyped-call]
            gregorian = jalali.to_gregorian()
    if day and gregorian:
        raise ValueError(f"write the day as it is outside of Iran: '{gregorian}'")
    if day is None or day.year < EARLIEST_YEAR:
        raise ValueError("write the day as year-month-day: '2026-03-21'")
    return day


Texts = Annotated[tuple[str, ...], BeforeValidator(as_texts)]
Language = Annotated[str, fits(LANGUAGE, "write a language by its short name: 'fa', 'he', 'ar', 'en' …")]
Languages = Annotated[tuple[Language, ...], BeforeValidator(as_texts)]
MailAddress = Annotated[
    str, fits(ADDRESS, "write a mail address: 'name@example.com'"), AfterValidator(_sendable)
]
Addresses = Annotated[tuple[MailAddress, ...], BeforeValidator(as_texts)]
Name = Annotated[str, fits(NAME, "a name has only letters a to z, digits, - and _, and no spaces")]
CategoryName = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_one_line)]
OneLine = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_shown_on_one_line)]
Time = Annotated[Duration, parsed(Duration.parse)]
WorkingHours = Annotated[Hours, parsed(Hours.parse)]
Day = Annotated[date, parsed(_day)]
TimeZone = Annotated[str, BeforeValidator(_time_zone)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, defer_build=True)
