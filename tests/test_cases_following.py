"""What comes into a case that exists: words, thanks, scores, machines' mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.decide import on_mail
from cases.decision import Decision
from cases.facts import Counts
from cases.lifecycle import OPEN_ENDS
from store.models import EventKind, LetterKind, MailKind, Status, TimerKind
from store.values import Attachment
from tests.decisions import kinds, only_letter, values
from tests.facts_factory import (
    ADMIN,
    AGENT,
    COLLEAGUE,
    CUSTOMER,
    NOW,
    case,
    case_facts,
    message,
)

ALL_TIMERS = set(OPEN_ENDS)
NEXT_DEADLINE = datetime(2026, 3, 3, 17, tzinfo=UTC)
PHOTO = (Attachment("photo.jpg", "image/jpeg", 2048),)


def wrote(text: str, of: dict[str, Any] | None = None, **changes: Any) -> Decision:
    mail = changes.pop("mail", {})
    return on_mail(case_facts(of, **changes), message(text, **mail))


@pytest.mark.parametrize(
    ("status", "then", "events"),
    [
        (Status.NEW, Status.NEW, [EventKind.CUSTOMER_WROTE, EventKind.DRAFTED]),
        (Status.OPEN, Status.OPEN, [EventKind.CUSTOMER_WROTE, EventKind.DRAFTED]),
        (Status.ANSWERED, Status.OPEN, [EventKind.CUSTOMER_WROTE, EventKind.DRAFTED]),
        (Status.RESOLVED, Status.OPEN, [EventKind.CUSTOMER_WROTE, EventKind.REOPENED, EventKind.DRAFTED]),
        (Status.CLOSED, Status.OPEN, [EventKind.CUSTOMER_WROTE, EventKind.REOPENED, EventKind.DRAFTED]),
    ],
)
def test_more_words_bring_the_case_back_to_its_agent(
    status: Status, then: Status, events: list[EventKind]
) -> None:
    decision = wrote("It came, but broken.", {"status": status})
    letter = only_letter(decision)
    assert kinds(decision) == events
    assert values(decision)["status"] is then
    assert decision.case
    assert decision.case.expected is status
    assert (letter.kind, letter.recipient.key) == (LetterKind.DRAFT, AGENT)
    assert (letter.variables["headline"], letter.variables["words"]) == ("again", "It came, but broken.")
    assert letter.reply_to
    assert decision.draft
    assert letter.reply_to.draft_version == decision.draft.version == 2
    assert set(decision.cancel_timers) == ALL_TIMERS


def test_what_is_said_before_the_first_draft_comes_with_it() -> None:
    decision = wrote("It came, but broken.", draft=None, draft_coming=True, mail={"attachments": PHOTO})
    assert kinds(decision) == [EventKind.CUSTOMER_WROTE]
    assert (decision.draft, decision.letters) == (None, ())
    assert decision.events[0].data == {"attachments": ["photo.jpg (2,048 bytes)"]}
    assert TimerKind.DRAFT not in decision.cancel_timers


def test_a_case_that_goes_on_before_its_first_draft_is_the_agents_again() -> None:
    decision = wrote("It broke again.", {"status": Status.RESOLVED}, draft=None, draft_coming=True)
    assert kinds(decision) == [EventKind.CUSTOMER_WROTE, EventKind.REOPENED]
    assert (values(decision)["status"], values(decision)["resolved_at"]) == (Status.OPEN, None)
    assert set(decision.cancel_timers) == ALL_TIMERS


def test_a_case_that_ended_before_its_first_draft_gets_one_when_it_goes_on_later() -> None:
    decision = wrote("It broke again.", {"status": Status.RESOLVED}, draft=None)
    assert decision.draft
    assert (decision.draft.version, only_letter(decision).kind) == (1, LetterKind.DRAFT)


def test_a_further_mail_gets_no_second_acknowledgement() -> None:
    assert {one.kind for one in wrote("More.").letters} == {LetterKind.DRAFT}


def test_who_waits_for_the_first_answer_keeps_the_deadline() -> None:
    for status in (Status.NEW, Status.OPEN):
        assert "deadline_at" not in values(wrote("More.", {"status": status}))


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.RESOLVED, Status.CLOSED])
def test_who_had_an_answer_gets_a_new_deadline(status: Status) -> None:
    decision = wrote("More.", {"status": status, "deadline_at": NOW - timedelta(days=30)})
    assert values(decision)["deadline_at"] == NEXT_DEADLINE
    assert only_letter(decision).variables["deadline"] == NEXT_DEADLINE


def test_a_reopened_case_is_neither_resolved_nor_closed() -> None:
    ended = {"status": Status.CLOSED, "resolved_at": NOW, "closed_at": NOW, "seen_at": NOW}
    found = values(wrote("It broke again.", ended))
    assert (found["resolved_at"], found["closed_at"], found["seen_at"]) == (None, None, None)


@pytest.mark.parametrize("text", ["Thanks!", "ممنون", "תודה רבה", "شكرا جزيلا"])
@pytest.mark.parametrize("status", [Status.OPEN, Status.ANSWERED, Status.RESOLVED, Status.CLOSED])
def test_thanks_alone_reopen_nothing(text: str, status: Status) -> None:
    decision = wrote(text, {"status": status})
    assert kinds(decision) == [EventKind.COURTESY]
    assert values(decision)["status"] is status
    assert (decision.letters, decision.draft, decision.cancel_timers) == ((), None, ())


def test_thanks_with_an_attachment_are_more_than_thanks() -> None:
    decision = wrote("Thanks!", {"status": Status.ANSWERED}, mail={"attachments": PHOTO})
    assert EventKind.CUSTOMER_WROTE in kinds(decision)
    assert "photo.jpg" in only_letter(decision).variables["attachments"][0]


def test_who_writes_by_the_cases_own_address_becomes_a_participant() -> None:
    for text in ("More.", "Thanks!"):
        decision = wrote(text, {"status": Status.OPEN}, mail={"sender": "Spouse@example.org"})
        assert decision.case
        assert decision.case.participants == ("spouse@example.org",)
        assert "customer" not in values(decision)


def test_a_mail_without_a_sender_adds_no_participant() -> None:
    decision = wrote("More.", mail={"sender": ""})
    assert decision.case
    assert decision.case.participants == ()
    assert decision.events[0].actor == "nobody"


def test_a_case_of_an_agent_who_left_goes_to_another() -> None:
    decision = wrote("More.", {"assignee": "gone@example.com", "language": "he"})
    assert values(decision)["assignee"] == COLLEAGUE
    assert only_letter(decision).recipient.key == COLLEAGUE
    assert EventKind.ASSIGNED in kinds(decision)
    assert decision.draft
    assert decision.draft.agent == COLLEAGUE


# Machines


@pytest.mark.parametrize("kind", [MailKind.AUTO_REPLY, MailKind.LIST, MailKind.LOOP])
def test_machines_mail_stays_on_its_case_and_changes_nothing(kind: MailKind) -> None:
    decision = wrote("I am away.", {"status": Status.RESOLVED}, mail={"kind": kind})
    assert (decision.case, decision.case_number, decision.letters) == (None, 7, ())
    assert kinds(decision) == [EventKind.AUTO_REPLY]


def bounce(of: dict[str, Any] | None = None, *letters: tuple[int, str, str]) -> Decision:
    facts = case_facts(of, bounced=letters)
    return on_mail(facts, message(sender="mailer-daemon@example.org", kind=MailKind.BOUNCE))


def test_a_bounce_of_a_customers_letter_is_told_to_the_agent() -> None:
    decision = bounce({}, (5, CUSTOMER, "Re: Where is it?"))
    letter = only_letter(decision)
    assert kinds(decision) == [EventKind.BOUNCED]
    assert (decision.undelivered, decision.case) == ((5,), None)
    assert (letter.kind, letter.recipient.key) == (LetterKind.ALERT, AGENT)
    assert letter.variables["recipient"] == CUSTOMER


@pytest.mark.parametrize(
    ("of", "bounced"),
    [
        ({}, (5, AGENT, "[#7] New case")),
        ({"assignee": "gone@example.com"}, (5, CUSTOMER, "Re: Where is it?")),
        ({"assignee": ""}, (5, CUSTOMER, "Re: Where is it?")),
    ],
)
def test_where_no_agent_can_be_told_the_admins_are(of: dict[str, Any], bounced: tuple[int, str, str]) -> None:
    assert only_letter(bounce(of, bounced)).recipient.key == ADMIN


def test_a_bounce_of_several_letters_names_them_all() -> None:
    decision = bounce({}, (5, AGENT, "[#7] New case"), (6, CUSTOMER, "Re: Where is it?"))
    assert decision.undelivered == (5, 6)
    assert kinds(decision) == [EventKind.BOUNCED, EventKind.BOUNCED]
    assert only_letter(decision).variables["recipient"] == CUSTOMER


def test_a_bounce_of_a_letter_without_a_case_is_kept_all_the_same() -> None:
    decision = bounce({}, (5, ADMIN, "Alert"))
    assert decision.letters == () or all(one.recipient.key != ADMIN for one in decision.letters)
    facts = case_facts(case=None, bounced=((5, ADMIN, "Alert"),))
    alone = on_mail(facts, message(kind=MailKind.BOUNCE))
    assert (alone.undelivered, alone.case_number, alone.letters) == ((5,), None, ())


def test_a_bounce_of_no_letter_of_ours_changes_nothing() -> None:
    decision = bounce({})
    assert (decision.letters, decision.undelivered) == ((), ())


def test_the_same_words_again_make_no_second_work() -> None:
    decision = on_mail(case_facts(said_before=case()), message())
    assert (decision.case, decision.draft, decision.letters) == (None, None, ())
    assert [event.kind for event in decision.events] == [EventKind.DUPLICATE]


def test_the_same_words_in_another_case_are_new_there() -> None:
    decision = on_mail(case_facts(said_before=case(number=99)), message())
    assert decision.case_number == 7
    assert decision.draft


def test_in_a_flood_a_case_goes_back_to_the_queue_without_a_mail_to_its_agent() -> None:
    facts = case_facts({"status": Status.ANSWERED}, counts=Counts(mails_last_hour=20))
    decision = on_mail(facts, message())
    assert decision.case
    assert decision.case.values["status"] is Status.OPEN
    assert [one.kind for one in decision.letters] == [LetterKind.ALERT]
    assert decision.draft is None


# A case that was put off

PUT_OFF = {"snoozed_until": NOW + timedelta(days=3)}


def test_a_case_that_was_put_off_wakes_when_the_customer_writes() -> None:
    decision = wrote("It came, but broken.", PUT_OFF)
    assert kinds(decision) == [EventKind.CUSTOMER_WROTE, EventKind.WOKE, EventKind.DRAFTED]
    assert values(decision)["snoozed_until"] is None
    assert TimerKind.SNOOZE in decision.cancel_timers
    assert "snoozed_until" not in values(wrote("It came, but broken."))


def test_a_flood_wakes_it_too_but_mails_nobody() -> None:
    decision = wrote("Again!", PUT_OFF, counts=Counts(mails_last_hour=20))
    assert values(decision)["snoozed_until"] is None
    assert EventKind.WOKE in kinds(decision)


def test_thanks_wake_nothing() -> None:
    decision = wrote("Thank you!", PUT_OFF | {"status": Status.ANSWERED})
    assert kinds(decision) == [EventKind.COURTESY]
    assert "snoozed_until" not in values(decision)
