"""What timers lead to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.decision import Decision
from cases.facts import Presence
from cases.timers import on_timer
from store.models import Case, EventKind, LetterKind, Status, TimerKind
from tests.facts_factory import AGENT, COLLEAGUE, NOW, case, draft, facts

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
