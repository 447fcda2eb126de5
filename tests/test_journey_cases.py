"""Journeys: agents say whose a case is, what it is, how it goes on, and what belongs together."""

from __future__ import annotations

import pytest

from engine import waiting
from tests.journeys import Journey, text_of


def begun(journey: Journey) -> Journey:
    """A case with its draft at Sam's."""
    journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    journey.work()
    return journey


@pytest.fixture
def opened(journey: Journey) -> Journey:
    """On every mail host."""
    return begun(journey)


@pytest.fixture
def quickly_opened(quick_journey: Journey) -> Journey:
    return begun(quick_journey)


def number(journey: Journey) -> int:
    return int(journey.case()["number"])


def newest(journey: Journey, agent: str = "") -> str:
    """The agent's newest mail, on one line."""
    return " ".join(text_of(journey.mails_to(agent)[-1]).split())


def drafts(journey: Journey) -> list[dict[str, str]]:
    return list(journey.shown(number(journey))["drafts"])


def from_customer(journey: Journey, case: int) -> list[str]:
    return [mail["words"] for mail in journey.shown(case)["mails"] if mail["kind"] == "customer"]


# Whose it is


def test_an_assigned_case_is_the_colleagues_alone(opened: Journey) -> None:
    opened.agent_replies("note she called twice\nassign Noa")
    assert opened.case()["assignee"] == opened.noa
    given = newest(opened, opened.noa)
    assert "she called twice" in given
    assert "Noa" in drafts(opened)[-1]["body"], "it leaves in her name"
    opened.agent_replies("approve")
    assert len(opened.letters()) == 1, "the old owner can't send it any more"
    assert "approve is not allowed" in newest(opened)
    opened.agent_replies("approve", agent=opened.noa)
    assert len(opened.letters()) == 2


def test_older_mails_about_a_case_that_changed_hands_do_nothing(quickly_opened: Journey) -> None:
    old = quickly_opened.mails_to()[-1]
    quickly_opened.agent_replies("assign Noa")
    quickly_opened.reply(old, "approve", sender=quickly_opened.sam)
    quickly_opened.work()
    assert len(quickly_opened.letters()) == 1


def test_who_gave_a_case_away_can_take_it_back(opened: Journey) -> None:
    opened.agent_replies("assign Noa")
    assert "take" in newest(opened)
    opened.agent_replies("take")
    assert opened.case()["assignee"] == opened.sam
    assert "Sam" in newest(opened, opened.noa), "she is told who has it"
    opened.agent_replies("approve", agent=opened.noa)
    assert len(opened.letters()) == 1
    opened.agent_replies("approve")
    assert len(opened.letters()) == 2


def test_a_released_case_waits_for_anybody(opened: Journey) -> None:
    opened.agent_replies("release")
    assert opened.case()["assignee"] == ""
    assert [event["actor"] for event in opened.events("released")] == [opened.sam]
    opened.agent_replies("approve")
    assert len(opened.letters()) == 1
    opened.agent_replies("take")
    opened.agent_replies("approve")
    assert len(opened.letters()) == 2


def test_an_escalated_case_comes_with_its_reasons(opened: Journey) -> None:
    opened.agent_replies("note third complaint this year\nescalate Noa he mentions a lawyer")
    given = newest(opened, opened.noa)
    assert "third complaint this year" in given
    assert "he mentions a lawyer" in given
    assert opened.case()["assignee"] == opened.noa
    (event,) = opened.events("escalated")
    assert event["data"] == {"to": opened.noa, "reason": "he mentions a lawyer"}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("assign Nao", "Did you mean “Noa”?"),
        ("assign Kim", "These are known: Sam"),
        ("escalate Sam", "somebody else"),
        ("escalate approver", "Nobody is approver"),
        ("escalate", "escalate WHO REASON"),
        ("take now", "takes nothing"),
        ("take\nrelease", "contradict"),
    ],
)
def test_what_can_not_change_hands_stays(quickly_opened: Journey, command: str, told: str) -> None:
    quickly_opened.agent_replies(command)
    assert told in newest(quickly_opened)
    assert quickly_opened.case()["assignee"] == quickly_opened.sam
    assert quickly_opened.events("refused")


# What it is


def test_a_corrected_category_is_kept_to_learn_from_and_drafts_anew(opened: Journey) -> None:
    before = opened.case()["category"]
    opened.agent_replies("category damaged")
    assert opened.case()["category"] == "damaged"
    (event,) = opened.events("corrected")
    assert (event["data"]["from"], event["data"]["to"]) == (before, "damaged")
    assert [draft["state"] for draft in drafts(opened)] == ["superseded", "open"]
    transcript = newest(opened)
    assert "The draft was written anew" in transcript
    opened.agent_replies("approve")
    assert drafts(opened)[-1]["body"].split("\n\n")[1] in text_of(opened.letters()[-1])


def test_an_agents_own_words_outlive_a_correction(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("edit\nDear Ann, mine.\nend")
    quickly_opened.agent_replies("category damaged")
    assert "it was left as it is" in newest(quickly_opened)
    quickly_opened.agent_replies("approve")
    assert "Dear Ann, mine." in text_of(quickly_opened.letters()[-1])


def test_the_customer_is_written_to_in_the_language_that_the_agent_says(opened: Journey) -> None:
    opened.agent_replies("language Persian")
    assert opened.case()["language"] == "fa"
    opened.agent_replies("approve")
    assert "گرامی" in text_of(opened.letters()[-1])


def test_severity_and_fault_are_set_in_any_language(opened: Journey) -> None:
    opened.agent_replies("اهمیت فوری\nfault third party")
    assert (opened.case()["severity"], opened.case()["fault"]) == ("urgent", "third-party")
    changes = [event["data"] for event in opened.events("changed")]
    assert {"what": "severity", "from": "normal", "to": "urgent"} in changes


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("category damagd", "Did you mean “damaged”?"),
        ("severity hihg", "Write one of: low, normal, high or urgent."),
        ("fault nobody's", "Write one of: ours, third-party, customer or unknown."),
        ("language Persain", "Did you mean “Persian”?"),
        ("severity", "severity needs something behind it. Write one of: low, normal, high or urgent."),
        ("severity high\nseverity low", "twice"),
    ],
)
def test_a_mistyped_value_changes_nothing_and_names_all_there_are(
    quickly_opened: Journey, command: str, told: str
) -> None:
    before = quickly_opened.case() | {"message_ids": []}
    quickly_opened.agent_replies(command)
    assert told in newest(quickly_opened)
    assert quickly_opened.case() | {"message_ids": []} == before
    quickly_opened.agent_replies("approve")
    assert len(quickly_opened.letters()) == 2, "the refusal came with a fresh reply address"


# How it goes on


def in_queue(journey: Journey) -> list[int]:
    rows = journey._session_rows(lambda session: waiting.rows(session, journey.clock()))
    return [row["number"] for row in rows if row["waits"] == waiting.CASE]


def woken(journey: Journey) -> int:
    """How many mails said that the case is back; that its deadline passed is told of all the same."""
    return sum("Put off until now" in str(mail["Subject"]) for mail in journey.mails_to())


def test_a_case_that_is_put_off_leaves_the_queue_and_comes_back_by_itself(opened: Journey) -> None:
    opened.agent_replies("snooze in 3 days")
    assert in_queue(opened) == []
    opened.clock.skip(days=2)
    opened.work()
    assert woken(opened) == 0
    opened.clock.skip(days=2)
    opened.work()
    assert in_queue(opened) == [number(opened)]
    assert woken(opened) == 1
    opened.agent_replies("approve")
    assert opened.case()["status"] == "answered", "the mail that woke it has a fresh reply address"


def test_a_case_that_is_put_off_comes_back_when_the_customer_writes(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("snooze in 3 days")
    quickly_opened.reply(quickly_opened.letters()[0], "It is order 4412.", sender="ann@example.com")
    quickly_opened.work()
    assert in_queue(quickly_opened) == [number(quickly_opened)]
    assert quickly_opened.events("woke")
    quickly_opened.clock.skip(days=4)
    quickly_opened.work()
    assert woken(quickly_opened) == 0, "once is enough"


@pytest.mark.parametrize("command", ["snooze yesterday", "snooze 2001-01-01", "snooze whenever", "snooze"])
def test_a_day_that_can_not_be_puts_nothing_off(quickly_opened: Journey, command: str) -> None:
    quickly_opened.agent_replies(command)
    assert quickly_opened.events("snoozed") == []
    assert quickly_opened.events("refused")
    assert in_queue(quickly_opened) == [number(quickly_opened)]


def test_a_closed_case_asks_nobody_and_can_go_on(opened: Journey) -> None:
    opened.agent_replies("approve\nclose")
    assert opened.case()["status"] == "closed"
    opened.clock.skip(days=30)
    opened.work()
    assert len(opened.letters()) == 2, "no check-in"
    opened.clock.skip(days=-30)
    opened.agent_replies("close")
    assert "not possible while the case is closed" in newest(opened)
    opened.agent_replies("reopen")
    assert opened.case()["status"] == "open"
    assert opened.case()["closed"] is None
    opened.agent_replies("reopen")
    assert "not possible while the case is open" in newest(opened)
    opened.agent_replies("edit\nDear Ann, one thing more.\nend\napprove")
    assert len(opened.letters()) == 3


def test_spam_is_shut_and_its_sender_joins_silently(opened: Journey) -> None:
    opened.agent_replies("spam")
    assert opened.case()["status"] == "closed"
    mails, letters = len(opened.mails_to()), len(opened.letters())
    opened.customer_writes("Buy now, cheaper!", subject="Offer")
    opened.reply(opened.letters()[0], "Buy now!", sender="ann@example.com")
    opened.work()
    assert len(opened.cases()) == 1
    assert len(from_customer(opened, number(opened))) == 3, "kept, and nothing more"
    assert (len(opened.mails_to()), len(opened.letters())) == (mails, letters)
    opened.clock.skip(days=30)
    opened.work()
    assert len(opened.letters()) == letters, "no check-in"
    opened.clock.skip(days=-30)
    opened.agent_replies("reopen")
    opened.customer_writes("I am a real customer!", subject="Please")
    opened.work()
    assert len(opened.cases()) == 2


def test_an_answer_in_its_undo_window_does_not_leave_for_spam(quickly_opened: Journey) -> None:
    quickly_opened.stop()
    quickly_opened.settings = quickly_opened.settings.model_copy(update={"UNDO_MINUTES": 5})
    quickly_opened.agent_replies("approve")
    quickly_opened.agent_replies("spam")
    quickly_opened.clock.skip(minutes=10)
    quickly_opened.work()
    assert len(quickly_opened.letters()) == 1


def test_spam_and_approve_are_refused_together(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("approve\nspam")
    assert "contradict" in newest(quickly_opened)
    assert quickly_opened.case()["status"] == "new"


# What belongs together


def test_the_agent_of_the_case_that_takes_another_in_gets_its_words(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.customer_writes("My parcel is late.", subject="Parcel")
    journey.work()
    first = number(journey)
    journey.agent_replies("assign Noa")
    old = journey.mails_to(journey.noa)[-1]
    journey.customer_writes("It came, and the lamp is broken!", subject="Lamp")
    journey.work()
    second = number(journey)
    assert second != first
    journey.agent_replies(f"note call her\nmerge {first}")
    assert "which Noa has" in newest(journey)
    told = newest(journey, journey.noa)
    assert "It came, and the lamp is broken!" in told
    assert journey.case_of(second)["status"] == "closed"
    letters = len(journey.letters())
    journey.reply(old, "approve", sender=journey.noa)
    journey.work()
    assert len(journey.letters()) == letters, "the draft without these words is no good any more"
    journey.agent_replies("approve", agent=journey.noa)
    assert len(journey.letters()) == letters + 1
    journey.agent_replies("reopen")
    assert "can't go on by itself" in newest(journey)


@pytest.mark.parametrize("written", ["ادغام {}", "מזג {}", "دمج #{}"])
def test_merge_is_understood_in_other_languages(quickly_opened: Journey, written: str) -> None:
    first = number(quickly_opened)
    quickly_opened.customer_writes("It is still not here!", subject="Parcel again")
    quickly_opened.work()
    quickly_opened.agent_replies("note orders 1 22 333 4444 55555\n" + written.format(first))
    assert quickly_opened.case_of(first)["status"] == "new"
    assert from_customer(quickly_opened, first)[-1] == "It is still not here!"


@pytest.mark.parametrize(
    ("command", "told"),
    [("merge 99999", "no open case"), ("merge it", "no open case"), ("merge", "merge NUMBER")],
)
def test_what_is_no_case_is_not_merged(quickly_opened: Journey, command: str, told: str) -> None:
    quickly_opened.agent_replies(command)
    assert told in newest(quickly_opened)
    assert quickly_opened.case()["status"] == "new"


def test_a_second_matter_becomes_a_case_of_its_own(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    journey.work()
    first = number(journey)
    reply = "And you charged my card twice! I want my money back."
    journey.reply(journey.letters()[0], reply, sender="ann@example.com")
    journey.work()
    letters = len(journey.letters())
    journey.agent_replies("split")
    second = number(journey)
    assert second != first
    assert len(journey.letters()) == letters, "no second acknowledgement"
    assert from_customer(journey, first) == ["My parcel has not arrived."]
    assert from_customer(journey, second) == [reply]
    assert journey.case_of(second)["category"] != journey.case_of(first)["category"]
    assert journey.case_of(second)["assignee"] == journey.sam
    assert "charged my card twice" in newest(journey), "its draft comes right away"
    assert f"#{second}" in str(journey.mails_to()[-1]["Subject"])
    journey.agent_replies("approve\nresolve")
    assert journey.case_of(second)["status"] == "resolved"
    assert journey.case_of(first)["status"] == "new"


def test_a_mail_is_split_off_by_its_number(opened: Journey) -> None:
    for words in ("The lamp is broken.", "Any news?"):
        opened.reply(opened.letters()[0], words, sender="ann@example.com")
        opened.work()
    first = number(opened)
    opened.agent_replies("split 4")
    assert "Write a number from 1 to 3" in newest(opened)
    opened.agent_replies("split 2")
    second = number(opened)
    assert second != first
    assert from_customer(opened, second) == ["The lamp is broken."]


def test_the_only_mail_is_not_split_off(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("split")
    assert "nothing to split" in newest(quickly_opened)
    assert len(quickly_opened.cases()) == 1


def test_who_said_that_they_are_away_is_given_no_case(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("assign Noa")
    quickly_opened.agent_replies("note mine now\naway in 3 days", agent=quickly_opened.noa)
    quickly_opened.agent_replies("take")
    quickly_opened.agent_replies("assign Noa")
    assert "Noa is away until" in newest(quickly_opened)
    assert quickly_opened.case()["assignee"] == quickly_opened.sam
