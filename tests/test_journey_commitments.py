"""What the firm says that it will change: open until it is done, and then the customers are told (D22)."""

from __future__ import annotations

import pytest

from tests.journeys import Journey, text_of
from tests.test_journey_issues import newest_with, reply_to, to_the_desk, told

WHAT = "we pack glass twice"


@pytest.fixture
def desk(quick_journey: Journey) -> Journey:
    """Sam has three broken kettles, of which Ann's and Bob's have an answer."""
    journey = quick_journey
    journey.write_agents(
        {
            journey.sam: "name: Sam, languages: [en], roles: [agent, admin]",
            journey.noa: "name: Noa, languages: [he], roles: [approver]",
        }
    )
    for name in ("Ann", "Bob", "Cleo"):
        journey.customer_writes("My kettle arrived broken.", sender=f"{name} <{name.lower()}@example.com>")
        journey.work()
    return journey


def number_of(desk: Journey, name: str) -> int:
    return int(desk.case(f"{name}@example.com")["number"])


def test_a_commitment_is_open_until_done_and_then_its_customer_gets_a_draft(desk: Journey) -> None:
    ann = number_of(desk, "ann")
    to_the_desk(desk, f"#{ann}\ncommit {WHAT}")
    assert f"Written down, as 1: {WHAT}." in told(desk)
    assert "makes a draft that says it" in told(desk)
    to_the_desk(desk, "queue")
    assert "Still to change, as customers were told: 1." in told(desk)
    to_the_desk(desk, "commitments")
    assert "Still to change: 1" in told(desk)
    assert f"{WHAT} · #{ann}" in told(desk)
    to_the_desk(desk, f"#{ann}\ntemplate resolution")
    assert f"so that it does not happen again: {WHAT}" in desk.shown(ann)["drafts"][-1]["body"]
    to_the_desk(desk, f"#{ann}\ndone 1")
    assert f"Done: {WHAT}. The draft tells the customer" in told(desk)
    assert f"What is different now: {WHAT}" in desk.shown(ann)["drafts"][-1]["body"]
    to_the_desk(desk, "commitments")
    assert "Nothing is left that the firm said it will change" in told(desk)
    to_the_desk(desk, f"show {ann}")
    assert f"Commitment 1: {WHAT} (done)" in told(desk)


def test_the_same_commitment_to_several_is_told_to_all_after_one_yes(desk: Journey) -> None:
    ann, bob = number_of(desk, "ann"), number_of(desk, "bob")
    to_the_desk(desk, f"#{ann}\ncommit {WHAT}")
    to_the_desk(desk, f"#{bob}\ncommit We pack glass twice")
    to_the_desk(desk, f"#{bob}\nclose")
    before = len(desk.host.sent())
    to_the_desk(desk, "done 1")
    back = newest_with(desk, "Nothing has left yet. After a yes")
    assert "the letters below go to 2 customers" in told(desk, back)
    reply_to(desk, back, "yes")
    assert f"Done: {WHAT}. Customers who are told: 2" in told(desk)
    desk.clock.skip(minutes=3)
    desk.work()
    assert len(desk.host.sent()) == before + 2
    assert f"What is different now: {WHAT}" in text_of(desk.letters()[-1])
    assert "What is different now: We pack glass twice" in text_of(desk.letters("bob@example.com")[-1])
    assert desk.case("bob@example.com")["status"] == "closed"


def test_a_customer_whose_case_ended_is_told_after_a_yes(desk: Journey) -> None:
    ann = number_of(desk, "ann")
    to_the_desk(desk, f"#{ann}\ncommit {WHAT}\nresolve")
    to_the_desk(desk, "done glass")
    back = newest_with(desk, "Nothing has left yet. After a yes")
    assert "the letters below go to 1 customer," in told(desk, back)
    reply_to(desk, back, "yes")
    desk.clock.skip(minutes=2)
    desk.work()
    assert WHAT in text_of(desk.letters()[-1])


def test_a_category_with_four_eyes_needs_another_yes(desk: Journey) -> None:
    categories = desk.rules / "categories.yaml"
    text = categories.read_text("utf-8")
    assert "\n  damaged:\n" in text
    categories.write_text(text.replace("\n  damaged:\n", "\n  damaged:\n    four_eyes: true\n"), "utf-8")
    desk.stop()
    for name in ("ann", "bob"):
        to_the_desk(desk, f"#{number_of(desk, name)}\ncommit {WHAT}")
    to_the_desk(desk, "done 1")
    assert "a mail that shows the letters to 2 customers goes to Noa" in told(desk)
    question = desk.mails_to(desk.noa)[-1]
    assert WHAT in text_of(question)
    desk.reply(question, "כן", sender=f"Noa <{desk.noa}>")
    desk.work()
    desk.clock.skip(minutes=3)
    desk.work()
    assert len(desk.events("told-fixed")) == 2
    assert "Noa said yes" in told(desk)


def test_a_wrong_number_is_told_what_is_open(desk: Journey) -> None:
    to_the_desk(desk, "done 9")
    assert "Nothing is open that the firm said it will change." in told(desk)
    to_the_desk(desk, f"#{number_of(desk, 'ann')}\ncommit {WHAT}")
    to_the_desk(desk, "done 9")
    assert f"1: {WHAT}" in told(desk)
