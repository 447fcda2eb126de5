"""Journeys: one question after a case is solved, and what its answers lead to (D21)."""

from __future__ import annotations

import pytest

from tests.asking import ANN, asked, asked_about, case_of, later, sam_writes, touched
from tests.journeys import Journey, text_of


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
