"""By when something happens, as people say it: "within two working days (by Sunday, 29 November)" (L4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo

from language.dates import day, locale_of, number

WITHIN, NUMBER = "within", "number"
"""Groups of labels: the phrases, and small numbers in words."""
TODAY, BY, OTHER = "today", "by", "other"
"""Phrases beside those for one, two, few and many, as the language counts."""


def within(
    due: date, days: int | None, language: str, zone: tzinfo, words: Mapping[tuple[str, str], str]
) -> str:
    """The working days until then, and the day; the day alone where they can't be said.

    The year is left out where the number of days says it. `words` are labels, as (group, name).
    """
    if days is None:
        return _phrase(words, BY).replace("{day}", day(due, language, zone))
    counted = TODAY if days == 0 else str(locale_of(language).plural_form(days))
    said = words.get((NUMBER, str(days))) or number(days, language)
    shown = day(due, language, zone, year=False)
    return _phrase(words, counted).replace("{number}", said).replace("{day}", shown)


def _phrase(words: Mapping[tuple[str, str], str], name: str) -> str:
    """The phrase of that name; where a language counts finer than its labels do, that for any number."""
    return words.get((WITHIN, name)) or words.get((WITHIN, OTHER)) or "{day}"
