"""What timers lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.facts import Decision, Presence
from cases.timers import on_timer
from store.models import Case, EventKind, LetterKind, Status, TimerKind, TokenPurpose
from tests.facts_factory import AGENT, COLLEAGUE, CUSTOMER, NOW, case, draft, facts

OF_RESOLVED = [TimerKind.CHECK_IN, TimerKind.CHECK_IN_REMINDER, TimerKind.CLOSE]


def fired(kind: TimerKind, of: Case | None = None, cause: str = "timer") -> Decision:
    of = of or case(status=Status.RESOLVED)
    return on_timer(facts(case=of, cause=cause), of, kind)


def test_the_check_in_asks_the_customer_and_sets_its_reminder() -> None:
    decision = fired(TimerKind.CHECK_IN)
    (letter,) = decision.letters
    (timer,) = decision.timers
    assert (letter.kind, letter.template, letter.recipient.key) == (LetterKind.CHECK_IN, "check_in", CUSTOMER)
    assert letter.automatic
    assert letter.reply_to
    assert (letter.reply_to.purpose, letter.reply_to.check_in) == (TokenPurpose.CHECK_IN, 1)
    assert (timer.kind, timer.due_at) == (TimerKind.CHECK_IN_REMINDER, NOW + timedelta(days=4))
    assert decision.case
    assert decision.case.values == {"status": Status.RESOLVED, "check_ins": 1}
    assert [event.kind for event in decision.events] == [EventKind.CHECK_IN_SENT]


def test_silence_gets_one_reminder_and_then_the_case_ends() -> None:
    decision = fired(TimerKind.CHECK_IN_REMINDER, case(status=Status.RESOLVED, check_ins=1))
    (letter,) = decision.letters
    (timer,) = decision.timers
    assert letter.template == "check_in_reminder"
    assert (timer.kind, timer.due_at) == (TimerKind.CLOSE, NOW + timedelta(days=7))
    closing = fired(TimerKind.CLOSE, case(status=Status.RESOLVED, check_ins=2))
    assert closing.case
    assert closing.case.values == {"status": Status.CLOSED, "closed_at": NOW}
    assert (closing.letters, closing.timers) == ((), ())


@pytest.mark.parametrize("kind", OF_RESOLVED)
@pytest.mark.parametrize("status", [one for one in Status if one is not Status.RESOLVED])
def test_what_has_become_pointless_is_skipped_and_says_so(kind: TimerKind, status: Status) -> None:
    decision = fired(kind, case(status=status))
    (event,) = decision.events
    assert (event.kind, event.text) == (EventKind.TIMER_SKIPPED, f"{kind}: the case is {status}")
    assert (decision.case, decision.letters, decision.timers) == (None, (), ())
    assert decision.case_number == 7


def test_no_key_comes_twice_however_often_a_case_is_resolved() -> None:
    keys = []
    of = case(status=Status.RESOLVED)
    for turn in range(3):
        for kind in (TimerKind.CHECK_IN, TimerKind.CHECK_IN_REMINDER):
            decision = fired(kind, of, cause=f"{kind}/7/{turn}")
            keys += [one.key for one in decision.letters] + [one.key for one in decision.timers]
            of = of.model_copy(update={"check_ins": of.check_ins + 1})
    assert len(keys) == len(set(keys)) == 12


def test_a_timer_that_fires_twice_asks_for_the_same_letter() -> None:
    """Its key is unique, so that the second can't be recorded."""
    assert fired(TimerKind.CHECK_IN).letters[0].key == fired(TimerKind.CHECK_IN).letters[0].key


def test_the_decision_holds_only_while_the_case_is_resolved() -> None:
    for kind in OF_RESOLVED:
        decision = fired(kind)
        assert decision.case
        assert decision.case.expected is Status.RESOLVED


def test_a_category_that_is_gone_has_the_times_of_the_unsure_one() -> None:
    of = case(status=Status.RESOLVED, category="removed-yesterday")
    (timer,) = on_timer(replace(facts(case=of)), of, TimerKind.CHECK_IN).timers
    assert timer.due_at == NOW + timedelta(days=4)


# The end of a pause


def woken(of: Case, **changes: Any) -> Decision:
    return on_timer(facts(case=of, cause="timer", **changes), of, TimerKind.SNOOZE)


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.ANSWERED])
def test_a_case_that_was_put_off_comes_back_and_its_agent_is_mailed(status: Status) -> None:
    decision = woken(case(snoozed_until=NOW, status=status), draft=draft(3))
    assert decision.case
    assert decision.case.expected is status
    assert decision.case.values == {"snoozed_until": None, "seen_at": None, "assignee": AGENT}
    assert [event.kind for event in decision.events] == [EventKind.WOKE]
    (letter,) = decision.letters
    assert (letter.kind, letter.recipient.key) == (LetterKind.DRAFT, AGENT)
    assert letter.variables["headline"] == "woke"
    assert letter.reply_to
    assert letter.reply_to.draft_version == 3


def test_a_case_that_wakes_while_its_agent_is_away_goes_to_another() -> None:
    presence = Presence(away={AGENT: NOW + timedelta(days=1)})
    decision = woken(case(snoozed_until=NOW, language="he"), presence=presence)
    assert decision.case
    assert decision.case.values["assignee"] == COLLEAGUE
    assert [one.recipient.key for one in decision.letters] == [COLLEAGUE]
    assert [event.kind for event in decision.events] == [EventKind.WOKE, EventKind.ASSIGNED]


@pytest.mark.parametrize(
    ("of", "because"),
    [
        ({"snoozed_until": None}, "the case is not put off any more"),
        ({"snoozed_until": NOW + timedelta(hours=1)}, "the case was put off further"),
        ({"snoozed_until": NOW, "status": Status.CLOSED}, "the case is closed"),
    ],
)
def test_what_need_not_wake_is_left_alone(of: dict[str, Any], because: str) -> None:
    decision = woken(case(**of))
    (event,) = decision.events
    assert (event.kind, event.text) == (EventKind.TIMER_SKIPPED, f"snooze: {because}")
    assert (decision.case, decision.letters) == (None, ())
