"""What becomes of a case that was given back to the queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.decision import Decision
from cases.facts import Presence
from cases.releasing import given_to_somebody_at
from cases.timers import on_timer
from store.models import EventKind, LetterKind, Status, TimerKind
from tests.facts_factory import AGENT, NOW, case, draft, facts, rulebook

NOAH = "noah@example.com"
TWO = """\
agents:
  - {address: sara@example.com, name: Sara, languages: [en], roles: [agent, admin]}
  - {address: noah@example.com, name: Noah, languages: [en], roles: [agent]}
"""
ONE = """\
agents:
  - {address: sara@example.com, name: Sara, languages: [en], roles: [agent, admin]}
"""


def fired(of: dict[str, Any] | None = None, agents: str = TWO, **changes: Any) -> Decision:
    released = case(**({"assignee": ""} | (of or {})))
    known = facts(case=released, cause=f"release/7/f1/{AGENT}", rulebook=rulebook(agents=agents), **changes)
    return on_timer(known, released, TimerKind.RELEASE)


def test_the_next_in_turn_has_it_and_is_mailed_a_draft_to_sign() -> None:
    decision = fired(draft=draft(template="answer/late"))
    assert decision.case
    assert decision.case.values["assignee"] == NOAH
    assert [event.kind for event in decision.events] == [EventKind.ASSIGNED, EventKind.DRAFTED]
    assert decision.draft
    assert (decision.draft.version, decision.draft.variables["agent_name"]) == (2, "Noah")
    (letter,) = decision.letters
    assert (letter.kind, letter.recipient.key) == (LetterKind.DRAFT, NOAH)
    assert letter.reply_to
    assert letter.reply_to.draft_version == 2


def test_words_of_a_person_stay_as_they_are() -> None:
    decision = fired(draft=draft(3))
    assert decision.draft is None
    (letter,) = decision.letters
    assert letter.reply_to
    assert letter.reply_to.draft_version == 3


def test_who_gave_it_back_gets_it_where_there_is_nobody_else() -> None:
    decision = fired(agents=ONE, draft=draft())
    assert [letter.recipient.key for letter in decision.letters] == [AGENT]


def test_who_gave_it_back_gets_it_where_every_other_is_away() -> None:
    away = Presence(away={NOAH: NOW + timedelta(days=1)})
    assert [letter.recipient.key for letter in fired(presence=away, draft=draft()).letters] == [AGENT]


@pytest.mark.parametrize(
    "of",
    [
        {"assignee": AGENT},
        {"status": Status.ANSWERED},
        {"status": Status.RESOLVED},
        {"status": Status.CLOSED},
    ],
)
def test_a_case_that_needs_nobody_any_more_is_left_alone(of: dict[str, Any]) -> None:
    decision = fired(of)
    assert [event.kind for event in decision.events] == [EventKind.TIMER_SKIPPED]
    assert (decision.case, decision.letters) == (None, ())


def test_outside_working_hours_it_waits_for_the_next_working_day() -> None:
    evening = datetime(2026, 3, 6, 18, 0, tzinfo=UTC)  # a Friday
    assert given_to_somebody_at(facts(now=evening)) == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def test_a_case_that_was_put_off_too_waits_until_it_comes_back() -> None:
    decision = fired({"snoozed_until": NOW + timedelta(days=2)}, draft=draft())
    assert decision.case is None
    assert [event.kind for event in decision.events] == [EventKind.TIMER_SKIPPED]
