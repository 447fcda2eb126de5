"""Days that stand in running text, whole: with day, month and year. What could mean two days is none of them.

A day without its year is left out as well: a text says seldom which year it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from language.normalise import normalise
from language.when_symbols import NoSuchDay, Symbol, Table, TwoWays, day_of, endings_of, symbols_of, table_of
from language.words import Words

LONGEST = 6
"""Words of a day in full: "Friday, the 3rd of July 2026"."""
MOST = 50
"""Numbers of a text that are looked at, where a month stands beside them."""
FIRST_YEAR = 1000
MONTHS = ("month", "jalali-month")
_DIGIT, _YEAR = re.compile(r"\d"), re.compile(r"\d{4}")
_AROUND = "()[]{}<>\"'«»“”„.,;:!?،؛؟"
_IN_DIGITS = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}")
_PREFIX = re.compile(r"^[בלמהוכשبلوفك]{1,2}[-־–ـ]?(?=\d)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class DayIn(NamedTuple):
    """A day, and the words of the text that say it: the first, and the last."""

    first: int
    last: int
    day: date


def is_day(written: str) -> bool:
    """Whether it is a day in digits, whichever one: 12/05/2026."""
    return _IN_DIGITS.fullmatch(normalise(written)) is not None


class Days:
    """Finds days by the words of some languages."""

    def __init__(self, words: Iterable[Words]) -> None:
        words = tuple(words)
        self._table: Table = table_of(words)
        self._endings = endings_of(words)
        self._months = frozenset(
            phrase.split(maxsplit=1)[0] for phrase, symbol in self._table.items() if symbol.kind in MONTHS
        )

    def found(self, words: Sequence[str]) -> Iterator[DayIn]:
        """Each day among the words of a text, in order; none of them overlap."""
        behind = tried = 0
        for at, word in enumerate(words):
            if word.isalpha() or at < behind or tried >= MOST or not _DIGIT.search(word):
                continue
            found = self._in_digits(word, at)
            if found is None and _by_a_year(words, at) and self._by_a_month(words, at):
                tried += 1
                found = self._in_words(words, max(behind, at - 3), at)
            if found:
                behind = found.last + 1
                yield found

    def _in_digits(self, word: str, at: int) -> DayIn | None:
        if not is_day(_bare(word)):
            return None
        with suppress(NoSuchDay, TwoWays):
            day = self._read([word])
            return DayIn(at, at, day) if day else None
        return None

    def _by_a_month(self, words: Sequence[str], at: int) -> bool:
        beside = (*words[max(0, at - 2) : at], *words[at + 1 : at + 3])
        return any(self._is_month(one) for one in beside)

    def _is_month(self, word: str) -> bool:
        return normalise(word).strip(_AROUND) in self._months

    def _in_words(self, words: Sequence[str], earliest: int, at: int) -> DayIn | None:
        """The longest day that the number is part of."""
        for first in range(earliest, at + 1):
            for last in range(min(first + LONGEST, len(words)) - 1, at, -1):
                try:
                    day = self._read(words[first : last + 1])
                except (NoSuchDay, TwoWays):
                    return None
                if day:
                    return DayIn(first, last, day)
        return None

    def _read(self, words: Sequence[str]) -> date | None:
        """The day that these words are, and nothing else. Raises NoSuchDay and TwoWays."""
        symbols = symbols_of(" ".join(map(_bare, words)), self._table, self._endings)
        return None if isinstance(symbols, str) else _day(symbols)


def without_prefix(word: str) -> str:
    """A number without the preposition that Hebrew and Arabic write onto it: "ב-12"."""
    return _PREFIX.sub("", word)


def _by_a_year(words: Sequence[str], at: int) -> bool:
    return any(map(_YEAR.search, words[at : at + LONGEST]))


def _bare(word: str) -> str:
    return without_prefix(word.strip(_AROUND))


def _day(symbols: Sequence[Symbol]) -> date | None:
    """The day, where the symbols are that of one in full and of nothing else.

    Raises NoSuchDay, and TwoWays where the weekday is another one's.
    """
    if symbols and "skip" in (symbols[0].kind, symbols[-1].kind):
        return None  # a shorter stretch says the same
    weekdays = [one.value for one in symbols if one.kind == "weekday"]
    rest = [one for one in symbols if one.kind not in ("skip", "weekday")]
    day: date | None = None
    if [one.kind for one in rest] == ["date"]:
        day = rest[0].value
    else:
        months = [one for one in rest if one.kind in MONTHS]
        numbers = [int(one.value) for one in rest if one.kind == "number"]
        if len(rest) == 3 and len(months) == 1 and len(numbers) == 2 and rest[2].kind == "number":
            first, year = numbers
            if year >= FIRST_YEAR > first:
                day = day_of(year, months[0].value, first, jalali=months[0].kind == "jalali-month")
    if day and any(_WEEKDAYS[day.weekday()] != one for one in weekdays):
        raise TwoWays(day, day)
    return day
