"""Why a mail got no acknowledgement, in its agent's language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cases.acknowledging import why_no_acknowledgement
from cases.facts import Counts
from cases.saying import Say
from cases.why_unanswered import said
from store.values import Address
from tests.facts_factory import AGENT, facts, message, rulebook


def told(reasons: str) -> tuple[Say, ...]:
    return said(reasons, rulebook())


def test_a_case_that_was_acknowledged_needs_no_reason() -> None:
    assert told("") == ()


def test_signs_of_programs_are_shown_as_they_were_written() -> None:
    signs = ("Precedence: bulk", "it carries List-Id")
    assert told("; ".join(signs)) == tuple(Say("unanswered-program", {"sign": one}) for one in signs)


@pytest.mark.parametrize(
    ("reason", "code", "values"),
    [
        ("its Return-Path is empty", "unanswered-return-path", {}),
        ("its Return-Path is our own address", "unanswered-ours", {"sign": "Return-Path"}),
        ("bot@example.com is a system's address", "unanswered-system", {"address": "bot@example.com"}),
        ("noreply@example.com is a system's address and its Return-Path is empty", "unanswered-system",
         {"address": "noreply@example.com"}),
        ("no mail can be sent to the address ann@x", "unanswered-address", {"address": "ann@x"}),
        ("the rules say that mail of the category praise gets none", "unanswered-category",
         {"category": "praise"}),
        (f"{AGENT} opened it silently", "unanswered-silently", {"agent": rulebook().agents[0].name}),
        ("gone@example.com opened it silently", "unanswered-silently", {"agent": "gone@example.com"}),
    ],
)  # fmt: skip
def test_each_reason_has_its_sentence(reason: str, code: str, values: dict[str, Any]) -> None:
    assert told(reason) == (Say(code, values),)


def test_limits_are_told_with_their_number() -> None:
    known = replace(facts(), counts=Counts(acks_last_hour=3, acks_last_day=6))
    reasons = "; ".join(why_no_acknowledgement(known, message()))
    assert told(reasons) == (
        Say("unanswered-often", {"count": 3, "time": "hour"}),
        Say("unanswered-often", {"count": 6, "time": "day"}),
    )


def test_a_mail_of_nobody_is_told_so() -> None:
    reasons = "; ".join(why_no_acknowledgement(facts(), replace(message(), senders=(Address(""),))))
    assert told(reasons) == (Say("unanswered-no-sender"),)
