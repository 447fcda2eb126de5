"""Days and times to come, as people write them: "friday", "in 3 working days", "۱۰ آذر", "1 Dec at 14:00".

What could mean two days is told as such and never guessed. The words are data: `dates` in the words files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal, cast, get_args

from persiantools.jdatetime import JalaliDate

from language.normalise import normalise
from language.when_symbols import NoSuchDay, Symbol, TwoWays, day_of, endings_of, symbols_of, table_of
from language.words import Weekday, Words

JUST = 60
"""A day without a year that passed fewer days ago than this: is the one in a year meant, or is it a slip?"""
NOON = 12

_WEEKDAYS: tuple[str, ...] = get_args(Weekday)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and the time of day when one was given."""

    day: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """So much time from now, as the clock or the firm's calendar counts it."""

    amount: int
    unit: Literal["minutes", "hours", "working-hours", "working-days"]
    at: time | None = None
    """Of working days only."""


@dataclass(frozen=True, slots=True)
class WeekEnd:
    """The last working day of this week; which that is, the firm's calendar says."""

    at: time | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why no day could be read: the code of a sentence, and what stands in it."""

    code: Literal["when-unknown", "when-two-ways", "when-no-such-day"]
    values: Mapping[str, Any] = field(default_factory=dict)


class _NotADay(Exception):
    """The symbols make no day."""


def read_when(
    text: str, now: datetime, zone: tzinfo, words: Iterable[Words]
) -> Day | Span | WeekEnd | Unclear:
    """The day or time that the text names, seen from `now` in the zone. It may be past."""
    words, today = tuple(words), now.astimezone(zone).date()
    try:
        symbols = symbols_of(text, table_of(words), endings_of(words))
        if isinstance(symbols, str):
            return Unclear("when-unknown", {"text": text, "word": symbols})
        rest, at = _time_of_day([one for one in _units_told(symbols) if one.kind != "skip"])
        return _found(rest, at, today)
    except TwoWays as two:
        return Unclear("when-two-ways", {"text": text, "first": two.first, "second": two.second})
    except NoSuchDay as none:
        return Unclear("when-no-such-day", {"text": text, "day": str(none)})
    except _NotADay:
        return Unclear("when-unknown", {"text": text, "word": ""})


def split_by(text: str, words: Iterable[Words]) -> tuple[str, str] | None:
    """What stands before and behind the last "by" of the text; None where there is none."""
    phrases = {normalise(phrase) for one in words for phrase in one.dates.by}
    parts = text.split()
    for at in range(len(parts) - 2, 0, -1):
        for count in (3, 2, 1):
            if at + count < len(parts) and normalise(" ".join(parts[at : at + count])) in phrases:
                return " ".join(parts[:at]), " ".join(parts[at + count :])
    return None


def split_day(text: str, now: datetime, zone: tzinfo, words: Iterable[Words]) -> tuple[str, str] | None:
    """What stands before the day that the text ends with, and that day, where no "by" is between them.

    A bare "2 days" may be of the thing itself, so a stretch of time counts only behind a word like "within".
    """
    words = tuple(words)
    table, endings = table_of(words), endings_of(words)
    within = tuple(normalise(phrase) + " " for one in words for phrase in one.dates.within)
    parts = text.split()
    for at in range(1, len(parts)):
        what, day = " ".join(parts[:at]), " ".join(parts[at:])
        read = read_when(day, now, zone, words)
        if isinstance(read, Unclear) and read.code == "when-unknown":
            continue
        if _counts(day, table, endings) and not normalise(day).startswith(within):
            continue
        return None if _of_dates_only(what, table, endings) else (what, day)
    return None


def _counts(text: str, table: Mapping[str, Symbol], endings: frozenset[str]) -> bool:
    """Whether it is so much time instead of a day."""
    try:
        return any(
            getattr(one, "kind", "") in ("unit", "one", "two") for one in symbols_of(text, table, endings)
        )
    except (TwoWays, NoSuchDay):
        return False


def _of_dates_only(text: str, table: Mapping[str, Symbol], endings: frozenset[str]) -> bool:
    try:
        return not isinstance(symbols_of(text, table, endings), str)
    except (TwoWays, NoSuchDay):
        return True


def _units_told(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Words that are a unit behind a number, and something else elsewhere, as what they are here."""
    told: list[Symbol] = []
    for at, one in enumerate(symbols):
        behind = symbols[at + 1].kind if at + 1 < len(symbols) else ""
        counted = bool(told) and told[-1].kind == "number" and behind not in ("number", "clock")
        told.append(
            Symbol("unit", one.value) if one.kind in ("skip", "at") and one.value and counted else one
        )
    return told


def _time_of_day(symbols: Sequence[Symbol]) -> tuple[list[Symbol], time | None]:
    """The symbols without the time of day, and that time."""
    rest: list[Symbol] = []
    found: list[time] = []
    queue = list(symbols)
    while queue:
        first = queue.pop(0)
        after = queue[0].kind if queue else ""
        behind = queue[1].kind if len(queue) > 1 else ""
        if first.kind == "at" and after in ("number", "clock"):
            half = queue[1].value if behind == "half" else ""
            found.append(_clock(queue[0], half, plain=behind != "half"))
            del queue[: 2 if half else 1]
        elif first.kind == "clock" or (first.kind == "number" and after == "half"):
            half = queue.pop(0).value if after == "half" else ""
            found.append(_clock(first, half))
        else:
            rest.append(first)
    if len(found) > 1:
        raise _NotADay
    return rest, found[0] if found else None


def _clock(symbol: Symbol, half: str, *, plain: bool = False) -> time:
    """A time on the clock of 24 hours. A bare "at 5" is morning or evening, so it is none."""
    if symbol.kind == "number":
        hour, minute = int(symbol.value), 0
        if plain and hour <= NOON:
            raise _NotADay
    else:
        hour, minute = symbol.value.hour, symbol.value.minute
    if half and not 1 <= hour <= NOON:
        raise NoSuchDay(f"{hour}:{minute:02} {half}")
    if half:
        hour = hour % NOON + (NOON if half == "pm" else 0)
    if hour > 23:
        raise NoSuchDay(f"{hour}:{minute:02}")
    return time(hour, minute)


def _found(rest: list[Symbol], at: time | None, today: date) -> Day | Span | WeekEnd:
    if rest and rest[0].kind == "before":
        if _span(rest[1:]):
            raise _NotADay  # "before 3 days" is how some languages say "3 days ago"
        return _before(_found(rest[1:], at, today))
    if [one.kind for one in rest] == ["week-end"]:
        return WeekEnd(at)
    if not rest:
        if at is None:
            raise _NotADay
        return Day(today, at)
    if span := _span(rest):
        amount, unit = span
        if unit in ("days", "weeks"):
            return Day(today + timedelta(days=amount * (7 if unit == "weeks" else 1)), at)
        if at is not None and unit != "working-days":
            raise _NotADay
        return Span(amount, unit, at)  # type: ignore[arg-type]
    return Day(_day(rest, today), at)


def _before(read: Day | Span | WeekEnd) -> Day:
    """The day before; a time of day is itself what it should be before."""
    if not isinstance(read, Day):
        raise _NotADay
    return read if read.at else Day(read.day - timedelta(days=1))


def _span(symbols: Sequence[Symbol]) -> tuple[int, str] | None:
    match [(one.kind, one.value) for one in symbols]:
        case [("number", amount), ("unit" | "one", unit)] | [("unit", unit), ("number", amount)]:
            return int(amount), str(unit)
        case [(("one" | "two") as amount, unit)]:
            return 1 if amount == "one" else 2, str(unit)
    return None


def _day(symbols: Sequence[Symbol], today: date) -> date:
    match [(one.kind, one.value) for one in symbols]:
        case [("offset", days)]:
            return today + timedelta(days=days)
        case [("date", day)]:
            return cast(date, day)
        case [("weekday", weekday), *_]:
            return _by_weekday(weekday, symbols[1:], today)
        case [*_, ("weekday", weekday)]:
            return _by_weekday(weekday, symbols[:-1], today)
    return _by_month(symbols, today)


def _by_weekday(weekday: str, rest: Sequence[Symbol], today: date) -> date:
    if not rest or (len(rest) == 1 and rest[0].kind == "next"):
        return _coming(weekday, today, surely=not rest)
    return _agreeing(_day(rest, today), weekday, today)


def _coming(weekday: str, today: date, *, surely: bool) -> date:
    """The next such day; on that very day, and with "next", it could be two."""
    ahead = (_WEEKDAYS.index(weekday) - today.weekday()) % 7
    day = today + timedelta(days=ahead)
    if not ahead or not surely:
        raise TwoWays(day, day + timedelta(days=7))
    return day


def _agreeing(day: date, weekday: str, today: date) -> date:
    if day.weekday() != _WEEKDAYS.index(weekday):
        ahead = (_WEEKDAYS.index(weekday) - today.weekday()) % 7 or 7
        raise TwoWays(day, today + timedelta(days=ahead))
    return day


def _by_month(symbols: Sequence[Symbol], today: date) -> date:
    """A day of a named month, with or without its year."""
    kinds = [one.kind for one in symbols]
    month = next((at for at, kind in enumerate(kinds) if kind in ("month", "jalali-month")), None)
    if month is None or month > 1 or len(symbols) not in (2, 3) or kinds.count("number") != len(symbols) - 1:
        raise _NotADay
    jalali = kinds[month] == "jalali-month"
    numbers = [int(one.value) for one in symbols if one.kind == "number"]
    if len(numbers) == 2:
        return day_of(numbers[1], symbols[month].value, numbers[0], jalali=jalali)
    return _without_year(symbols[month].value, numbers[0], today, jalali=jalali)


def _without_year(month: int, day: int, today: date, *, jalali: bool) -> date:
    """The next such day, unless it has just passed."""
    year = JalaliDate(today).year if jalali else today.year  # type: ignore[no-untyped-call]
    possible = [_or_none(year + n, month, day, jalali=jalali) for n in (-1, 0, 1)]
    before = [one for one in possible if one and one < today]
    ahead = [one for one in possible if one and one >= today]
    if not ahead:
        raise NoSuchDay(f"{month:02}-{day:02}")
    if before and (today - before[-1]).days < JUST:
        raise TwoWays(before[-1], ahead[0])
    return ahead[0]


def _or_none(year: int, month: int, day: int, *, jalali: bool) -> date | None:
    try:
        return day_of(year, month, day, jalali=jalali)
    except NoSuchDay:
        return None
