"""Case numbers as people write them."""

from __future__ import annotations

import pytest

from cases.numbers import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1042", 1042),
        ("#1042", 1042),
        ("# 1042.", 1042),
        ("۱۰۴۲", 1042),
        ("\u200f#١٠٤٢:", 1042),
        ("\u2068#1042\u2069", 1042),
        ("", None),
        ("#", None),
        ("1042 and 7", None),
        ("case 1042", None),
        ("1234567890", None),
        (" " * 100_000 + "1", None),
    ],
)
def test_a_number_is_all_of_its_text(text: str, number: int | None) -> None:
    assert number_in(text) == number
