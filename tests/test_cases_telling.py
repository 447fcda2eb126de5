"""One letter of a batch, when its turn has come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.contact import Contact
from cases.decision import Decision
from cases.known import Candidate, Known
from cases.timers import on_timer
from store.models import DraftState, EventKind, IssueState, KnownIssue, LetterKind, Status, TimerKind
from tests.facts_factory import NOW, case, draft, facts
from tests.issue_facts import commitment, issue, row


def fixed(**changes: Any) -> KnownIssue:
    values = {"state": IssueState.FIXED, "fixes": {"en": "They move."}, "fixed_by": "sara@example.com"}
    return issue(**(values | changes))


def told(of: dict[str, Any] | None = None, one: dict[str, Any] | None = None, **changes: Any) -> Decision:
    about = case(**(of or {}))
    known = Known(named=fixed(), candidates=(Candidate(about, **({"row": row()} | (one or {}))),))
    values: dict[str, Any] = {"cause": "fixed/3/7", "case": about, "known": known}
    return on_timer(facts(**(values | changes)), about, TimerKind.FIXED)


def test_the_letter_leaves_as_an_approved_answer_does() -> None:
    decision = told()
    (letter,) = decision.letters
    assert (letter.kind, letter.key, letter.automatic) == (LetterKind.ANSWER, "fixed/3/7", False)
    assert letter.words is not None
    assert letter.words.template == "answer/fixed"
    assert letter.words.variables["fix"] == "They move."
    assert letter.variables["agent_name"] == "Sara Ahmadi"
    (event,) = decision.events
    assert (event.kind, event.actor) == (EventKind.TOLD_FIXED, "sara@example.com")
    assert decision.case is not None
    assert decision.case.values["status"] is Status.ANSWERED
    assert decision.case.values["first_answered_at"] == NOW
    (change,) = decision.changes
    assert change.values == {"told_fixed_at": NOW}


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.RESOLVED, Status.CLOSED])
def test_a_case_that_is_answered_or_ended_stays_so(status: Status) -> None:
    decision = told({"status": status})
    assert len(decision.letters) == 1
    assert decision.case is not None
    assert decision.case.values["status"] is status


def test_a_draft_that_no_person_wrote_into_gives_way() -> None:
    assert told(draft=draft(template="answer/known_issue")).reject_draft


def test_an_agents_own_words_stay_and_so_does_the_case() -> None:
    decision = told({"status": Status.OPEN}, draft=draft(template=""))
    assert not decision.reject_draft
    assert decision.case is not None
    assert decision.case.values["status"] is Status.OPEN
    assert not told(draft=draft(state=DraftState.SUPERSEDED)).reject_draft


def test_who_wrote_again_after_the_yes_still_waits_for_an_answer() -> None:
    said_yes = NOW - timedelta(hours=2)
    known = Known(
        named=fixed(fixed_at=said_yes), candidates=(Candidate(case(status=Status.OPEN), row=row()),)
    )
    again = Contact(asked_at=NOW - timedelta(hours=1))
    one = draft(template="answer/follow_up")
    decision = told({"status": Status.OPEN}, known=known, contact=again, draft=one)
    assert len(decision.letters) == 1
    assert decision.case is not None
    assert decision.case.values["status"] is Status.OPEN
    assert "answered_at" not in decision.case.values
    assert not decision.reject_draft
    before = Contact(asked_at=NOW - timedelta(hours=3))
    assert told({"status": Status.OPEN}, known=known, contact=before, draft=one).reject_draft


@pytest.mark.parametrize(
    ("of", "one", "said"),
    [
        ({"spam": True, "status": Status.CLOSED}, {}, "left spam"),
        ({"customer": ""}, {}, "left no address"),
        ({}, {"opted_out": True}, "left opted out"),
        ({}, {"unreachable": True}, "left came back"),
        ({}, {"row": row(told_fixed_at=NOW)}, "left told"),
        ({}, {"row": row(removed=True, by="sara@example.com")}, "left not concerned"),
    ],
)
def test_what_has_become_pointless_is_skipped_and_says_why(
    of: dict[str, Any], one: dict[str, Any], said: str
) -> None:
    decision = told(of, one)
    assert decision.letters == ()
    (event,) = decision.events
    assert (event.kind, event.text) == (EventKind.TIMER_SKIPPED, f"fixed: {said}")


def test_an_issue_that_is_open_again_tells_nobody() -> None:
    known = Known(named=issue(), candidates=(Candidate(case(), row=row()),))
    assert told(known=known).letters == ()


def test_the_customer_of_a_case_that_became_part_of_another_is_told_there() -> None:
    decision = told({"merged_into": 12, "status": Status.CLOSED})
    assert decision.letters == ()
    (made,) = decision.rows
    assert (made.table, made.values["case_number"], made.values["key"]) == ("timer", 12, "fixed/3/12")


def test_a_commitment_is_told_in_the_words_it_was_made_in() -> None:
    known = Known(candidates=(Candidate(case(), commitment=commitment(ended_by="sara@example.com")),))
    decision = told(known=known, cause="fixed/done/5")
    (letter,) = decision.letters
    assert letter.words is not None
    assert letter.words.template == "answer/commitment_done"
    assert letter.words.variables["commitment"] == "we pack glass twice"
    assert decision.changes == ()
