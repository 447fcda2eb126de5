"""`withdraw`: a promise or an offer that was a mistake counts no more. `kept` and `paid` have tests of
their own, beside `promise` and `offer`."""

from __future__ import annotations

from typing import Any

import pytest

from cases.authority_limits import total
from cases.saying import Refusal
from store.models import Compensation, CompensationState, EventKind, PromiseState, Status
from store.values import RowChange
from tests.money_facts import codes, compensation, given, promise

A_CALL = promise("a call", id=2)
VOUCHER = compensation("5.00", kind="voucher", id=4)
PAID = compensation("30.00", kind="refund", id=5, state=CompensationState.PAID)


def withdrawn(line: str, **facts: Any) -> RowChange:
    (change,) = given(line, **facts).changes
    return change


def refused(line: str, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        given(line, **facts)
    return refusal.value


def test_the_only_open_promise_is_withdrawn() -> None:
    decision = given("withdraw", promises=(promise(),))
    (change,) = decision.changes
    assert (change.table, change.key, change.expected) == ("promise", {"id": 1}, {"state": PromiseState.OPEN})
    assert change.values["state"] is PromiseState.WITHDRAWN
    assert change.values["ended_at"]
    assert [(event.kind, event.text) for event in decision.events] == [(EventKind.WITHDRAWN, "a new parcel")]
    assert codes(decision) == ["promise-withdrawn"]
    assert decision.rows == ()


def test_the_only_open_offer_is_withdrawn_and_counts_no_more() -> None:
    decision = given("withdraw", compensations=(PAID, VOUCHER))
    (change,) = decision.changes
    assert (change.table, change.key) == ("compensation", {"id": 4})
    assert change.expected == {"state": CompensationState.OFFERED}
    assert codes(decision) == ["offer-withdrawn"]
    gone = Compensation(**(VOUCHER.model_dump() | dict(change.values)))
    assert total((gone, PAID), "EUR") == 30


@pytest.mark.parametrize(
    ("line", "table"),
    [
        ("withdraw promise", "promise"),
        ("withdraw offer", "compensation"),
        ("withdraw promise 1", "promise"),
        ("withdraw offer 1", "compensation"),
        ("withdraw قول ۱", "promise"),
        ("withdraw פיצוי 1", "compensation"),
        ("withdraw وعد", "promise"),
        ("withdraw call", "promise"),
        ("withdraw voucher", "compensation"),
        ("withdraw offer voucher", "compensation"),
    ],
)
def test_a_promise_and_an_offer_of_one_number_are_told_apart_by_what_they_are(line: str, table: str) -> None:
    assert withdrawn(line, promises=(A_CALL,), compensations=(VOUCHER,)).table == table


def test_where_it_is_not_clear_both_are_listed_with_what_they_are() -> None:
    for line in ("withdraw", "withdraw 1"):
        refusal = refused(line, promises=(A_CALL,), compensations=(VOUCHER,))
        assert refusal.say.code == "which-owed"
        assert [one.values["command"] for one in refusal.say.values["known"]] == ["promise", "offer"]
    assert refused("withdraw tea", promises=(A_CALL,)).say.code == "no-such-owed"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("withdraw", "nothing-owed"),
        ("withdraw promise", "no-open-promise"),
        ("withdraw offer", "no-open-offer"),
        ("withdraw 1", "nothing-owed"),
    ],
)
def test_where_nothing_is_open_nothing_is_withdrawn(line: str, code: str) -> None:
    assert refused(line, promises=(promise(state=PromiseState.KEPT),)).say.code == code


@pytest.mark.parametrize(
    "line", ["withdraw 1", "withdraw refund", "withdraw offer 1", "withdraw offer refund"]
)
def test_what_was_paid_is_not_withdrawn(line: str) -> None:
    assert refused(line, compensations=(PAID, VOUCHER)).say.code == "withdraw-paid"
    assert refused("withdraw", compensations=(PAID,)).say.code == "withdraw-paid"


def test_what_is_still_open_is_meant_before_what_was_paid() -> None:
    refund = compensation("7.00", id=6)
    assert withdrawn("withdraw refund", compensations=(PAID, refund)).key == {"id": 6}


def test_several_end_in_one_mail_each_once() -> None:
    both: dict[str, Any] = {"promises": (promise(id=4),), "compensations": (VOUCHER,)}
    decision = given("withdraw promise 1", "withdraw offer 1", **both)
    assert [(one.table, one.key["id"]) for one in decision.changes] == [("promise", 4), ("compensation", 4)]
    with pytest.raises(Refusal) as refusal:
        given("kept", "withdraw promise", **both)
    assert refusal.value.say.code == "no-open-promise"


def test_a_mistake_is_withdrawn_on_a_case_that_ended_too() -> None:
    assert withdrawn("withdraw", compensations=(VOUCHER,), of={"status": Status.CLOSED})
