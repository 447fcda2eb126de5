"""Journeys: the acknowledgement first, the draft right after, whatever happens in between (promise 9)."""

from __future__ import annotations

import threading

import pytest

from engine import firing, views, waiting
from engine.case_page import page
from engine.doing import do
from engine.health import health
from engine.reading import Reader
from tests.hosts import until
from tests.journeys import Journey, text_of


def read_only(journey: Journey) -> None:
    """Let the worker take in what is there, as if it were killed right after."""
    Reader(journey.worker.desk, journey.worker.mailbox).once()


def kinds_of_letters(journey: Journey, number: int) -> list[str]:
    return [letter["kind"] for letter in journey.shown(number)["letters"]]


def test_a_case_is_recorded_with_its_acknowledgement_alone_and_its_draft_follows(
    stored_journey: Journey,
) -> None:
    stored_journey.customer_writes("My parcel has not arrived.")
    read_only(stored_journey)
    number = stored_journey.case()["number"]
    assert kinds_of_letters(stored_journey, number) == ["ack"]
    assert stored_journey.shown(number)["drafts"] == []
    stored_journey.stop()
    for _ in range(2):
        stored_journey.work()
        assert kinds_of_letters(stored_journey, number) == ["ack", "draft"], "once, however often it starts"
    [draft] = stored_journey.shown(number)["drafts"]
    [mail] = stored_journey.mails_to()
    assert draft["version"] == 1
    assert "My parcel has not arrived." in text_of(mail)
    stored_journey.agent_replies("approve")
    assert len(stored_journey.letters()) == 2


def test_what_the_customer_adds_before_the_draft_is_in_the_one_mail_about_it(
    stored_journey: Journey,
) -> None:
    first = stored_journey.customer_writes("My parcel has not arrived.")
    stored_journey.customer_writes("It was a blue parcel.", headers={"In-Reply-To": first})
    stored_journey.work()
    [mail] = stored_journey.mails_to()
    words = text_of(mail)
    assert words.index("My parcel has not arrived.") < words.index("It was a blue parcel.")
    [draft] = stored_journey.shown(stored_journey.case()["number"])["drafts"]
    assert draft["version"] == 1
    stored_journey.agent_replies("approve")
    assert [len(stored_journey.letters()), stored_journey.case()["status"]] == [2, "answered"]


def test_what_the_customer_adds_after_the_draft_brings_a_new_version(quick_journey: Journey) -> None:
    first = quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    quick_journey.customer_writes("It was a blue parcel.", headers={"In-Reply-To": first})
    quick_journey.work()
    assert [one["version"] for one in quick_journey.shown(quick_journey.case()["number"])["drafts"]] == [1, 2]


@pytest.mark.parametrize(
    ("command", "drafts", "skipped"),
    [
        ("resolve", [], "draft: the case is resolved"),
        ("edit\nWe are on it.\nend", ["We are on it."], "draft: the case has a draft already"),
    ],
)
def test_an_agent_who_was_faster_is_not_asked_about_a_draft(
    quick_journey: Journey, command: str, drafts: list[str], skipped: str
) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    read_only(quick_journey)
    number = quick_journey.case()["number"]
    do(quick_journey.worker.desk, command, agent=quick_journey.sam, number=number)
    quick_journey.work()
    assert [one["body"].strip() for one in quick_journey.shown(number)["drafts"]] == drafts
    assert "draft" not in kinds_of_letters(quick_journey, number)
    assert [event["text"] for event in quick_journey.events("timer-skipped")] == [skipped]


def test_a_colleague_who_is_assigned_before_the_draft_gets_it(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    read_only(quick_journey)
    number = quick_journey.case()["number"]
    do(quick_journey.worker.desk, "assign Noa", agent=quick_journey.sam, number=number)
    quick_journey.work()
    assert len(quick_journey.mails_to(quick_journey.noa)) == 2
    quick_journey.agent_replies("approve", agent=quick_journey.noa)
    assert quick_journey.case()["status"] == "answered"


def test_a_customer_who_only_forwards_is_heard_all_the_same(quick_journey: Journey) -> None:
    quick_journey.customer_writes("> My parcel has not arrived.\n> Where is it?")
    quick_journey.work()
    [mail] = quick_journey.mails_to()
    assert "My parcel has not arrived." in text_of(mail)


def test_a_draft_that_does_not_come_is_trouble_that_status_queue_and_case_tell(
    quick_journey: Journey,
) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    read_only(quick_journey)
    desk, number = quick_journey.worker.desk, quick_journey.case()["number"]
    with desk.database.read() as session:
        assert health(session, quick_journey.clock())["troubles"] == []
        assert [row["note"] for row in waiting.rows(session, quick_journey.clock())] == [""]
    assert quick_journey.shown(number)["note"] == ""
    quick_journey.clock.skip(minutes=2)
    with desk.database.read() as session:
        troubles = health(session, quick_journey.clock())["troubles"]
        assert any("first draft" in trouble and "minute: 1" in trouble for trouble in troubles)
        queue = waiting.rows(session, quick_journey.clock())
    assert [row["note"] for row in queue] == [views.DRAFT_COMING]
    assert views.DRAFT_COMING in waiting.text(queue, quick_journey.clock())
    assert views.DRAFT_COMING in page(quick_journey.shown(number))
    quick_journey.work()
    assert quick_journey.shown(number)["note"] == ""


def sent_by(journey: Journey) -> list[str]:
    return [event["text"].split()[0] for event in journey.events("sent")]


def test_a_running_worker_drafts_right_after_it_acknowledged(quick_journey: Journey) -> None:
    worker = quick_journey.worker
    worker.start()
    ticking = threading.Thread(target=worker.wait)
    ticking.start()
    quick_journey.customer_writes("My parcel has not arrived.")
    assert until(lambda: len(sent_by(quick_journey)) == 2)
    worker.desk.end()
    ticking.join(10)
    assert not ticking.is_alive()
    assert sent_by(quick_journey) == ["ack", "draft"]
    assert len(quick_journey.mails_to()) == 1


def test_one_run_makes_every_draft_however_many_there_are(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "AT_ONCE", 2)
    for number in range(5):
        quick_journey.customer_writes("My parcel has not arrived.", sender=f"c{number}@example.com")
    quick_journey.work()
    assert len(quick_journey.mails_to()) == 5
