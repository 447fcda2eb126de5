"""Journeys: whom the check-in leaves alone, and how they take that back (D21)."""

from __future__ import annotations

import pytest

from tests.asking import ANN, asked, asked_about, case_of, later, quiet_end, sam_writes, skipped, touched
from tests.journeys import Journey, text_of


@pytest.mark.parametrize("words", ["stop", "نپرسید", "הסרה", "إيقاف", "stopp"])
def test_one_word_is_enough_never_to_be_asked_again(quick_journey: Journey, words: str) -> None:
    quick_journey.reply(asked(quick_journey), words, sender=ANN)
    quick_journey.work()
    assert quick_journey.case()["status"] == "resolved"
    confirmed = quick_journey.letters()[-1]
    assert "we will not ask you any more" in text_of(confirmed)
    quiet_end(quick_journey)
    assert quick_journey.case()["status"] == "closed"
    assert len(asked_about(quick_journey)) == 1, "no reminder"
    case_of(quick_journey, "A second matter")
    assert "wants no check-ins" in text_of(quick_journey.mails_to()[-1])
    quiet_end(quick_journey)
    assert len(asked_about(quick_journey)) == 1
    assert quick_journey.case()["status"] == "closed"
    assert quick_journey.letters()[-1]["Subject"] != confirmed["Subject"]


def test_a_touch_of_the_button_is_enough_too(quick_journey: Journey) -> None:
    address, words = touched(asked(quick_journey), 6)
    quick_journey.customer_writes(words, sender=ANN, subject="Re: your question", to=address)
    quick_journey.work()
    assert len(quick_journey.events("opted-out")) == 1


def test_an_agent_sees_the_wish_and_takes_it_back_when_told_so(journey: Journey) -> None:
    journey.reply(asked(journey), "stop", sender=ANN)
    journey.work()
    sam_writes(journey, f"#{journey.case()['number']}\nshow")
    assert "The customer wants no check-ins, since" in text_of(journey.mails_to()[-1])
    journey.agent_replies("checkins on")
    journey.agent_replies("show")
    assert "The customer wants no check-ins" not in text_of(journey.mails_to()[-1])
    quiet_end(journey)
    second = case_of(journey, "A second matter")
    quiet_end(journey)
    assert asked_about(journey).count(second) == 2, "the question and its reminder"


def test_an_agent_writes_down_that_a_customer_wants_none(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    quick_journey.agent_replies("checkins off\napprove\nresolve")
    quiet_end(quick_journey)
    assert asked_about(quick_journey) == []
    assert quick_journey.case()["status"] == "closed"


@pytest.mark.parametrize("words", ["ask me again", "دوباره بپرسید"])
def test_the_customer_takes_it_back_with_the_words_that_the_letter_names(
    quick_journey: Journey, words: str
) -> None:
    quick_journey.reply(asked(quick_journey), "stop", sender=ANN)
    quick_journey.work()
    assert "ask me again" in text_of(quick_journey.letters()[-1])
    quiet_end(quick_journey)
    quick_journey.reply(quick_journey.letters()[-1], words, sender=ANN)
    quick_journey.work()
    assert quick_journey.case()["status"] == "closed"
    assert len(quick_journey.events("opted-in")) == 1
    second = case_of(quick_journey, "A second matter")
    quiet_end(quick_journey)
    assert second in asked_about(quick_journey)


def test_who_says_nothing_twice_is_silent_by_choice(quick_journey: Journey) -> None:
    for subject in ("One", "Two", "Three"):
        case_of(quick_journey, subject)
        quiet_end(quick_journey)
        assert quick_journey.case()["status"] == "closed"
    assert len(set(asked_about(quick_journey))) == 2
    assert [event["text"] for event in quick_journey.events("resolved")] == ["", "", ""]
    told = [text_of(mail) for mail in quick_journey.mails_to()]
    assert any("answers no check-ins" in text for text in told)


def test_who_has_another_open_case_is_not_asked_and_the_case_is_closed_all_the_same(
    quick_journey: Journey,
) -> None:
    first = case_of(quick_journey, "My parcel")
    quick_journey.customer_writes("And the bill is wrong, I was charged twice.", subject="The bill")
    quick_journey.work()
    later(quick_journey, days=12)
    assert asked_about(quick_journey) == []
    assert any("another open case" in text for text in skipped(quick_journey))
    later(quick_journey, days=12)
    assert quick_journey.case_of(first)["status"] == "closed"


def test_nobody_is_asked_twice_within_the_time_that_the_rules_say(quick_journey: Journey) -> None:
    quick_journey.reply(asked(quick_journey), "5", sender=ANN)
    quick_journey.work()
    second = case_of(quick_journey, "A second matter")
    later(quick_journey, days=12)
    assert second not in asked_about(quick_journey)
    assert any("was asked on" in text for text in skipped(quick_journey))
    later(quick_journey, days=12)
    assert quick_journey.case_of(second)["status"] == "closed"
    third = case_of(quick_journey, "A third matter")
    later(quick_journey, days=12)
    assert third in asked_about(quick_journey), "more than thirty days after the first"


def test_whom_a_check_in_does_not_reach_gets_no_reminder(quick_journey: Journey) -> None:
    letter = asked(quick_journey)
    raw = (
        f"From: MAILER-DAEMON@example.com\r\nTo: {quick_journey.host.address}\r\n"
        "Subject: Undelivered mail\r\nReturn-Path: <>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.com\r\n\r\n"
        f"Final-Recipient: rfc822; {ANN}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {letter['Message-ID']}\r\n--b--\r\n"
    )
    quick_journey.host.deliver(raw.encode(), to=quick_journey.host.address)
    quick_journey.work()
    assert quick_journey.events("bounced")
    quiet_end(quick_journey)
    assert len(asked_about(quick_journey)) == 1
    assert any("came back" in text for text in skipped(quick_journey))
    assert quick_journey.case()["status"] == "closed"


def test_an_automatic_reply_is_no_answer(quick_journey: Journey) -> None:
    letter = asked(quick_journey)
    address = str(letter["Reply-To"])
    headers = {"Auto-Submitted": "auto-replied", "In-Reply-To": str(letter["Message-ID"])}
    quick_journey.customer_writes("5", sender=ANN, subject="Away", to=address, headers=headers)
    quick_journey.work()
    assert quick_journey.case()["status"] == "resolved"
    later(quick_journey, days=12)
    assert len(asked_about(quick_journey)) == 2, "the reminder comes all the same"
