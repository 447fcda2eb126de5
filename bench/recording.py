"""What deciding on a mail and recording it costs, letters and SQLite included, in CPU time of one thread.

    .venv/bin/python -m bench.recording [--mails 400] [--rounds 8]

The mails are read beforehand; each round records all of them in a new database. Of each group of mails the
cheapest round counts: what else the machine has to do disturbs that least.
"""

from __future__ import annotations

import argparse
import gc
import io
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.corpus import samples
from engine import alive, logs
from engine.desk import Desk, new_worker_id
from engine.files import Files
from engine.recording import Box, Read, record
from engine.understanding import understand
from inbox.mailbox import Fetched
from settings import Settings
from store import ledger, workers
from store.database import Database

ROOT = Path(__file__).parent.parent
AT_ONCE = 50
OURS = "complaints@example.com"


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def a_desk(folder: Path, files: Files) -> Desk:
    """A desk with a new database."""
    settings = Settings(
        IMAP_HOST="mail.example.com",
        IMAP_USER="complaints",
        IMAP_PASSWORD="none",
        SMTP_HOST="mail.example.com",
        COMPLAINTS_ADDRESS=OURS,
        TOKEN_ONLY_COMMANDS=True,
        ACKS_IN_ALL_PER_HOUR=1_000_000,
        DATABASE_URL=f"sqlite:///{folder / 'mails.sqlite3'}",
    )
    database = Database(settings.DATABASE_URL)
    database.migrate()
    return Desk(settings, database, files, now, new_worker_id(now()))


def recorded(desk: Desk, mails: Sequence[Read]) -> list[float]:
    """Seconds of CPU for each group of mails."""
    with desk.database.write() as session:
        alive.register(session, desk.worker_id, now())
        mine = workers.own_mailbox(session, "INBOX", desk.worker_id, now())
    assert mine is not None  # noqa: S101 - nobody else is there
    box, spent = Box(mine.id or 0, 1), list[float]()
    for start in range(0, len(mails), AT_ONCE):
        group = mails[start : start + AT_ONCE]
        begin = time.thread_time()
        with desk.database.write() as session:
            ledger.take(session, box.mailbox_id, 1, [one.fetched.uid for one in group], now(), counts=False)
        with desk.database.write() as session:
            taken = [record(desk, session, box, one, desk.files.current, tries=1) for one in group]
            ledger.arrived_all(session, box.mailbox_id, 1, [one.arrived for one in taken])
        spent.append(time.thread_time() - begin)
    return spent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=8)
    given = parser.parse_args()
    logs.configure("info", "json", io.StringIO())
    rounds, mails = list[list[float]](), list[Read]()
    files = Files(ROOT / "rules", ROOT / "templates")
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as folder:
            desk = a_desk(Path(folder), files)
            for uid, one in enumerate(() if mails else samples(given.mails, OURS, "recording"), 1):
                fetched = Fetched(uid, one.raw, len(one.raw), False)
                mails.append(Read(fetched, 1, understand(one.raw, files.current.rulebook, desk.limits, OURS)))
            gc.freeze()
            rounds.append(recorded(desk, mails))
            desk.database.close()
    spent = sum(map(min, zip(*rounds, strict=True)))
    print(f"{len(mails)} mails: {spent * 1000 / len(mails):.2f} ms of CPU to decide and record each")


if __name__ == "__main__":
    main()
