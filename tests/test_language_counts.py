"""Counts and shares as people of a language write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from language.counts import amount, count, rounded, share


@pytest.mark.parametrize(
    ("language", "written", "part", "sum_of_money"),
    [
        ("en", "1,234,567", "87%", "1,250.50"),
        ("he", "1,234,567", "87%", "1,250.50"),
        ("fa", "۱٬۲۳۴٬۵۶۷", "\u061c۸۷٪", "۱٬۲۵۰٫۵۰"),
        ("ar", "١٬٢٣٤٬٥٦٧", "\u061c٨٧٪", "١٬٢٥٠٫٥٠"),
        ("ar-MA", "1.234.567", "87%", "1.250,50"),
    ],
)
def test_numbers_are_written_as_in_the_language(
    language: str, written: str, part: str, sum_of_money: str
) -> None:
    assert count(1234567, language) == written
    assert share(0.871, language) == part
    assert amount(Decimal("1250.5"), 2, language) == sum_of_money


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0%"), (1, "100%"), (0.996, "99.6%"), (0.004, "0.4%"), (0.5, "50%"), (1.5, "150%")],
)
def test_what_is_nearly_all_or_nothing_is_not_told_as_it(value: float, told: str) -> None:
    assert share(value, "en") == told


@pytest.mark.parametrize(("value", "told"), [(1.04, 1), (1.25, 1.2), (9.96, 10), (25.4, 25)])
def test_time_is_as_exact_as_people_count_it(value: float, told: float) -> None:
    assert rounded(value) == told
