"""A mail that could not be read when it came and can be now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cases.decision import Decision
from cases.facts import Facts, History
from cases.rereading import is_untouched, reread
from store.models import CaseKind, EventKind, LetterKind, MailKind, Severity, Status
from store.values import Address
from tests.decisions import kinds, values
from tests.facts_factory import (
    AGENT,
    COLLEAGUE,
    CUSTOMER,
    NOW,
    OURS,
    case,
    draft,
    message,
    opening_facts,
    verdict,
)

UNREAD: dict[str, Any] = {"category": "unsure", "kind": CaseKind.OTHER, "why": [], "confidence": 0.0}


def read_at_last(
    of: dict[str, Any] | None = None, facts: Facts | None = None, *, untouched: bool = True, **mail: Any
) -> Decision:
    return reread(
        facts or opening_facts(draft=draft()),
        message(**mail),
        case(**(UNREAD | (of or {}))),
        untouched=untouched,
        actor="operator",
    )


def test_a_case_that_nobody_has_acted_on_is_classified_anew_and_gets_a_new_draft() -> None:
    decision = read_at_last()
    assert (decision.case_number, decision.mail_kind) == (7, MailKind.CUSTOMER)
    assert decision.case
    assert (decision.case.number, decision.case.expected) == (7, Status.NEW)
    found = values(decision)
    assert (found["category"], found["kind"], found["severity"]) == (
        "late",
        CaseKind.COMPLAINT,
        Severity.NORMAL,
    )
    assert found["deadline_at"] == datetime(2026, 3, 2, 17, tzinfo=UTC), "counted from when the mail came"
    assert kinds(decision) == [EventKind.REPLAYED, EventKind.DRAFTED]
    assert decision.events[0].actor == "operator"
    assert decision.draft
    assert (decision.draft.version, decision.draft.template) == (2, "answer/late")
    (letter,) = decision.letters
    assert (letter.kind, letter.recipient.address) == (LetterKind.DRAFT, AGENT)
    assert letter.variables["words"] == "My parcel is late."


def test_who_was_acknowledged_already_is_not_acknowledged_again_and_stays_the_customer() -> None:
    decision = read_at_last({"customer": "guessed@example.org"})
    assert LetterKind.ACK not in {one.kind for one in decision.letters}
    assert not {"customer", "acknowledged_at"} & values(decision).keys()


def test_who_could_not_be_acknowledged_is_now() -> None:
    nobody = {"customer": "", "acknowledged_at": None, "not_acknowledged_because": "it has no From address"}
    decision = read_at_last(nobody)
    found = values(decision)
    assert (found["customer"], found["customer_name"]) == (CUSTOMER, "A name")
    assert (found["acknowledged_at"], found["not_acknowledged_because"]) == (NOW, "")
    ack = next(one for one in decision.letters if one.kind is LetterKind.ACK)
    assert (ack.recipient.address, ack.key, ack.case_token) == (CUSTOMER, "ack/7", "b" * 26)
    assert EventKind.ACKNOWLEDGED in kinds(decision)


def test_what_may_not_be_answered_is_not_answered_now_either() -> None:
    decision = read_at_last({"acknowledged_at": None}, no_auto_reply=("it carries List-Id",))
    assert {one.kind for one in decision.letters} == {LetterKind.DRAFT}
    assert values(decision)["not_acknowledged_because"] == "it carries List-Id"


def test_the_agent_who_suits_it_gets_it() -> None:
    hebrew = opening_facts(draft=draft(), verdict=verdict(assign=COLLEAGUE))
    decision = read_at_last(facts=hebrew)
    assert values(decision)["assignee"] == COLLEAGUE
    assert kinds(decision) == [EventKind.REPLAYED, EventKind.ASSIGNED, EventKind.DRAFTED]
    assert [one.recipient.address for one in decision.letters] == [COLLEAGUE]


def test_its_own_case_is_not_named_as_one_about_the_same() -> None:
    past = History(others=(case(status=Status.OPEN), case(number=6, status=Status.OPEN)))
    assert values(read_at_last(facts=opening_facts(draft=draft(), history=past)))["mentions"] == [6]


@pytest.mark.parametrize(
    "acted",
    [{"status": Status.OPEN}, {"status": Status.CLOSED}, {"seen_at": NOW}, {"merged_into": 9}],
    ids=["open", "closed", "noted", "merged"],
)
def test_a_case_that_went_on_is_not_as_it_began(acted: dict[str, Any]) -> None:
    assert is_untouched(case())
    assert not is_untouched(case(**acted))


def test_what_a_person_made_of_a_case_is_left() -> None:
    decision = read_at_last(untouched=False)
    assert (decision.case, decision.draft, decision.letters) == (None, None, ())
    assert kinds(decision) == [EventKind.REPLAYED]
    assert decision.case_number == 7


@pytest.mark.parametrize(
    ("mail", "kind", "words"),
    [
        ({"kind": MailKind.AUTO_REPLY, "kind_because": "Auto-Submitted"}, MailKind.AUTO_REPLY, "Auto-Submit"),
        ({"senders": (Address(OURS),)}, MailKind.LOOP, "our own address"),
    ],
)
def test_what_turns_out_to_be_no_customers_mail_is_told_and_not_obeyed(
    mail: dict[str, Any], kind: MailKind, words: str
) -> None:
    decision = read_at_last(**mail)
    assert decision.mail_kind is kind
    assert (decision.case, decision.letters) == (None, ())
    assert words in decision.events[0].text


def test_what_belongs_to_another_case_is_told() -> None:
    elsewhere = replace(opening_facts(), case=case(number=3), joined_by="thread", verdict=None)
    decision = read_at_last(facts=elsewhere)
    assert decision.case is None
    assert "it belongs to case 3" in decision.events[0].text


def test_a_mail_without_a_case_leaves_an_event() -> None:
    decision = reread(opening_facts(), message(), None, untouched=False, actor="operator")
    assert (decision.case_number, kinds(decision)) == (None, [EventKind.REPLAYED])
