"""What the loop of a mailbox asks the database at each look."""

from __future__ import annotations

import threading

import pytest

from store import ledger, looks, workers
from store.database import Database, opened
from store.looks import Holder, NotOwner
from store.models import ArrivalState
from tests.store_samples import NOW, a_worker

BOX = "complaints@shop.example/INBOX"


def owned(database: Database, worker_id: str = "w1", pid: int = 1) -> int:
    """The id of a mailbox that this worker reads."""
    with database.write() as session:
        a_worker(session, worker_id, pid=pid)
        box = workers.own_mailbox(session, BOX, worker_id, NOW)
        assert box is not None
        return box.id or 0


def test_a_mailbox_is_held_by_its_owner_until_that_one_leaves(database_url: str) -> None:
    with opened(database_url) as database:
        box = owned(database)
        with database.read() as session:
            assert looks.holder(session, BOX) == Holder("w1", "here", 1)
            assert looks.holder(session, "another") is None
            assert looks.is_owner(session, box, "w1")
            assert not looks.is_owner(session, box, "w2")
        with database.write() as session:
            workers.leave(session, "w1", NOW)
        with database.read() as session:
            assert looks.holder(session, BOX) is None
            assert not looks.is_owner(session, box, "w1")


def test_only_the_owner_goes_on(database_url: str) -> None:
    with opened(database_url) as database:
        box = owned(database)
        with database.write() as session:
            looks.assure_owner(session, box, "w1")
            with pytest.raises(NotOwner, match=r"no longer read by w2"):
                looks.assure_owner(session, box, "w2")


def test_who_goes_on_as_the_owner_stays_it_until_the_work_is_committed(database_url: str) -> None:
    order: list[str] = []
    with opened(database_url) as database:
        box = owned(database)
        sure = threading.Event()

        def bury() -> None:
            sure.wait(10)
            with database.write() as session:
                workers.bury(session, host="here", alive=set(), now=NOW)
            order.append("buried")

        other = threading.Thread(target=bury)
        other.start()
        with database.write() as session:
            looks.assure_owner(session, box, "w1")
            sure.set()
            other.join(0.3)
            order.append("committed")
        other.join(10)
    assert order == ["committed", "buried"]


def test_mails_in_hand_are_known_without_their_uids(database_url: str) -> None:
    with opened(database_url) as database:
        box = owned(database)
        with database.write() as session:
            ledger.take(session, box, 7, [1, 2, 3], NOW)
            ledger.take(session, box, 8, [4], NOW)
            ledger.arrived(session, box, 7, 1, mail_id=None, state=ArrivalState.DUPLICATE)
            ledger.arrived(session, box, 7, 3, mail_id=None, state=ArrivalState.SET_ASIDE)
        with database.read() as session:
            assert looks.begun(session, box, 7) == {2}
            assert looks.begun(session, box, 8) == {4}
            assert looks.begun(session, box, 9) == set()
