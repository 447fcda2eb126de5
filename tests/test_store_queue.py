"""The queue: each letter in one pair of hands, completed once, tried again when it should be."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session

from store import ledger, queries, queue, retries, timers
from store.database import Database, opened
from store.models import EventKind, Letter, LetterState, TimerKind, TimerState
from store.queue import Claimed, Ended, Result
from store.values import NewLetter, NewTimer, Recording
from store.writing import TABLES
from tests.store_samples import AGENT, HOUR, MINUTE, NOW, a_case, a_worker, ends, letter


def queued(session: Session, *letters: NewLetter, number: int | None = None) -> None:
    ledger.record(session, Recording(case_number=number, letters=letters), now=NOW)


def claimed(database: Database, worker_id: str = "w1", limit: int = 10, **fields: Any) -> list[Claimed]:
    with database.write() as session:
        return queue.claim(session, worker_id=worker_id, limit=limit, **{"now": NOW, **fields})


def completed(
    database: Database, one: Claimed, outcome: Result, worker_id: str = "w1", **fields: Any
) -> bool:
    with database.write() as session:
        return ends(session, one, outcome, worker_id=worker_id, **fields)


def the_letter(database: Database) -> Letter:
    with database.read() as session:
        return queries.letters_of(session, 1001)[0]


def told(database: Database) -> list[EventKind]:
    with database.read() as session:
        return [one.kind for one in queries.events_of(session, 1001)][3:]


def test_what_is_due_is_claimed_the_most_pressing_first(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            queued(session, letter("answer/1"), letter("ack/1"), letter("ack/2", due_at=NOW - MINUTE))
            queued(session, letter("ack/later", due_at=NOW + MINUTE))
        assert [one.key for one in claimed(database, limit=2)] == ["ack/2", "ack/1"]
        assert [one.key for one in claimed(database)] == ["answer/1"]
        assert claimed(database) == []
        assert [one.key for one in claimed(database, now=NOW + MINUTE)] == ["ack/later"]


def test_a_claim_brings_the_finished_bytes(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            a_case(session)
        one = claimed(database)[0]
        assert (one.data, one.attempt, one.in_doubt) == (b"letter ack/1001\r\n", 1, False)
        assert (one.recipient, one.message_id) == ("sara@example.com", "<ack.1001@shop.example>")
        held = the_letter(database)
        assert (held.state, held.owner, held.attempts) == (LetterState.SENDING, "w1", 1)


def test_workers_that_claim_at_once_never_get_the_same_letter(database_url: str) -> None:
    got: list[int] = []
    start = threading.Barrier(3)

    def work(worker_id: str) -> None:
        start.wait()
        while mine := claimed(database, worker_id, limit=3):
            got.extend(one.id for one in mine)

    with opened(database_url) as database:
        with database.write() as session:
            queued(session, *(letter(f"ack/{n}") for n in range(60)))
        threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 60
        assert len(set(got)) == 60


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_does_not_wait_for_what_another_is_claiming(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            queued(session, letter("ack/1"), letter("ack/2"))
        with database.write() as session:
            [first] = queue.claim(session, worker_id="w1", now=NOW, limit=1)
            [second] = claimed(database, "w2", limit=5)
            assert {first.key, second.key} == {"ack/1", "ack/2"}


def test_a_letter_that_left_is_sent_once_and_for_all(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        one = claimed(database)[0]
        assert completed(database, one, "sent", now=NOW + MINUTE)
        found = the_letter(database)
        assert (found.state, found.sent_at, found.owner) == (LetterState.SENT, NOW + MINUTE, None)
        assert not completed(database, one, "later", due_at=NOW)
        assert the_letter(database).state is LetterState.SENT
        assert told(database) == [EventKind.SENT]


def test_several_attempts_end_at_once_each_by_its_own_fence(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            a_case(session)
            queued(session, letter("answer/1"), letter("answer/2"), number=1001)
        first, lost, third, fourth = claimed(database)
        with database.write() as session:
            assert ends(session, lost, "refused")
            ended = [
                Ended(first, "sent"),
                Ended(lost, "sent"),
                Ended(third, "in-doubt", due_at=NOW, error="no answer"),
                Ended(fourth, "later", due_at=NOW + HOUR),
            ]
            assert queue.complete(session, ended, "other", now=NOW) == set()
            mine = queue.complete(session, ended, "w1", now=NOW)
            assert mine == {first.id, third.id, fourth.id}
        with database.read() as session:
            found = {one.id: one for one in queries.letters_of(session, 1001)}
        states = [found[one.id].state for one in (first, lost, third, fourth)]
        assert states == [LetterState.SENT, LetterState.FAILED, LetterState.QUEUED, LetterState.QUEUED]
        assert (found[third.id].in_doubt, found[third.id].last_error) == (True, "no answer")
        assert told(database) == [EventKind.SEND_FAILED, EventKind.SENT, EventKind.IN_DOUBT]


def test_a_letter_that_was_given_back_unsent_is_due_again_and_has_not_been_tried(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            queued(session, letter("ack/1"))
        [first] = claimed(database)
        with database.write() as session:
            assert queue.release(session, [first], "other", NOW) == 0
            assert queue.release(session, [first], "w1", NOW) == 1
        [again] = claimed(database)
        assert (again.attempt - again.unsent, again.data) == (1, first.data)


def test_what_was_given_back_can_not_be_ended_or_given_back_by_its_old_attempt(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            queued(session, letter("ack/1"))
        [first] = claimed(database)
        with database.write() as session:
            queue.release(session, [first], "w1", NOW)
        [again] = claimed(database)
        with database.write() as session:
            assert queue.release(session, [first], "w1", NOW) == 0
        assert not completed(database, first, "sent")
        assert completed(database, again, "sent")


def test_a_letter_may_be_given_back_so_that_others_go_before_it(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            queued(session, letter("ack/1"), letter("ack/2"))
        [first] = claimed(database, limit=1)
        with database.write() as session:
            queue.release(session, [first], "w1", NOW, due_at=NOW + MINUTE)
        assert [one.key for one in claimed(database)] == ["ack/2"]
        assert queue_of(database) == NOW + MINUTE
        with database.write() as session:
            queue.hasten(session, [first.id], NOW)
        assert [one.key for one in claimed(database)] == ["ack/1"]


def test_large_letters_are_claimed_a_few_at_a_time(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BYTES_AT_ONCE", 1000)
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            queued(session, *(letter(f"ack/{n}", data=b"x" * 600) for n in range(5)))
        assert [len(claimed(database)) for _ in range(4)] == [2, 2, 1, 0]


def test_letters_of_a_clock_that_was_ahead_leave_when_it_is_put_right(database_url: str) -> None:
    with opened(database_url) as database:
        ahead = NOW + 3 * HOUR
        now_and_held = (letter("ack/1", due_at=ahead), letter("ack/2", due_at=ahead + HOUR))
        with database.write() as session:
            a_worker(session)
            ledger.record(session, Recording(letters=now_and_held), now=ahead)
            queued(session, letter("ack/3", due_at=NOW + HOUR))
        assert claimed(database) == []
        with database.write() as session:
            assert queue.after_a_jump(session, NOW) == 1
        assert [one.key for one in claimed(database)] == ["ack/1"]


def test_acknowledgements_are_claimed_alone(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            queued(session, letter("answer/1"), letter("ack/1"))
        assert [one.key for one in claimed(database, only_acks=True)] == ["ack/1"]
        assert claimed(database, only_acks=True) == []
        assert [one.key for one in claimed(database)] == ["answer/1"]


def queue_of(database: Database) -> datetime | None:
    with database.read() as session:
        return queue.next_due(session)


def test_a_refused_letter_is_never_sent_again_and_its_case_says_so(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        assert completed(database, claimed(database)[0], "refused", error="550 no such\0 user")
        found = the_letter(database)
        assert (found.state, found.last_error) == (LetterState.FAILED, "550 no such\ufffd user")
        assert claimed(database, now=NOW + 24 * HOUR) == []
        with database.read() as session:
            event = queries.events_of(session, 1001)[-1]
        assert event.kind is EventKind.SEND_FAILED
        assert event.text.startswith("ack to sara@example.com was refused")
        assert event.data == {"letter": "ack/1001"}


def test_a_letter_that_must_wait_is_tried_again_with_the_same_bytes(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        first = claimed(database, limit=1)[0]
        assert completed(database, first, "later", due_at=NOW + 5 * MINUTE, error="451 busy")
        assert [one.key for one in claimed(database)] == ["draft/1001/1"]
        [again] = claimed(database, now=NOW + 5 * MINUTE)
        assert (again.id, again.data, again.message_id) == (first.id, first.data, first.message_id)
        assert (again.attempt, again.in_doubt) == (2, False)
        assert told(database) == []


def test_a_letter_in_doubt_is_sent_again_and_its_case_says_so(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        first = claimed(database, limit=1)[0]
        assert completed(database, first, "in-doubt", due_at=NOW + MINUTE, error="no answer after the dot")
        [again] = [one for one in claimed(database, now=NOW + MINUTE) if one.id == first.id]
        assert (again.in_doubt, again.data) == (True, first.data)
        assert completed(database, again, "sent")
        assert not the_letter(database).in_doubt
        assert told(database) == [EventKind.IN_DOUBT, EventKind.SENT]


def test_a_retry_needs_a_time(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        with pytest.raises(ValueError, match="needs due_at"):
            completed(database, claimed(database)[0], "later")


def test_a_stale_worker_can_not_complete_what_another_has_taken(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        stale = claimed(database, limit=1)[0]
        with database.write() as session:
            assert queue.put_back(session, now=NOW) == 1
        assert not completed(database, stale, "refused")
        fresh = next(one for one in claimed(database, "w2") if one.id == stale.id)
        assert (fresh.attempt, fresh.in_doubt) == (2, True)
        assert not completed(database, stale, "refused")
        assert not completed(database, fresh, "sent", "w1")
        assert completed(database, fresh, "sent", "w2")
        assert told(database) == [EventKind.IN_DOUBT, EventKind.SENT]


def test_what_a_living_worker_sends_is_not_put_back(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            a_case(session)
        claimed(database)
        with database.write() as session:
            assert queue.put_back(session, now=NOW) == 0


def test_an_alert_without_a_case_can_be_completed(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            queued(session, letter("alert/1", AGENT))
        assert completed(database, claimed(database)[0], "sent")


def test_the_next_due_time_is_the_nearest_of_letters_and_timers(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            assert queue.next_due(session) is None
            a_case(session)
            assert queue.next_due(session) == NOW
        for one in claimed(database):
            completed(database, one, "sent")
        with database.write() as session:
            assert queue.next_due(session) == NOW + HOUR
            queued(session, letter("ack/2", due_at=NOW + MINUTE))
            assert queue.next_due(session) == NOW + MINUTE


def test_a_timer_is_due_once(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session)
        sooner = NewTimer(TimerKind.CHECK_IN, "check-in/1001/1", NOW + MINUTE)
        ledger.record(session, Recording(case_number=1001, timers=(sooner,)), now=NOW)
        assert timers.due_timers(session, NOW, 10) == []
        assert not timers.timer_is_due(session, NOW)
        assert timers.timer_is_due(session, NOW + HOUR)
        due = timers.due_timers(session, NOW + HOUR, 10)
        assert [one.kind for one in due] == [TimerKind.CHECK_IN, TimerKind.CLOSE]
        first = due[0].id
        assert first is not None
        assert timers.timer_done(session, first, TimerState.FIRED, NOW + HOUR)
        assert not timers.timer_done(session, first, TimerState.CANCELLED, NOW + HOUR)
        assert [one.kind for one in timers.due_timers(session, NOW + HOUR, 10)] == [TimerKind.CLOSE]
        found = queries.timers_of(session, 1001)[1]
        assert (found.state, found.done_at) == (TimerState.FIRED, NOW + HOUR)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_timer_that_another_worker_holds_is_left_to_it(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        with database.write() as one, database.write() as other:
            assert len(timers.due_timers(one, NOW + HOUR, 10)) == 1
            assert timers.due_timers(other, NOW + HOUR, 10) == []


@pytest.mark.parametrize(
    ("attempts", "first", "wait"),
    [
        (0, 5, 5),
        (1, 5, 5),
        (2, 5, 10),  # 5 × 2
        (4, 5, 40),  # 5 × 2 × 2 × 2
        (5, 5, 60),  # 80, but an hour is the longest
        (10_000, 5, 60),
        (3, 90, 90),  # the operator's own first wait is never cut
    ],
)
def test_each_wait_is_twice_the_last_up_to_an_hour(attempts: int, first: int, wait: int) -> None:
    assert retries.back_off(attempts, first * MINUTE) == wait * MINUTE


def test_a_letter_is_given_up_after_five_days() -> None:
    assert not retries.given_up(NOW, NOW + timedelta(days=4, hours=23))
    assert retries.given_up(NOW, NOW + timedelta(days=5))


def test_a_letter_whose_bytes_are_damaged_ends_and_keeps_no_other_waiting(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            a_case(session)
            queued(session, letter("ack/1"), letter("ack/2"), number=1001)
            broken = next(one for one in queries.letters_of(session, 1001) if one.key == "ack/1")
            raw = TABLES["raw"]
            session.connection().execute(update(raw).where(raw.c.id == broken.raw_id).values(data=b"junk"))
        keys = {one.key for one in claimed(database)}
        assert "ack/1" not in keys
        assert "ack/2" in keys
        with database.read() as session:
            states = {one.key: one.state for one in queries.letters_of(session, 1001)}
            events = queries.events_of(session, 1001)
    assert states["ack/1"] is LetterState.FAILED
    assert states["ack/2"] is LetterState.SENDING
    said = [event.text for event in events if event.kind is EventKind.SEND_FAILED]
    assert len(said) == 1
    assert "damaged" in said[0]
