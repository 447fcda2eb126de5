"""A mail as the rules see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules import fold as folding
from cases.rules.fold import LONGEST_TOKEN, STOP, fold, fold_phrase

LETTERS = st.text(st.sampled_from("aBé'!.?_-#1۱یيمنךם״\u200c\u0651\u0301ß"), min_size=1, max_size=12)


@given(st.lists(LETTERS, min_size=1, max_size=8))
def test_words_are_folded_together_as_one_by_one(written: list[str]) -> None:
    together = fold("", " ".join(written))
    alone = [fold("", one) for one in written]
    assert together.words == [word for one in alone for word in one.words]
    assert together.text == " ".join(one.text for one in alone)


@given(st.lists(LETTERS, min_size=1, max_size=8))
def test_every_word_knows_its_place_in_the_mail(written: list[str]) -> None:
    mail = fold("", " ".join(written))
    for number, word in enumerate(mail.words):
        assert mail.word_at(mail.line.index(f" {word} ") + 1) == mail.words.index(word)
        assert word in fold("", written[mail.token_of[number]]).words


def test_a_sentence_and_a_paragraph_end_what_a_phrase_may_cover() -> None:
    assert fold("Late", "Where is it?\n \nI wait").words == [
        "late", STOP, "where", "is", "it", STOP, STOP, "i", "wait",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"), [("می‌خواهم", "می خواهم"), ("میخواهم", "می خواهم"), ("sooooo", "so"), ("שלום", "שלומ")]
)
def test_two_ways_to_write_a_word_are_one(one: str, other: str) -> None:
    assert fold_phrase(one) == fold_phrase(other)


def test_what_stands_in_the_subject_is_known_as_such() -> None:
    mail = fold("Broken kettle", "It leaks")
    said = [number for number, word in enumerate(mail.words) if word != STOP]
    assert [mail.in_subject(mail.token_of[number]) for number in said] == [True, True, False, False]


def test_no_more_words_are_remembered_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "_known", {})
    monkeypatch.setattr(folding, "REMEMBERED", 3)
    for number in range(9):
        assert fold("", f"word{number} {'x' * (LONGEST_TOKEN + 1)}").words[0] == f"word{number}"
    assert len(folding._known) <= 4
    assert all(len(word) <= LONGEST_TOKEN for word in folding._known)
