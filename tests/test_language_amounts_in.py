"""Amounts in running text: exact, in every language, and never guessed."""

from __future__ import annotations

import pytest

from language.amounts_in import Amounts
from tests.words_shipped import WORDS

AMOUNTS = Amounts(WORDS)


def amounts(text: str, language: str = "en") -> list[str]:
    return [str(one.money) for one in AMOUNTS.found(text.split(), language)]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("I paid €50, and EUR 20.50 and 30 USD.", "en", ["50.00 EUR", "20.50 EUR", "30.00 USD"]),
        ("they took (£30) for it", "en", ["30.00 GBP"]),
        ("EUR 50 USD 20", "en", ["50.00 EUR", "20.00 USD"]),
        ("50 EUR 20 USD", "en", ["50.00 EUR", "20.00 USD"]),
        ("on 12.5.2026 EUR 50", "en", ["50.00 EUR"]),
        ("۲۰۰ هزار تومان دادم", "fa", ["2000000 IRR"]),
        ("مبلغ ۱٬۲۵۰٬۰۰۰ ریال", "fa", ["1250000 IRR"]),
        ('חויבתי ב-1,250 ש"ח', "he", ["1250.00 ILS"]),
        ("שילמתי ₪99.90", "he", ["99.90 ILS"]),
        ("دفعت 200 درهم إماراتي", "ar", ["200.00 AED"]),
    ],
)
def test_amounts_are_found_as_people_write_them(text: str, language: str, found: list[str]) -> None:
    assert amounts(text, language) == found


@pytest.mark.parametrize(
    "text", ["50 days for 3 lamps", "دفعت 20 دينار", "1.250 KWD", "EUR", "50% off", "0 EUR", "call 555 0123"]
)
def test_what_could_be_another_amount_is_none(text: str) -> None:
    assert amounts(text) == []


def test_an_amount_says_which_words_it_is() -> None:
    text = "I paid (£30) and EUR 20 too"
    found = [(one.first, one.last) for one in AMOUNTS.found(text.split())]
    assert found == [(2, 2), (4, 5)]


def test_a_text_of_nothing_but_amounts_is_looked_at_for_a_while_only() -> None:
    assert len(amounts("1 EUR " * 5_000)) <= 30
