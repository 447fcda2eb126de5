"""How often the shipped rules are right on labelled mails: it does not fall, and docs/rules.md tells it."""

from __future__ import annotations

import re
from functools import cache

import pytest

from bench import rules
from bench.rules import BEGIN, END, LANGUAGES, PAGE, UNSEEN, Figures, Labelled
from cases.rules.types import UNSURE
from store.models import CaseKind
from tests import shipped

FEWEST_OF_A_CAUSE, FEWEST_OF_A_KIND = 12, 40
FLOORS = {
    # In percent: kind, cause, and the cause where the rules named one.
    ("en", "held back"): (92, 88, 89),
    ("en", "unseen"): (83, 52, 64),
    ("fa", "held back"): (86, 64, 77),
    ("fa", "unseen"): (76, 52, 64),
    ("he", "held back"): (94, 85, 90),
    ("he", "unseen"): (82, 55, 69),
    ("ar", "held back"): (92, 63, 76),
    ("ar", "unseen"): (79, 55, 66),
}
NEAR = 4
"""Points by which the page may be out of date before it is wrong."""


@cache
def judged(language: str) -> list[Labelled]:
    return rules.judged(language, shipped.rules())


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_labelled_mails_of_every_cause_and_kind(language: str) -> None:
    found = rules.lists(language)
    causes = {
        name
        for name, one in shipped.rules().categories.items()
        if one.kind is CaseKind.COMPLAINT and name != UNSURE
    }
    assert set(found["causes"]) == causes
    assert set(found["kinds"]) == {kind.value for kind in CaseKind} - {CaseKind.COMPLAINT.value}
    assert {
        name: len(mails) for name, mails in found["causes"].items() if len(mails) < FEWEST_OF_A_CAUSE
    } == {}
    assert {name: len(mails) for name, mails in found["kinds"].items() if len(mails) < FEWEST_OF_A_KIND} == {}


@pytest.mark.parametrize("name", [*LANGUAGES, *(f"{UNSEEN}{language}" for language in LANGUAGES)])
def test_no_labelled_mail_stands_twice_or_under_two_names(name: str) -> None:
    texts = [" ".join(one.text.split()) for one in judged(name)]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


@cache
def figures(language: str) -> dict[str, Figures]:
    return rules.by_part(language, shipped.rules())


@pytest.mark.parametrize(("language", "part"), FLOORS)
def test_the_rules_are_as_often_right_as_they_were(language: str, part: str) -> None:
    found = figures(language)[part]
    shares = tuple(round(100 * share) for share in (found.kind, found.cause, found.told))
    assert all(share >= floor for share, floor in zip(shares, FLOORS[language, part], strict=True)), shares


def numbers(table: str) -> list[int]:
    return [int(number) for number in re.findall(r"(\d+) %", table)]


def test_the_figures_of_the_page_are_about_todays() -> None:
    told = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    shown, today = numbers(told), numbers(rules.table(shipped.rules()))
    assert len(shown) == len(today)
    far = [(one, other) for one, other in zip(shown, today, strict=True) if abs(one - other) > NEAR]
    assert far == [], "measure anew: make rules-page"


def test_a_page_without_a_place_for_the_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the table"):
        rules.updated("# Rules\n", "| a |")


def test_figures_count_what_they_say() -> None:
    mails = [
        Labelled("a", False, "complaint", "late", "complaint", "late"),
        Labelled("b", False, "complaint", "late", "complaint", "lost"),
        Labelled("c", False, "complaint", "lost", "complaint", UNSURE),
        Labelled("d", False, "complaint", "lost", "question", "lost"),
        Labelled("e", False, "praise", "", "praise", "praise"),
    ]
    found = rules.figures(mails)
    assert (found.mails, found.kind, found.cause, found.unsure) == (5, 4 / 5, 2 / 4, 1 / 4)
    assert found.told == 2 / 3
    late, lost = 2 / (2 + 1), 2 / (2 + 2)
    assert found.cause_f1 == pytest.approx((late + lost) / 2)
