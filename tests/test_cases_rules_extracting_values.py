"""Values of facts: one form for all ways to write them."""

from __future__ import annotations

import pytest

from cases.rules.extracting_values import LONGEST, Values, key, number, text
from cases.rules.extractors import FactKind
from tests.words_shipped import WORDS

VALUES = Values(WORDS)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (FactKind.NUMBER, " #ab 4711. ", "AB-4711"),
        (FactKind.NUMBER, "AB–٤٧١١", "AB-4711"),
        (FactKind.NUMBER, "none", ""),
        (FactKind.NUMBER, "12/05/2026", ""),
        (FactKind.AMOUNT, "€1,250", "1250.00 EUR"),
        (FactKind.AMOUNT, "50", ""),
        (FactKind.DATE, "on 12 March 2026", "2026-03-12"),
        (FactKind.DATE, "01/02/2026", ""),
        (FactKind.TEXT, " “Left  side”. ", "Left side"),
        (FactKind.PLACE, "شعبهٔ ۱۲", "شعبهٔ 12"),
        (FactKind.PERSON, "?!", ""),
        (FactKind.TEXT, "a" * (LONGEST + 1), ""),
    ],
)
def test_a_value_has_one_form(kind: FactKind, written: str, value: str) -> None:
    assert VALUES.read(kind, written, "en") == value


@pytest.mark.parametrize("written", ["AB-4711", "ab 4711", "#AB_4711", "ab-٤٧١١", "AB‑4711"])
def test_the_form_of_a_number_is_its_own_form(written: str) -> None:
    assert number(number(written)) == number(written) == "AB-4711"


def test_names_are_compared_without_what_people_type_differently() -> None:
    assert key("North-Mall ") == key("north mall")
    assert key("كتري") == key("کتری")


def test_marks_around_words_are_no_part_of_them() -> None:
    assert text("(the «Left» side!)") == "the «Left» side"
