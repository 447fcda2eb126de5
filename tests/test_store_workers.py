"""Workers: heartbeats, one owner a mailbox, and what a dead worker held."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from sqlmodel import select

from store import queries, queue, workers
from store.database import Database, opened
from store.models import EventKind, LetterState, Mailbox, Worker
from store.workers import Freed, Watch
from tests.store_samples import HOUR, NOW, a_case, a_worker

BOX = "complaints@shop.example/INBOX"
LATER = NOW + timedelta(seconds=31)


def owns(database: Database, worker_id: str) -> bool:
    with database.write() as session:
        return workers.own_mailbox(session, BOX, worker_id, NOW) is not None


def test_a_mailbox_has_one_owner_at_a_time(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "w1", pid=1)
            a_worker(session, "w2", pid=2)
        assert [owns(database, "w1"), owns(database, "w1"), owns(database, "w2")] == [True, True, False]
        with database.write() as session:
            workers.leave(session, "w1", NOW)
        assert [owns(database, "w2"), owns(database, "w1")] == [True, False]


def test_of_several_that_ask_at_once_one_becomes_the_owner(database_url: str) -> None:
    names = [f"w{n}" for n in range(4)]
    start = threading.Barrier(len(names))
    owners: list[str] = []

    def ask(name: str) -> None:
        start.wait()
        if owns(database, name):
            owners.append(name)

    with opened(database_url) as database:
        with database.write() as session:
            for pid, name in enumerate(names):
                a_worker(session, name, pid=pid)
        threads = [threading.Thread(target=ask, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(owners) == 1


def test_a_dead_workers_letters_and_mailboxes_are_free_again(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "dead", pid=1)
            a_worker(session, "alive", pid=2)
            a_case(session)
        assert owns(database, "dead")
        with database.write() as session:
            queue.claim(session, worker_id="dead", now=NOW, limit=1)
            queue.claim(session, worker_id="alive", now=NOW, limit=1)
        with database.write() as session:
            freed = workers.bury(session, host="here", alive={2}, now=LATER - timedelta(seconds=5))
            assert freed == Freed(("dead",), letters=1, mailboxes=1)
        with database.read() as session:
            first, second = queries.letters_of(session, 1001)
            assert (first.state, first.in_doubt, first.owner) == (LetterState.QUEUED, True, None)
            assert first.due_at == LATER - timedelta(seconds=5)
            assert (second.state, second.in_doubt, second.owner) == (LetterState.SENDING, False, "alive")
            assert queries.events_of(session, 1001)[-1].kind is EventKind.IN_DOUBT
        assert owns(database, "alive")


def test_a_worker_of_another_host_is_dead_when_its_heart_is_silent_for_long(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_worker(session, "there", pid=1)
        a_worker(session, "here", pid=2)
        nobody = workers.bury(
            session, host="elsewhere", alive=lambda _: False, now=LATER - timedelta(seconds=1)
        )
        assert nobody == Freed()
        assert workers.beat(session, "here", LATER)
        freed = workers.bury(session, host="elsewhere", alive=lambda _: False, now=LATER)
        assert freed.workers == ("there",)
        assert session.exec(select(Worker.id)).all() == ["here"]


class Seconds:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def buried(database: Database, watch: Watch, now: datetime, beating: tuple[str, ...] = ()) -> tuple[str, ...]:
    with database.write() as session:
        for worker_id in beating:
            assert workers.beat(session, worker_id, now)
        return workers.bury(session, host="elsewhere", alive=set(), now=now, watch=watch).workers


def test_a_clock_that_jumps_buries_nobody_who_is_seen_to_live(database_url: str) -> None:
    seconds = Seconds()
    watch = Watch(seconds)
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "there", pid=1)
            a_worker(session, "me", pid=2)
        assert buried(database, watch, NOW) == ()
        for jumped in (HOUR, -HOUR, 24 * HOUR):
            for _ in range(6):
                seconds.now += 5
                now = NOW + timedelta(seconds=seconds.now)
                with database.write() as session:
                    assert workers.beat(session, "there", now)
                assert buried(database, watch, now + jumped, beating=("me",)) == ()


def test_a_dead_worker_is_buried_in_time_though_the_clock_was_put_back(database_url: str) -> None:
    seconds = Seconds()
    watch = Watch(seconds)
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "dead", pid=1)
            a_worker(session, "me", pid=2)
        assert buried(database, watch, NOW) == ()
        found = []
        for count in range(1, 7):
            seconds.now = 5.0 * count
            now = NOW - HOUR + timedelta(seconds=seconds.now)
            found.append(buried(database, watch, now, beating=("me",)))
        assert found == [(), (), ("dead",), (), (), ()]


def test_who_begins_believes_the_clock(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "dead", pid=1)
        assert buried(database, Watch(), NOW + HOUR) == ("dead",)


def test_who_was_stopped_has_not_watched_the_others(database_url: str) -> None:
    seconds = Seconds()
    watch = Watch(seconds)
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "stopped too", pid=1)
        assert buried(database, watch, NOW) == ()
        seconds.now = 3600.0
        assert buried(database, watch, NOW + HOUR) == ()


def test_a_buried_worker_that_still_lives_learns_it(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "slow")
        assert owns(database, "slow")
        with database.write() as session:
            workers.bury(session, host="here", alive=set(), now=NOW)
            assert not workers.beat(session, "slow", NOW)
        assert not owns(database, "slow")


def test_a_process_number_that_is_used_again_means_that_its_worker_died(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "before", pid=1)
            a_case(session)
        assert owns(database, "before")
        with database.write() as session:
            queue.claim(session, worker_id="before", now=NOW, limit=1)
            a_worker(session, "after", pid=1)
            assert session.exec(select(Worker.id)).all() == ["after"]
            assert queries.letters_of(session, 1001)[0].state is LetterState.QUEUED
        assert owns(database, "after")


def test_a_worker_that_leaves_holds_nothing_any_more(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session, "w1")
        assert owns(database, "w1")
        with database.write() as session:
            assert workers.leave(session, "w1", NOW) == Freed(("w1",), mailboxes=1)
            assert session.exec(select(Worker)).all() == []


def test_a_mailbox_says_when_it_was_read_and_what_is_wrong(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            box = workers.own_mailbox(session, BOX, "w1", NOW)
            assert box is not None
            assert box.id is not None
            workers.polled(session, box.id, NOW)
            workers.polled(session, box.id, LATER, error="mail.example:993 refuses the password")
        with database.write() as session:
            found = session.exec(select(Mailbox)).one()
            assert (found.last_poll_at, found.last_error) == (NOW, "mail.example:993 refuses the password")
            workers.polled(session, box.id, LATER)
            session.refresh(found)
            assert (found.last_poll_at, found.last_error) == (LATER, "")
