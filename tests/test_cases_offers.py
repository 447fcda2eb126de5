"""What stands behind `offer`."""

from __future__ import annotations

import pytest

from cases.naming import KINDS
from cases.offers import read_offer
from cases.saying import Refusal
from tests.money_facts import people

WORDS = people().words


def kind(text: str) -> str:
    return read_offer(f"{text} 20 EUR late", WORDS, ("en",)).kind


@pytest.mark.parametrize("way", [way for one in WORDS for name in KINDS for way in one.choices.get(name, ())])
def test_every_kind_that_the_words_name_can_be_offered(way: str) -> None:
    assert kind(way)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Free-Shipping", "free-shipping"),
        ("voucher:", "voucher"),
        ("کارت\u200cهدیه", "کارت\u200cهدیه"),
        ("\u202eرسید\u200f", "رسید"),
    ],
)
def test_a_word_of_two_parts_is_a_kind_as_well(written: str, expected: str) -> None:
    assert kind(written) == expected


@pytest.mark.parametrize("written", ["20", "€20", "-", "a1", ":", "‌"])
def test_what_is_no_word_is_no_kind(written: str) -> None:
    with pytest.raises(Refusal) as refusal:
        kind(written)
    assert refusal.value.say.code == "offer-without-kind"
