"""How long `rules try` takes over stored mail, and how much memory.

.venv/bin/python -m bench.trying [--mails 20000] [--url URL]

A database is filled as bench.scale fills it, with the labelled test mails as what customers wrote; every
tenth case is corrected. The shipped rules are tried beside a copy without the Hebrew phrases. `--url` names
an empty PostgreSQL database; else a SQLite file is made.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import resource
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import bindparam, update

from bench.scale import ADDRESS, fill
from cases.rules.loading import load
from cases.rules.rulebook import Rulebook
from engine.progress import Progress
from engine.suggesting import Stored, suggested
from engine.trying import Both, Pair, tried
from store import corrections, openings, workers
from store.database import Database
from store.writing import TABLES

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Fill, try, and print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--mails", type=int, default=20_000)
    asked.add_argument("--url", default="")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'trying.sqlite3'}"
        before, after = rulebooks()
        with Pair(Both(before, after)) as pair, closing(Database(url)) as database:
            fill_with_words(database, url, options.mails)
            begin, held = time.perf_counter(), _held()
            progress = Progress(io.StringIO(), openings.how_many(database))
            trial = tried(pair, database, progress, limit=20, labels=True)
            took = time.perf_counter() - begin
            begin = time.perf_counter()
            found = suggested(Stored(database), before, progress)
            suggesting = time.perf_counter() - begin
        print(f"{trial.mails} mails tried in {took:.1f} s, {trial.changes} would change")
        print(f"{len(found.proposals)} phrases suggested in {suggesting:.1f} s")
        print(
            f"memory: {held:.0f} MB before, {_held():.0f} MB at most, {_held(children=True):.0f} MB a process"
        )


def rulebooks() -> tuple[Rulebook, Rulebook]:
    """The shipped rules, and the same without the Hebrew phrases."""
    folder = ROOT / "rules"
    files = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("[a-z][a-z].yaml")
    }
    changed = {name: text for name, text in files.items() if not name.startswith("phrases/he/")}
    made = [load(one) for one in (files, changed)]
    rules = [rulebook for rulebook, _ in made if rulebook]
    if len(rules) < 2:
        raise SystemExit("\n".join(str(problem) for _, problems in made for problem in problems))
    return rules[0], rules[1]


def fill_with_words(database: Database, url: str, count: int) -> None:
    """So many cases, each with a labelled mail; every tenth is corrected."""
    database.migrate()
    now = datetime.now(UTC)
    with database.write() as session:
        workers.register(session, worker_id="w", host="here", pid=os.getpid(), now=now)
        workers.own_mailbox(session, f"{ADDRESS}/INBOX", "w", now)
    fill(database, url, count)
    with database.write() as session:
        # There each of half the cases was opened twice.
        event = TABLES["event"]
        once = {"case_number": 1000 + event.c.id, "mail_id": event.c.id}
        session.connection().execute(update(event).where(event.c.kind == "opened").values(once))
    mail, case = TABLES["mail"], TABLES["case"]
    said = update(mail).where(mail.c.id == bindparam("at")).values(words=bindparam("said"))
    spoken = update(case).where(case.c.number == bindparam("at")).values(language=bindparam("spoken"))
    texts = itertools.cycle(labelled())
    rows = [(number, *next(texts)) for number in range(1, count + 1)]
    with database.write() as session:
        to = session.connection()
        to.execute(said, [{"at": number, "said": text} for number, _, _, text in rows])
        to.execute(spoken, [{"at": 1000 + number, "spoken": language} for number, language, _, _ in rows])
        corrections.correct(
            session,
            [
                {
                    "key": f"case/{1000 + number}",
                    "case_number": 1000 + number,
                    "category": category,
                    "kind": "complaint",
                    "language": language,
                    "actor": "sam@example.com",
                    "at": now,
                }
                for number, language, category, _ in rows
                if number % 10 == 0
            ],
        )


def labelled() -> list[tuple[str, str, str]]:
    """Language, cause and words of the labelled mails."""
    found = []
    for path in sorted((ROOT / "tests" / "labelled").glob("[a-z][a-z].yaml")):
        data: Any = yaml.safe_load(path.read_text("utf-8"))
        found += [(path.stem, cause, text) for cause, texts in data["causes"].items() for text in texts]
    return found


def _held(*, children: bool = False) -> float:
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss / 1024


if __name__ == "__main__":
    main()
