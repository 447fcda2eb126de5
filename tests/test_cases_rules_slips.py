"""Words with typing errors, where a rule asks for them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.fold import fold
from cases.rules.matching import Finder, Phrase
from cases.rules.slips import Slips, distance, slips_in
from cases.rules.vocabulary import Affixes

HEBREW = Affixes.of(["ו", "ה", "ש", "וה"], ["ים"])


def finds(phrase: str, text: str, affixes: Affixes | None = None, *, fuzzy: bool = True) -> bool:
    finder = Finder([Phrase.of(phrase, affixes or Affixes(), fuzzy=fuzzy)])
    return bool(finder.find(fold("", text)))


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("parcel", "parcel", 0), ("parcel", "parcl", 1), ("parcel", "parccel", 1), ("parcel", "pracel", 1),
     ("parcel", "parsel", 1), ("parcel", "prasel", 2), ("", "ab", 2)],
)  # fmt: skip
def test_a_slip_is_a_letter_too_many_too_few_wrong_or_swapped(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("broken screen", "a brokn screen"),
        ("broken screen", "brokne scren"),
        ("delivery", "the delivry"),
        ("customer * service", "your custmer is no servise"),
        ("cancelled", "it was canceld"),
        ("شکسته", "لیوان شکصته بود"),
        ("تأخیر", "تاخییر داشت"),
        ("הזמנה", "ההזמנא שלי"),
        ("מקולקל", "המסך מקולכל"),
        ("متأخرة", "الشحنة متاخره"),
        ("مكسورة", "وصلت مكسوره"),
    ],
)
def test_a_word_of_five_letters_may_have_one_slip_and_one_of_nine_two(phrase: str, text: str) -> None:
    assert finds(phrase, text, HEBREW)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("late", "lete"),
        ("order", "odrr"),
        ("broken screen", "broken"),
        ("delivery", "dlivry"),
        ("x y", "x z"),
    ],
)
def test_short_words_have_none_and_no_word_has_more(phrase: str, text: str) -> None:
    assert not finds(phrase, text)


def test_a_rule_that_does_not_ask_for_it_sees_none() -> None:
    assert not finds("broken screen", "brokn screen", fuzzy=False)
    assert finds("broken screen", "broken screen", fuzzy=False)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.text("abcd", min_size=3, max_size=11), min_size=1, max_size=12), st.text("abcd", max_size=12)
)
def test_no_word_near_enough_is_overlooked_and_no_other_is_taken(words: list[str], written: str) -> None:
    near = {word for word in words if slips_in(word) and distance(word, written) <= slips_in(word)}
    assert Slips(words).near(written) == near


def test_a_word_of_a_megabyte_is_no_slip_of_any() -> None:
    assert Slips(["delivery"]).near("delivery" * 125_000) == set()
