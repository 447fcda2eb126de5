"""Letters to agents are forgotten once they have left, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from store import forgetting, ledger, queries, replays
from store.database import opened
from store.models import Letter, LetterKind, LetterState
from store.values import Recording
from tests.store_samples import NOW
from tests.store_samples import letter as new_letter

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with opened(database_url) as database, database.write() as session:
        yield session


def queued(session: Session, key: str, kind: LetterKind = LetterKind.DRAFT, now: datetime = NOW) -> int:
    letter = new_letter(f"{kind}/{key}", data=f"secret {key}".encode())
    ledger.record(session, Recording(letters=(letter,)), now=now)
    found = session.exec(select(Letter).where(Letter.key == letter.key)).one()
    assert found.id
    return found.id


def becomes(session: Session, letter_id: int, state: LetterState) -> None:
    letter = session.exec(select(Letter).where(Letter.id == letter_id)).one()
    letter.state = state
    session.add(letter)
    session.flush()


def text(session: Session, letter_id: int) -> bytes:
    session.expire_all()
    return queries.raw(session, session.exec(select(Letter.raw_id).where(Letter.id == letter_id)).one())


@pytest.mark.parametrize("kind", forgetting.TO_AGENTS)
def test_a_sent_letter_to_an_agent_is_forgotten(session: Session, kind: LetterKind) -> None:
    one = queued(session, "a", kind)
    becomes(session, one, LetterState.SENT)
    assert forgetting.forget(session, LATER) == 1
    assert text(session, one) == forgetting.NOTE
    assert forgetting.forget(session, LATER) == 0


@pytest.mark.parametrize("kind", [LetterKind.ACK, LetterKind.ANSWER, LetterKind.CHECK_IN])
def test_what_customers_got_is_kept(session: Session, kind: LetterKind) -> None:
    one = queued(session, "a", kind)
    becomes(session, one, LetterState.SENT)
    assert forgetting.forget(session, LATER) == 0
    assert text(session, one) == b"secret a"


@pytest.mark.parametrize("state", [LetterState.QUEUED, LetterState.SENDING, LetterState.FAILED])
def test_what_may_still_leave_is_kept(session: Session, state: LetterState) -> None:
    one = queued(session, "a")
    becomes(session, one, state)
    assert forgetting.forget(session, LATER) == 0
    assert text(session, one) == b"secret a"


def test_a_letter_that_waits_keeps_no_other_from_being_forgotten_and_has_its_turn(session: Session) -> None:
    waits, left = queued(session, "waits"), queued(session, "left")
    becomes(session, left, LetterState.SENT)
    assert forgetting.forget(session, LATER) == 1
    becomes(session, waits, LetterState.SENT)
    assert forgetting.forget(session, LATER) == 1
    assert text(session, waits) == text(session, left) == forgetting.NOTE


def test_a_letter_that_was_given_up_and_replayed_is_forgotten_in_the_end(session: Session) -> None:
    one = queued(session, "a")
    becomes(session, one, LetterState.FAILED)
    forgetting.forget(session, LATER)
    assert replays.queue_again(session, one, LATER)
    assert text(session, one) == b"secret a", "it leaves with the same bytes"
    session.expire_all()
    becomes(session, one, LetterState.SENT)
    assert forgetting.forget(session, LATER + timedelta(hours=2)) == 1


def test_a_letter_that_another_worker_has_yet_to_commit_is_not_passed_over(session: Session) -> None:
    first = queued(session, "a", LetterKind.ACK)
    becomes(session, first, LetterState.SENT)
    forgetting.forget(session, NOW + timedelta(minutes=1))
    later = queued(session, "b")
    becomes(session, later, LetterState.SENT)
    assert forgetting.forget(session, LATER) == 1


def test_many_are_forgotten_in_turns(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(forgetting.AT_ONCE + 3):
        becomes(session, queued(session, f"n{number}"), LetterState.SENT)
    assert forgetting.forget(session, LATER) == forgetting.AT_ONCE
    assert forgetting.forget(session, LATER) == 3
