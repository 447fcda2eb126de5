"""What comes from a sender of spam joins silently."""

from __future__ import annotations

from typing import Any

import pytest

from cases.decide import on_mail
from cases.decision import Decision
from cases.facts import History
from store.models import Case, EventKind, MailKind, Status
from tests.facts_factory import NOW, case, case_facts, check_in_token, message, opening_facts

SPAM = {"spam": True, "status": Status.CLOSED, "closed_at": NOW}


def came(*others: Case) -> Decision:
    return on_mail(opening_facts(history=History(others=others)), message("Buy now!"))


def is_silent(decision: Decision, number: int) -> bool:
    plain = Decision(case_number=number, events=decision.events, mail_kind=decision.mail_kind)
    return decision == plain and [event.kind for event in decision.events] == [EventKind.IGNORED]


def test_a_new_mail_of_the_sender_joins_the_spam_and_bothers_nobody() -> None:
    assert is_silent(came(case(number=3, **SPAM)), 3)


def test_the_newest_spam_is_where_it_goes() -> None:
    others = (case(number=5, status=Status.NEW), case(number=4, **SPAM), case(number=3, **SPAM))
    assert is_silent(came(*others), 4), "what else came in the flood is not answered yet"


@pytest.mark.parametrize("of", [{"answered_at": NOW}, {"resolved_at": NOW}])
def test_whom_we_answered_once_is_a_customer(of: dict[str, Any]) -> None:
    decision = came(case(number=5, **of), case(number=4, **SPAM))
    assert decision.case
    assert decision.case.expected is None, "a case of its own"


def test_a_case_that_was_reopened_is_no_spam() -> None:
    decision = came(case(number=4, status=Status.OPEN))
    assert decision.case
    assert decision.case.expected is None


def test_a_reply_to_spam_leaves_it_shut() -> None:
    assert is_silent(on_mail(case_facts(SPAM), message("Still there?")), 7)


def test_a_score_leaves_spam_shut() -> None:
    facts = case_facts(SPAM | {"check_ins": 1}, token=check_in_token())
    decision = on_mail(facts, message("1"))
    assert is_silent(decision, 7)
    assert decision.mail_kind is MailKind.CHECK_IN_ANSWER


def test_spam_that_became_part_of_another_case_takes_nothing_in() -> None:
    merged = case(number=3, **SPAM, merged_into=5)
    assert EventKind.OPENED in [event.kind for event in came(merged).events]
    assert is_silent(came(merged, case(number=2, **SPAM)), 2)
