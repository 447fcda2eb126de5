"""The loops of one worker when something breaks beneath them: each goes on, and nothing is done twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from cases.timers import on_timer
from engine import firing, recording, running
from engine.health import health
from engine.reading import Reader
from inbox.mailbox import MailboxDown
from store import lists
from store.database import Database, StoreDown
from tests.hosts import until
from tests.journeys import Journey


def fails_once(function: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    """The function, but its first call raises."""
    errors = [error]

    def failing(*given: Any, **named: Any) -> Any:
        if errors:
            raise errors.pop()
        return function(*given, **named)

    return failing


def read_only(journey: Journey) -> None:
    """Let the worker read what is there, and send nothing."""
    Reader(journey.worker.desk, journey.worker.mailbox).once()


def test_a_timer_that_fails_stops_no_other(quick_journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ann", "bob"):
        quick_journey.customer_writes("My parcel has not arrived.", sender=f"{name}@example.com")
        quick_journey.work()
        quick_journey.agent_replies("resolve")
    quick_journey.clock.skip(days=30)
    monkeypatch.setattr(firing, "on_timer", fails_once(on_timer, ZeroDivisionError()))
    firing.fire_some(quick_journey.worker.desk)
    quick_journey.work()
    asked = {name: len(quick_journey.letters(f"{name}@example.com")) for name in ("ann", "bob")}
    assert asked == {"ann": 1, "bob": 2}
    quick_journey.clock.skip(minutes=6)
    quick_journey.work()
    assert len(quick_journey.letters("ann@example.com")) == 2, "it was put off, not lost"


def test_the_reader_goes_on_when_mailbox_and_database_fail_together(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, mailbox = quick_journey.worker.desk, quick_journey.worker.mailbox
    monkeypatch.setattr("engine.reading.FIRST_WAIT", 0.01)
    monkeypatch.setattr(mailbox, "open", fails_once(mailbox.open, MailboxDown("it is away")))
    monkeypatch.setattr(Reader, "_say", fails_once(Reader._say, StoreDown("it is away, too")))
    quick_journey.customer_writes("My parcel has not arrived.")
    thread = threading.Thread(target=Reader(desk, mailbox).run, daemon=True)
    thread.start()
    assert until(quick_journey.cases)
    desk.stop.set()
    mailbox.wake()
    thread.join(10)
    assert not thread.is_alive()


def test_a_folder_that_takes_no_mail_keeps_no_complaint_from_being_read(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(uids: object) -> None:
        raise MailboxDown("there is no room in 'Peygir'")

    monkeypatch.setattr(quick_journey.worker.mailbox, "file", full)
    for name in ("ann", "bob"):
        quick_journey.customer_writes("My parcel has not arrived.", sender=f"{name}@example.com")
        with pytest.raises(MailboxDown, match="no room"):
            quick_journey.work()
        assert len(quick_journey.letters(f"{name}@example.com")) == 1
    monkeypatch.undo()
    quick_journey.work()
    assert quick_journey.host.inbox() == []
    assert len(quick_journey.host.inbox(folder="Peygir")) == 2


def test_work_that_the_database_gave_up_is_never_filed(
    stored_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(desk: Any, session: Any, *rest: Any) -> None:
        if session.connection().dialect.name == "sqlite":
            session.connection().exec_driver_sql("ROLLBACK")  # as SQLite does on a full disk
            raise OSError("the disk is full")
        session.connection().exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    handle = recording._handle
    calls: list[int] = []

    def second_breaks(*given: Any) -> Any:
        calls.append(1)
        return (broken if len(calls) == 2 else handle)(*given)

    for name in ("ann", "bob", "cem"):
        stored_journey.customer_writes("My parcel has not arrived.", sender=f"{name}@example.com")
    monkeypatch.setattr(recording, "_handle", second_breaks)
    with pytest.raises(StoreDown):
        stored_journey.work()
    assert len(stored_journey.host.inbox()) == 3
    stored_journey.work()
    assert sorted(case["customer"][:3] for case in stored_journey.cases()) == ["ann", "bob", "cem"]
    assert stored_journey.host.inbox() == []


def test_all_threads_together_get_one_time_to_end(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE", 0.3)
    ends = threading.Event()
    stuck = [threading.Thread(target=ends.wait, daemon=True) for _ in range(4)]
    for thread in stuck:
        thread.start()
    quick_journey.worker._threads.extend(stuck)
    before = time.monotonic()
    quick_journey.worker.stop()
    assert time.monotonic() - before < 0.9
    ends.set()


def test_a_worker_that_only_sends_is_not_taken_for_dead(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BEAT", 0.05)
    worker = quick_journey.worker
    sending = threading.Thread(target=time.sleep, args=(0.5,), daemon=True)
    sending.start()
    quick_journey.clock.skip(hours=1)
    worker._await([sending])
    database = Database(quick_journey.settings.DATABASE_URL)
    with database.read() as session:
        (one,) = lists.depths(session, quick_journey.clock()).workers
    database.close()
    assert quick_journey.clock() - one.heartbeat_at < timedelta(minutes=1)


def test_status_tells_of_a_worker_that_is_gone_and_of_letters_that_wait(
    quick_journey: Journey,
) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    read_only(quick_journey)
    desk = quick_journey.worker.desk
    with desk.database.read() as session:
        assert health(session, quick_journey.clock())["troubles"] == []
    quick_journey.clock.skip(hours=2)
    with desk.database.read() as session:
        gone, late, undrafted = health(session, quick_journey.clock())["troubles"]
    assert desk.worker_id in gone
    assert "an hour: 1" in late
    assert "more than a minute: 1" in undrafted


def test_a_mail_that_the_server_cannot_give_holds_up_no_other(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ann", "bob", "eve"):
        quick_journey.customer_writes("My parcel has not arrived.", sender=f"{name}@example.com")
    mailbox = quick_journey.worker.mailbox
    mailbox.open()
    bad = mailbox.uids()[0]
    fetch = mailbox.fetch

    def broken(uids: list[int]) -> Any:
        if bad in uids:
            raise MailboxDown("the server hung up")
        return fetch(uids)

    monkeypatch.setattr(mailbox, "fetch", broken)
    reader = Reader(quick_journey.worker.desk, mailbox)
    for _ in range(3):
        with pytest.raises(MailboxDown):
            reader.once()
    assert {case["customer"] for case in quick_journey.cases()} == {"bob@example.com", "eve@example.com"}
    monkeypatch.setattr(mailbox, "fetch", fetch)
    reader.once()
    assert len(quick_journey.cases()) == 3


def test_a_mailbox_that_is_down_is_said_once_whatever_the_words(quick_journey: Journey) -> None:
    reader = Reader(quick_journey.worker.desk, quick_journey.worker.mailbox)
    reader._own()
    with capture_logs() as said:
        for trouble in ("the server hung up", "the connection was refused", ""):
            reader._say(trouble)
    assert [line["log_level"] for line in said] == ["error", "info"]
    assert said[0]["why"] == "the server hung up"
