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

import pytest
from aiosmtpd.smtp import Envelope

from tests.commands import command
from tests.hosts import until
from tests.journeys import Journey
from tests.supervised import WORKER, command_of, settings_of
from tests.supervised import command as in_a_process

MAILS = 200
IN_TIME = 10
"""Seconds: the promise, not a measure of speed."""


def a_worker(journey: Journey, log: Path, *more: str, **settings: str) -> subprocess.Popen[bytes]:
    """A worker as the operator starts it, which writes into a log."""
    with log.open("wb") as to:
        return subprocess.Popen(
            [sys.executable, str(WORKER), "run", *more],
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
            assert until(lambda: "the database can't be used" in log.read_text("utf-8"), 40)
            told = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
            assert time.monotonic() - told < IN_TIME
    finally:
        worker.kill()
    assert "Traceback" not in log.read_text("utf-8")


def hears(worker: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Whether a process does something of its own at this signal."""
    status = Path(f"/proc/{worker.pid}/status").read_text("utf-8")
    (caught,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (number - 1) & 1)


@pytest.mark.parametrize("more", [[], ["--once"]])
def test_sigterm_ends_in_order_a_worker_that_has_only_begun_to_start(
    quick_journey: Journey, more: list[str]
) -> None:
    journey, log = quick_journey, quick_journey.folder / "log"
    assert in_a_process(journey, "run", "--once").returncode == 0
    with closing(sqlite3.connect(journey.folder / "peygir.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        worker = a_worker(journey, log, *more, READ_APART="true")
        try:
            assert until(lambda: hears(worker, signal.SIGTERM), 40)
            worker.send_signal(signal.SIGTERM)
            other.execute("ROLLBACK")
            assert worker.wait(30) == 0
        finally:
            worker.kill()
    assert "Traceback" not in log.read_text("utf-8")


MET_ANOTHER = """
import sys
sys.path.insert(0, {root!r})
from engine import alive
from store.ledger import Conflict

def met(*_):
    raise Conflict("another worker changed the same rows at the same time")

alive.register = met
if __name__ == "__main__":
    import worker
    sys.exit(worker.main(sys.argv[1:]))
"""


def test_a_worker_that_meets_another_as_it_starts_says_what_to_do(quick_journey: Journey) -> None:
    program = quick_journey.folder / "met.py"
    program.write_text(MET_ANOTHER.format(root=str(WORKER.parent)), "utf-8")
    ended = command_of(program, quick_journey, "run", READ_APART="true")
    words = "another worker changed the same rows at the same time; nothing is lost: start worker.py again\n"
    assert (ended.returncode, ended.stderr) == (1, words)


def test_a_worker_that_cannot_begin_ends_with_one_line_and_leaves_no_process_behind(
    quick_journey: Journey, free_port: int
) -> None:
    url = f"postgresql+psycopg://127.0.0.1:{free_port}/peygir"
    ended = in_a_process(quick_journey, "run", READ_APART="true", DATABASE_URL=url)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "it can't be reached; start it, or correct DATABASE_URL" in ended.stderr
