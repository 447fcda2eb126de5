"""What corrections add to the shipped rules: docs/rules.md tells it."""

from __future__ import annotations

import pytest

from bench import learning
from bench.learning import BEGIN, END, OWN_NAMES, PAGE, Figures, Labelled
from bench.rules import lists, updated
from cases.rules.classify import classify
from tests.facts_factory import rulebook

WORDS = {"late": "zorb flimmer", "Goods": "plith vandle"}


def labelled() -> list[Labelled]:
    """Mails in words that no rule knows; the rules name one cause of the two."""
    return [
        Labelled(
            text,
            name,
            classify(subject="", text=text, language="en", rulebook=rulebook()),
        )
        for name, words in WORDS.items()
        for number in range(60)
        for text in (f"The {words} of thing {number}",)
    ]


def test_macro_f1_is_the_mean_over_what_was_wanted() -> None:
    assert learning.macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    assert learning.macro_f1(["a", "b"], ["c", "c"]) == 0


def test_what_is_learned_is_measured_on_mails_that_were_not_drawn() -> None:
    found = learning.measured(labelled(), 80, rulebook(), 1, 0.95)
    assert found.rules == 0
    assert found.together == found.said == found.right == found.light == 1


def test_figures_of_several_draws_are_their_mean() -> None:
    one, other = Figures(0.1, 0.2, 0.3, 0.4, 0.5), Figures(0.3, 0.4, 0.5, 0.6, 0.7)
    mean = Figures.mean([one, other])
    assert (mean.rules, mean.together, mean.said) == pytest.approx((0.2, 0.3, 0.4))


def test_the_names_of_an_office_are_of_causes_that_mails_are_labelled_with() -> None:
    assert set(OWN_NAMES) <= set(lists("en")["causes"])


def test_the_page_has_the_table() -> None:
    page = PAGE.read_text("utf-8")
    assert "| of an office | 1,000 |" in page.partition(BEGIN)[2].partition(END)[0]
    assert updated(page, "| new |", BEGIN, END).count("| new |") == 1
