"""Mails as counted runs of letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.terms import LIMIT, RULE, rule_terms, runs, terms_of, words_of


def test_a_word_gives_its_runs_with_its_borders() -> None:
    assert set(runs("late")) == {
        *(" l", "la", "at", "te", "e "),
        *(" la", "lat", "ate", "te "),
        *(" lat", "late", "ate "),
        *(" late", "late "),
    }


def test_a_short_word_gives_itself_once() -> None:
    assert list(runs("i")).count(" i ") == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("كتاب مي‌آيد", "کتاب می آید"), ("٤٥ يورو", "83 يورو"), ("LATE", "late"), ("שָׁלוֹם", "שלום")],
)
def test_spellings_of_one_text_are_the_same_words(one: str, other: str) -> None:
    assert words_of("", one) == words_of("", other)


def test_addresses_are_no_words() -> None:
    assert words_of("", "see https://firm.example/x?a=1 or ann@firm.example now") == ["see", "or", "now"]


def test_the_subject_counts() -> None:
    assert words_of("Late", "again") == ["late", "again"]


def test_what_the_rules_said_is_a_term_below_one() -> None:
    assert rule_terms({"late": 3.0, "lost": 0.0}) == {RULE + "late": 0.75}


@given(st.text())
def test_no_term_of_a_mail_can_pass_for_what_the_rules_said(text: str) -> None:
    assert not any(term.startswith(RULE) for term in terms_of(words_of("", text)))


@given(st.text(max_size=50))
def test_only_the_beginning_of_a_mail_is_looked_at(text: str) -> None:
    long = "a " * LIMIT
    assert words_of("", long + text) == words_of("", long)
