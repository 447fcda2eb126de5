"""What every letter to a customer may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.about import FactValues, Offered, OutsideBody, Promised, about, answered
from cases.rules.rulebook import Rulebook
from outbox.variables import complete
from store.models import CaseKind, CompensationState, Fault, PromiseState
from store.values import Fact
from tests.extractors_factory import SHIPPED, extracting
from tests.facts_factory import NOW, case, case_facts, rulebook
from tests.money_facts import compensation, people, promise

TOMORROW, FRIDAY = NOW + timedelta(days=1), NOW + timedelta(days=4)
SEEN = """\
visible_within: {refund: 5 working days}
outside_body:
  late: {name: {en: the Post Authority, fa: سازمان پست}, contact: post@example.org}
"""


def values(letter: str = "late", of: dict[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
    return answered(case_facts(**facts), case(**(of or {})), letter)


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


def test_a_letter_knows_its_case_and_the_days_until_the_deadline() -> None:
    known = about(case_facts(), case(kind=CaseKind.QUESTION, deadline_at=TOMORROW.replace(hour=17)))
    assert (known["kind"], known["days"], known["complaints"]) == ("question", 1, 0)
    assert about(case_facts(), case(deadline_at=NOW - timedelta(hours=1)))["days"] is None


def test_a_draft_says_no_number_of_days_for_it_may_be_approved_much_later() -> None:
    known = values(of={"deadline_at": TOMORROW})
    assert (known["deadline"], known["days"]) == (TOMORROW, None)


def test_every_letter_has_the_values_that_it_is_given() -> None:
    complete("answer/late", values() | {"firm": "A shop"})
    complete("answer", about(case_facts(), case()) | {"firm": "A shop", "body": "words"})


@pytest.mark.parametrize("fault", list(Fault))
def test_an_answer_knows_whose_fault_it_was(fault: Fault) -> None:
    assert values(of={"fault": fault})["fault"] == fault.value


def test_an_answer_knows_what_was_promised_and_is_still_to_come() -> None:
    made = (
        promise("a call", id=1, state=PromiseState.KEPT),
        promise("a new parcel", id=2, due_at=FRIDAY),
        promise("a letter", id=3, state=PromiseState.WITHDRAWN),
        promise("a visit", id=4, due_at=TOMORROW),
        promise("a refund", id=5, due_at=NOW - timedelta(days=1)),
    )
    known = values(promises=made)
    assert known["promises"] == (Promised("a new parcel", FRIDAY), Promised("a visit", TOMORROW))
    assert known["promise"] == Promised("a visit", TOMORROW)
    assert values()["promise"] is None


def test_a_promise_that_was_put_off_has_its_earlier_day() -> None:
    before = promise("A new  parcel", id=1, due_at=TOMORROW, state=PromiseState.WITHDRAWN)
    after = promise("a new parcel", id=2, due_at=FRIDAY)
    assert values(promises=(before, after))["promise"] == Promised("a new parcel", FRIDAY, TOMORROW)
    earlier = after.model_copy(update={"due_at": NOW + timedelta(hours=2)})
    assert values(promises=(before, earlier))["promise"].was_due is None, "it was brought forward"


def test_the_letter_of_a_kept_promise_is_about_the_one_that_was_kept_last() -> None:
    kept = {"state": PromiseState.KEPT}
    made = (
        promise("a call", id=1, ended_at=NOW, **kept),
        promise("a parcel", id=2, ended_at=NOW - timedelta(days=1), **kept),
        promise("a visit", id=3, due_at=FRIDAY),
    )
    known = values("promise_kept", promises=made)
    assert known["promise"].what == "a call"
    assert [one.what for one in known["promises"]] == ["a visit"]


def seeing() -> Rulebook:
    return replace(people(), letters=rulebook(letters=SEEN).letters)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (compensation(), Offered("refund", "20.00", "EUR", "", datetime(2026, 3, 9, 17, tzinfo=UTC))),
        (
            compensation(kind="بازپرداخت"),
            Offered("refund", "20.00", "EUR", "", datetime(2026, 3, 9, 17, tzinfo=UTC)),
        ),
        (compensation("10.00", "%", kind="discount"), Offered("discount", "", "", "10")),
        (compensation(kind="flowers"), Offered("flowers", "20.00", "EUR")),
        (compensation(state=CompensationState.WITHDRAWN), None),
    ],
)
def test_an_answer_knows_what_was_offered_last_and_when_it_is_seen(given: Any, expected: Any) -> None:
    assert values(compensations=(given,), rulebook=seeing())["compensation"] == expected


def test_what_was_paid_is_seen_by_when_it_was_paid() -> None:
    paid = compensation(state=CompensationState.PAID, paid_at=NOW - timedelta(days=3))
    seen = values(compensations=(paid,), rulebook=seeing())["compensation"].visible_by
    assert seen == datetime(2026, 3, 6, 17, tzinfo=UTC)


def test_no_letter_promises_that_something_will_be_seen_by_a_day_that_has_passed() -> None:
    paid = compensation(state=CompensationState.PAID, paid_at=NOW - timedelta(days=30))
    assert values(compensations=(paid,), rulebook=seeing())["compensation"].visible_by is None


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fa", "سازمان پست"), ("en", "the Post Authority"), ("he", "the Post Authority")],
)
def test_an_answer_names_the_body_outside_in_the_customers_language(language: str, expected: str) -> None:
    known = values(of={"language": language}, rulebook=seeing())
    assert known["outside_body"] == OutsideBody(expected, "post@example.org")
    assert values(rulebook=rulebook())["outside_body"] is None
