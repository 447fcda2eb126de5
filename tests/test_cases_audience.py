"""Who is told that something is done, and why others are not."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from cases.audience import audience, moments, why_not
from cases.known import Candidate
from store.models import Status
from tests.facts_factory import NOW, case
from tests.issue_facts import issue, row


def candidate(number: int = 7, of: dict[str, Any] | None = None, **changes: Any) -> Candidate:
    made = {"row": row(case=number)} | changes
    return Candidate(case(number=number, **(of or {})), **made)


@pytest.mark.parametrize(
    ("one", "because"),
    [
        (candidate(), ""),
        (candidate(of={"status": Status.CLOSED}), ""),
        (candidate(of={"merged_into": 9}), "left-merged"),
        (candidate(of={"spam": True}), "left-spam"),
        (candidate(row=None), "left-not-concerned"),
        (candidate(row=row(removed=True, by="sara@example.com")), "left-not-concerned"),
        (candidate(row=row(told_fixed_at=NOW)), "left-told"),
        (candidate(of={"category": "praise"}), "left-other-cause"),
        (candidate(of={"category": "praise"}, row=row(by="sara@example.com")), ""),
        (candidate(of={"customer": ""}), "left-no-address"),
        (candidate(of={"customer": "ann@nowhere@"}), "left-no-address"),
        (candidate(opted_out=True), "left-opted-out"),
        (candidate(unreachable=True), "left-came-back"),
    ],
)
def test_each_reason_to_leave_a_case_out(one: Candidate, because: str) -> None:
    why = why_not(one, issue())
    assert (why.code if why else "") == because


def test_a_customer_with_several_cases_is_told_once_in_the_one_that_goes_on() -> None:
    ended, open_one = candidate(9, {"status": Status.CLOSED}), candidate(7)
    found = audience((open_one, ended, candidate(8, {"customer": "Customer+x@example.org"})), issue())
    assert found.numbers == (8,)
    assert [(one.number, one.why.code, one.why.values["number"]) for one in found.left] == [
        (7, "left-same-customer", 8),
        (9, "left-same-customer", 8),
    ]


def test_the_letters_leave_evenly_and_behind_those_of_an_earlier_batch() -> None:
    times = list(moments(4, NOW, None, 60))
    assert [one - NOW for one in times] == [timedelta(minutes=count) for count in (1, 2, 3, 4)]
    later = list(moments(2, NOW, NOW + timedelta(hours=1), 30))
    assert later[0] == NOW + timedelta(hours=1, minutes=2)
    assert {after - before for before, after in pairwise(later)} == {timedelta(minutes=2)}
