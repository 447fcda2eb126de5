"""`merge`: two cases of one matter become one."""

from __future__ import annotations

from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import AlsoDecided, Decision
from cases.facts import Elsewhere, Leaving
from cases.saying import Refusal, Say
from store.models import (
    Case,
    Compensation,
    CompensationState,
    DraftState,
    EventKind,
    LetterKind,
    Mail,
    MailKind,
    Promise,
    PromiseState,
    Status,
)
from store.values import RowChange
from tests.facts_factory import AGENT, COLLEAGUE, NOW, STRANGER, agent, case, case_facts, draft


def merged(which: str, *named: Case, **changes: Any) -> Decision:
    facts = case_facts(named=named, **changes)
    assert facts.case
    return on_command(facts, facts.case, agent(), [Given("merge", which)])


def beside(decision: Decision) -> AlsoDecided:
    assert decision.beside
    return decision.beside


def said(decision: Decision) -> dict[str, Any]:
    (line,) = decision.letters[-1].variables["lines"]
    return dict(line.values)


def mail(words: str) -> Mail:
    return Mail(words=words, raw_id=1, fingerprint=words, size=1, kind=MailKind.CUSTOMER, received_at=NOW)


def test_the_case_ends_and_the_other_waits_for_its_agent_again() -> None:
    decision = merged("#5", case(number=5, status=Status.ANSWERED))
    assert decision.case
    assert decision.case.values["status"] is Status.CLOSED
    assert decision.case.values["merged_into"] == 5
    assert decision.reject_draft
    assert decision.revoke_tokens
    into = beside(decision).case
    assert (into.number, into.expected, into.values["status"]) == (5, Status.ANSWERED, Status.OPEN)
    assert into.values["deadline_at"] > NOW, "who had an answer waits for another"
    assert [event.kind for event in decision.events] == [EventKind.MERGED]
    events = beside(decision).events
    assert (events[0].kind, events[0].actor) == (EventKind.TOOK_IN, AGENT)


def test_a_case_without_an_open_draft_can_be_merged_too() -> None:
    assert not merged("5", case(number=5), draft=None).reject_draft


def test_the_other_cases_agent_gets_a_new_draft_and_all_the_words() -> None:
    words = [mail(text) for text in ("B", "A")]
    other = case(number=5, assignee=COLLEAGUE)
    there = {5: Elsewhere(draft(3, template="answer/late"), agent_thread=("<their-thread@example.com>",))}
    decision = merged("5", other, elsewhere=there, mails=tuple(words))
    also = beside(decision)
    assert also.draft
    assert (also.draft.version, also.draft.template) == (4, "answer/follow_up")
    assert also.draft.variables["words"] == "A\n\nB"
    assert also.revokes_tokens
    (letter,) = also.letters
    assert (letter.kind, letter.recipient.key) == (LetterKind.DRAFT, COLLEAGUE)
    assert (letter.variables["headline"], letter.variables["words"]) == ("took-in", "A\n\nB")
    assert letter.thread == ("<their-thread@example.com>",)
    assert letter.reply_to
    assert (letter.reply_to.agent, letter.reply_to.draft_version) == (COLLEAGUE, 4)
    assert said(decision) == {"number": 5, "agent": "Dana Levi"}


def test_what_an_agent_wrote_in_the_other_cases_draft_is_kept() -> None:
    there = {5: Elsewhere(draft(2, body="Dear Ann, mine.", language="fa"))}
    made = beside(merged("5", case(number=5), elsewhere=there)).draft
    assert made
    assert (made.version, made.body, made.template, made.language) == (3, "Dear Ann, mine.", "", "fa")


def test_an_answer_that_left_is_no_draft_to_keep() -> None:
    there = {5: Elsewhere(draft(2, body="It left.", state=DraftState.APPROVED))}
    made = beside(merged("5", case(number=5), elsewhere=there)).draft
    assert made
    assert made.template == "answer/follow_up"


def test_where_the_other_cases_first_draft_is_still_to_come_it_comes_with_these_words() -> None:
    also = beside(merged("5", case(number=5), elsewhere={5: Elsewhere(draft_coming=True)}))
    assert (also.draft, also.letters) == (None, ())
    assert EventKind.DRAFTED not in [event.kind for event in also.events]


def test_a_case_that_was_put_off_comes_back_when_another_joins_it() -> None:
    into = beside(merged("5", case(number=5, snoozed_until=NOW))).case
    assert into.values["snoozed_until"] is None


def test_what_was_promised_and_offered_goes_along() -> None:
    mine: dict[str, Any] = {"case_number": 7, "made_by": AGENT, "made_at": NOW, "due_at": NOW, "what": "call"}
    promises = (
        Promise(id=1, state=PromiseState.OPEN, **mine),
        Promise(id=2, state=PromiseState.KEPT, **mine),
    )
    offer = Compensation(
        id=3,
        case_number=7,
        customer="c",
        kind="refund",
        amount="5",
        currency="EUR",
        reason="r",
        offered_by=AGENT,
        offered_at=NOW,
        state=CompensationState.OFFERED,
    )
    decision = merged("5", case(number=5), promises=promises, compensations=(offer,))
    assert decision.changes == (
        RowChange("promise", {"id": 1}, {"state": PromiseState.OPEN}, {"case_number": 5}),
        RowChange("compensation", {"id": 3}, {"state": CompensationState.OFFERED}, {"case_number": 5}),
    )


@pytest.mark.parametrize(
    ("which", "named", "code"),
    [
        ("99", (), "no-such-case"),
        ("the other one", (case(number=5),), "no-such-case"),
        ("5", (case(number=5, merged_into=3, status=Status.CLOSED),), "no-such-case"),
        ("7", (case(),), "merge-with-itself"),
        ("5", (case(number=5, customer=STRANGER),), "merge-of-two-customers"),
        ("5", (case(number=5, customer=""),), "merge-without-customer"),
        ("5", (case(number=5, status=Status.RESOLVED),), "merge-into-ended"),
        ("5", (case(number=5, status=Status.CLOSED),), "merge-into-ended"),
    ],
)
def test_what_can_not_be_merged_is_refused(which: str, named: tuple[Case, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        merged(which, *named)
    assert refused.value.say.code == code


def test_two_cases_without_an_address_are_not_one_customers() -> None:
    facts = case_facts({"customer": ""}, named=(case(number=5, customer=""),))
    assert facts.case
    with pytest.raises(Refusal) as refused:
        on_command(facts, facts.case, agent(), [Given("merge", "5")])
    assert refused.value.say.code == "merge-without-customer"


@pytest.mark.parametrize("other", ["approve", "reject", "assign", "resolve", "split", "take"])
def test_merge_stands_alone(other: str) -> None:
    facts = case_facts(named=(case(number=5),))
    assert facts.case
    with pytest.raises(Refusal) as refused:
        on_command(facts, facts.case, agent(), [Given("merge", "5"), Given(other, "")])
    assert refused.value.say.code == "conflict"


def test_a_case_whose_answer_can_still_be_taken_back_is_not_merged() -> None:
    with pytest.raises(Refusal) as refused:
        merged("5", case(number=5), leaving=Leaving("answer/7/2", 2, NOW))
    assert refused.value.say == Say("merge-leaving", {"version": 2})


def test_the_other_cases_agent_reads_the_words_of_both() -> None:
    there = {5: Elsewhere(draft(), words="It is late.")}
    (letter,) = beside(merged("5", case(number=5), elsewhere=there, mails=(mail("It is broken."),))).letters
    assert letter.variables["words"] == "It is late.\n\nIt is broken."
