"""Mails as counted runs of letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.terms import CHOSEN, LIMIT, NOTHING, RULE, Heard, rule_terms, runs, terms_of, words_of


def test_a_word_gives_its_runs_with_its_borders() -> None:
    assert set(runs("late")) == {
        *(" la", "lat", "ate", "te "),
        *(" lat", "late", "ate "),
        *(" late", "late "),
    }


def test_a_short_word_gives_itself_once() -> None:
    assert list(runs("i")) == [" i "]


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


def test_a_run_that_stands_in_a_word_twice_counts_once() -> None:
    assert list(terms_of("hahaha")).count("haha") == 1


def test_what_the_rules_said_is_shares_below_one_and_what_they_chose() -> None:
    heard = Heard({"late": 2.0, "lost": 1.0, "billing": 0.0}, "late", 0.6)
    assert rule_terms(heard) == {RULE + "late": 0.5, RULE + "lost": 0.25, CHOSEN + "late": 0.6}


def test_where_the_rules_chose_nothing_nothing_is_chosen() -> None:
    assert rule_terms(Heard({"late": 1.0}, "unsure", 0.3)) == {RULE + "late": 0.5}
    assert rule_terms(NOTHING) == {}


@given(st.text())
def test_no_term_of_a_mail_can_pass_for_what_the_rules_said(text: str) -> None:
    assert not any(term.startswith(RULE) for word in words_of("", text) for term in terms_of(word))


@given(st.text(max_size=50))
def test_only_the_beginning_of_a_mail_is_looked_at(text: str) -> None:
    long = "a " * LIMIT
    assert words_of("", long + text) == words_of("", long)
