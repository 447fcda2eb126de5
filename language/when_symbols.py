"""The words of a date, each as what it stands for: a weekday, a month, a number, a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from persiantools.jdatetime import JalaliDate

from language.normalise import normalise
from language.words import DateWords, Words

LONGEST = 4
"""Words of a phrase that stands for one thing: "day after tomorrow"."""
JALALI_BELOW = 1600
"""Years below are Jalali: 1405."""
MONTHS = 12

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_NUMBER = re.compile(r"(\d{1,4})(\D*)")
_MARKS = str.maketrans(dict.fromkeys(",،؛;()", " "))

Table = Mapping[str, "Symbol"]
"""Phrases, normalised, and what they stand for."""


class NoSuchDay(ValueError):
    """A month or a day that the calendar does not have: 2026-02-30."""


class TwoWays(ValueError):
    """A day that can be read as two: 01/02/2026."""

    def __init__(self, first: date, second: date) -> None:
        super().__init__(f"{first} or {second}")
        self.first, self.second = first, second


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a word or phrase of a date stands for."""

    kind: str
    """skip, at, next, before, week-end, half, offset, weekday, month, jalali-month, number, unit, one, two,
    clock or date."""
    value: Any = None
    """Of skip and at: the unit that the word is behind a number."""


def table_of(words: Iterable[Words]) -> Table:
    """Every phrase of these languages that dates are made of."""
    table: dict[str, Symbol] = {}
    for one in words:
        for phrase, symbol in _phrases(one.dates):
            table.setdefault(normalise(phrase), symbol)
    return table


def endings_of(words: Iterable[Words]) -> frozenset[str]:
    """What may stand directly behind a day's number: "st"."""
    return frozenset(normalise(ending) for one in words for ending in one.dates.ordinals)


def _phrases(dates: DateWords) -> Iterable[tuple[str, Symbol]]:
    units = {phrase: unit for unit, phrases in dates.units.items() for phrase in phrases}
    yield from ((phrase, Symbol("clock", time(12))) for phrase in dates.noon)
    yield from ((phrase, Symbol("week-end")) for phrase in dates.week_end)
    for kind in ("skip", "at", "next", "before"):
        yield from ((phrase, Symbol(kind, units.get(phrase))) for phrase in getattr(dates, kind))
    yield from ((phrase, Symbol("skip")) for phrase in dates.by)
    yield from ((phrase, Symbol("half", half)) for half in ("am", "pm") for phrase in getattr(dates, half))
    for kind, group in (
        ("offset", dates.days),
        ("weekday", dates.weekdays),
        ("month", dates.months),
        ("jalali-month", dates.jalali_months),
        ("number", dates.numbers),
        ("unit", dates.units),
        ("one", dates.one),
        ("two", dates.two),
    ):
        yield from ((phrase, Symbol(kind, value)) for value, phrases in group.items() for phrase in phrases)


def symbols_of(text: str, table: Table, endings: frozenset[str]) -> list[Symbol] | str:
    """What the text is made of; the first word that stands for nothing, where there is one.

    Raises NoSuchDay and TwoWays for dates in digits.
    """
    words = normalise(text).translate(_MARKS).strip(" .!").split()
    symbols: list[Symbol] = []
    at = 0
    while at < len(words):
        count = next((n for n in range(LONGEST, 0, -1) if " ".join(words[at : at + n]) in table), 0)
        symbol = table[" ".join(words[at : at + count])] if count else _in_digits(words[at], table, endings)
        if symbol is None:
            return words[at]
        symbols.extend(symbol if isinstance(symbol, tuple) else (symbol,))
        at += count or 1
    return symbols


def _in_digits(word: str, table: Table, endings: frozenset[str]) -> Symbol | tuple[Symbol, ...] | None:
    if found := _YEAR_FIRST.fullmatch(word):
        return Symbol("date", day_of(int(found[1]), int(found[3]), int(found[4])))
    if found := _YEAR_LAST.fullmatch(word):
        return Symbol("date", _year_last(int(found[1]), int(found[3]), int(found[4]), found[2]))
    if found := _CLOCK.match(word):
        clock = Symbol("clock", _time(int(found[1]), int(found[2])))
        return _with_half(clock, word[found.end() :], table)
    found = _NUMBER.fullmatch(word)
    if found is None:
        return None
    number = Symbol("number", int(found[1]))
    return number if found[2] in endings else _with_half(number, found[2], table)


def _with_half(symbol: Symbol, rest: str, table: Table) -> Symbol | tuple[Symbol, ...] | None:
    """A time with its "pm" written without a space."""
    if not rest:
        return symbol
    half = table.get(rest)
    return (symbol, half) if half and half.kind == "half" else None


def _time(hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError:
        raise NoSuchDay(f"{hour}:{minute:02}") from None


def _year_last(first: int, second: int, year: int, between: str) -> date:
    """Day, month and year; only dots say which of two numbers is the day."""
    if between == "." or first > MONTHS or first == second:
        return day_of(year, second, first)
    if second > MONTHS:
        return day_of(year, first, second)
    raise TwoWays(day_of(year, second, first), day_of(year, first, second))


def day_of(year: int, month: int, day: int, *, jalali: bool | None = None) -> date:
    """The day; its year tells the calendar unless the month's name did. Raises NoSuchDay."""
    try:
        if jalali if jalali is not None else year < JALALI_BELOW:
            return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay(f"{year}-{month:02}-{day:02}") from None
