"""Days in running text: found whole, in every calendar, and never guessed."""

from __future__ import annotations

import pytest

from language.dates_in import Days, is_day, without_prefix
from tests.words_shipped import WORDS

DAYS = Days(WORDS)


def days(text: str) -> list[str]:
    return [one.day.isoformat() for one in DAYS.found(text.split())]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I ordered on 12 March 2026, and again on March 3rd, 2026.", ["2026-03-12", "2026-03-03"]),
        ("It came (Friday, 13 March 2026).", ["2026-03-13"]),
        ("of the 3rd of July 2026 it says", ["2026-07-03"]),
        ("on 2026-05-01 or 13.02.2026!", ["2026-05-01", "2026-02-13"]),
        ("سفارش در ۱۲ اسفند ۱۴۰۴ بود", ["2026-03-03"]),
        ("۱۴۰۴/۱۲/۰۱ خریدم", ["2026-02-20"]),
        ("הזמנתי ב־12 במרץ 2026 ושוב ב-13.2.2026", ["2026-03-12", "2026-02-13"]),
        ("طلبت في ١٢ مارس ٢٠٢٦", ["2026-03-12"]),
    ],
)
def test_a_day_in_full_is_found_in_every_calendar(text: str, found: list[str]) -> None:
    assert days(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "on 12 March",
        "in May 2026 there were 20 of them",
        "on 01/02/2026",
        "on 31 February 2026",
        "Thursday, 13 March 2026",
        "0171 2026 5550",
        "tomorrow, on friday",
    ],
)
def test_what_could_be_another_day_is_none(text: str) -> None:
    assert days(text) == []


def test_a_day_says_which_words_it_is() -> None:
    text = "I ordered it on 12 March 2026 at home"
    [day] = DAYS.found(text.split())
    assert (day.first, day.last) == (4, 6)


def test_a_preposition_on_a_number_is_not_part_of_it() -> None:
    assert [without_prefix(one) for one in ("ב-12", "وב12", "بـ200", "EUR12", "12")] == [
        "12",
        "12",
        "200",
        "EUR12",
        "12",
    ]


def test_digits_are_a_day_where_they_may_be_one() -> None:
    assert is_day("12/05/2026")
    assert is_day("۱۴۰۴/۱۲/۰۱")
    assert not is_day("4711")
    assert not is_day("12/05")


def test_a_text_of_nothing_but_days_is_looked_at_for_a_while_only() -> None:
    assert len(days("12 March of 2026 " * 2_000)) <= 50
