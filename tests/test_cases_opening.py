"""A new case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.decide import on_mail
from cases.decision import Decision, LetterRequest
from cases.facts import Counts, Facts, History
from cases.opening import opened
from cases.priorities import ACK_FIRST, ALERT, TO_AGENT, TO_CUSTOMER
from store.models import CaseKind, EventKind, LetterKind, MailKind, Severity, Status, TimerKind
from store.values import Address, Attachment, Fact, NewTimer
from tests.decisions import kinds, values
from tests.facts_factory import (
    ADMIN,
    AGENT,
    CATEGORIES,
    COLLEAGUE,
    CUSTOMER,
    NOW,
    STRANGER,
    case,
    message,
    opening_facts,
    rulebook,
    verdict,
)


def decision_on(text: str = "My parcel is late.", facts: Facts | None = None, **mail: Any) -> Decision:
    return on_mail(facts or opening_facts(), message(text, **mail))


def letters(decision: Decision, kind: LetterKind) -> list[LetterRequest]:
    return [one for one in decision.letters if one.kind is kind]


def test_a_mail_becomes_a_case_with_all_that_is_known_of_it() -> None:
    decision = decision_on()
    assert decision.mail_kind is MailKind.CUSTOMER
    assert decision.case
    assert (decision.case.number, decision.case.expected) == (8, None)
    assert decision.case.participants == (CUSTOMER,)
    expected = {
        "status": Status.NEW, "kind": CaseKind.COMPLAINT, "category": "late", "severity": Severity.NORMAL,
        "language": "en", "subject": "Where is it?", "customer": CUSTOMER, "customer_name": "A name",
        "assignee": AGENT, "reply_token": "c" * 26, "opened_at": NOW, "acknowledged_at": NOW,
        "not_acknowledged_because": "", "mentions": [], "confidence": 0.8,
        "why": [{"rule": "late-words", "words": ["late"], "says": "category late", "weight": 1.0}],
        "deadline_at": datetime(2026, 3, 3, 17, tzinfo=UTC),
    }  # fmt: skip
    assert {name: values(decision)[name] for name in expected} == expected
    assert "number" not in values(decision)


def test_every_step_is_an_event() -> None:
    assert kinds(decision_on(facts=opening_facts(verdict=verdict(language="fa")))) == [
        EventKind.OPENED,
        EventKind.ACKNOWLEDGED,
        EventKind.ASSIGNED,
    ]


def test_nothing_but_the_acknowledgement_is_written_and_the_draft_is_due_right_after_it() -> None:
    decision = decision_on()
    assert [one.kind for one in decision.letters] == [LetterKind.ACK]
    assert decision.draft is None
    assert decision.timers == (NewTimer(TimerKind.DRAFT, "draft/8", NOW),)


def test_the_acknowledgement_leaves_at_once_before_all_else_to_from() -> None:
    decision = decision_on(reply_to=(Address(STRANGER),), references=("<a@x>", "<b@x>"))
    (ack,) = letters(decision, LetterKind.ACK)
    assert (ack.key, ack.recipient.key, ack.wait) == ("ack/8", CUSTOMER, timedelta(0))
    assert ack.priority == ACK_FIRST < min(TO_CUSTOMER, TO_AGENT, ALERT)
    assert ack.automatic
    assert ack.thread == ("<a@x>", "<b@x>", "<mail-1@example.org>")
    assert ack.case_token == "c" * 26
    assert not any(one.recipient.key == STRANGER for one in decision.letters)


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        (CaseKind.PRAISE, "ack_praise"),
        (CaseKind.QUESTION, "ack_question"),
        (CaseKind.COMPLAINT, "ack_complaint"),
        (CaseKind.OTHER, "ack_complaint"),
    ],
)
def test_praise_and_questions_are_acknowledged_as_such(kind: CaseKind, template: str) -> None:
    (ack,) = letters(decision_on(facts=opening_facts(verdict=verdict(kind=kind))), LetterKind.ACK)
    assert ack.template == template


@pytest.mark.parametrize("language", ["fa", "he", "ar", "en"])
def test_the_customers_language_is_that_of_letter_and_case(language: str) -> None:
    decision = decision_on(facts=opening_facts(verdict=verdict(language=language)))
    (ack,) = letters(decision, LetterKind.ACK)
    assert (ack.language, values(decision)["language"]) == (language, language)


def test_what_the_stored_mail_does_not_say_is_noted_for_the_draft() -> None:
    files = (Attachment("photo.jpg", "image/jpeg", 2048),)
    assert decision_on(attachments=files).events[0].data == {"attachments": ["photo.jpg (2,048 bytes)"]}
    assert decision_on("> all of it is quoted", reply_text="").events[0].data == {"quotes_only": True}
    assert decision_on().events[0].data == {}


def test_the_agent_is_whom_the_rules_name() -> None:
    decision = decision_on(facts=opening_facts(verdict=verdict(assign=COLLEAGUE)))
    assert values(decision)["assignee"] == COLLEAGUE


def test_a_mail_that_must_not_be_answered_is_a_case_that_says_why() -> None:
    decision = decision_on(no_auto_reply=("Precedence: bulk",))
    assert letters(decision, LetterKind.ACK) == []
    assert values(decision)["acknowledged_at"] is None
    assert values(decision)["not_acknowledged_because"] == "Precedence: bulk"
    assert EventKind.NOT_ACKNOWLEDGED in kinds(decision)
    assert EventKind.ACKNOWLEDGED not in kinds(decision)
    assert [one.kind for one in decision.timers] == [TimerKind.DRAFT]


def test_a_mail_without_a_sender_is_a_case_that_nobody_can_join_by_having_none() -> None:
    decision = decision_on(sender="")
    assert decision.case
    assert decision.case.participants == ()
    assert decision.letters == ()
    assert [one.kind for one in decision.timers] == [TimerKind.DRAFT]


def test_a_mail_without_a_message_id_is_acknowledged_without_a_thread() -> None:
    (ack,) = letters(decision_on(message_id=""), LetterKind.ACK)
    assert ack.thread == ()


def test_a_mail_that_names_anothers_case_learns_nothing_of_it() -> None:
    decision = decision_on(
        facts=opening_facts(mentioned=case(subject="Secret", customer="victim@example.org"))
    )
    assert values(decision)["mentions"] == [7]
    (ack,) = letters(decision, LetterKind.ACK)
    assert "Secret" not in repr(ack)
    assert "victim" not in repr(ack)
    assert ack.case_token == "c" * 26


def test_an_unparsed_mail_is_a_case_and_the_admins_are_told() -> None:
    decision = decision_on("", unparsed=True, damage=("its charset is unknown",))
    assert EventKind.UNPARSED in kinds(decision)
    assert letters(decision, LetterKind.ACK)
    (alert,) = letters(decision, LetterKind.ALERT)
    assert (alert.recipient.key, alert.variables["lines"]) == (ADMIN, ("its charset is unknown",))


@pytest.mark.parametrize(("in_all", "held"), [(0, 0), (299, 0), (300, 1), (599, 1), (600, 2), (3000, 10)])
def test_in_a_flood_acknowledgements_leave_at_the_hourly_rate(in_all: int, held: int) -> None:
    decision = decision_on(facts=opening_facts(counts=Counts(acks_in_all_last_hour=in_all)))
    (ack,) = letters(decision, LetterKind.ACK)
    assert ack.wait == timedelta(hours=held)


def test_two_mails_never_share_a_letter_key() -> None:
    first = decision_on()
    second = decision_on(facts=opening_facts(next_number=9, cause="f2"))
    keys = [one.key for one in (*first.letters, *second.letters)]
    keys += [one.key for one in (*first.timers, *second.timers)]
    assert len(keys) == len(set(keys)) == 4


@pytest.mark.parametrize("kind", [MailKind.AUTO_REPLY, MailKind.BOUNCE, MailKind.LIST, MailKind.LOOP])
def test_machines_open_no_case_and_get_no_answer(kind: MailKind) -> None:
    decision = decision_on(facts=opening_facts(verdict=None), kind=kind, kind_because="Auto-Submitted")
    assert (decision.case, decision.letters, decision.mail_kind) == (None, (), kind)
    assert kinds(decision) == [EventKind.IGNORED]
    assert "Auto-Submitted" in decision.events[0].text


def test_a_case_can_not_be_opened_without_a_verdict() -> None:
    with pytest.raises(ValueError, match="verdict"):
        opened(opening_facts(verdict=None), message())


def test_who_was_written_to_as_well_takes_part_but_no_agent_and_not_we() -> None:
    decision = decision_on(
        to=(Address("Complaints+abc@example.com"), Address("bo@example.org")),
        cc=(Address(AGENT), Address("cy@example.org"), Address("not an address")),
    )
    assert decision.case
    assert decision.case.participants == (CUSTOMER, "bo@example.org", "cy@example.org")


def test_a_mail_to_hundreds_makes_no_hundreds_of_participants() -> None:
    crowd = tuple(Address(f"c{number}@example.org") for number in range(300))
    decision = decision_on(to=crowd)
    assert decision.case
    assert len(decision.case.participants) == 20
    assert decision.case.participants[0] == CUSTOMER


def test_another_open_case_about_the_same_is_kept_with_the_case() -> None:
    other = case(number=5, status=Status.OPEN, subject="where is  IT?", category="unsure")
    facts = opening_facts(history=History(others=(other,)))
    decision = decision_on(facts=facts)
    assert values(decision)["mentions"] == [5]
    assert EventKind.RELATED in kinds(decision)


def test_of_a_senders_flood_agents_are_not_mailed_and_admins_are_told_once_a_day() -> None:
    facts = opening_facts(counts=Counts(mails_last_hour=20))
    first, second = decision_on(facts=facts), decision_on(facts=replace(facts, cause="f2"))
    assert [one.kind for one in first.letters] == [LetterKind.ACK, LetterKind.ALERT]
    assert first.letters[-1].key == second.letters[-1].key
    assert EventKind.FLOOD in kinds(first)
    assert first.case and first.timers, "nothing of it is lost"
    assert first.events[0].data == {"flood": True}
    assert "flood" not in decision_on(facts=opening_facts(counts=Counts(mails_last_hour=19))).events[0].data


def test_a_flood_of_unreadable_mail_is_one_alert_too() -> None:
    facts = opening_facts(counts=Counts(mails_last_hour=20))
    alerts = letters(decision_on(facts=facts, unparsed=True), LetterKind.ALERT)
    assert [str(alert.variables["headline"].code) for alert in alerts] == ["flood-from"]


def test_the_same_words_again_open_no_second_case() -> None:
    decision = decision_on(facts=opening_facts(said_before=case()))
    assert (decision.case, decision.case_number, decision.letters) == (None, 7, ())
    assert kinds(decision) == [EventKind.DUPLICATE]


def test_what_a_mail_tells_goes_with_its_case() -> None:
    found = (Fact("order_number", "AB-1"),)
    assert on_mail(opening_facts(mail_facts=found), message("AB-1 is late.")).found == found
    robot = message("AB-1", kind=MailKind.LIST, kind_because="List-Id")
    assert on_mail(opening_facts(mail_facts=found), robot).found == ()


def test_a_category_that_is_not_acknowledged_says_so_on_its_case() -> None:
    quiet = CATEGORIES.replace("answer_template: praise", "answer_template: praise\n    acknowledge: false")
    book = rulebook(categories=quiet)
    silent = decision_on(facts=opening_facts(rulebook=book, verdict=verdict(category="praise")))
    assert not letters(silent, LetterKind.ACK)
    assert "the category praise gets none" in values(silent)["not_acknowledged_because"]
    assert letters(decision_on(facts=opening_facts(rulebook=book)), LetterKind.ACK)


def test_the_version_of_the_rules_is_written_down_with_the_case() -> None:
    decision = decision_on(facts=opening_facts(verdict=verdict(rules="abc123")))
    assert decision.events[0].data["rules"] == "abc123"
