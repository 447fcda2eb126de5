"""Senders of one mail server take only what leaves through it, and by an index."""

from __future__ import annotations

from sqlmodel import Session

from store import ledger, queue
from store.database import opened
from store.lanes import ALL, Lane
from store.values import Recording
from tests.plans import full_scans, watched
from tests.store_samples import NOW, letter

MAIN, RETURNS = Lane(but=["returns"]), Lane(only=["returns"])


def queued(session: Session) -> None:
    made = [
        letter(f"alert/{name}/{count}", mailbox=name) for name in ("", "returns", "gone") for count in "ab"
    ]
    ledger.record(session, Recording(letters=tuple(made)), now=NOW)


def taken(session: Session, lane: Lane) -> list[str]:
    found = queue.claim(session, worker_id="w", now=NOW, limit=10, lane=lane)
    queue.release(session, found, "w", NOW)
    return sorted(one.key for one in found)


def test_each_takes_its_own_and_the_main_one_what_is_nobodys(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        queued(session)
        assert taken(session, RETURNS) == ["alert/returns/a", "alert/returns/b"]
        assert taken(session, MAIN) == ["alert//a", "alert//b", "alert/gone/a", "alert/gone/b"]
        assert len(taken(session, ALL)) == 6


def test_what_waits_for_another_server_is_due_for_nobody_else(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.record(session, Recording(letters=(letter("alert/1", mailbox="returns"),)), now=NOW)
        assert queue.next_due(session, MAIN) is None
        assert queue.next_due(session, RETURNS) == queue.next_due(session) == NOW
        priority = letter("alert/x").priority
        assert queue.is_due(session, priority, NOW, RETURNS)
        assert not queue.is_due(session, priority, NOW, MAIN)


def test_no_look_at_a_lane_reads_the_whole_table(database_url: str) -> None:
    with watched() as seen, opened(database_url) as database, database.write() as session:
        queued(session)
        seen.clear()
        for lane in (MAIN, RETURNS):
            taken(session, lane)
            queue.next_due(session, lane)
        assert full_scans(session, dict(seen)) == []
