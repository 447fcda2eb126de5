"""How a case goes on: notes, putting it off, how it ends and begins again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.facts import Facts, Leaving
from cases.lifecycle import OPEN_ENDS
from cases.saying import Refusal, Say
from store.models import CaseKind, DraftState, EventKind, LetterKind, Status, TimerKind
from tests.facts_factory import ADMIN, AGENT, CUSTOMER, NOW, case_facts, draft

SOON = NOW + timedelta(days=2)
LEAVING = Leaving("answer/7/1", 1, NOW + timedelta(minutes=3))


def command(text: str) -> Given:
    name, _, argument = text.partition(" ")
    return Given(name, argument)


def given(*texts: str, by: str = AGENT, facts: Facts | None = None, **of: Any) -> Decision:
    facts = facts or case_facts(of)
    who = facts.rulebook.agent(by)
    assert facts.case
    assert who
    return on_command(facts, facts.case, who, [command(text) for text in texts])


def refused(*texts: str, **more: Any) -> Say:
    with pytest.raises(Refusal) as why:
        given(*texts, **more)
    return why.value.say


def changed(decision: Decision) -> dict[str, Any]:
    assert decision.case
    return dict(decision.case.values)


def test_a_case_that_is_put_off_wakes_by_a_timer() -> None:
    decision = given("snooze 2026-03-06", deadline_at=None)
    friday = datetime(2026, 3, 6, 9, tzinfo=UTC)
    assert changed(decision)["snoozed_until"] == friday
    (timer,) = decision.timers
    assert (timer.kind, timer.key, timer.due_at) == (TimerKind.SNOOZE, "snooze/7/f1", friday)
    assert decision.cancel_timers == (TimerKind.SNOOZE,), "one that was set before"
    (event,) = decision.events
    assert (event.kind, dict(event.data)) == (EventKind.SNOOZED, {"until": friday.isoformat()})
    said = {"until": friday, "closed": False, "promised": None}
    assert decision.letters[-1].variables["lines"] == (Say("snoozed", said),)
    assert changed(decision)["status"] is Status.NEW


def test_putting_off_past_the_promised_answer_says_by_when_that_was() -> None:
    due = datetime(2026, 3, 4, 17, tzinfo=UTC)
    assert snoozed("snooze 2026-03-06", deadline_at=due)["promised"] == due
    assert snoozed("snooze 2026-03-04 12:00", deadline_at=due)["promised"] is None
    answered = {"status": Status.ANSWERED, "deadline_at": due}
    assert snoozed("snooze 2026-03-06", **answered)["promised"] is None, "the customer has the answer"


def test_putting_off_until_a_day_of_rest_says_so() -> None:
    assert snoozed("snooze 2026-03-07")["closed"]


def snoozed(line: str, **of: Any) -> Mapping[str, Any]:
    (said,) = given(line, **of).letters[-1].variables["lines"]
    values: Mapping[str, Any] = said.values
    return values


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("snooze 2026-03-01", "when-past"),
        ("snooze whenever", "when-unknown"),
        ("snooze", "needs-text"),
    ],
)
def test_a_day_that_can_not_be_is_refused(text: str, code: str) -> None:
    assert refused(text).code == code


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_a_case_that_ended_is_not_put_off(status: Status) -> None:
    assert refused("snooze 2026-03-06", status=status).code == "illegal"


def test_an_answered_case_can_be_put_off_to_look_at_it_again() -> None:
    decision = given("approve", "snooze 2026-03-06")
    assert changed(decision)["status"] is Status.ANSWERED
    assert changed(decision)["snoozed_until"]


@pytest.mark.parametrize("end", ["resolve", "close", "spam"])
def test_a_case_that_ends_is_not_put_off_any_more(end: str) -> None:
    decision = given(end, snoozed_until=SOON)
    assert changed(decision)["snoozed_until"] is None
    assert TimerKind.SNOOZE in decision.cancel_timers
    assert "snoozed_until" not in changed(given(end))
    assert refused("snooze 2026-03-06", end).code == "conflict"


def test_close_ends_the_case_and_asks_nobody() -> None:
    decision = given("close", status=Status.ANSWERED)
    assert changed(decision)["status"] is Status.CLOSED
    assert changed(decision)["closed_at"] == NOW
    assert [event.kind for event in decision.events] == [EventKind.CLOSED_BY_AGENT]
    assert decision.timers == ()
    assert set(decision.cancel_timers) == set(OPEN_ENDS)
    assert [one.kind for one in decision.letters] == [LetterKind.TRANSCRIPT]


def test_what_is_closed_is_not_closed_again() -> None:
    assert refused("close", status=Status.CLOSED).code == "illegal"


@pytest.mark.parametrize("status", Status)
def test_spam_is_shut_whatever_it_was(status: Status) -> None:
    decision = given("spam", status=status)
    assert (changed(decision)["status"], changed(decision)["spam"]) == (Status.CLOSED, True)
    assert decision.reject_draft
    assert decision.revoke_tokens
    assert decision.timers == ()
    assert {*OPEN_ENDS, TimerKind.DRAFT} == set(decision.cancel_timers)
    assert [one.recipient.key for one in decision.letters] == [AGENT], "the sender hears nothing"


def test_an_answer_that_waits_to_leave_does_not_leave_for_spam() -> None:
    facts = case_facts({"status": Status.ANSWERED}, draft=draft(state=DraftState.APPROVED), leaving=LEAVING)
    decision = given("spam", facts=facts)
    assert decision.withdraw == ("answer/7/1",)
    assert not decision.reject_draft
    (say,) = decision.letters[-1].variables["lines"]
    assert say == Say("spam", {"sender": CUSTOMER, "withdrawn": True})


@pytest.mark.parametrize("end", ["close", "resolve"])
def test_an_approved_answer_leaves_although_the_case_ends(end: str) -> None:
    facts = case_facts({"status": Status.ANSWERED}, leaving=LEAVING)
    assert given(end, facts=facts).withdraw == ()


def test_spam_once_is_enough() -> None:
    decision = given("spam", spam=True, status=Status.CLOSED)
    assert decision.events == ()
    assert not decision.revoke_tokens


def test_a_case_that_ended_goes_on_with_a_new_deadline() -> None:
    before: dict[str, Any] = {"resolved_at": NOW, "closed_at": NOW, "status": Status.CLOSED, "spam": True}
    decision = given("reopen", **before)
    values = changed(decision)
    assert (values["status"], values["resolved_at"], values["closed_at"]) == (Status.OPEN, None, None)
    assert not values["spam"], "it was a slip"
    assert values["deadline_at"] > NOW
    assert values["seen_at"] == NOW
    assert [event.kind for event in decision.events] == [EventKind.REOPENED]
    assert set(decision.cancel_timers) == set(OPEN_ENDS)


def test_the_colleague_who_has_a_reopened_case_is_mailed() -> None:
    decision = given("reopen", status=Status.RESOLVED, by=ADMIN)
    (mail,) = [one for one in decision.letters if one.recipient.key == AGENT]
    assert mail.variables["headline"] == "reopened"
    assert changed(decision)["seen_at"] is None


@pytest.mark.parametrize("had", ["", "gone@example.com"])
def test_a_reopened_case_that_nobody_has_is_the_givers(had: str) -> None:
    decision = given("reopen", status=Status.CLOSED, assignee=had)
    assert changed(decision)["assignee"] == AGENT
    assert EventKind.ASSIGNED in [event.kind for event in decision.events]


@pytest.mark.parametrize("command", ["resolve", "assign dana", "snooze 2026-03-10"])
def test_whatever_is_wanted_of_a_case_that_became_part_of_another_is_sent_there(command: str) -> None:
    say = refused(command, status=Status.CLOSED, merged_into=5)
    assert say == Say("merged-already", {"number": 5})


def test_a_merged_case_goes_on_only_where_it_went() -> None:
    say = refused("reopen", status=Status.CLOSED, merged_into=5)
    assert say == Say("merged-already", {"number": 5})


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.ANSWERED])
def test_what_goes_on_already_is_not_reopened(status: Status) -> None:
    assert refused("reopen", status=status).code == "illegal"


@pytest.mark.parametrize(
    ("one", "other"),
    [("resolve", "close"), ("close", "spam"), ("spam", "approve"), ("reopen", "resolve")],
)
def test_two_ends_in_one_mail_are_refused(one: str, other: str) -> None:
    assert refused(one, other).code == "conflict"


def test_a_category_that_was_corrected_in_the_same_mail_decides_about_the_check_in() -> None:
    decision = given("category praise", "resolve")
    assert changed(decision)["kind"] is CaseKind.PRAISE
    assert [timer.kind for timer in decision.timers] == [TimerKind.CLOSE]


def test_spam_keeps_every_letter_to_its_sender_back() -> None:
    waiting = ("answer/7/1", "ack/7", "answer/7/2")
    facts = case_facts({"status": Status.ANSWERED}, leaving=LEAVING, unsent=waiting)
    assert sorted(given("spam", facts=facts).withdraw) == sorted(waiting)
    assert given("spam", facts=case_facts(unsent=("ack/7",))).withdraw == ("ack/7",)


def test_what_was_merged_is_not_spam_by_itself() -> None:
    say = refused("spam", status=Status.CLOSED, merged_into=5)
    assert say == Say("merged-already", {"number": 5})
