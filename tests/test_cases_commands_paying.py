"""`offer` and `paid`: what a customer is given, and that it was paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cases.authority_limits import total
from cases.saying import Refusal
from store.models import CompensationState, EventKind, Status
from tests.facts_factory import CUSTOMER
from tests.money_facts import SARA, codes, compensation, given


def refused(line: str, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        given(line, **facts)
    return refusal.value


def test_an_offer_within_the_agents_authority_is_written_down() -> None:
    decision = given("offer Refund 20,5 EUR the parcel was late")
    (row,) = decision.rows
    assert row.table == "compensation"
    expected = {
        "case_number": 7,
        "customer": CUSTOMER,
        "kind": "refund",
        "amount": "20.50",
        "currency": "EUR",
        "reason": "the parcel was late",
        "offered_by": SARA,
        "granted_by": "",
        "state": CompensationState.OFFERED,
    }
    assert {name: row.values[name] for name in expected} == expected
    (event,) = decision.events
    assert (event.kind, event.actor, event.data["amount"]) == (EventKind.OFFERED, SARA, "20.50")
    assert codes(decision) == ["offered"]
    assert [letter.recipient.address for letter in decision.letters] == [SARA]


def test_tomans_are_written_down_as_ten_rials_each() -> None:
    row = given("offer برگشت ۲۰۰ هزار تومان بابت تأخیر").rows[0]
    assert (row.values["amount"], row.values["currency"]) == ("2000000", "IRR")
    assert (row.values["kind"], row.values["reason"]) == ("برگشت", "بابت تأخیر")


def test_a_discount_is_a_share_of_the_price_and_is_never_added_to_money() -> None:
    earlier = (compensation(amount="49.00"),)
    decision = given("offer discount 10% the parcel was late", compensations=earlier)
    assert codes(decision) == ["held"], "nobody gave this agent leave to give discounts"
    assert total((*earlier, compensation(amount="10.00", currency="%")), "%") == Decimal(10)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("offer", "needs-text"),
        ("offer 20 EUR late", "offer-without-kind"),
        ("offer €20 late", "offer-without-kind"),
        ("offer ۲۰ یورو دیر", "offer-without-kind"),
        ("offer refund", "money-unclear"),
        ("offer refund EUR late", "money-unclear"),
        ("offer refund 20 late", "money-currency"),
        ("offer refund 20", "money-currency"),
        ("offer refund 0 EUR late", "money-nothing"),
        ("offer refund -5 EUR late", "money-unclear"),
        ("offer refund 20 EUR", "offer-without-reason"),
        ("offer refund EUR 20 100 late", "money-two-ways"),
    ],
)
def test_an_offer_that_is_not_clear_is_refused(line: str, code: str) -> None:
    assert refused(line).say.code == code


def test_a_closed_case_is_offered_nothing() -> None:
    assert refused("offer refund 20 EUR late", of={"status": Status.CLOSED}).say.code == "illegal"


def test_two_offers_do_not_stand_in_one_mail() -> None:
    with pytest.raises(Refusal) as refusal:
        given("offer refund 20 EUR late", "offer voucher 20 EUR late")
    assert refusal.value.say.code == "twice"


def test_what_was_offered_is_paid_once() -> None:
    decision = given("paid", compensations=(compensation(),))
    (change,) = decision.changes
    assert (change.key, change.expected) == ({"id": 1}, {"state": CompensationState.OFFERED})
    assert change.values["state"] is CompensationState.PAID
    assert change.values["paid_at"]
    assert [event.kind for event in decision.events] == [EventKind.PAID]
    paid = (compensation(state=CompensationState.PAID),)
    assert refused("paid", compensations=paid).say.code == "no-open-offer"


@pytest.mark.parametrize("which", ["2", "٢", "voucher", "5.00"])
def test_one_of_several_offers_is_named_by_its_number_or_its_words(which: str) -> None:
    offers = (compensation(), compensation("5.00", kind="voucher", id=4))
    assert given(f"paid {which}", compensations=offers).changes[0].key == {"id": 4}


def test_an_offer_that_is_not_clear_to_be_paid_is_refused_with_those_there_are() -> None:
    offers = (compensation(), compensation("5.00", kind="voucher", id=4))
    assert refused("paid", compensations=offers).say.code == "which-owed"
    refusal = refused("paid 3", compensations=offers)
    assert refusal.say.code == "no-such-owed"
    assert [(one.values["count"], one.values["amount"]) for one in refusal.say.values["known"]] == [
        (1, "20.00"),
        (2, "5.00"),
    ]


@pytest.mark.parametrize("number", ["1" * 5000, "0", "٩" * 5000])
def test_a_number_that_no_offer_has_is_refused_however_long(number: str) -> None:
    assert refused(f"paid {number}", compensations=(compensation(),)).say.code == "no-such-owed"


def test_what_is_given_is_shown_in_the_letters_that_it_was_written_in() -> None:
    decision = given("offer قسيمة ٤٥ يورو تأخر الطرد")
    assert decision.events[0].data["kind"] == "قسيمة"


def test_limits_go_by_the_customers_address_without_its_tag() -> None:
    row = given("offer refund 5 EUR late", of={"customer": "Ann+3@example.com"}).rows[0]
    assert row.values["customer"] == "ann@example.com"
