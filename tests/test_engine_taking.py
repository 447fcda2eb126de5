"""Groups of mails on their way into the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from engine.apart import Read, ReaderProcess
from engine.memory import Memory
from engine.places import folder
from engine.recording import Box
from engine.running import Worker
from engine.taking import GIVE_UP, Taking
from inbox.mailbox import Fetched
from inbox.mime.limits import Limits
from settings import Settings
from store import ledger, workers
from store.database import StoreDown
from tests.journeys import Journey
from tests.test_engine_apart import dies_of_poison, hangs_on_poison


def let_mails_be_read_by(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    # Only what hangs is waited for; a busy machine may take its time over mails that do no harm.
    patience = 8 if read is hangs_on_poison else 60

    def process_of(settings: Settings, *_: object) -> ReaderProcess:
        places = (folder(settings.RULES_DIR), folder(settings.TEMPLATES_DIR))
        known = Memory.at(settings.CACHE_DIR)
        return ReaderProcess(
            *places, Limits(), settings.COMPLAINTS_ADDRESS, memory=known, patience=patience, read=read
        )

    monkeypatch.setattr("engine.running.process_of", process_of)


@pytest.mark.parametrize("read", [dies_of_poison, hangs_on_poison])
def test_a_mail_that_ends_or_holds_its_reader_twice_is_taken_unparsed_and_the_rest_flows(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch, read: Read
) -> None:
    let_mails_be_read_by(read, monkeypatch)
    quick_journey.customer_writes("My parcel is late.", sender="eve@example.com")
    quick_journey.customer_writes("poison", sender="mallory@example.com")
    quick_journey.customer_writes("My parcel is late, too.", sender="ann@example.com")
    quick_journey.work()
    assert len(quick_journey.cases()) == 3
    unparsed = quick_journey.events("unparsed")
    assert [event["case"] for event in unparsed] == [quick_journey.case("mallory@example.com")["number"]]
    for customer in ("eve@example.com", "mallory@example.com", "ann@example.com"):
        assert len(quick_journey.letters(customer)) == 1
    assert any("could not be read" in str(mail["Subject"]) for mail in quick_journey.mails_to())


def test_mails_are_read_and_answered_in_a_process_of_their_own(quick_journey: Journey) -> None:
    quick_journey.settings = quick_journey.settings.model_copy(update={"READ_APART": True})
    for number in range(120):
        quick_journey.customer_writes(f"Parcel {number} is late.", sender=f"c{number}@example.com")
    quick_journey.work()
    assert len(quick_journey.cases()) == 120
    assert all(len(quick_journey.letters(f"c{number}@example.com")) == 1 for number in range(120))


def test_a_database_in_trouble_makes_no_mail_suspicious(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> Any:
        raise StoreDown("the disk is full")

    desk = quick_journey.worker.desk
    with desk.database.write() as session:
        mailbox = workers.own_mailbox(session, "a mailbox", desk.worker_id, desk.clock())
    assert mailbox and mailbox.id
    raw = quick_journey.mail("My parcel is late.", sender="ann@example.com", subject="Late").as_bytes()
    box, mail, taking = Box(mailbox.id, 1), Fetched(uid=1, size=len(raw), raw=raw, cut=False), Taking(desk)
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "store_mail", down)
        for _ in range(4):
            taking.take(box, [mail])
            with pytest.raises(StoreDown):
                taking.finish()
    taking.take(box, [mail])
    assert taking.finish() == 1
    assert len(quick_journey.cases()) == 1
    assert not quick_journey.events("unparsed")


def owned(journey: Journey) -> Box:
    """A mailbox that the journey's worker owns."""
    desk = journey.worker.desk
    with desk.database.write() as session:
        mailbox = workers.own_mailbox(session, "a mailbox", desk.worker_id, desk.clock())
    assert mailbox and mailbox.id
    return Box(mailbox.id, 1)


def fetched(journey: Journey, uid: int, text: str = "My parcel is late.") -> Fetched:
    raw = journey.mail(text, sender=f"c{uid}@example.com", subject="Late").as_bytes()
    return Fetched(uid=uid, size=len(raw), raw=raw, cut=False)


def test_nor_does_one_in_trouble_when_the_next_mails_are_begun(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> Any:
        raise StoreDown("it is locked")

    box, taking = owned(quick_journey), Taking(quick_journey.worker.desk)
    mail, next_one = fetched(quick_journey, 1), fetched(quick_journey, 2)
    for _ in range(4):
        taking.take(box, [mail])
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "take", down)
            with pytest.raises(StoreDown):
                taking.take(box, [next_one])
    taking.take(box, [mail])
    assert taking.finish() == 1
    assert not quick_journey.events("unparsed")


def test_nor_does_a_system_that_gives_no_process_to_read_it_in(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(_: ReaderProcess) -> None:
        raise BlockingIOError("no more processes")

    quick_journey.settings = quick_journey.settings.model_copy(update={"READ_APART": True})
    worker = quick_journey.worker
    assert worker._processes[0]
    worker._processes[0].stop()
    box, mail = owned(quick_journey), fetched(quick_journey, 1)
    taking = Taking(worker.desk, worker._processes[0])
    with monkeypatch.context() as patch:
        patch.setattr(ReaderProcess, "start", exhausted)
        for _ in range(4):
            with pytest.raises(BlockingIOError):
                taking.take(box, [mail])
    taking.take(box, [mail])
    assert taking.finish() == 1
    assert not quick_journey.events("unparsed")


def test_a_worker_that_ends_takes_the_reader_away_and_holds_it_against_no_mail(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_mails_be_read_by(hangs_on_poison, monkeypatch)
    worker = quick_journey.worker
    assert worker._processes[0]
    box, taking = owned(quick_journey), Taking(worker.desk, worker._processes[0])
    taking.take(box, [fetched(quick_journey, 1), fetched(quick_journey, 2, "poison")])
    worker.desk.stop.set()
    worker._processes[0].end()
    assert taking.finish() == 0
    assert worker._processes[0]._process is None, "no other one is begun"
    with worker.desk.database.write() as session:
        again = ledger.take(session, box.mailbox_id, 1, [1, 2], worker.desk.clock())
    assert again == {1: 1, 2: 1}, "no attempt was counted before"


def test_a_mail_that_another_worker_stands_in_the_way_of_lets_go_of_those_before_it_first(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    record = ledger.record_mail

    def in_the_way(session: Any, message: Any, *given: Any, **named: Any) -> Any:
        if message.sender.key == "c2@example.com":
            seen.append(len(quick_journey.cases()))
            if len(seen) == 1:
                raise ledger.Conflict("another worker changed the same rows at the same time")
        return record(session, message, *given, **named)

    box, taking = owned(quick_journey), Taking(quick_journey.worker.desk)
    monkeypatch.setattr(ledger, "record_mail", in_the_way)
    taking.take(box, [fetched(quick_journey, uid) for uid in (1, 2, 3)])
    assert taking.finish() == 3
    assert seen == [0, 1]


def not_for(name: str, error: Exception) -> Callable[..., Any]:
    """`record_mail`, but what this sender's mail leads to can't be written."""
    record = ledger.record_mail

    def failing(session: Any, message: Any, *given: Any, **named: Any) -> Any:
        if message.sender.key.startswith(name):
            raise error
        return record(session, message, *given, **named)

    return failing


def test_a_mail_that_could_not_be_recorded_says_so_when_it_is_taken_unread(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, taking = owned(quick_journey), Taking(quick_journey.worker.desk)
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "record_mail", not_for("c1@", ZeroDivisionError("by zero")))
        for _ in range(2):
            taking.take(box, [fetched(quick_journey, 1)])
            assert taking.finish() == 0
    taking.take(box, [fetched(quick_journey, 1)])
    assert taking.finish() == 1
    (unread,) = quick_journey.events("unparsed")
    assert unread["text"] == "recording it failed 2 times, at last with ZeroDivisionError"


def test_a_mail_that_stopped_its_reader_says_so_when_it_is_taken_unread(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_mails_be_read_by(dies_of_poison, monkeypatch)
    quick_journey.customer_writes("poison", sender="mallory@example.com")
    quick_journey.work()
    (unread,) = quick_journey.events("unparsed")
    assert unread["text"] == "the process that reads mails ended (2 times)"


def test_a_mail_that_cannot_even_be_set_aside_takes_no_other_along(
    stored_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(desk: Any, session: Any, *_: Any, **__: Any) -> None:
        session.connection().exec_driver_sql("INSERT INTO worker (id) VALUES ('nobody')")

    desk, box = stored_journey.worker.desk, owned(stored_journey)
    taking = Taking(desk)
    with desk.database.write() as session:
        for _ in range(GIVE_UP):
            ledger.take(session, box.mailbox_id, 1, [2], desk.clock())
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "record_mail", not_for("c2@", ZeroDivisionError()))
        patch.setattr("engine.taking.set_aside", broken)
        taking.take(box, [fetched(stored_journey, uid) for uid in (1, 2, 3)])
        assert taking.finish() == 2
    assert sorted(case["customer"] for case in stored_journey.cases()) == ["c1@example.com", "c3@example.com"]
    taking.take(box, [fetched(stored_journey, 2)])
    assert taking.finish() == 1


def test_a_mail_counts_as_taken_in_once_that_is_committed(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, taking = owned(quick_journey), Taking(quick_journey.worker.desk)

    def lost(_: object) -> None:
        raise StoreDown("the disk is full")

    with capture_logs() as said, monkeypatch.context() as patch:
        taking.take(box, [fetched(quick_journey, 1)])
        patch.setattr("store.database.assure", lost)
        with pytest.raises(StoreDown):
            taking.finish()
    assert said == []
    with capture_logs() as said:
        taking.take(box, [fetched(quick_journey, 1)])
        taking.finish()
    assert [(line["event"], line["uid"]) for line in said] == [("mail taken in", 1)]


def test_what_took_long_to_read_is_answered_before_the_worker_ends(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = Taking.finish

    def slowly(taking: Taking) -> int:
        quick_journey.clock.skip(minutes=1)
        return finish(taking)

    def after_the_senders(_: Worker, threads: list[threading.Thread]) -> None:
        for thread in threads:
            thread.join(20)

    monkeypatch.setattr(Taking, "finish", slowly)
    monkeypatch.setattr(Worker, "_await", after_the_senders)
    quick_journey.customer_writes("My parcel is late.")
    quick_journey.work()
    assert len(quick_journey.letters()) == 1
