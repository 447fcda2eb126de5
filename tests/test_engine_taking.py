"""Groups of mails on their way into the database."""

from __future__ import annotations

from typing import Any

import pytest

from engine.apart import Read, ReaderProcess
from engine.running import folder
from engine.taking import Box, Taking
from inbox.mailbox import Fetched
from inbox.mime.limits import Limits
from settings import Settings
from store import ledger, workers
from store.database import StoreDown
from tests.journeys import Journey
from tests.test_engine_apart import dies_of_poison, hangs_on_poison


def let_mails_be_read_by(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def process_of(settings: Settings) -> ReaderProcess:
        places = (folder(settings.RULES_DIR), folder(settings.TEMPLATES_DIR))
        return ReaderProcess(*places, Limits(), settings.COMPLAINTS_ADDRESS, patience=4, read=read)

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
