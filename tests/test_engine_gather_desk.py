"""What agents' commands need to know, beside the case's own row."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import pytest
from sqlmodel import Session

from cases.facts import Leaving
from engine.gather_desk import leaving, unsent, words_of_leaving
from store import ledger, queue
from store.database import opened
from store.models import Status
from store.queue import Ended
from store.values import CaseChange, Recording
from tests.facts_factory import command_facts
from tests.store_samples import HOUR, NOW, complaint, draft, letter


def approve(session: Session, version: int, at: datetime) -> None:
    status = Status.NEW if version == 1 else Status.ANSWERED
    ledger.record(
        session,
        Recording(
            CaseChange(1, status, {"status": Status.ANSWERED}),
            drafts=(draft(version),) if version > 1 else (),
            approve_draft=True,
            letters=(letter(f"answer/1/{version}", due_at=at + HOUR),),
        ),
        now=at,
    )


def found(session: Session) -> Leaving | None:
    return leaving(session, command_facts({"number": 1}), ()).leaving


def test_a_case_without_an_approved_answer_has_none_that_leaves(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.record(session, complaint(1), now=NOW)
        assert found(session) is None


def test_commands_about_no_case_ask_for_none() -> None:
    facts = command_facts()
    with Session() as session:
        assert leaving(session, command_facts(case=None), ()).leaving is None
    assert facts.leaving is None


def test_the_newest_answer_that_waits_is_the_one_that_leaves(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.record(session, complaint(1), now=NOW)
        approve(session, 1, NOW)
        assert found(session) == Leaving("answer/1/1", 1, NOW + HOUR)
        approve(session, 2, NOW + HOUR / 2)
        assert found(session) == Leaving("answer/1/2", 2, NOW + HOUR * 1.5, NOW)


@pytest.mark.parametrize("outcome", [None, "in-doubt", "sent"])
def test_an_answer_that_may_have_left_can_not_be_taken_back(
    database_url: str, outcome: Literal["in-doubt", "sent"] | None
) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.record(session, complaint(1), now=NOW)
        approve(session, 1, NOW)
        claimed = queue.claim(session, worker_id="w1", now=NOW + HOUR, limit=10)
        if outcome:
            ended = [Ended(one, outcome, due_at=NOW + 2 * HOUR) for one in claimed]
            queue.complete(session, ended, "w1", now=NOW + HOUR)
        assert found(session) is None


def test_an_answer_that_the_server_did_not_take_yet_can_be_taken_back(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.record(session, complaint(1), now=NOW)
        approve(session, 1, NOW)
        claimed = queue.claim(session, worker_id="w1", now=NOW + HOUR, limit=10)
        queue.complete(
            session, [Ended(one, "later", due_at=NOW + 2 * HOUR) for one in claimed], "w1", now=NOW + HOUR
        )
        assert found(session) == Leaving("answer/1/1", 1, NOW + 2 * HOUR)
        recording = Recording(case_number=1, reopen_draft=True, withdraw=("answer/1/1",))
        ledger.record(session, recording, now=NOW + HOUR)
        assert found(session) is None


def test_an_answer_that_waits_is_found_behind_one_that_left(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.record(session, complaint(1), now=NOW)
        approve(session, 1, NOW)
        claimed = queue.claim(session, worker_id="w1", now=NOW + HOUR, limit=10)
        queue.complete(session, [Ended(one, "sent") for one in claimed], "w1", now=NOW + HOUR)
        approve(session, 2, NOW + HOUR)
        assert found(session) == Leaving("answer/1/2", 2, NOW + 2 * HOUR, NOW)


def test_the_words_that_can_be_taken_back_are_those_of_that_version(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.record(session, complaint(1), now=NOW)
        approve(session, 1, NOW)
        known = words_of_leaving(session, leaving(session, command_facts({"number": 1}), ()), ())
        assert known.leaving
        assert known.leaving.body == draft(1).body != ""
        assert words_of_leaving(session, command_facts({"number": 1}), ()).leaving is None


def test_every_letter_to_the_customer_that_waits_can_be_kept_back_even_one_that_was_tried(
    database_url: str,
) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.record(session, complaint(1), now=NOW)
        approve(session, 1, NOW)
        approve(session, 2, NOW + HOUR)
        waiting = unsent(session, command_facts({"number": 1}), ()).unsent
        assert {"answer/1/1", "answer/1/2"} <= set(waiting)
        claimed = queue.claim(session, worker_id="w1", now=NOW + HOUR, limit=10)
        ended = [Ended(one, "later", due_at=NOW + 2 * HOUR) for one in claimed]
        queue.complete(session, ended, "w1", now=NOW + HOUR)
        assert unsent(session, command_facts({"number": 1}), ()).unsent == waiting
        claimed = queue.claim(session, worker_id="w1", now=NOW + 2 * HOUR, limit=10)
        assert unsent(session, command_facts({"number": 1}), ()).unsent == ()
        assert unsent(session, command_facts(case=None), ()).unsent == ()
