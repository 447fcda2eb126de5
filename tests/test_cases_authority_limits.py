"""How much an agent may give alone, and who may say yes to more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.authority_limits import deciders, may_give_alone, other_eyes, total
from language.money import Money
from store.models import CompensationState
from tests.money_facts import DANA, MAY, NOA, NOBODY_DECIDES, OLA, SARA, compensation, people, who


def alone(amount: str, currency: str = "EUR", *, case: str = "", year: str = "", by: str = SARA) -> bool:
    on_case = [compensation(case)] if case else []
    lately = [*on_case, *([compensation(year, case_number=3)] if year else [])]
    return may_give_alone(who(by), Money(Decimal(amount), currency), on_case, lately)


@pytest.mark.parametrize(
    ("amount", "case", "year", "expected"),
    [
        ("50.00", "", "", True),
        ("50.01", "", "", False),
        ("30.00", "20.00", "", True),
        ("30.01", "20.00", "", False),
        ("20.50", "20.00", "40.00", True),
        ("20.51", "20.00", "40.00", False),
        ("0.01", "", "80.50", False),
    ],
)
def test_the_limit_of_a_case_and_of_a_customers_year_are_both_kept_to_the_cent(
    amount: str, case: str, year: str, expected: bool
) -> None:
    assert alone(amount, case=case, year=year) is expected


def test_of_a_currency_without_a_limit_nothing_is_given_alone() -> None:
    assert not alone("0.01", "USD")
    assert alone("20000000", "IRR")
    assert not alone("20000001", "IRR")


def test_without_authority_nobody_gives_anything_alone_whatever_their_role() -> None:
    assert not alone("0.01", by=DANA)
    assert not alone("0.01", by=OLA)


def test_other_currencies_and_what_was_withdrawn_do_not_count() -> None:
    given_ = [
        compensation("10.00"),
        compensation("5.00", state=CompensationState.PAID),
        compensation("99.00", state=CompensationState.WITHDRAWN),
        compensation("99.00", "USD"),
    ]
    assert total(given_, "EUR") == Decimal("15.00")


CENTS = st.integers(1, 6000)


@given(parts=st.lists(CENTS, min_size=1, max_size=6))
def test_however_it_is_parted_no_more_than_the_limit_is_given_alone(parts: list[int]) -> None:
    done: list[str] = []
    for cents in parts:
        amount = f"{Decimal(cents) / 100:f}"
        before = [compensation(one) for one in done]
        if may_give_alone(who(SARA), Money(Decimal(amount), "EUR"), before, before):
            done.append(amount)
    assert sum(map(Decimal, done)) <= Decimal(50)


def names(found: tuple[object, ...]) -> list[str]:
    return [getattr(one, "address", "") for one in found]


def test_approvers_and_owners_decide_and_never_the_giver() -> None:
    assert names(deciders(people(), who(SARA))) == [NOA, OLA]
    assert names(deciders(people(), who(NOA))) == [OLA]


def test_the_second_pair_of_eyes_is_a_deciders_or_any_colleagues_where_nobody_decides() -> None:
    assert names(other_eyes(people(), who(SARA))) == [NOA, OLA]
    few = people(NOBODY_DECIDES)
    assert names(other_eyes(few, who(SARA, few))) == [DANA]
    assert names(other_eyes(few, who(MAY, few))) == [SARA, DANA]
