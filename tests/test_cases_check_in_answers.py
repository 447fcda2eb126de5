"""What an answer to a check-in leads to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.decide import on_mail
from cases.decision import Decision
from cases.facts import Counts
from cases.lifecycle import OPEN_ENDS
from store.models import EventKind, LetterKind, MailKind, Severity, Status, TimerKind
from store.values import Alarm, Attachment
from tests.decisions import kinds, only_letter, values
from tests.facts_factory import (
    AGENT,
    COLLEAGUE,
    CUSTOMER,
    NOW,
    STRANGER,
    case,
    case_facts,
    check_in_token,
    message,
)

ALL_TIMERS = set(OPEN_ENDS)
NEXT_DEADLINE = datetime(2026, 3, 3, 17, tzinfo=UTC)
PUT_OFF = {"snoozed_until": NOW + timedelta(days=3)}
TO_AGENT = (LetterKind.TRANSCRIPT, AGENT)


def answered(
    text: str, status: Status = Status.RESOLVED, of: dict[str, Any] | None = None, **known: Any
) -> Decision:
    mail = known.pop("mail", {})
    given = {"status": status, "check_ins": 1} | (of or {})
    facts = case_facts(given, **({"token": check_in_token(), "joined_by": "address"} | known))
    return on_mail(facts, message(text, **mail))


def wrote(text: str, of: dict[str, Any], **changes: Any) -> Decision:
    return on_mail(case_facts(of, **changes), message(text))


def letters(decision: Decision) -> list[tuple[LetterKind, str]]:
    return [(one.kind, one.recipient.key) for one in decision.letters]


@pytest.mark.parametrize(
    ("text", "score"), [("3", 3), ("۴", 4), ("٥", 5), ("Yes, thank you!", 5), ("5/5", 5)]
)
def test_a_good_score_closes_the_case(text: str, score: int) -> None:
    decision = answered(text)
    assert decision.mail_kind is MailKind.CHECK_IN_ANSWER
    assert kinds(decision) == [EventKind.CHECK_IN_GOOD]
    assert values(decision) == {
        "score": score,
        "status": Status.CLOSED,
        "closed_at": NOW,
        "thanked_at": NOW,
    }
    assert set(decision.cancel_timers) == ALL_TIMERS
    letter = only_letter(decision)
    assert (letter.kind, letter.key, letter.recipient.key) == (LetterKind.THANKS, "thanks/7", CUSTOMER)
    assert letter.automatic
    assert letter.variables["score"] == score


@pytest.mark.parametrize(
    "text", ["1", "۲", "٢", "0", "no", "حل نشد", "לא נפתר", "لم تحل", "3\nThe cable is missing."]
)
@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_a_low_score_reopens_the_case_and_tells_its_agent(text: str, status: Status) -> None:
    decision = answered(text, status)
    letter = only_letter(decision)
    assert kinds(decision) == [EventKind.CHECK_IN_LOW, EventKind.REOPENED, EventKind.DRAFTED]
    assert values(decision)["status"] is Status.OPEN
    assert letter.variables["headline"] == "check-in-low"
    assert letter.variables["score"] == values(decision)["score"]
    assert decision.draft
    assert decision.draft.template == "answer/check_in_low"
    assert values(decision)["deadline_at"] == NEXT_DEADLINE


def test_what_the_customer_adds_to_a_score_is_kept_in_the_event() -> None:
    for text in ("5, but the refund has not come", "2\nbut the refund has not come"):
        event = answered(text).events[0]
        assert event.data["comment"] == "but the refund has not come"


@pytest.mark.parametrize(
    ("status", "text", "then"),
    [
        (Status.OPEN, "5", Status.OPEN),
        (Status.ANSWERED, "5", Status.ANSWERED),
        (Status.CLOSED, "5", Status.CLOSED),
        (Status.OPEN, "1", Status.OPEN),
        (Status.ANSWERED, "1", Status.OPEN),
        (Status.CLOSED, "1", Status.OPEN),
    ],
)
def test_a_late_answer_still_counts(status: Status, text: str, then: Status) -> None:
    decision = answered(text, status)
    assert values(decision)["status"] is then
    assert values(decision)["score"] == int(text)


def test_a_customer_may_change_their_mind() -> None:
    closed = {"status": Status.CLOSED, "check_ins": 1, "score": 5, "closed_at": NOW - timedelta(days=2)}
    assert values(wrote("1", closed))["status"] is Status.OPEN
    assert values(wrote("4", closed))["closed_at"] == NOW - timedelta(days=2)


def test_words_that_are_no_score_reopen_the_case() -> None:
    decision = answered("Yes, but the cable is missing")
    assert decision.mail_kind is MailKind.CUSTOMER
    assert values(decision)["status"] is Status.OPEN


def test_only_the_customer_or_the_question_itself_can_be_answered_for() -> None:
    facts = case_facts({"status": Status.RESOLVED, "check_ins": 1})
    decision = on_mail(facts, message("5", sender=STRANGER))
    assert decision.mail_kind is MailKind.CUSTOMER


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.ANSWERED])
def test_a_late_good_answer_leaves_a_case_that_was_put_off_its_alarm(status: Status) -> None:
    decision = answered("5", status)
    assert TimerKind.SNOOZE not in decision.cancel_timers
    assert values(decision) == {"status": status, "score": 5}


# Thanks


def test_thanks_are_sent_once_a_case() -> None:
    assert letters(answered("5", of={"thanked_at": NOW - timedelta(days=1)})) == []


@pytest.mark.parametrize(
    "known",
    [
        {"mail": {"no_auto_reply": ("it has a List-Id",)}},
        {"mail": {"sender": "spouse@example.org"}},
        {"counts": Counts(mails_last_hour=20)},
        {"status": Status.OPEN},
    ],
)
def test_no_thanks_go_where_no_automatic_letter_may_or_somebody_still_works_on_it(known: Any) -> None:
    decision = answered("5", **known)
    assert kinds(decision) == [EventKind.CHECK_IN_GOOD]
    assert letters(decision) == []
    assert "thanked_at" not in values(decision)


def test_who_is_not_content_gets_a_persons_answer_and_no_thanks() -> None:
    assert letters(answered("1")) == [(LetterKind.DRAFT, AGENT)]


# Words beside a score


@pytest.mark.parametrize("text", ["5, and Sara was wonderful", "4\nNext time a little faster, please."])
def test_what_a_content_customer_adds_reaches_the_agent(text: str) -> None:
    decision = answered(text)
    assert values(decision)["status"] is Status.CLOSED
    assert letters(decision) == [(LetterKind.THANKS, CUSTOMER), TO_AGENT]
    told = decision.letters[1]
    (listing,) = told.variables["lists"]
    assert listing.title.code == "check-in-comment"
    assert listing.parts == (decision.events[0].data["comment"],)
    assert "reopen" in told.offers


def test_what_a_customer_adds_on_a_case_that_goes_on_reaches_the_agent_too() -> None:
    decision = answered("5, and Sara was wonderful", Status.ANSWERED)
    assert letters(decision) == [TO_AGENT]
    assert values(decision) == {"status": Status.ANSWERED, "score": 5}


def test_the_words_of_a_case_whose_agent_left_reach_another() -> None:
    decision = answered("5, and Sara was wonderful", of={"assignee": "gone@example.com", "language": "he"})
    assert letters(decision)[-1] == (LetterKind.TRANSCRIPT, COLLEAGUE)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.ANSWERED])
@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("5. When does my refund come?", {}),
        ("٥\nمتى يصل المال؟", {}),
        ("5", {"mail": {"attachments": (Attachment("bill.pdf", "application/pdf", 2048),)}}),
        ("5, or I call my lawyer", {"alarms": (Alarm("owner", "lawyer", ("lawyer",), Severity.URGENT),)}),
    ],
)
def test_a_good_score_with_more_than_praise_keeps_the_score_and_goes_on(
    status: Status, text: str, known: dict[str, Any]
) -> None:
    decision = answered(text, status, **known)
    assert kinds(decision)[:2] == [EventKind.CHECK_IN_GOOD, EventKind.CUSTOMER_WROTE]
    assert (values(decision)["status"], values(decision)["score"]) == (Status.OPEN, 5)
    assert (LetterKind.DRAFT, AGENT) in letters(decision)
    assert (LetterKind.THANKS, CUSTOMER) not in letters(decision)


def test_a_flood_of_low_scores_mails_nobody_about_each() -> None:
    decision = answered("1", counts=Counts(mails_last_hour=20))
    assert values(decision)["status"] is Status.OPEN
    assert values(decision)["score"] == 1
    assert decision.draft is None
    assert (LetterKind.DRAFT, AGENT) not in letters(decision)


def test_the_same_answer_twice_in_a_moment_is_one() -> None:
    decision = answered("1", Status.OPEN, said_before=case())
    assert kinds(decision) == [EventKind.DUPLICATE]
    assert (decision.case, decision.draft, decision.letters) == (None, None, ())


# No more check-ins


def wish(decision: Decision) -> dict[str, Any]:
    (row,) = decision.rows
    assert row.table == "opt_out"
    return dict(row.values)


def test_who_wants_no_more_check_ins_gets_none_and_the_case_closes_in_due_time() -> None:
    decision = answered("stop", mail={"sender": CUSTOMER})
    assert kinds(decision) == [EventKind.OPTED_OUT]
    assert wish(decision) == {"address": CUSTOMER, "at": NOW, "case_number": 7, "asked_again": False}
    assert values(decision) == {"status": Status.RESOLVED, "thanked_at": NOW}
    assert set(decision.cancel_timers) == {
        TimerKind.CHECK_IN,
        TimerKind.CHECK_IN_REMINDER,
        TimerKind.CLOSE,
    }
    (timer,) = decision.timers
    assert (timer.kind, timer.due_at) == (TimerKind.CLOSE, NOW + timedelta(days=7))
    letter = only_letter(decision)
    assert (letter.kind, letter.variables["wish"], letter.variables["again"]) == (
        LetterKind.THANKS,
        "stop",
        "ask me again",
    )


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.ANSWERED, Status.CLOSED])
def test_it_says_nothing_of_a_case_that_is_not_waiting_for_it(status: Status) -> None:
    decision = answered("stop", status)
    assert values(decision)["status"] is status
    assert (decision.timers, decision.cancel_timers) == ((), ())


def test_the_wish_counts_for_the_customers_whole_mailbox() -> None:
    decision = answered("stop", of={"customer": "ann+shop@example.org"})
    assert wish(decision)["address"] == "ann@example.org"


@pytest.mark.parametrize(
    ("text", "first", "status"),
    [
        ("5\nstop", EventKind.CHECK_IN_GOOD, Status.CLOSED),
        ("No, stop asking!", EventKind.CHECK_IN_LOW, Status.OPEN),
        ("Stop. It is broken again.", EventKind.CUSTOMER_WROTE, Status.OPEN),
    ],
)
def test_what_stands_beside_the_wish_counts_as_well(text: str, first: EventKind, status: Status) -> None:
    decision = answered(text)
    assert (kinds(decision)[0], kinds(decision)[-1]) == (first, EventKind.OPTED_OUT)
    assert values(decision)["status"] is status
    assert not wish(decision)["asked_again"]


def test_the_wish_is_taken_back_with_words() -> None:
    decision = answered("ask me again", Status.CLOSED)
    assert kinds(decision) == [EventKind.OPTED_IN]
    assert wish(decision)["asked_again"]
    assert values(decision)["status"] is Status.CLOSED


def test_the_words_mean_nothing_where_nobody_was_asked() -> None:
    decision = wrote("stop", {"status": Status.OPEN})
    assert decision.rows == ()
    assert EventKind.CUSTOMER_WROTE in kinds(decision)


def test_a_stranger_opts_nobody_out() -> None:
    facts = case_facts({"status": Status.RESOLVED, "check_ins": 1})
    decision = on_mail(facts, message("stop", sender=STRANGER))
    assert decision.rows == ()
