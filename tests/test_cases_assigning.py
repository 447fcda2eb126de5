"""Who gets a case."""

from __future__ import annotations

import pytest

from cases.assigning import heir, whose
from tests.facts_factory import ADMIN, AGENT, COLLEAGUE, case, rulebook, verdict

ROUTED = """\
routes:
  - {category: [late], language: [he], assign: [dana@example.com]}
  - {category: [late], assign: [sara@example.com, admin@example.com]}
"""
ONLY_ADMINS = "agents:\n  - {address: admin@example.com, name: Ada, roles: [admin]}\n"


def test_a_rule_that_names_an_agent_decides() -> None:
    assert whose(verdict(assign=ADMIN), 1, rulebook(routing=ROUTED)) == ADMIN


def test_the_first_route_that_fits_decides_in_turn() -> None:
    rules = rulebook(routing=ROUTED)
    assert [whose(verdict(), number, rules) for number in range(4)] == [AGENT, ADMIN, AGENT, ADMIN]
    assert whose(verdict(language="he"), 1, rules) == COLLEAGUE


def test_what_no_route_fits_goes_to_who_speaks_the_language() -> None:
    for rules in (rulebook(), rulebook(routing=ROUTED)):
        assert {whose(verdict(category="praise", language="fa"), n, rules) for n in range(4)} == {AGENT}
        assert {whose(verdict(category="praise", language="he"), n, rules) for n in range(4)} == {COLLEAGUE}


@pytest.mark.parametrize("language", ["ru", ""])
def test_a_language_that_nobody_speaks_goes_to_all_who_answer(language: str) -> None:
    found = {whose(verdict(language=language), number, rulebook()) for number in range(4)}
    assert found == {AGENT, COLLEAGUE}


def test_an_agent_without_languages_answers_in_all() -> None:
    everybody = ONLY_ADMINS + "  - {address: sara@example.com, name: Sara}\n"
    assert whose(verdict(language="ru"), 1, rulebook(agents=everybody)) == AGENT


def test_where_only_admins_are_they_answer() -> None:
    assert whose(verdict(), 1, rulebook(agents=ONLY_ADMINS)) == ADMIN


def test_a_case_stays_with_its_agent_as_long_as_there_is_one() -> None:
    assert heir(case(assignee=COLLEAGUE), rulebook(routing=ROUTED)) == COLLEAGUE
    assert heir(case(assignee="gone@example.com", number=8), rulebook(routing=ROUTED)) == AGENT
    assert heir(case(assignee="", language="he"), rulebook()) == COLLEAGUE
