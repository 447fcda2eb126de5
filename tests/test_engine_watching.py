"""Every case that goes on has one look ahead of it at most, whatever was decided on it."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from engine import watching
from engine.reading import Reader
from store import timers
from tests.journeys import Journey

ENGINE = Path(__file__).parent.parent / "engine"


def looks(journey: Journey) -> list[str]:
    """When the case is looked at next."""
    timers = journey.shown(journey.case()["number"])["timers"]
    return [one["due"] for one in timers if one["kind"] == "watch" and one["state"] == "waiting"]


@pytest.fixture
def opened(quick_journey: Journey) -> Journey:
    quick_journey.customer_writes("My parcel arrived broken.")
    quick_journey.work()
    return quick_journey


def test_whatever_finishes_a_decision_looks_ahead_afterwards() -> None:
    def called(path: Path) -> set[str]:
        calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
        names = {ast.unparse(call.func) for call in calls}
        return {name.rpartition(".")[2] if "inisher" in name else name for name in names}

    decide = {path.stem: called(path) for path in ENGINE.glob("*.py")}
    finish = {name for name, names in decide.items() if "finish" in names}
    looking = {
        name
        for name, names in decide.items()
        if {"look_ahead", "watching.look_ahead", "watching.arm"} & names
    }
    # These mail people of the firm, or note a known issue: nobody waits for anything else afterwards.
    assert finish - looking == {"sending_records", "concerning", "signalling"}
    assert {"recording", "doing", "firing", "replaying"} <= finish


def test_a_new_complaint_is_not_watched_before_its_draft_is_made(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def armed(*_: object) -> None:
        raise AssertionError("on the way of the acknowledgement")

    quick_journey.customer_writes("My parcel arrived broken.")
    with monkeypatch.context() as patch:
        patch.setattr(watching, "arm", armed)
        Reader(quick_journey.worker.desk, quick_journey.worker.mailbox).once()
    assert quick_journey.events("acknowledged")
    assert looks(quick_journey) == []
    quick_journey.work()
    assert len(looks(quick_journey)) == 1


def test_each_decision_leaves_one_look_and_an_answer_or_the_end_none(opened: Journey) -> None:
    first = looks(opened)
    opened.clock.skip(hours=3)
    opened.agent_replies("note it is being looked into")
    assert looks(opened) == first, "nothing that the customer waits for has changed"
    [ack] = opened.letters()
    opened.clock.skip(days=1)
    opened.reply(ack, "Any news? It is still broken.", sender="ann@example.com")
    opened.work()
    assert len(looks(opened)) == 1
    opened.agent_replies("approve")
    opened.agent_replies("close")
    assert looks(opened) == []


def test_a_case_that_nobody_watches_is_looked_at_when_a_worker_begins(opened: Journey) -> None:
    with opened.worker.desk.database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM timer WHERE kind = 'watch'")
    opened.work()
    assert looks(opened) == [], "it is looked for once"
    opened.stop()
    opened.work()
    assert len(looks(opened)) == 1


def test_edited_rules_count_for_the_cases_that_are_open(opened: Journey) -> None:
    before = looks(opened)
    path = opened.rules / "categories.yaml"
    path.write_text(path.read_text("utf-8").replace("after: 1 working day,", "after: 30 minutes,"), "utf-8")
    opened.worker.desk.files.refresh()
    opened.worker.desk.files.refresh()
    opened.work()
    assert looks(opened) < before


def test_when_the_clock_was_put_back_the_cases_are_looked_at(opened: Journey) -> None:
    desk = opened.worker.desk
    opened.clock.skip(hours=20)
    opened.work()
    with desk.database.write() as session:
        session.connection().exec_driver_sql("UPDATE timer SET due_at = '2090-01-01' WHERE kind = 'watch'")
    opened.clock.skip(hours=-19)
    opened.work()
    [at] = looks(opened)
    assert at < (desk.clock() + timedelta(days=9)).isoformat()


def test_two_looks_at_one_case_become_one(opened: Journey) -> None:
    desk = opened.worker.desk
    with desk.database.write() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO timer (key, kind, case_number, state, due_at) "
            "SELECT 'watch/twice', kind, case_number, state, due_at FROM timer "
            "WHERE kind = 'watch' AND state = 'waiting'"
        )
    assert len(looks(opened)) == 2
    opened.clock.skip(days=3)
    opened.work()
    assert len(looks(opened)) == 1
    assert len(opened.events("holding-sent")) == 1
    with desk.database.read() as session:
        assert not timers.timer_is_due(session, desk.clock())
