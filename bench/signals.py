"""How often a signal is false, how soon a wave is found, and what a look costs with many cases.

python -m bench.signals               simulated years; the figures of docs/signals.md
python -m bench.signals --cases N     the cost of a look in a database of N cases
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlmodel import Session

from bench.filling import CASES
from bench.signal_worlds import Wave, World, Writing, is_new, judged, told, told_of_words
from cases.rules.rulebook import Rulebook
from cases.rules.signals import Sensitivity
from engine.files import Files
from engine.signal_history import Days, Texts, seen_of
from engine.signal_work import NEEDED, Work
from store import causes
from store.database import Database

YEARS = 3
DAY = 150
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).parent.parent


def false_alarms() -> Iterator[str]:
    """Signals in years without any wave."""
    yield "false signals of growth a month, with weekdays, holidays, weather and growth by half a year"
    for a_day, number in ((5, 15), (50, 40), (50, 150), (500, 150)):
        scores = [
            one.growth.score
            for seed in range(YEARS)
            for one in told(World(a_day=a_day, causes=number, seed=seed), min(NEEDED.values()))
        ]
        rates = {
            str(name): sum(score >= needed for score in scores) / YEARS / 12
            for name, needed in NEEDED.items()
        }
        yield f"  {a_day:>4} a day, {number:>3} causes: {', '.join(f'{k} {v:.2f}' for k, v in rates.items())}"


def soon() -> Iterator[str]:
    """How soon a wave is told of: on its first day, the second, and so on."""
    yield "a wave of so many more a day is told of on its day (median of 20; of how many within two days)"
    for cause, usual in ((0, "11.7"), (5, "1.9"), (30, "0.4")):
        for more in (5, 10, 20, 40):
            days = [_found(cause, more, seed) for seed in range(20)]
            known = [day for day in days if day is not None]
            when = f"{median(known) + 1:.0f}" if len(known) > len(days) / 2 else "not"
            yield f"  usual {usual:>4} a day, {more:>2} more: {when:>3}; {sum(d <= 1 for d in known)} of 20"


def _found(cause: int, more: float, seed: int) -> int | None:
    world = World(days=DAY + 7, waves=(Wave(cause, DAY, more),), seed=seed)
    counts = world.counts()
    everything = [sum(day) for day in zip(*counts, strict=True)]
    for day in range(DAY, world.days):
        found = judged(counts[cause], everything, day)
        if found and found.score >= NEEDED[Sensitivity.NORMAL]:
            return day - DAY
    return None


def new_words() -> Iterator[str]:
    """New clusters: the false ones, and after how many mails a burst is found."""
    yield "clusters in half a year of mails that no rule names: the false ones a month"
    for a_day in (5, 50):
        found = told_of_words(Writing(a_day=a_day, days=63 + 180))
        yield f"  {a_day:>2} a day: {len(found) / 6:.2f}"
    yield "bursts of a new kind that are found by the next day, of 8"
    for a_day in (5, 50):
        for mails in (6, 8, 14):
            hits = sum(_burst(a_day, mails, seed) for seed in range(8))
            yield f"  {mails:>2} mails in a day among {a_day}: {hits}"


def _burst(a_day: float, mails: int, seed: int) -> bool:
    writing = Writing(a_day=a_day, days=82, bursts={80: mails}, seed=seed)
    return any(is_new(one) for _, one in told_of_words(writing, since=80))


def cost(count: int) -> Iterator[str]:
    """One look with so many cases of a year, on SQLite."""
    rulebook = Files(ROOT / "rules", ROOT / "templates").current.rulebook
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/many.sqlite")
        database.migrate()
        with database.write() as session:
            for statement in FILL:
                session.connection().execute(text(_filled(statement, count)))
        with database.read() as session:
            yield f"a look with {count:,} cases of a year"
            began = time.perf_counter()
            causes.newest_event(session)
            yield f"  nothing happened: {(time.perf_counter() - began) * 1000:.2f} ms"
            yield from _looks(session, rulebook)
        database.close()


def _looks(session: Session, rulebook: Rulebook) -> Iterator[str]:
    days, texts = Days("UTC"), Texts()
    for what, most in (("at the start", 5000), ("an hour later", 5000), ("after one case", 1)):
        cases = [seen_of(one) for one in causes.lately(session, NOW - timedelta(days=1), most)]
        work = Work(rulebook, NOW, days, texts)
        jobs = deque(work.jobs(cases, (), with_texts=most > 1))
        took = []
        while jobs:
            job, began = jobs.popleft(), time.perf_counter()
            if job(session) is None:
                jobs.append(job)
            took.append(time.perf_counter() - began)
        whole, longest = sum(took) * 1000, max(took) * 1000
        parts = f"{whole:.0f} ms in {len(took)} parts, the longest {longest:.0f} ms"
        yield f"  {what}, {len(cases)} cases: {parts}"


_THEN = "strftime('%Y-%m-%d %H:%M:%f000', {now} - (({count} - i) * 31536000.0 / {count}), 'unixepoch')"
_DICE = "((i * 2654435761) % 4294967296)"
_CATEGORY = (
    f"CASE {_DICE} % 10 WHEN 0 THEN 'unsure' WHEN 1 THEN 'damaged' WHEN 2 THEN 'lost' WHEN 3 THEN 'defective'"
    " WHEN 4 THEN 'rude' ELSE 'late' END"
)
FILL = (
    """INSERT INTO "case" (number, status, kind, category, severity, fault, language, channel, subject,
    customer, customer_name, assignee, reply_token, confidence, why, mentions, opened_at,
    not_acknowledged_because, check_ins)
    {cases} SELECT 1000 + i, 'closed', 'complaint', {category}, 'normal', 'unknown', 'en', 'mail',
    'My parcel', 'c' || i || '@example.com', 'Ann', '', 't' || i, 0.5, '[]', '[]', {then}, '', 0
    FROM n""",
    """INSERT INTO fact (case_number, name, value, as_written, found_in, said_by, removed)
    {cases} SELECT 1000 + i, 'product', 'thing ' || ({dice} / 16 % 300), '', 'words', '', 0 FROM n""",
    "INSERT INTO raw (id, data) VALUES (1, '')",
    """INSERT INTO mail (id, fingerprint, message_id, raw_id, size, kind, case_number, sender, sender_name,
    subject, language, words, attachments, damage, unparsed, received_at)
    {cases} SELECT i, 'f' || i, '<' || i || '@example.com>', 1, 900, 'customer', 1000 + i,
    'c' || i || '@example.com', 'Ann', 'My parcel', 'en', 'Where is it?', '[]', '[]', false, {then}
    FROM n""",
)


def _filled(statement: str, count: int) -> str:
    parts = {"dice": _DICE, "category": _CATEGORY, "then": _THEN, "cases": CASES}
    return statement.format(**{k: v.format(count=count, now=NOW.timestamp()) for k, v in parts.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=0, help="look at the cost with so many cases instead")
    count = parser.parse_args().cases
    for lines in (cost(count),) if count else (false_alarms(), soon(), new_words()):
        for line in lines:
            print(line, flush=True)


if __name__ == "__main__":
    main()
