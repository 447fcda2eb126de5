"""Journeys: whom the check-in asks, what one touch of it does, and who is left alone (D21)."""

from __future__ import annotations

import re
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.journeys import Journey, html_of, text_of

ANN = "ann@example.com"


def case_of(journey: Journey, subject: str, *, words: str = "My parcel has not arrived.") -> int:
    """A case of Ann's that was answered and solved."""
    journey.customer_writes(words, subject=subject)
    journey.work()
    journey.agent_replies("approve\nresolve")
    return int(journey.case()["number"])


def sam_writes(journey: Journey, words: str) -> None:
    """A new mail with commands: replies to old ones come too late."""
    journey.customer_writes(words, sender=f"Sam <{journey.sam}>", subject="to the desk", passes=True)
    journey.work()


def later(journey: Journey, **time: float) -> None:
    journey.clock.skip(**time)
    journey.work()


def asked(journey: Journey) -> EmailMessage:
    case_of(journey, "My parcel")
    later(journey, days=12)
    assert len(journey.events("check-in-sent")) == 1
    return journey.letters()[-1]


def skipped(journey: Journey) -> list[str]:
    return [event["text"] for event in journey.events("timer-skipped") if "check-in" in event["text"]]


def asked_about(journey: Journey) -> list[int]:
    return [event["case"] for event in journey.events("check-in-sent")]


def quiet_end(journey: Journey) -> None:
    """The customer says nothing until the case is closed, and for longer than anybody is left in peace."""
    for _ in range(4):
        later(journey, days=12)


def touched(letter: EmailMessage, place: int) -> tuple[str, str]:
    """Where the mail goes that a button opens, and what it says."""
    links = re.findall(r'href="(mailto:[^"]+)"', html_of(letter).replace("&amp;", "&"))
    parts = urlsplit(links[place])
    return unquote(parts.path), parse_qs(parts.query)["body"][0]


@pytest.mark.parametrize(
    ("wait", "too_soon", "due"),
    [("4 hours", {"hours": 3}, {"hours": 2}), ("3 weeks", {"days": 20}, {"days": 2})],
)
def test_each_category_has_a_time_of_its_own(
    quick_journey: Journey, wait: str, too_soon: dict[str, float], due: dict[str, float]
) -> None:
    path = quick_journey.rules / "categories.yaml"
    late, rest = path.read_text("utf-8").split("  lost:", 1)
    path.write_text(
        f"{late.replace('check_in_after: 3 days', f'check_in_after: {wait}')}  lost:{rest}", "utf-8"
    )
    case_of(quick_journey, "Late", words="My parcel comes much too late, it is three days late.")
    assert quick_journey.case()["category"] == "late"
    later(quick_journey, **too_soon)
    assert asked_about(quick_journey) == []
    later(quick_journey, **due)
    assert len(asked_about(quick_journey)) == 1


@pytest.mark.parametrize(("place", "score"), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 1)])
def test_one_touch_of_a_button_answers(quick_journey: Journey, place: int, score: int) -> None:
    address, words = touched(asked(quick_journey), place)
    quick_journey.customer_writes(words, sender=ANN, subject="Re: your question", to=address)
    quick_journey.work()
    assert quick_journey.case()["score"] == score
    assert quick_journey.case()["status"] == ("open" if score < 3 else "closed")
    assert len(quick_journey.cases()) == 1


def test_the_question_is_one(journey: Journey) -> None:
    letter = asked(journey)
    assert text_of(letter).count("?") == 1
    assert letter["Auto-Submitted"].startswith("auto-")


# What the customer says


def test_a_comment_is_kept_and_shown(quick_journey: Journey) -> None:
    letter = asked(quick_journey)
    quick_journey.reply(letter, "2\n\nThe lid is broken.", sender=ANN)
    quick_journey.work()
    (event,) = quick_journey.events("check-in-low")
    assert event["data"]["comment"] == "The lid is broken."
    assert "The lid is broken." in text_of(quick_journey.mails_to()[-1])
    quick_journey.agent_replies("show")
    assert "2/5: The lid is broken." in text_of(quick_journey.mails_to()[-1])


def test_what_a_content_customer_adds_reaches_the_agent_who_can_let_the_case_go_on(journey: Journey) -> None:
    letter = asked(journey)
    journey.reply(letter, "5, but the refund has not come", sender=ANN)
    journey.work()
    assert journey.case()["status"] == "closed"
    told = journey.mails_to()[-1]
    assert "but the refund has not come" in text_of(told)
    assert "5 of 5" in str(told["Subject"])
    journey.agent_replies("reopen")
    assert journey.case()["status"] == "open"


def test_a_question_beside_a_good_score_is_answered_by_a_person(quick_journey: Journey) -> None:
    quick_journey.reply(asked(quick_journey), "5. When does my refund come?", sender=ANN)
    quick_journey.work()
    assert (quick_journey.case()["status"], quick_journey.case()["score"]) == ("open", 5)
    assert "When does my refund come?" in text_of(quick_journey.mails_to()[-1])
    quick_journey.agent_replies("approve")
    assert quick_journey.case()["status"] == "answered"


@pytest.mark.parametrize(("words", "score"), [("10", 5), ("۸ از ۱۰", 4), ("3/10", 2), ("0", 1)])
def test_a_scale_of_ten_is_understood(quick_journey: Journey, words: str, score: int) -> None:
    quick_journey.reply(asked(quick_journey), words, sender=ANN)
    quick_journey.work()
    assert quick_journey.case()["score"] == score


def test_a_number_that_may_count_something_else_is_read_by_a_person(quick_journey: Journey) -> None:
    quick_journey.reply(asked(quick_journey), "10 - still nothing", sender=ANN)
    quick_journey.work()
    assert (quick_journey.case()["status"], quick_journey.case()["score"]) == ("open", None)


@pytest.mark.parametrize(
    "words", ["Thank you, Sam!", "Thanks\nAnn", "ممنون", "תודה רבה", "شكرا", "👍 thanks"]
)
def test_thanks_reopen_nothing_before_the_question_or_after(quick_journey: Journey, words: str) -> None:
    case_of(quick_journey, "My parcel")
    quick_journey.reply(quick_journey.letters()[-1], words, sender=f"Ann <{ANN}>")
    quick_journey.work()
    assert quick_journey.case()["status"] == "resolved"
    later(quick_journey, days=12)
    quick_journey.reply(quick_journey.letters()[-1], words, sender=f"Ann <{ANN}>")
    quick_journey.work()
    assert quick_journey.case()["status"] in ("resolved", "closed")
    assert quick_journey.events("reopened") == []


# A late answer


def test_a_late_answer_counts_after_the_case_went_on(quick_journey: Journey) -> None:
    letter = asked(quick_journey)
    quick_journey.reply(quick_journey.letters()[0], "One thing more: where is the bill?", sender=ANN)
    quick_journey.work()
    quick_journey.agent_replies("approve")
    assert quick_journey.case()["status"] == "answered"
    quick_journey.reply(letter, "2", sender=ANN)
    quick_journey.work()
    assert (quick_journey.case()["status"], quick_journey.case()["score"]) == ("open", 2)
    quick_journey.reply(letter, "5", sender=ANN)
    quick_journey.work()
    assert (quick_journey.case()["status"], quick_journey.case()["score"]) == ("open", 5)


@pytest.mark.parametrize("words", ["1", "5"])
def test_a_late_answer_counts_where_its_case_was_merged_into(quick_journey: Journey, words: str) -> None:
    letter = asked(quick_journey)
    first = int(quick_journey.case()["number"])
    quick_journey.customer_writes("It came broken, and I want my money back.", subject="Broken")
    quick_journey.work()
    second = int(quick_journey.case()["number"])
    sam_writes(quick_journey, f"#{first}\nmerge {second}")
    assert quick_journey.case_of(first)["status"] == "closed"
    quick_journey.reply(letter, words, sender=ANN)
    quick_journey.work()
    into = quick_journey.case_of(second)
    assert (into["status"], into["score"]) == ("new", int(words))
    assert quick_journey.case_of(first)["score"] is None
    assert quick_journey.events("check-in-good" if words == "5" else "check-in-low")


# Who is left alone


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
