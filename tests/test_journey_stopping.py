"""A worker that is told to end while much is in its hands (promise 21)."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from aiosmtpd.smtp import Envelope

from tests.hosts import until
from tests.journeys import Journey
from tests.supervised import WORKER, command, settings_of

MAILS = 200
IN_TIME = 10
"""Seconds: the promise, not a measure of speed."""


def a_worker(journey: Journey, log: Path, **settings: str) -> subprocess.Popen[bytes]:
    """A worker as the operator starts it, which writes into a log."""
    with log.open("wb") as to:
        return subprocess.Popen(
            [sys.executable, str(WORKER), "run"],
            cwd=journey.folder,
            env=settings_of(journey) | settings,
            stdout=to,
            stderr=to,
        )


def test_sigterm_ends_a_busy_worker_in_time_while_the_mail_server_hangs(quick_journey: Journey) -> None:
    journey, hanging = quick_journey, list[str]()

    def hang(stage: str, envelope: Envelope) -> str | None:
        if stage != "dot":
            return None
        hanging.append(envelope.rcpt_tos[0])
        return "hang"

    journey.host.behave(hang)
    customers = [f"c{number}@example.com" for number in range(MAILS)]
    for customer in customers:
        journey.customer_writes("My parcel has not arrived.", sender=customer)
    log = journey.folder / "log"
    worker = a_worker(journey, log, SENDERS="2")
    try:
        assert until(lambda: hanging and log.read_text("utf-8").count("mail taken in"), 40)
        told = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
        assert time.monotonic() - told < IN_TIME
    finally:
        worker.kill()
    assert "Traceback" not in log.read_text("utf-8")

    journey.host.behave(None)
    journey.settings = journey.settings.model_copy(update={"SENDERS": 2})
    journey.clock.skip(hours=2)
    journey.work()
    journey.stop()
    cases = json.loads(command(journey, "cases", "--json").stdout)
    assert sorted(case["customer"] for case in cases) == sorted(customers)
    got = [one.recipients[0] for one in journey.host.sent()]
    assert sorted(got) == sorted(customers), "each was answered once"


def test_sigterm_ends_a_worker_in_time_while_another_program_holds_the_database(
    quick_journey: Journey,
) -> None:
    journey = quick_journey
    log = journey.folder / "log"
    worker = a_worker(journey, log, READ_APART="true")
    try:
        assert until(lambda: '"reading"' in log.read_text("utf-8"), 40)
        with closing(sqlite3.connect(journey.folder / "peygir.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert until(lambda: "waits for the database" in log.read_text("utf-8"), 40)
            told = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
            assert time.monotonic() - told < IN_TIME
    finally:
        worker.kill()
    assert "Traceback" not in log.read_text("utf-8")


def test_a_worker_that_cannot_begin_ends_with_one_line_and_leaves_no_process_behind(
    quick_journey: Journey, free_port: int
) -> None:
    url = f"postgresql+psycopg://127.0.0.1:{free_port}/peygir"
    ended = command(quick_journey, "run", READ_APART="true", DATABASE_URL=url)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "it can't be reached; start it, or correct DATABASE_URL" in ended.stderr
