"""Journeys: very much mail from one sender (promises 5 and 12)."""

from __future__ import annotations

from engine.folder import ROUND
from tests.journeys import Journey, text_of

BURST = ROUND + 30
LIMIT = 5


def test_a_burst_from_one_sender_is_one_alert_and_others_are_read_in_turn(journey: Journey) -> None:
    journey.settings = journey.settings.model_copy(update={"MAILS_PER_HOUR": LIMIT})
    for number in range(BURST):
        journey.customer_writes(
            f"Alarm number {number}!", sender="robot@example.org", subject=f"Alarm {number}"
        )
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    cases = journey.cases()
    assert len(cases) == BURST + 1, "nothing is lost"
    assert len(journey.letters("robot@example.org")) == 3
    assert len(journey.letters()) == 1
    assert [case["customer"] for case in cases].index("ann@example.com") < 2, "her turn came at once"
    subjects = [str(mail["Subject"]) for mail in journey.mails_to()]
    assert sum("robot@example.org" in subject and "more than" in subject for subject in subjects) == 1
    assert len(subjects) == LIMIT + 2, "drafts up to the limit, hers, and one alert"
    assert len(journey.events("flood")) == BURST - LIMIT


def test_a_burst_into_one_case_does_not_flood_its_agent(quick_journey: Journey) -> None:
    quick_journey.settings = quick_journey.settings.model_copy(update={"MAILS_PER_HOUR": LIMIT})
    first = quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    for number in range(20):
        quick_journey.customer_writes(f"And again {number}.", headers={"In-Reply-To": first})
    quick_journey.work()
    assert len(quick_journey.cases()) == 1
    assert len(quick_journey.case()["message_ids"]) == 21
    assert len(quick_journey.mails_to()) == LIMIT + 1, "five drafts and one alert"


def test_mail_that_says_too_much_at_once_is_written_on_its_case(quick_journey: Journey) -> None:
    quick_journey.settings = quick_journey.settings.model_copy(update={"MAILS_PER_HOUR": 1})
    for text in ("My parcel is late.", "It is broken too."):
        quick_journey.customer_writes(text)
    quick_journey.work()
    [event] = quick_journey.events("flood")
    assert "the sender wrote more than 1 within an hour" in event["text"]
    assert any("ann@example.com" in text_of(mail) + str(mail["Subject"]) for mail in quick_journey.mails_to())
