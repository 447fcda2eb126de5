"""What becomes due once a case is solved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.decision import Decision
from cases.facts import History, Willing
from cases.timers import on_timer
from store.models import Case, CaseKind, EventKind, LetterKind, Status, TimerKind, TokenPurpose
from tests.facts_factory import CATEGORIES, CUSTOMER, NOW, case, facts, rulebook

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
    assert decision.case.values == {"status": Status.RESOLVED, "check_ins": 1, "asked_at": NOW}
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
    (timer,) = on_timer(facts(case=of), of, TimerKind.CHECK_IN).timers
    assert timer.due_at == NOW + timedelta(days=4)


def test_a_timer_that_no_mail_can_follow_closes_in_due_time() -> None:
    for kind in (TimerKind.CHECK_IN, TimerKind.CHECK_IN_REMINDER):
        of = case(status=Status.RESOLVED)
        decision = on_timer(facts(case=of, cause="c", willing=Willing(opted_out=NOW)), of, kind)
        (event,), (timer,) = decision.events, decision.timers
        assert (event.kind, decision.case, decision.letters) == (EventKind.TIMER_SKIPPED, None, ())
        assert event.text == f"{kind}: the customer wants no check-ins since 2026-03-02"
        assert (timer.kind, timer.due_at) == (TimerKind.CLOSE, NOW + timedelta(days=7))


# Who is left alone

DAY = timedelta(days=1)


def asked(
    of: dict[str, Any] | None = None,
    *others: Case,
    kind: TimerKind = TimerKind.CHECK_IN,
    rules: str = CATEGORIES,
    **known: Any,
) -> str:
    """Why nobody is asked; "" when the customer is."""
    about = case(**({"status": Status.RESOLVED} | (of or {})))
    given = facts(
        case=about,
        cause="c",
        rulebook=rulebook(categories=rules),
        history=History(others=others),
        willing=Willing(**known),
    )
    decision = on_timer(given, about, kind)
    skipped = [event.text for event in decision.events if event.kind is EventKind.TIMER_SKIPPED]
    assert bool(skipped) != bool(decision.letters)
    return skipped[0] if skipped else ""


def other(number: int, **of: Any) -> Case:
    return case(**({"number": number, "status": Status.CLOSED} | of))


def silent(number: int, days: int, **of: Any) -> Case:
    return other(number, **({"asked_at": NOW - days * DAY, "check_ins": 2} | of))


@pytest.mark.parametrize("kind", [CaseKind.PRAISE, CaseKind.OTHER])
def test_nobody_is_asked_about_praise_or_what_is_no_customers_matter(kind: CaseKind) -> None:
    assert "praise" in asked({"kind": kind})


def test_a_question_is_asked_about() -> None:
    assert asked({"kind": CaseKind.QUESTION}) == ""


@pytest.mark.parametrize("of", [{"customer": ""}, {"acknowledged_at": None}])
def test_who_got_no_automatic_mail_before_gets_none_now(of: dict[str, Any]) -> None:
    assert "no automatic mail" in asked(of)


def test_spam_is_not_asked_about() -> None:
    assert asked({"spam": True})


def test_whom_no_mail_reaches_is_not_asked_again() -> None:
    assert "came back" in asked(kind=TimerKind.CHECK_IN_REMINDER, unreached=True)


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.ANSWERED])
@pytest.mark.parametrize("kind", [TimerKind.CHECK_IN, TimerKind.CHECK_IN_REMINDER])
def test_who_has_another_open_case_is_not_asked(status: Status, kind: TimerKind) -> None:
    assert "another open case, #3" in asked({}, other(5), other(3, status=status), kind=kind)


@pytest.mark.parametrize("of", [{"status": Status.RESOLVED}, {"status": Status.OPEN, "spam": True}])
def test_cases_that_wait_for_nobody_do_not_matter(of: dict[str, Any]) -> None:
    assert asked({}, other(3, **of)) == ""


@pytest.mark.parametrize(("days", "is_asked"), [(0, False), (29, False), (30, True), (400, True)])
def test_who_was_asked_lately_is_not_asked_again_whatever_it_was_about(days: int, is_asked: bool) -> None:
    at = NOW - days * DAY
    assert (asked({}, other(3, asked_at=at, score=5, status=Status.RESOLVED)) == "") is is_asked
    assert (asked({"asked_at": at, "check_ins": 1, "score": 1}) == "") is is_asked


def test_the_reminder_belongs_to_the_question_and_is_no_second_one() -> None:
    of = {"asked_at": NOW - 4 * DAY, "check_ins": 1}
    assert asked(of, kind=TimerKind.CHECK_IN_REMINDER) == ""


def test_how_long_nobody_is_asked_again_stands_in_the_rules() -> None:
    before = other(3, asked_at=NOW - 10 * DAY, score=5)
    assert asked({}, before, rules=f"check_ins: {{not_again_within: 1 week}}\n{CATEGORIES}") == ""
    assert asked({}, before, rules=f"check_ins: {{not_again_within: 9 working days}}\n{CATEGORIES}")


def test_who_said_nothing_to_the_last_two_is_silent_by_choice() -> None:
    assert "nothing to the last 2" in asked({}, silent(3, 100), silent(4, 40))
    assert asked({}, silent(3, 100)) == "", "one is none yet"


def test_who_said_anything_to_one_of_them_is_not() -> None:
    cases = silent(3, 100), silent(4, 40), silent(2, 200)
    assert asked({}, *cases, heard={4: NOW - 39 * DAY}) == ""
    assert asked({}, *cases, heard={3: NOW - 99 * DAY}) == ""
    assert asked({}, *cases, heard={4: NOW - 41 * DAY}), "that was before the question"
    assert asked({}, *cases, heard={2: NOW - 199 * DAY}), "that is long ago"


def test_who_was_silent_is_asked_again_after_a_year() -> None:
    assert asked({}, silent(3, 400), silent(4, 364))
    assert asked({}, silent(3, 400), silent(4, 366)) == ""


@pytest.mark.parametrize(
    "of", [{"status": Status.RESOLVED}, {"spam": True}, {"merged_into": 2}, {"asked_at": None}]
)
def test_only_cases_that_ended_in_silence_count(of: dict[str, Any]) -> None:
    assert asked({}, silent(3, 100), silent(4, 40, **of)) == ""


def test_how_silent_one_must_be_stands_in_the_rules() -> None:
    cases = silent(3, 100), silent(4, 40)
    for rule in ("silent_after: 0", "silent_after: 3", "left_alone_for: 30 days"):
        assert asked({}, *cases, rules=f"check_ins: {{{rule}}}\n{CATEGORIES}") == ""
    assert asked({}, silent(4, 40), rules=f"check_ins: {{silent_after: 1}}\n{CATEGORIES}")
