"""`issue`, `concerns` and `fixed`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.known import Candidate, Concern, Known
from cases.saying import Refusal, Say
from store.models import (
    DraftState,
    EventKind,
    IssueState,
    LetterKind,
    RequestKind,
    RequestState,
    Status,
    TimerKind,
)
from tests.facts_factory import NOW, case, draft
from tests.issue_facts import issue, row
from tests.money_facts import MAY, NOA, NOBODY_DECIDES, OLA, SARA, about, people, request, who

TEXT = "Parcels rest\ncategory: late\nen: They rest.\nfa: مانده‌اند."


def done(name: str, argument: str, *, by: str = SARA, desk: bool = False, **changes: Any) -> Decision:
    """What the command leads to, on case 7 or at the desk."""
    known = about(**changes)
    at = None if desk else known.case
    return on_command(known, at, who(by, known.rulebook), [Given(name, argument)])


def refused(*command: str, **changes: Any) -> Say:
    with pytest.raises(Refusal) as refusal:
        done(*command, **changes)
    return refusal.value.say


def told(decision: Decision) -> Say:
    """The first thing that the transcript says."""
    said: Say = decision.letters[-1].variables["lines"][0]
    return said


def four(**changes: Any) -> Known:
    """An issue with four cases: two to tell, one that nobody can reach, one of spam."""
    cases = (
        case(number=7),
        case(number=8, customer="fa@example.org", language="fa", answered_at=NOW),
        case(number=9, customer=""),
        case(number=10, customer="x@example.org", spam=True),
    )
    rows = {one.number: row(case=one.number, at=NOW - timedelta(hours=1)) for one in cases}
    made = tuple(Candidate(one, row=rows[one.number]) for one in cases)
    values: dict[str, Any] = {"named": issue(), "candidates": made, "samples": {7: "Where is it?"}}
    return Known(**(values | changes))


def test_an_issue_is_opened_with_its_cause_and_its_notes() -> None:
    decision = done(
        "issue", TEXT, desk=True, known=Known(next_issue=4), languages=frozenset({"en", "fa", "he"})
    )
    (made,) = decision.rows
    assert made.table == "known_issue"
    assert (made.values["id"], made.values["title"], made.values["category"]) == (4, "Parcels rest", "late")
    assert made.values["notes"] == {"en": "They rest.", "fa": "مانده‌اند."}
    assert (made.values["state"], made.values["opened_by"]) == (IssueState.OPEN, SARA)
    assert [event.kind for event in decision.events] == [EventKind.ISSUE_OPENED]
    assert told(decision).values["missing"] == ({"language": "he", "instead": "en"},)


def test_a_title_is_made_of_the_note_where_none_is_written() -> None:
    (made,) = done("issue", "category: late\nen: They rest.", desk=True, known=Known(next_issue=1)).rows
    assert made.values["title"] == "They rest."


def test_an_issue_is_changed_and_keeps_what_is_not_said() -> None:
    decision = done("issue", "3\nhe: נחות.", desk=True, known=Known(named=issue()))
    (change,) = decision.changes
    assert change.values == {"notes": {**issue().notes, "he": "נחות."}, "changed_at": NOW}
    assert (change.key, change.expected) == ({"id": 3}, {"state": IssueState.OPEN})


def test_an_issue_is_withdrawn_and_opened_again() -> None:
    (change,) = done("issue", "3\nstate: withdrawn", desk=True, known=Known(named=issue())).changes
    assert change.values == {"state": IssueState.WITHDRAWN, "changed_at": NOW}
    withdrawn = issue(state=IssueState.WITHDRAWN)
    (change,) = done("issue", "3\nstate: open", desk=True, known=Known(named=withdrawn)).changes
    assert change.values == {"state": IssueState.OPEN, "changed_at": NOW}


def test_an_issue_of_the_rule_files_is_changed_there() -> None:
    say = refused("issue", "3\nhe: נחות.", desk=True, known=Known(named=issue(name="haifa")))
    assert (say.code, say.values["name"]) == ("issue-of-file", "haifa")


def test_a_wrong_number_is_told_what_is_open() -> None:
    say = refused("fixed", "9", desk=True, known=Known(all_open=(issue(),)))
    assert say.code == "no-such-issue"
    assert [one.values["number"] for one in say.values["known"]] == [3]


def test_an_agent_says_that_a_case_is_concerned_and_the_untouched_draft_is_made_anew() -> None:
    known = Known(named=issue(category="praise"))
    decision = done("concerns", "3", known=known, draft=draft(template="answer/late"))
    (made,) = decision.rows
    assert (made.table, made.values["by"], made.values["removed"]) == ("concerned", SARA, False)
    assert decision.draft is not None
    assert decision.draft.template == "answer/known_issue"
    assert decision.draft.variables["known_issue"] == "They rest in Haifa."


def test_an_agents_own_words_stay() -> None:
    decision = done("concerns", "3", known=Known(named=issue(category="praise")), draft=draft(template=""))
    assert decision.draft is None


@pytest.mark.parametrize("words", ["- 3", "– 3", "not 3", "نیست ۳"])
def test_an_agent_says_that_a_case_is_not_concerned(words: str) -> None:
    known = Known(named=issue(), issues=(Concern(issue(), row()),))
    decision = done("concerns", words, known=known, draft=draft(template="answer/known_issue"))
    (change,) = decision.changes
    assert change.values == {"removed": True, "by": SARA}
    assert [event.kind for event in decision.events] == [EventKind.NOT_CONCERNED, EventKind.DRAFTED]
    assert decision.draft is not None
    assert decision.draft.template == "answer/late"


def test_the_draft_of_an_ended_case_is_left_alone() -> None:
    known = Known(named=issue())
    decision = done(
        "concerns", "3", of={"status": Status.CLOSED}, known=known, draft=draft(template="answer/late")
    )
    assert decision.draft is None


def test_nothing_leaves_before_the_yes_and_the_giver_is_asked_alone() -> None:
    decision = done("fixed", "3\nen: They move.", desk=True, known=four())
    (made,) = decision.rows
    assert made.table == "request"
    assert (made.values["kind"], made.values["state"]) == (RequestKind.BATCH, RequestState.WAITING)
    assert made.values["given"] == [["fixed", "3\nen: They move."]]
    assert {one.kind for one in decision.letters} == {LetterKind.REQUEST, LetterKind.TRANSCRIPT}
    (asks,) = (one for one in decision.letters if one.template == "agent_batch")
    assert asks.recipient.address == SARA
    assert asks.variables["count"] == 2
    assert [(one["number"], one["why"].code) for one in asks.variables["left"]] == [
        (9, "left-no-address"),
        (10, "left-spam"),
    ]
    assert asks.variables["unanswered"] == (7,)
    assert decision.changes == ()


def test_the_mail_shows_one_letter_a_language_with_what_stands_in() -> None:
    decision = done("fixed", "3\nen: They move.", desk=True, known=four())
    (asks,) = (one for one in decision.letters if one.template == "agent_batch")
    first, second = asks.samples
    assert (first.about["language"], first.about["numbers"], first.about["fix_in"]) == ("en", (7,), "en")
    assert (second.about["language"], second.about["numbers"], second.about["fix_in"]) == ("fa", (8,), "en")
    assert second.draft.language == "fa"
    assert second.draft.variables["fix"] == "They move."


def test_the_same_again_ends_the_request_before() -> None:
    decision = done("fixed", "3\nen: They move.", desk=True, known=four(stale=("batch/x",)))
    (change,) = decision.changes
    assert (change.table, change.key) == ("request", {"key": "batch/x"})
    assert change.values["state"] is RequestState.EXPIRED


def granted(**changes: Any) -> Decision:
    wish = request(
        kind=RequestKind.BATCH,
        given=[["fixed", "3\nen: They move."]],
        agent=changes.pop("giver", SARA),
        case_number=None,
        made_at=NOW - timedelta(minutes=30),
    )
    by = changes.pop("by", SARA)
    return done("yes", "", by=by, desk=True, request=wish, **({"known": four()} | changes))


def test_a_yes_marks_it_fixed_and_arms_one_letter_a_minute() -> None:
    decision = granted()
    ends = {one.table: one.values for one in decision.changes}
    assert ends["known_issue"]["state"] is IssueState.FIXED
    assert ends["known_issue"]["fixes"] == {"en": "They move."}
    assert ends["request"]["state"] is RequestState.GRANTED
    timers = [one.values for one in decision.rows if one.table == "timer"]
    assert [(one["kind"], one["case_number"], one["key"]) for one in timers] == [
        (TimerKind.FIXED, 7, "fixed/3/7"),
        (TimerKind.FIXED, 8, "fixed/3/8"),
    ]
    assert [one["due_at"] - NOW for one in timers] == [timedelta(minutes=1), timedelta(minutes=2)]


def test_a_yes_tells_which_cases_came_meanwhile() -> None:
    late = Candidate(case(number=12, customer="z@example.org"), row=row(case=12, at=NOW))
    decision = granted(known=four(candidates=(*four().candidates, late)))
    said = [one for one in decision.letters[-1].variables["lines"] if one.code == "issue-fixed"]
    assert said[0].values["new"] == (12,)


def test_a_yes_to_what_is_fixed_already_does_nothing() -> None:
    decision = granted(known=four(named=issue(state=IssueState.FIXED)))
    assert [one for one in decision.rows if one.table == "timer"] == []
    assert "issue-not-open" in {one.code for one in decision.letters[-1].variables["lines"]}


def test_where_answers_need_a_second_person_so_does_this() -> None:
    rules = people(four_eyes=True)
    decision = done("fixed", "3\nen: They move.", desk=True, known=four(), rulebook=rules)
    asked = {one.recipient.address for one in decision.letters if one.template == "agent_batch"}
    assert asked == {NOA, OLA}
    with pytest.raises(Refusal) as refusal:
        granted(rulebook=rules)
    assert refusal.value.say.code == "not-your-role"
    assert [one.table for one in granted(rulebook=rules, by=NOA).rows] == ["timer", "timer"]


def test_who_only_writes_drafts_needs_somebody_elses_yes() -> None:
    decision = done("fixed", "3\nen: They move.", by=MAY, desk=True, known=four())
    asked = {one.recipient.address for one in decision.letters if one.template == "agent_batch"}
    assert MAY not in asked
    assert asked
    one_agent = people(NOBODY_DECIDES)
    assert done("fixed", "3", by=MAY, desk=True, known=four(), rulebook=one_agent).rows


def test_an_issue_that_concerns_nobody_is_fixed_at_once() -> None:
    decision = done("fixed", "3", desk=True, known=Known(named=issue()))
    assert [one.table for one in decision.changes] == ["known_issue"]
    assert told(decision).values["count"] == 0


def test_the_open_draft_is_no_part_of_it() -> None:
    decision = done("fixed", "3", known=four(), draft=draft(state=DraftState.OPEN))
    assert not decision.approve_draft
    assert not decision.reject_draft
