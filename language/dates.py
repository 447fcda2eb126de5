"""Dates and numbers as people of a language write them (L4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date
from persiantools.jdatetime import JalaliDate

_DIGITS = {
    "fa": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    "ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
}
_JALALI_MONTHS = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
_JALALI_WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
# Babel's own English order is American; a day before its month can't be misread anywhere.
_DAY_PATTERNS = {"en": "EEEE, d MMMM y"}
_THE_YEAR = re.compile(r"(?:'[^']*'|[\s,،/.])*y+年?")
_BY_COUNTRY = frozenset({"ar"})
"""Languages whose digits and months differ from country to country."""
_PLAIN_DIGITS = "latn"
_AT = {
    "fa": "{day}، ساعت {time}",
    "he": "{day} בשעה {time}",
    "ar": "{day}، الساعة {time}",
    "en": "{day}, {time}",
}


def number(n: int | str, language: str) -> str:
    """The digits of the language, ungrouped: for case numbers, counts and scores."""
    return str(n).translate(_digits(language))


@lru_cache(maxsize=64)
def _digits(language: str) -> Mapping[int, int]:
    """What stands for 0 to 9, also in a country that writes the language with other digits than most."""
    locale = locale_of(language)
    if locale.territory and locale.default_numbering_system == _PLAIN_DIGITS:
        return {}
    return _DIGITS.get(_primary(language), {})


@lru_cache(maxsize=64)
def at_home(language: str, zone: tzinfo) -> str:
    """The language as it is written in the zone's country, where that makes a difference: "ar-MA"."""
    if _primary(language) not in _BY_COUNTRY or _primary(language) != language:
        return language
    country = get_global("zone_territories").get(getattr(zone, "key", ""), "")
    found = f"{language}-{country}" if country else language
    return found if locale_of(found).language == language else language


def day(when: date, language: str, zone: tzinfo, *, year: bool = True) -> str:
    """A day with its weekday: Jalali for Persian, Gregorian elsewhere. A moment is read in the zone."""
    return _date(_in_zone(when, zone).date() if isinstance(when, datetime) else when, language, year)


@lru_cache(maxsize=1024)
def _date(date_only: date, language: str, year: bool) -> str:
    if _primary(language) == "fa":
        return _jalali(date_only, year)
    locale = locale_of(language)
    pattern = _DAY_PATTERNS.get(locale.language) or locale.date_formats["full"].pattern
    shown = pattern if year else _THE_YEAR.sub("", pattern).strip(" ,،.")
    return number(format_date(date_only, shown, locale), language)


def short_day(when: date, language: str, *, year: bool = False) -> str:
    """A day without its weekday, where there is little room: 5 Mar, ۱۴ اسفند."""
    if _primary(language) == "fa":
        return _jalali(when, year).split(" ", 1)[1]
    locale = locale_of(language)
    pattern = "d MMM y" if year else "d MMM"
    return number(format_date(when, pattern, locale), language)


def moment(when: datetime, language: str, zone: tzinfo) -> str:
    """A day and the time of day, in the zone."""
    at = _AT.get(_primary(language), _AT["en"])
    return at.format(day=day(when, language, zone), time=clock(when, language, zone))


def clock(when: datetime, language: str, zone: tzinfo) -> str:
    """The time of day, in the zone, on a clock of 24 hours."""
    return number(_in_zone(when, zone).strftime("%H:%M"), language)


@lru_cache(maxsize=256)
def language_name(code: str, language: str) -> str:
    """What a language is called in another one; its code when nobody knows the name."""
    try:
        return Locale.parse(code.replace("-", "_")).get_language_name(locale_of(language)) or code
    except (UnknownLocaleError, ValueError):
        return code


def _in_zone(when: datetime, zone: tzinfo) -> datetime:
    if when.tzinfo is None:
        raise ValueError(f"the moment {when} has no time zone")
    return when.astimezone(zone)


def _jalali(when: date, year: bool) -> str:
    jalali = JalaliDate(when)  # type: ignore[no-untyped-call]
    weekday, month = _JALALI_WEEKDAYS[when.weekday()], _JALALI_MONTHS[jalali.month - 1]
    shown = f"{weekday} {jalali.day} {month}"
    return number(f"{shown} {jalali.year}" if year else shown, "fa")


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The closest locale that Babel knows; English when it knows none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _primary(language: str) -> str:
    return language.lower().replace("_", "-").split("-", 1)[0]
