"""The whole story once on each database (point 7)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.journeys import Journey, text_of


def test_the_whole_story_is_the_same_on_each_database(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    journey.customer_writes("سلام، بستهٔ من هنوز نرسیده است.", sender="maryam@example.com")
    journey.work()
    assert len(journey.letters()) == len(journey.letters("maryam@example.com")) == 1
    journey.stop()
    assert len(journey.cases()) == 2
    ann = next(mail for mail in journey.mails_to() if "Where is my parcel" in text_of(mail))
    journey.reply(ann, "edit\nIt comes tomorrow.\nend\napprove\nresolve", sender=journey.sam)
    journey.work()
    journey.stop()
    assert "It comes tomorrow." in text_of(journey.letters()[-1])
    journey.clock.skip(days=12)
    journey.work()
    journey.reply(journey.letters()[-1], "1", sender="ann@example.com")
    journey.work()
    assert journey.case()["status"] == "open"
    kinds = [event["kind"] for event in journey.events() if event["case"] == journey.case()["number"]]
    for kind in ("opened", "edited", "approved", "resolved", "check-in-sent", "check-in-low", "reopened"):
        assert kinds.count(kind) == 1
    assert all(letter["state"] == "sent" for letter in journey.shown(journey.case()["number"])["letters"])


def test_a_decision_is_recorded_whole_or_not_at_all(stored_journey: Journey) -> None:
    journey = stored_journey
    message_id = journey.customer_writes("My parcel has not arrived.")
    with no_letter(journey, "ack_complaint"):
        journey.work()
    assert journey.cases() == []
    assert journey.events() == []
    assert journey.host.sent() == []
    assert len(journey.host.inbox()) == 1, "what is not recorded is not filed"
    journey.work()
    assert journey.case()["message_ids"] == [message_id]
    assert len(journey.letters()) == 1


def test_a_draft_that_fails_is_made_later_and_keeps_no_acknowledgement(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.customer_writes("My parcel has not arrived.")
    with no_letter(journey, "agent_draft"):
        journey.work()
    assert len(journey.letters()) == 1
    assert journey.shown(journey.case()["number"])["drafts"] == [], "all of it or nothing"
    assert journey.events("drafted") == []
    journey.clock.skip(minutes=6)
    journey.work()
    assert len(journey.letters()) == 1
    assert len(journey.mails_to()) == len(journey.events("drafted")) == 1


@contextmanager
def no_letter(journey: Journey, which: str) -> Iterator[None]:
    """One letter can't be rendered."""
    letters = journey.worker.desk.files.current.letters
    good = letters.render

    def fail(letter: str, *rest: object) -> object:
        if letter == which:
            raise RuntimeError("the disk is on fire")
        return good(letter, *rest)  # type: ignore[arg-type]

    letters.render = fail  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        letters.render = good  # type: ignore[method-assign]
