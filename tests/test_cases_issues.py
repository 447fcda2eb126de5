"""Which cases a known issue concerns, and what its note says to each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import issues
from cases.known import Concern, Known
from cases.timers import on_timer
from store.models import EventKind, IssueState, KnownIssue, TimerKind
from store.values import Fact
from tests.facts_factory import NOW, case, facts, waiting_facts
from tests.issue_facts import issue, row


def known(*concerns: Concern) -> Known:
    return Known(issues=concerns)


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"category": "late"}, True),
        ({"category": ""}, True),
        ({"category": "praise"}, False),
        ({"facts": {"product": "K-1"}}, True),
        ({"facts": {"product": "K-2"}}, False),
        ({"facts": {"product": "K-1", "place": "Haifa"}}, False),
        ({"category": "praise", "facts": {"product": "K-1"}}, False),
    ],
)
def test_a_case_is_of_the_cause_by_its_category_and_all_facts(changes: dict[str, Any], fits: bool) -> None:
    assert issues.is_of_cause(issue(**changes), case(), {"product": ("K-1", "K-9")}) is fits


def test_what_an_agent_said_counts_more_than_the_cause() -> None:
    other = issue(category="praise")
    said = facts(known=known(Concern(issue(), row(removed=True, by="sara@example.com"))))
    assert issues.concerning(said, case()) == ()
    said = facts(known=known(Concern(other, row(by="sara@example.com"))))
    assert issues.concerning(said, case()) == (other,)


def test_a_case_that_is_about_something_else_by_now_is_not_concerned() -> None:
    now = facts(known=known(Concern(issue(), row())))
    assert issues.concerning(now, case(category="praise")) == ()


def test_the_most_precise_issue_gives_the_note() -> None:
    wide, narrow = issue(3), issue(2, facts={"product": "K-1"}, notes={"en": "It is K-1."})
    told = facts(known=known(Concern(narrow), Concern(wide)), case_facts=(Fact("product", "K-1"),))
    assert issues.note_for(told, case()) == "It is K-1."


@pytest.mark.parametrize(
    ("language", "text", "stands_in"),
    [
        ("en", "They rest in Haifa.", False),
        ("fa", "در حیفا مانده‌اند.", False),
        ("he", "They rest in Haifa.", True),
    ],
)
def test_a_note_is_in_the_customers_language_or_its_stand_in_and_the_agent_is_told(
    language: str, text: str, stands_in: bool
) -> None:
    told = facts(known=known(Concern(issue())))
    assert issues.note_for(told, case(language=language)) == text
    assert [one["stands_in"] for one in issues.told(told, case(language=language))] == [stands_in]


def test_without_a_note_that_the_customer_could_read_nothing_is_carried_and_the_agent_is_told() -> None:
    told = facts(known=known(Concern(issue(notes={"fa": "در حیفا مانده‌اند."}))))
    assert issues.carried(told, case(language="he")) is None
    assert [(one["carried"], one["language"]) for one in issues.told(told, case(language="he"))] == [
        (False, "")
    ]


def test_the_first_draft_of_a_case_of_the_cause_carries_the_note_and_writes_it_down() -> None:
    told = waiting_facts(known=known(Concern(issue())))
    decision = on_timer(told, case(), TimerKind.DRAFT)
    assert decision.draft is not None
    assert decision.draft.template == "answer/known_issue"
    assert decision.draft.variables["known_issue"] == "They rest in Haifa."
    assert [one.values["issue_id"] for one in decision.rows if one.table == "concerned"] == [3]
    assert EventKind.CONCERNED in {event.kind for event in decision.events}
    (letter,) = decision.letters
    assert letter.variables["issues"][0]["carried"]


def test_what_is_written_down_already_is_not_written_down_again() -> None:
    told = waiting_facts(known=known(Concern(issue(), row())))
    decision = on_timer(told, case(), TimerKind.DRAFT)
    assert decision.rows == ()
    assert decision.draft is not None
    assert decision.draft.template == "answer/known_issue"


def fixed_since(**changes: Any) -> KnownIssue:
    return issue(state=IssueState.FIXED, fixed_at=NOW - timedelta(hours=1), **changes)


def test_a_case_that_came_before_the_issue_was_fixed_is_told_like_the_others() -> None:
    told = waiting_facts(known=known(Concern(fixed_since())))
    decision = on_timer(told, case(), TimerKind.DRAFT)
    assert decision.draft is not None
    assert decision.draft.template == "answer/late"
    assert [one.key for one in decision.timers if one.kind is TimerKind.FIXED] == ["fixed/3/7"]


def test_a_case_without_an_issue_has_the_letter_of_its_category() -> None:
    decision = on_timer(waiting_facts(), case(), TimerKind.DRAFT)
    assert decision.draft is not None
    assert decision.draft.template == "answer/late"
