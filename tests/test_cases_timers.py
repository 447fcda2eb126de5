"""What timers lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.facts import Decision
from cases.timers import on_timer
from store.models import Case, EventKind, LetterKind, Status, TimerKind, TokenPurpose
from tests.facts_factory import CUSTOMER, NOW, case, facts

OF_RESOLVED = [kind for kind in TimerKind if kind is not TimerKind.DRAFT]


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
