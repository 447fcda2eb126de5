"""Journeys: after resolution the customer is asked, and what they say counts (point 6)."""

from __future__ import annotations

import pytest

from engine import firing
from tests.journeys import Journey, html_of, text_of


def resolved(journey: Journey) -> Journey:
    journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    journey.work()
    journey.agent_replies("approve\nresolve")
    return journey


def asked(journey: Journey) -> Journey:
    resolved(journey)
    journey.clock.skip(days=12)
    journey.work()
    return journey


def test_the_check_in_leaves_at_its_categorys_time(journey: Journey) -> None:
    resolved(journey)
    journey.work()
    assert len(journey.letters()) == 2, "not before its time"
    journey.clock.skip(days=12)
    journey.work()
    check_in = journey.letters()[-1]
    assert "solved" in text_of(check_in)
    assert html_of(check_in).count("mailto:") >= 6
    assert check_in["Auto-Submitted"] == "auto-generated" or check_in["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("words", ["5", "۵", "٥", "5 - thank you!", "yes", "solved", "بله", "כן", "نعم"])
def test_a_good_answer_closes_the_case(quick_journey: Journey, words: str) -> None:
    asked(quick_journey)
    quick_journey.reply(quick_journey.letters()[-1], words, sender="ann@example.com")
    quick_journey.work()
    assert (quick_journey.case()["status"], quick_journey.case()["score"]) == ("closed", 5)
    thanks = quick_journey.letters()[3:]
    assert len(thanks) == 1
    assert "we are closing the case" in text_of(thanks[0])
    quick_journey.reply(thanks[0], "Thanks!", sender="ann@example.com")
    quick_journey.reply(thanks[0], "4", sender="ann@example.com")
    quick_journey.work()
    assert (quick_journey.case()["status"], quick_journey.case()["score"]) == ("closed", 4)
    assert len(quick_journey.letters()) == 4, "thanks are said once"


@pytest.mark.parametrize(
    "words", ["1", "۲", "٢\nStill nothing.", "not solved", "حل نشده", "לא נפתר", "لم تُحلّ"]
)
def test_a_low_answer_reopens_the_case_and_tells_the_agent(quick_journey: Journey, words: str) -> None:
    asked(quick_journey)
    before = len(quick_journey.mails_to())
    quick_journey.reply(quick_journey.letters()[-1], words, sender="ann@example.com")
    quick_journey.work()
    assert quick_journey.case()["status"] == "open"
    assert quick_journey.case()["score"] in (1, 2)
    assert quick_journey.events("reopened")
    assert len(quick_journey.mails_to()) == before + 1
    quick_journey.agent_replies("approve")
    assert quick_journey.case()["status"] == "answered"


def test_a_low_answer_reopens_on_either_mail_host(journey: Journey) -> None:
    asked(journey)
    journey.reply(journey.letters()[-1], "1\nIt never came.", sender="ann@example.com")
    journey.work()
    assert journey.case()["status"] == "open"
    assert "It never came." in text_of(journey.mails_to()[-1])


def test_silence_gets_one_reminder_and_then_the_case_is_closed(quick_journey: Journey) -> None:
    asked(quick_journey)
    for _ in range(4):
        quick_journey.clock.skip(days=30)
        quick_journey.work()
    assert len(quick_journey.events("check-in-sent")) == 2
    assert quick_journey.case()["status"] == "closed"
    assert len(quick_journey.letters()) == 4


def test_a_late_answer_still_counts(quick_journey: Journey) -> None:
    asked(quick_journey)
    check_in = quick_journey.letters()[-1]
    for _ in range(3):
        quick_journey.clock.skip(days=30)
        quick_journey.work()
    quick_journey.reply(check_in, "1", sender="ann@example.com")
    quick_journey.work()
    assert quick_journey.case()["status"] == "open"


def test_thanks_reopens_nothing(quick_journey: Journey) -> None:
    resolved(quick_journey)
    quick_journey.reply(quick_journey.letters()[-1], "Thank you!", sender="ann@example.com")
    quick_journey.work()
    assert quick_journey.case()["status"] == "resolved"
    assert quick_journey.events("courtesy")


def test_further_words_reopen_a_resolved_case_and_cancel_its_check_in(quick_journey: Journey) -> None:
    resolved(quick_journey)
    quick_journey.reply(quick_journey.letters()[-1], "It still has not come.", sender="ann@example.com")
    quick_journey.work()
    assert quick_journey.case()["status"] == "open"
    quick_journey.clock.skip(days=60)
    quick_journey.work()
    assert quick_journey.events("check-in-sent") == []


def test_praise_is_not_asked_about(quick_journey: Journey) -> None:
    quick_journey.customer_writes("Thank you so much, your colleague was wonderful!", subject="Thanks")
    quick_journey.work()
    assert quick_journey.case()["kind"] == "praise"
    quick_journey.agent_replies("resolve")
    quick_journey.clock.skip(days=60)
    quick_journey.work()
    assert quick_journey.events("check-in-sent") == []
    assert quick_journey.case()["status"] == "closed"


def test_timers_fire_in_a_running_worker(quick_journey: Journey) -> None:
    resolved(quick_journey)
    quick_journey.clock.skip(days=12)
    assert firing.fire_some(quick_journey.worker.desk) == 1
    assert firing.fire_some(quick_journey.worker.desk) == 0
