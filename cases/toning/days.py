"""Which words of a letter say when: a weekday, a day of a month, so many days, tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cases.rules.fold import Folded
from cases.rules.matching import Phrase, Span
from cases.rules.vocabulary import Affixes
from language.words import DateWords, Words

IN_DIGITS = re.compile(r"\W*(?:\d{1,2}[./]\d{1,2}(?:[./]\d{2,4}|[.])?|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})\W*")
NO_DAY = "24/7"
YEAR = 4
"""Digits of the longest number that says when."""
NEAR = 3
"""Words before a day in which "by" may stand."""


class What(Enum):
    """What a phrase is in a date."""

    DAY = auto()
    """Says when by itself: a weekday, tomorrow, two days in one word."""
    MONTH = auto()
    UNIT = auto()
    NUMBER = auto()
    ONE = auto()
    BY = auto()


@dataclass(frozen=True, slots=True)
class DayWords:
    """A language's phrases for days, numbered from `first` on among those that are looked for."""

    phrases: tuple[Phrase, ...]
    what: tuple[What, ...]
    first: int

    @classmethod
    def of(cls, words: Words | None, affixes: Affixes, first: int) -> DayWords:
        """Of a language without words for days there are none."""
        known = _phrases(words.dates) if words else ()
        kept = [(made, what) for text, what in known if (made := _made(text, affixes))]
        return cls(tuple(phrase for phrase, _ in kept), tuple(what for _, what in kept), first)

    def said(self, letter: Folded, found: Mapping[int, Sequence[Span]]) -> Iterator[tuple[Span, bool]]:
        """The words that say when, and whether they do alone: so many days only behind "by" or "within"."""
        at: dict[What, list[Span]] = {what: [] for what in What}
        for number, spans in found.items():
            if 0 <= number - self.first < len(self.what):
                at[self.what[number - self.first]] += spans
        numbers = {span.last: span.first for span in at[What.NUMBER]}
        numbers |= {place: place for place, word in enumerate(letter.words) if _may_count(word)}
        ones = {span.last: span.first for span in at[What.ONE]}
        by = {span.last for span in at[What.BY]}
        for span in (*at[What.DAY], *_months(at[What.MONTH], numbers), *_in_digits(letter)):
            yield span, True
        for span in _units(at[What.UNIT], numbers, ones, by):
            yield span, any(place in by for place in range(span.first - NEAR, span.first + 1))


def _may_count(word: str) -> bool:
    """Whether it may be a day, a year or so many days; a telephone number is none."""
    return word.isdecimal() and len(word) <= YEAR


def _months(months: Sequence[Span], numbers: Mapping[int, int]) -> Iterator[Span]:
    for month in months:
        before = next((numbers[at] for at in (month.first - 1, month.first - 2) if at in numbers), None)
        if before is not None:
            yield Span(before, month.last)
        elif month.last + 1 in numbers:
            yield Span(month.first, month.last + 1)


def _units(
    units: Sequence[Span], numbers: Mapping[int, int], ones: Mapping[int, int], by: set[int]
) -> Iterator[Span]:
    for unit in units:
        if unit.first - 1 in numbers:
            yield Span(numbers[unit.first - 1], unit.last)
        elif unit.first - 1 in ones and ones[unit.first - 1] - 1 in by:
            yield Span(ones[unit.first - 1], unit.last)


def _in_digits(letter: Folded) -> Iterator[Span]:
    places: dict[int, list[int]] = {}
    for place, token in enumerate(letter.token_of):
        places.setdefault(token, []).append(place)
    for token, (seen, _) in enumerate(letter.folded):
        if token in places and IN_DIGITS.fullmatch(seen) and NO_DAY not in seen:
            yield Span(places[token][0], places[token][-1])


def _made(text: str, affixes: Affixes) -> Phrase | None:
    try:
        return Phrase.of(text, affixes)
    except ValueError:  # "@": a sign that is no word says nothing about a letter's day
        return None


def _phrases(dates: DateWords) -> Iterator[tuple[str, What]]:
    for offset, texts in dates.days.items():
        if offset >= 0:
            yield from ((text, What.DAY) for text in texts)
    for group in (dates.weekdays.values(), dates.one.values(), dates.two.values(), (dates.week_end,)):
        yield from ((text, What.DAY) for texts in group for text in texts)
    for months in (dates.months, dates.jalali_months):
        yield from ((text, What.MONTH) for texts in months.values() for text in texts)
    yield from ((text, What.UNIT) for texts in dates.units.values() for text in texts)
    for number, texts in dates.numbers.items():
        yield from ((text, What.ONE if number == 1 else What.NUMBER) for text in texts)
    yield from ((text, What.BY) for text in (*dates.by, *dates.within))
