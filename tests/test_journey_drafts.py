"""Journeys: an approved answer can be taken back before it leaves, and drafts are made anew from letters."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.smtp import Envelope

from tests.commands import command
from tests.hosts import until
from tests.journeys import Journey, text_of
from tests.test_journey_stopping import a_worker

WINDOW = 5


def with_a_case(journey: Journey, minutes: int = WINDOW) -> Journey:
    """A journey with time to take an answer back, and a case with its draft at the agent's."""
    journey.settings = journey.settings.model_copy(update={"UNDO_MINUTES": minutes})
    journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    journey.work()
    return journey


@pytest.fixture
def opened(journey: Journey) -> Journey:
    return with_a_case(journey)


@pytest.fixture
def quick(quick_journey: Journey) -> Journey:
    return with_a_case(quick_journey)


@pytest.fixture
def hanging(quick: Journey) -> Iterator[list[str]]:
    """The mail server never confirms an answer to the customer; whose answers hang is listed."""
    seen: list[str] = []

    def hang(stage: str, envelope: Envelope) -> str | None:
        if stage != "dot" or envelope.rcpt_tos != ["ann@example.com"]:
            return None
        seen.append(envelope.rcpt_tos[0])
        return "hang"

    quick.host.behave(hang)
    yield seen
    quick.host.behave(None)


def told(journey: Journey) -> str:
    """The newest transcript, with its line ends as spaces."""
    return " ".join(text_of(journey.mails_to()[-1]).split())


def answers(journey: Journey) -> list[str]:
    """The texts of the letters to the customer after the acknowledgement."""
    return [text_of(letter) for letter in journey.letters()[1:]]


# undo


def test_an_approved_answer_leaves_when_its_time_has_come_and_once(opened: Journey) -> None:
    opened.agent_replies("approve")
    assert opened.case()["status"] == "answered"
    assert answers(opened) == [], "it can still be taken back"
    assert "# What goes out" in told(opened) or "What goes out" in told(opened)
    assert "Answer to ann@example.com, on" in told(opened)
    assert "reply undo" in told(opened)
    opened.clock.skip(minutes=WINDOW)
    opened.work()
    opened.work()
    assert len(answers(opened)) == 1


def test_undo_in_time_takes_the_answer_back_and_the_draft_can_be_approved_again(opened: Journey) -> None:
    opened.agent_replies("approve")
    opened.agent_replies("undo")
    assert "version 1 does not leave" in told(opened)
    assert opened.case()["status"] == "open"
    assert opened.case()["answered"] is None
    opened.clock.skip(minutes=2 * WINDOW)
    opened.work()
    assert answers(opened) == [], "what was taken back never leaves"

    opened.agent_replies("approve")
    opened.clock.skip(minutes=WINDOW)
    opened.work()
    [answer] = answers(opened)
    assert opened.shown(opened.case()["number"])["drafts"][0]["body"].splitlines()[0] in answer
    assert [event["text"] for event in opened.events("undone")] == ["version 1 was taken back before it left"]


def test_undo_and_better_words_leave_in_place_of_the_first(quick: Journey) -> None:
    quick.agent_replies("approve")
    quick.agent_replies("undo\nedit\nDear Ann,\n\nit is on its way.\nend\napprove")
    quick.clock.skip(minutes=WINDOW)
    quick.work()
    [answer] = answers(quick)
    assert "it is on its way." in answer


def test_undo_after_the_answer_left_is_refused_and_says_what_to_do(opened: Journey) -> None:
    opened.agent_replies("approve")
    opened.clock.skip(minutes=WINDOW)
    opened.work()
    opened.agent_replies("undo")
    assert "too late for undo" in told(opened)
    assert "edit … end" in told(opened)
    assert (len(answers(opened)), opened.case()["status"]) == (1, "answered")


def test_undo_where_nothing_was_approved_is_refused(quick: Journey) -> None:
    quick.agent_replies("undo")
    assert "no approved answer to take back" in told(quick)


def test_undo_after_resolve_is_refused_and_works_after_reopen(quick: Journey) -> None:
    quick.agent_replies("approve\nresolve")
    quick.agent_replies("undo")
    assert "Write reopen on one line and undo on the next" in told(quick)
    assert quick.case()["status"] == "resolved"
    quick.agent_replies("reopen\nundo")
    assert quick.case()["status"] == "open"
    quick.clock.skip(minutes=2 * WINDOW)
    quick.work()
    assert answers(quick) == []


def test_undo_after_the_customer_wrote_again_keeps_the_newer_draft(quick: Journey) -> None:
    quick.agent_replies("approve")
    asked = quick.case()["message_ids"][0]
    quick.customer_writes("It came this minute, thank you, but it is broken.", headers={"In-Reply-To": asked})
    quick.work()
    quick.agent_replies("undo")
    assert "version 1 does not leave. Version 2 is the newest draft" in told(quick)
    quick.clock.skip(minutes=2 * WINDOW)
    quick.work()
    assert answers(quick) == []
    drafts = quick.shown(quick.case()["number"])["drafts"]
    assert [one["state"] for one in drafts] == ["approved", "open"]


def test_undo_while_the_answer_is_being_sent_is_too_late_and_the_answer_leaves_once(
    quick: Journey, hanging: list[str]
) -> None:
    number = str(quick.case()["number"])
    quick.stop()
    log = quick.folder / "log"
    worker = a_worker(quick, log, UNDO_MINUTES="0")
    try:
        quick.reply(quick.mails_to()[-1], "approve", sender=f"Sam <{quick.sam}>")
        assert until(lambda: hanging, 40), log.read_text("utf-8")
        done = command(quick, "do", "undo", "--as", quick.sam, "--case", number)
        assert (done.returncode, "It is too late for undo" in done.stderr) == (1, True), done.stderr
    finally:
        worker.kill()
        worker.wait(30)
    assert quick.case()["status"] == "answered"
    quick.host.behave(None)
    quick.clock.skip(hours=2)
    quick.work()
    assert len(answers(quick)) == 1


def approved_and_killed(quick: Journey) -> None:
    """A worker of its own takes the approval, says so, and is killed before the answer may leave."""
    quick.stop()
    log = quick.folder / "log"
    worker = a_worker(quick, log)
    try:
        quick.reply(quick.mails_to()[-1], "approve", sender=f"Sam <{quick.sam}>")
        assert until(lambda: len(quick.mails_to()) == 2, 40), log.read_text("utf-8")
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(30)
    quick.clock.skipped = timedelta(0)  # that worker went by the true time, and so does the next


def test_an_answer_that_waits_leaves_once_after_the_worker_was_killed(quick: Journey) -> None:
    approved_and_killed(quick)
    assert (quick.case()["status"], answers(quick)) == ("answered", [])
    quick.clock.skip(minutes=WINDOW - 1)
    quick.work()
    assert answers(quick) == [], "a new worker waits as well"
    quick.clock.skip(minutes=2)
    quick.work()
    quick.work()
    assert len(answers(quick)) == 1


def test_an_answer_can_be_taken_back_after_the_worker_was_killed(quick: Journey) -> None:
    approved_and_killed(quick)
    quick.agent_replies("undo")
    quick.clock.skip(hours=2)
    quick.work()
    assert (quick.case()["status"], answers(quick)) == ("open", [])


def test_the_command_line_takes_an_answer_back_as_well(quick: Journey) -> None:
    number = str(quick.case()["number"])
    quick.agent_replies("approve")
    quick.stop()
    done = command(quick, "do", "undo", "--as", quick.sam, "--case", number)
    assert (done.returncode, "Taken back" in done.stdout) == (0, True), done.stderr
    again = command(quick, "do", "undo", "--as", quick.sam, "--case", number)
    assert again.returncode == 1
    assert "There is no approved answer to take back" in again.stderr


def test_commands_meanwhile_say_what_still_goes_out(quick: Journey) -> None:
    quick.agent_replies("approve")
    quick.agent_replies("note she called")
    assert "Answer to ann@example.com, on" in told(quick)
    quick.agent_replies("undo")
    assert "Answer to ann@example.com" not in told(quick)


# template, ask, preview


def test_template_makes_the_draft_anew_and_sends_nothing(opened: Journey) -> None:
    opened.agent_replies("template damaged")
    assert "from the letter “damaged”" in told(opened)
    assert "Thank you for telling us about the damage" in told(opened)
    assert answers(opened) == []
    opened.agent_replies("approve")
    opened.clock.skip(minutes=WINDOW)
    opened.work()
    [answer] = answers(opened)
    assert "about the damage" in answer


def test_a_template_of_an_unknown_name_gets_the_nearest_the_list_and_the_draft(opened: Journey) -> None:
    opened.agent_replies("template damagd\nnote not done either")
    assert "There is no letter called “damagd”. Did you mean “damaged”?" in told(opened)
    assert "ask, billing, cancellation, check_in_low" in told(opened)
    assert opened.events("noted") == []
    assert "newest draft" in told(opened).lower()
    opened.agent_replies("template damaged")
    assert "from the letter “damaged”" in told(opened), "its reply address is good for another try"


def test_a_letter_that_an_admin_wrote_can_be_named_at_once(quick: Journey) -> None:
    letter = quick.templates / "en" / "answer" / "goodwill.md"
    letter.write_text("Dear {{ name }},\n\nwe would like to give you something.\n", "utf-8")
    for _ in range(2):
        quick.worker.desk.files.refresh()
    quick.agent_replies("template goodwill")
    assert "we would like to give you something." in told(quick)


def test_a_draft_that_nobody_has_read_is_not_approved(quick: Journey) -> None:
    quick.agent_replies("template damaged\napprove")
    assert answers(quick) == []
    assert quick.case()["status"] == "new"


def test_ask_drafts_the_question_and_approve_sends_it(opened: Journey) -> None:
    opened.agent_replies("ask")
    assert "what would make it right for you?" in told(opened)
    assert answers(opened) == []
    opened.agent_replies("approve")
    opened.clock.skip(minutes=WINDOW)
    opened.work()
    [answer] = answers(opened)
    assert "what would make it right for you?" in answer
    assert opened.case()["status"] == "answered"


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("سلام، بستهٔ من هنوز نرسیده است و خیلی دیر شده.", "چه کاری این موضوع را جبران می‌کند؟"),
        ("שלום, החבילה שלי עדיין לא הגיעה וזה מאוד מאוחר.", "מה יתקן את העניין מבחינתך?"),
        ("مرحبا، لم يصل طردي حتى الآن وقد تأخر كثيرا.", "ما الحل الذي ترونه منصفًا لكم؟"),
    ],
)
def test_the_question_is_in_the_customers_language(quick_journey: Journey, words: str, question: str) -> None:
    quick_journey.customer_writes(words, sender="leila@example.com", subject="؟")
    quick_journey.work()
    for text in ("ask", "approve"):
        quick_journey.agent_replies(text, agent=quick_journey.case("leila@example.com")["assignee"])
    assert question in text_of(quick_journey.letters("leila@example.com")[-1])


def test_preview_shows_the_letter_exactly_as_it_would_leave(opened: Journey) -> None:
    opened.agent_replies("edit\nDear Ann,\n\nit leaves us tomorrow.\nend")
    opened.agent_replies("preview")
    shown = text_of(opened.mails_to()[-1])
    assert answers(opened) == []
    assert opened.case()["status"] == "open"
    opened.agent_replies("approve")
    opened.clock.skip(minutes=WINDOW)
    opened.work()
    left = opened.letters()[-1]
    assert str(left["Subject"]) in shown
    assert "ann@example.com" in shown
    lines = [line.strip(" │|>") for line in shown.splitlines()]
    for line in text_of(left).strip().splitlines():
        assert line.strip() in lines


def test_the_command_line_shows_the_letter_as_it_would_leave(quick: Journey) -> None:
    number = str(quick.case()["number"])
    quick.stop()
    seen = command(quick, "do", "template damaged\npreview", "--as", quick.sam, "--case", number)
    assert (seen.returncode, seen.stderr) == (0, "")
    assert "To ann@example.com, subject: Re: Where is my parcel?" in seen.stdout
    assert "Thank you for telling us about the damage" in seen.stdout
    assert f"Case number: {number}" in seen.stdout
    noted = command(quick, "do", "note she called", "--as", quick.sam, "--case", number)
    assert "about the damage" not in noted.stdout


def test_commands_in_persian_hebrew_and_arabic_take_an_answer_back(quick: Journey) -> None:
    for approve, undo in (("تأیید", "پس بگیر"), ("אשר", "בטל שליחה"), ("موافق", "تراجع")):
        quick.agent_replies(approve)
        assert quick.case()["status"] == "answered"
        quick.agent_replies(undo)
        assert quick.case()["status"] == "open"
    quick.agent_replies("قالب damaged\nپیش‌نمایش")
    assert "about the damage" in told(quick)
    quick.clock.skip(minutes=2 * WINDOW)
    quick.work()
    assert answers(quick) == []


def test_preview_of_a_rejected_draft_is_refused_and_the_rejected_words_are_not_shown(quick: Journey) -> None:
    quick.agent_replies("reject not like this")
    assert "Thank you for telling us" not in told(quick)
    quick.agent_replies("preview")
    assert "preview is not possible: no draft is open" in told(quick)
