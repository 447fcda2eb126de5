"""Letters that are taken back before they leave, and drafts that are opened again."""

from __future__ import annotations

from typing import Literal

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from store import ledger, queries, queue
from store.answers import newest_answers
from store.database import Database, opened
from store.models import DraftState, Letter, LetterState, Raw, Status
from store.queue import Ended
from store.trouble import Conflict
from store.values import CaseChange, Recording
from tests.store_samples import HOUR, NOW, complaint, draft, letter

KEY = "answer/1/1"


def approved(session: Session) -> None:
    """Case 1 with its first draft approved, and the answer waiting for an hour."""
    ledger.record(session, complaint(1), now=NOW)
    answer = letter(KEY, due_at=NOW + HOUR)
    change = CaseChange(1, Status.NEW, {"status": Status.ANSWERED})
    ledger.record(session, Recording(change, approve_draft=True, letters=(answer,)), now=NOW)


def taking_back(**more: object) -> Recording:
    change = CaseChange(1, Status.ANSWERED, {"status": Status.OPEN})
    return Recording(change, withdraw=(KEY,), reopen_draft=True, **more)  # type: ignore[arg-type]


def answers(session: Session) -> list[str]:
    return [one.key for one in queries.letters_of(session, 1) if one.key.startswith("answer/")]


def drafts(session: Session) -> list[tuple[int, DraftState]]:
    return [(one.version, one.state) for one in queries.drafts_of(session, 1)]


def raws(session: Session) -> int:
    """How many stored mails still have their bytes."""
    of_some_size = select(func.count()).select_from(Raw).where(func.length(Raw.data) > 0)
    counted: int = session.execute(of_some_size).scalar_one()
    return counted


def test_a_letter_that_is_taken_back_is_gone_with_its_bytes_and_its_draft_is_open(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        approved(session)
        before = raws(session)
        ledger.record(session, taking_back(), now=NOW)
        assert answers(session) == []
        assert raws(session) == before - 1
        assert drafts(session) == [(1, DraftState.OPEN)]


def test_what_was_taken_back_can_be_approved_again_under_the_same_key(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        approved(session)
        ledger.record(session, taking_back(), now=NOW)
        again = letter(KEY, due_at=NOW + HOUR, message_id="<again@shop.example>")
        change = CaseChange(1, Status.OPEN, {"status": Status.ANSWERED})
        ledger.record(session, Recording(change, approve_draft=True, letters=(again,)), now=NOW)
        assert [one.message_id for one in newest_answers(session, 1, 10)] == ["<again@shop.example>"]
        assert drafts(session) == [(1, DraftState.APPROVED)]


def test_what_was_taken_back_can_be_replaced_and_approved_in_one_recording(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        approved(session)
        both = taking_back(drafts=(draft(2),), approve_draft=True, letters=(letter("answer/1/2"),))
        ledger.record(session, both, now=NOW)
        assert answers(session) == ["answer/1/2"]
        assert drafts(session) == [(1, DraftState.SUPERSEDED), (2, DraftState.APPROVED)]


def test_what_was_taken_back_can_be_rejected_in_one_recording(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        approved(session)
        ledger.record(session, taking_back(reject_draft=True), now=NOW)
        assert drafts(session) == [(1, DraftState.REJECTED)]


@pytest.mark.parametrize("how", ["sending", "in-doubt", "sent"])
def test_a_letter_that_somebody_has_in_hand_or_may_have_got_is_not_taken_back(
    database_url: str, how: Literal["sending", "in-doubt", "sent"]
) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            approved(session)
        leave(database, how)
        with pytest.raises(Conflict, match="on its way already"), database.write() as session:
            ledger.record(session, taking_back(), now=NOW + HOUR)
        with database.read() as session:
            assert answers(session) == [KEY]
            assert drafts(session) == [(1, DraftState.APPROVED)]
            case = queries.case(session, 1)
            assert case
            assert case.status is Status.ANSWERED


def test_a_letter_that_was_tried_in_vain_is_taken_back(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            approved(session)
        leave(database, "later")
        with database.write() as session:
            ledger.record(session, taking_back(), now=NOW + HOUR)
            assert answers(session) == []


def leave(database: Database, how: Literal["sending", "later", "in-doubt", "sent"]) -> None:
    with database.write() as session:
        claimed = queue.claim(session, worker_id="w1", now=NOW + HOUR, limit=10)
        [mine] = [one for one in claimed if one.key == KEY]
        if how in ("later", "in-doubt"):
            queue.complete(session, [Ended(mine, how, due_at=NOW + 2 * HOUR)], "w1", now=NOW + HOUR)
        if how == "sent":
            queue.complete(session, [Ended(mine, "sent")], "w1", now=NOW + HOUR)


def test_a_letter_that_was_taken_back_is_never_claimed(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        approved(session)
        ledger.record(session, taking_back(), now=NOW)
        claimed = queue.claim(session, worker_id="w1", now=NOW + 2 * HOUR, limit=10)
        assert KEY not in [one.key for one in claimed]


def test_only_the_newest_draft_is_opened_again(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            approved(session)
            ledger.record(session, Recording(case_number=1, drafts=(draft(2),)), now=NOW)
        with pytest.raises(Conflict, match="no approved draft"), database.write() as session:
            ledger.record(session, taking_back(), now=NOW)


def test_the_answers_of_a_case_come_newest_first_and_nothing_else_does(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        approved(session)
        more = (letter("answer/1/2", due_at=NOW + HOUR), letter("transcript/x"))
        ledger.record(session, Recording(case_number=1, letters=more), now=NOW + HOUR)
        assert [one.key for one in newest_answers(session, 1, 10)] == ["answer/1/2", KEY]
        assert [one.key for one in newest_answers(session, 1, 1)] == ["answer/1/2"]
        assert all(
            isinstance(one, Letter) and one.state is LetterState.QUEUED
            for one in newest_answers(session, 1, 9)
        )
