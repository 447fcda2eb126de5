"""What every letter to a customer may say."""

from __future__ import annotations

from dataclasses import replace

from cases.about import FactValues, about
from store.values import Fact
from tests.extractors_factory import SHIPPED, extracting
from tests.facts_factory import case, case_facts, rulebook


def test_a_letter_names_facts_by_their_names_and_nothing_where_none_is_known() -> None:
    rules = replace(rulebook(), extracting=extracting(SHIPPED))
    known = (Fact("order_number", "AB-1"), Fact("order_number", "AB-2"))
    values = about(case_facts(rulebook=rules, case_facts=known), case())["facts"]
    assert values["order_number"] == "AB-1, AB-2"
    assert values["items"] == ""


def test_facts_of_a_letter_are_compared_by_what_they_say() -> None:
    assert FactValues({"a": "1"}) == FactValues({"a": "1"})
    assert FactValues({"a": "1"}) != FactValues()
    assert FactValues() != {}
