"""Customers who wait hear that their case is not forgotten: in business time, never twice the same, never too
often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import select

from engine import firing
from store import queue
from store.models import Letter, LetterKind
from tests.journeys import Journey, text_of

ANN = "ann@example.com"
OPENS, CLOSES, SATURDAY = 9, 17, 5
REPORT = """\
From: MAILER-DAEMON@example.org
To: {to}
Subject: Undelivered
Message-ID: <report-{recipient}@example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
--b--
"""


@pytest.fixture
def waiting(quick_journey: Journey) -> Journey:
    """A complaint that nobody answers."""
    quick_journey.customer_writes("My parcel arrived broken.", subject="Broken")
    quick_journey.work()
    return quick_journey


def passes(journey: Journey, **time: float) -> None:
    """The worker is there all the while, and does what is due when it is due."""
    end = journey.clock() + timedelta(**time)
    while (due := journey._session_rows(queue.next_due)) is not None and due <= end:
        journey.clock.skipped += max(due - journey.clock(), timedelta(0)) + timedelta(seconds=1)
        journey.work()
    journey.clock.skipped += end - journey.clock()


def updates(journey: Journey, address: str = ANN) -> list[EmailMessage]:
    """The holding updates that a customer got."""
    query = select(Letter.message_id).where(Letter.kind == LetterKind.HOLDING)
    made = set(journey._session_rows(lambda session: list(session.exec(query))))
    return [one for one in journey.letters(address) if str(one["Message-ID"]) in made]


def said(letter: EmailMessage) -> str:
    return " ".join(text_of(letter).split())


def told(journey: Journey) -> Iterator[datetime]:
    """When updates were made."""
    return (datetime.fromisoformat(event["at"]) for event in journey.events("holding-sent"))


def test_who_waits_is_written_to_thrice_each_time_in_other_words(waiting: Journey) -> None:
    [ack] = waiting.letters()
    passes(waiting, days=21)
    held = updates(waiting)
    assert waiting.letters() == [ack, *held]
    assert len({said(one).partition("Thank you")[0] for one in held}) == 3
    assert {str(one["Reply-To"]) for one in held} == {str(ack["Reply-To"])}
    for before, one in zip(waiting.letters(), held, strict=False):
        assert one["Auto-Submitted"] == "auto-replied"
        assert str(before["Message-ID"]) in str(one["References"])
        assert str(waiting.case()["number"]) in str(one["Subject"])
    assert all(at.weekday() < SATURDAY and OPENS <= at.hour <= CLOSES for at in told(waiting))
    *promised, last = [event["data"].get("until", "") for event in waiting.events("holding-sent")]
    assert not last, "the deadline is long past, and no other day is known"
    _, *kept = told(waiting)
    for until, at in zip(promised, kept, strict=True):
        assert abs(datetime.fromisoformat(until) - at) < timedelta(minutes=1), "it came when it was said"
    day = datetime.fromisoformat(promised[0])
    assert f"{day.day} {day:%B}" in said(held[0]) or f"{day:%B} {day.day}" in said(held[0])


def test_who_writes_again_waits_anew_from_then_on(waiting: Journey) -> None:
    [ack] = waiting.letters()
    for _ in range(4):
        passes(waiting, hours=15)
        waiting.reply(ack, "Is there any news of my parcel? It is still broken.", sender=ANN)
        waiting.work()
    assert updates(waiting) == []
    passes(waiting, days=5)
    assert updates(waiting)


def test_once_a_person_has_answered_nothing_more_is_sent_until_the_customer_writes(waiting: Journey) -> None:
    passes(waiting, days=5)
    assert updates(waiting)
    before = len(updates(waiting))
    waiting.agent_replies("approve")
    passes(waiting, days=20)
    assert len(updates(waiting)) == before
    waiting.reply(waiting.letters()[-1], "No, it is still broken, and I want a new one.", sender=ANN)
    waiting.work()
    passes(waiting, days=5)
    after = updates(waiting)[before:]
    assert after, "it is counted anew"
    assert said(after[0]) != said(updates(waiting)[before - 1])
    passes(waiting, days=40)
    assert len(updates(waiting)[before:]) == 3


def test_an_answer_that_is_taken_back_has_not_reset_what_was_sent(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.settings = journey.settings.model_copy(update={"UNDO_MINUTES": 30})
    journey.customer_writes("My parcel arrived broken.", subject="Broken")
    journey.work()
    passes(journey, days=14)
    held = len(updates(journey))
    journey.agent_replies("approve")
    journey.agent_replies("undo")
    passes(journey, days=21)
    assert len(updates(journey)) == max(held, 3) == 3
    assert len([one for one in journey.letters() if not one["Auto-Submitted"]]) == 0


def test_a_case_that_is_put_off_still_gets_its_updates(waiting: Journey) -> None:
    waiting.agent_replies("snooze in 20 days")
    passes(waiting, days=12)
    assert updates(waiting)


def test_spam_praise_and_who_has_no_address_get_none(waiting: Journey) -> None:
    praise = "Thank you so much, your service was wonderful!"
    waiting.customer_writes(praise, sender="Bo <bo@example.com>", subject="Praise")
    waiting.agent_replies("open\nchannel: phone\n\nThe lamp came broken. She wants a new one.\nend")
    waiting.customer_writes("My parcel arrived broken.", sender="Cy <cy@example.com>")
    waiting.work()
    waiting.agent_replies("spam")
    passes(waiting, days=9)
    assert len(waiting.letters("bo@example.com")) == 1
    assert len(waiting.letters("cy@example.com")) <= 1
    of_phone = [case["number"] for case in waiting.cases() if case["channel"] == "phone"]
    held = {event["case"] for event in waiting.events("holding-sent")}
    assert of_phone
    assert held == {waiting.case()["number"]}


def test_an_update_that_comes_back_is_told_to_the_agent_and_is_the_last(waiting: Journey) -> None:
    passes(waiting, days=4)
    first = updates(waiting)[0]
    report = REPORT.format(to=waiting.host.address, recipient=ANN, message_id=first["Message-ID"])
    waiting.host.deliver(report.encode(), return_path="")
    waiting.work()
    assert any(
        "did not" in str(one["Subject"]) or "back" in str(one["Subject"]) for one in waiting.mails_to()
    )
    count = len(updates(waiting))
    passes(waiting, days=20)
    assert len(updates(waiting)) == count
    assert len(waiting.events("bounced")) == 1


def test_an_automatic_reply_to_an_update_is_answered_by_nothing(waiting: Journey) -> None:
    passes(waiting, days=4)
    count, [first, *_] = len(updates(waiting)), updates(waiting)
    headers = {"In-Reply-To": str(first["Message-ID"]), "Auto-Submitted": "auto-replied"}
    waiting.customer_writes("I am away.", subject="Out of office", headers=headers)
    waiting.work()
    assert len(updates(waiting)) == count
    assert [event["kind"] for event in waiting.events("auto-reply")] == ["auto-reply"]
    passes(waiting, days=20)
    assert len(updates(waiting)) == 3


def test_forty_cases_after_a_stop_of_three_weeks_get_one_update_each(quick_journey: Journey) -> None:
    journey, people = quick_journey, [f"c{number}@example.com" for number in range(40)]
    for one in people:
        journey.customer_writes("My parcel arrived broken.", sender=one)
    journey.work()
    journey.stop()
    journey.clock.skip(days=21)
    journey.work()
    passes(journey, hours=20)
    assert [len(updates(journey, one)) for one in people] == [1] * 40
    skipped = [
        event["text"] for event in journey.events("timer-skipped") if "holding update" in event["text"]
    ]
    assert (
        skipped
        == ["watch: 2 more holding updates were due in the meantime; the customer gets one for all of them"]
        * 40
    )


def test_a_clock_that_jumps_ahead_and_back_lets_nobody_hear_too_often_or_not_at_all(waiting: Journey) -> None:
    waiting.clock.skip(days=28)
    waiting.work()
    passes(waiting, days=3)
    assert len(updates(waiting)) <= 2
    there = len(updates(waiting))
    waiting.clock.skip(days=-31)
    waiting.work()
    passes(waiting, hours=20)
    assert len(updates(waiting)) == there
    passes(waiting, days=14)
    assert len(updates(waiting)) == 3


def test_a_worker_that_ends_between_deciding_and_sending_sends_one_update(waiting: Journey) -> None:
    waiting.clock.skip(days=7)
    firing.fire_all(waiting.worker.desk)
    passed = 0
    while not waiting.events("holding-sent") and passed < 4:
        waiting.clock.skip(hours=20)
        firing.fire_all(waiting.worker.desk)
        passed += 1
    assert len(waiting.events("holding-sent")) == 1
    assert updates(waiting) == []
    waiting.stop()
    waiting.work()
    waiting.stop()
    waiting.work()
    assert len(updates(waiting)) == 1
    assert len(waiting.events("holding-sent")) == 1


def test_the_agent_is_told_when_the_customer_hears_next_and_what_was_sent(waiting: Journey) -> None:
    [draft] = waiting.mails_to()
    assert "the customer gets a holding update on" in said(draft)
    passes(waiting, days=4)
    waiting.agent_replies(f"show {waiting.case()['number']}")
    shown = said(waiting.mails_to()[-1])
    assert "the customer got a holding update: number 1; the customer hears again by" in shown
    assert "If nobody writes before, the customer gets a holding update on" in shown


def test_updates_are_in_the_customers_language(quick_journey: Journey) -> None:
    words = {
        "fa": ("بسته‌ی من شکسته رسید و پولم را می‌خواهم.", "گرامی|احترام"),
        "he": ("החבילה שלי הגיעה שבורה ואני רוצה את הכסף בחזרה.", "תודה|שלום"),
        "ar": ("وصل الطرد مكسورا وأريد استرداد المال.", "شكر|عزيز|تحية"),
    }
    for language, (complaint, _) in words.items():
        quick_journey.customer_writes(complaint, sender=f"{language}@example.com", subject="…")
    quick_journey.work()
    passes(quick_journey, days=20)
    for language, (_, greets) in words.items():
        held = updates(quick_journey, f"{language}@example.com")
        assert len({said(one) for one in held}) == len(held) == 3
        assert all(re.search(greets, said(one)) for one in held)
