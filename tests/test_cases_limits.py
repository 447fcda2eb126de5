"""Authority, draft-only agents and four eyes, as the rule files write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cases.rules.loading import load
from tests.facts_factory import CATEGORIES, texts

ONE = "agents:\n  - address: sara@example.com\n    name: Sara\n    roles: [admin]\n"


def problems(agents: str, categories: str = CATEGORIES) -> list[str]:
    _, found = load(texts(agents=agents, categories=categories))
    return [str(one) for one in found]


def limits(written: str) -> list[str]:
    return problems(f"{ONE}    authority:\n      {written}\n")


def test_limits_are_exact_whether_they_are_written_with_decimals_or_in_quotes() -> None:
    rules, found = load(
        texts(agents=f"{ONE}    authority: {{EUR: {{per_case: 0.1, per_customer_year: '49.90'}}}}\n")
    )
    assert rules, found
    limit = rules.agents[0].authority["EUR"]
    assert (limit.per_case, limit.per_customer_year) == (Decimal("0.1"), Decimal("49.90"))


def test_discounts_have_limits_of_their_own() -> None:
    rules, found = load(
        texts(agents=f"{ONE}    authority: {{percent: {{per_case: 10, per_customer_year: 20}}}}\n")
    )
    assert rules, found
    assert rules.agents[0].authority["%"].per_case == Decimal(10)


def test_discounts_of_a_year_may_add_up_to_more_than_the_whole_price() -> None:
    assert limits("percent: {per_case: 30, per_customer_year: 150}") == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("EURO: {per_case: 5, per_customer_year: 9}", "write a currency by its code in capitals"),
        ("eur: {per_case: 5, per_customer_year: 9}", "write a currency by its code in capitals"),
        ("DEM: {per_case: 5, per_customer_year: 9}", "write a currency by its code in capitals"),
        ("EUR: {per_case: 5}", "'per_customer_year' is missing here"),
        ("EUR: {per_case: 5 EUR, per_customer_year: 9}", "write an amount without its currency"),
        ("EUR: {per_case: -5, per_customer_year: 9}", "write an amount without its currency"),
        ("EUR: {per_case: true, per_customer_year: 9}", "write an amount without its currency"),
        ("EUR: {per_case: NaN, per_customer_year: 9}", "write an amount without its currency"),
        ("EUR: {per_case: 5.005, per_customer_year: 9}", "has at most 2 decimals"),
        ("IRR: {per_case: 5.5, per_customer_year: 9}", "has at most 0 decimals"),
        ("percent: {per_case: 5.005, per_customer_year: 9}", "an amount in percent has at most 2 decimals"),
        ("EUR: {per_case: 10, per_customer_year: 9}", "per_customer_year is less than per_case"),
        ("EUR: {per_case: 5, per_year: 9, per_customer_year: 9}", "did you mean"),
        ("EUR: 5", "write both limits"),
    ],
)
def test_a_wrong_limit_is_told_with_its_line(written: str, told: str) -> None:
    found = limits(written)
    assert any(one.startswith("agents.yaml:") and told in one for one in found), found


def test_who_decides_for_others_is_not_draft_only() -> None:
    agents = f"{ONE}    draft_only: true\n".replace("[admin]", "[admin, approver]")
    assert any("decides for others" in one for one in problems(agents))


def test_somebody_must_be_able_to_approve() -> None:
    assert any("everybody is draft_only" in one for one in problems(f"{ONE}    draft_only: true\n"))


def test_four_eyes_need_two_people() -> None:
    categories = CATEGORIES.replace("answer_template: late", "answer_template: late\n    four_eyes: true")
    assert any("'late' has four_eyes" in one for one in problems(ONE, categories))
    assert problems(f"{ONE}  - {{address: dana@example.com, name: Dana}}\n", categories) == []
