"""Text folded for comparing (L3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.normalise import ascii_digits, normalise, normalised_each


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتابي", "کتابی"),
        ("علي", "على"),
        ("أإآٱ", "اااا"),
        ("فاتورة", "فاتوره"),
        ("خانۀ", "خانه"),
        ("مَرْحَبًا", "مرحبا"),
        ("ســـلام", "سلام"),
        ("شָׁלוֹם", "شלום"),
        ("שָׁלוֹם", "שלום"),
        ("می‌خواهم", "می خواهم"),
        ("۱۲۳ ٤٥٦", "123 456"),
        ("ﻼ", "لا"),
        ("Straße  GROẞ", "strasse gross"),
        ("Ａｂｃ", "abc"),
        ("don’t", "don't"),
        ("מע״מ", 'מע"מ'),
        (" a\t\n b\u00a0c ", "a b c"),
        ("\u202bשלום\u202c\u200f", "שלום"),
    ],
)
def test_two_spellings_of_one_word_are_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("می خواهم", "میخواهم"), ("שלום", "שלם"), ("été", "ete")])
def test_two_words_stay_two(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x590, max_codepoint=0x6FF)))
def test_folding_hebrew_and_arabic_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_only_digits_become_ascii_digits() -> None:
    assert ascii_digits("سفارش ۱۲۳ و ٤٥٦") == "سفارش 123 و 456"


@given(st.lists(st.text().map(lambda text: text.replace("\n", "")), min_size=1))
def test_texts_are_normalised_together_as_one_by_one(texts: list[str]) -> None:
    assert normalised_each(texts) == [normalise(text) for text in texts]
