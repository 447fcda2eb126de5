"""What is worked out of words is worked out once for the same ones, and anew for others."""

from __future__ import annotations

from collections.abc import Sequence

from language.words import Words
from language.worked_out import WorkedOut

PERSIAN = Words(language="fa", name="فارسی")
HEBREW = Words(language="he", name="עברית")


def test_the_same_words_are_looked_at_once() -> None:
    made: list[str] = []

    def count(words: Sequence[Words]) -> int:
        made.append("made")
        return len(words)

    of = WorkedOut(count).of
    both = (PERSIAN, HEBREW)
    assert [of(both), of(both), of((PERSIAN, HEBREW)), of([PERSIAN, HEBREW])] == [2, 2, 2, 2]
    assert made == ["made"]


def test_a_list_that_has_grown_is_looked_at_again() -> None:
    words = [PERSIAN]
    of = WorkedOut(_languages).of
    assert of(words) == "fa"
    words.append(HEBREW)
    assert of(words) == "fa he"


def _languages(words: Sequence[Words]) -> str:
    return " ".join(one.language for one in words)
