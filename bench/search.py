"""How long an agent's search takes when there are many cases.

.venv/bin/python -m bench.search [--cases 100000] [--open 1000] [--url URL]

A database is filled as bench.scale fills it, with words of the test mails; then their texts are written as
the worker writes them, and searched: for a word that nobody wrote, for a rare one, for one that is
everywhere, and for two words of which one is rare. `--url` names an empty PostgreSQL database; else a SQLite
file is made.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import bindparam, update

from bench.corpus import samples
from bench.scale import ADDRESS, fill
from store import case_texts, searching, workers
from store.database import Database, opened
from store.models import Status
from store.writing import TABLES

TURNS = 9
LENGTH = 80
"""Words of a mail."""
RARE = "zeppelin"
COMMON = "parcel"
SEARCHES = ("xylophone", RARE, COMMON, f"{COMMON} {RARE}", "box")


def main() -> None:
    """Fill, and print what each search takes."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--cases", type=int, default=100_000)
    asked.add_argument("--open", type=int, default=1_000, help="how many of them are open, among the newest")
    asked.add_argument("--url", default="")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'search.sqlite3'}"
        with opened(url) as database:
            with database.write() as session:
                workers.register(session, worker_id="w", host="here", pid=os.getpid(), now=datetime.now(UTC))
                workers.own_mailbox(session, f"{ADDRESS}/INBOX", "w", datetime.now(UTC))
            fill(database, url, options.cases)
            reword(database, options.cases, options.open)
            write_texts(database, options.cases)
            for words in SEARCHES:
                measure(database, words)


def reword(database: Database, count: int, still_open: int) -> None:
    """Give each case a mail of its own; one in ten thousand has the rare word."""
    chance = random.Random(7)
    known = sorted({word for one in samples(200, ADDRESS, "search") for word in _words_of(one.raw)})
    mail, case = TABLES["mail"], TABLES["case"]
    change = update(mail).where(mail.c.id == bindparam("at")).values(words=bindparam("said"))
    with database.write() as session:
        for start in range(1, count + 1, 5_000):
            some = range(start, min(start + 5_000, count + 1))
            rows = [{"at": number, "said": _mail(chance, known, number)} for number in some]
            session.connection().execute(change, rows)
        newest = case.c.number > 1000 + count - still_open
        session.connection().execute(update(case).where(newest).values(status=Status.OPEN))


def _words_of(raw: bytes) -> list[str]:
    text = raw.partition(b"\r\n\r\n")[2].decode("utf-8", "ignore")
    return [word for word in text.split() if word.isalpha()]


def _mail(chance: random.Random, known: Sequence[str], number: int) -> str:
    words = chance.choices(known, k=LENGTH)
    return " ".join([*words, COMMON, *([RARE] if number % 10_000 == 5_000 else [])])


def write_texts(database: Database, count: int) -> None:
    """Write the texts as the worker does, without its pauses."""
    began, now = time.monotonic(), datetime.now(UTC) + timedelta(hours=1)
    more = True
    while more:
        with database.write() as session:
            more = case_texts.renew(session, now)
    took = time.monotonic() - began
    sys.stdout.write(f"texts of {count:,} cases: {took:.0f} s, {took / count * 1000:.2f} ms a case\n")


def measure(database: Database, words: str) -> None:
    """Print what the search takes, in the median, and what it finds."""
    times = []
    for _ in range(TURNS):
        with database.read() as session:
            began = time.monotonic()
            hits = searching.search(session, words, lambda: True)
            times.append(time.monotonic() - began)
    found = f"{len(hits.cases)}{'' if hits.all_of_them else ' or more'} found"
    sys.stdout.write(f"{words:<20} {median(times) * 1000:>5.0f} ms, {found}\n")


if __name__ == "__main__":
    main()
