"""Case numbers as people write them."""

from __future__ import annotations

import pytest

from cases.numbers import number_in, number_in_subject


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


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("#1042", 1042),
        ("# ۱۰۴۲", 1042),
        ("Re: #1042 please", 1042),
        ("[#1042] New case, normal: Ann", 1042),
        ("پاسخ: [\u2068#۱۰۴۲\u2069] پرونده", 1042),
        ("Re: [#1042] about #7", 1042),
        ("about my order #77", None),
        ("1042", None),
        ("#1042nd", None),
        ("", None),
    ],
)
def test_a_subject_shows_a_number_as_our_mails_do(subject: str, number: int | None) -> None:
    assert number_in_subject(subject) == number
