"""Counts and shares as people of a language write them: 1,234 and 87%, ۱٬۲۳۴ and ۸۷٪."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal

from language.dates import locale_of, number

EXACT = 0.01
"""A share nearer than this to nothing or to all is told with a decimal, so that it is not taken for it."""
_SEPARATORS = str.maketrans({",": "٬", ".": "٫"})
_ARABIC_LETTER_MARK = "\u061c"
"""Before Persian digits: else the sign would stand on either side of them, by what stands before them."""


def count(value: float, language: str) -> str:
    """A number with its digits grouped, and at most one decimal."""
    return _written(round(value, 1), language)


def share(value: float, language: str) -> str:
    """A share from 0 to 1 (or more) in percent."""
    near = 0 < value < EXACT or 1 - EXACT < value < 1
    written = _written(round(value * 100, 1 if near else None), language)
    return f"{written}%" if written[0].isascii() else f"{_ARABIC_LETTER_MARK}{written}٪"


def amount(value: Decimal, decimals: int, language: str) -> str:
    """A sum with as many decimals as its currency has."""
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return _by(pattern, value, language)


def rounded(value: float) -> float:
    """As exact as people count time: 1.5, but 12."""
    found = round(value, 1) if value < 10 else round(value)
    return int(found) if found == int(found) else found


def _written(value: float, language: str) -> str:
    return _by("#,##0.#", value, language)


def _by(pattern: str, value: float | Decimal, language: str) -> str:
    locale = locale_of(language)
    written = format_decimal(value, format=pattern, locale=locale, numbering_system="default")
    local = number(written, language)
    return local if local == written else local.translate(_SEPARATORS)
