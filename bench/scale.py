"""What a mail costs when there are many cases already: deciding, storing, and sending its letters.

.venv/bin/python -m bench.scale [--few 1000] [--many 1000000] [--mails 300] [--urls URL,URL]

Two databases are filled by SQL alone, each case with its mail, letters, draft, token and events, and every
tenth with a letter that waits. Then both take in the same mails in turns, so that whatever else the machine
does hurts both alike. The figure is CPU of this process, reading the mail included, in the median of the
turns. Ends with 1 when a mail costs more than 1.3 times as much with many cases. `--urls` names two empty
PostgreSQL databases; else two SQLite files are made.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import structlog

from bench import filling
from bench.corpus import Sample, samples
from engine import firing
from engine.desk import Desk
from engine.mailboxes import open_files
from engine.recording import Box
from engine.sending import Sender
from engine.taking import Taking
from inbox.mailbox import Fetched
from outbox.smtp import Outcome, Sendable
from settings import Settings
from store import workers
from store.database import Database

ADDRESS = "complaints@peygir.example"
A_TURN = 20
LONGEST = 1.3
# Scattered, as hashes are.
HASH = "(((i * 2654435761) % 4294967296) || '.' || i)"
FILL = (
    "INSERT INTO raw (id, data) VALUES (1, {empty})",
    """INSERT INTO "case" (number, status, kind, category, severity, fault, language, channel, subject,
    customer, customer_name, assignee, reply_token, confidence, why, mentions, opened_at,
    not_acknowledged_because, check_ins)
    {cases} SELECT 1000 + i, 'closed', 'complaint', 'late', 'normal', 'unknown', 'en', 'mail', 'My parcel',
    'c' || i || '@example.com', 'Ann', '', {hash}, 0.5, '[]', '[]', '{then}', '', 0 FROM n""",
    """INSERT INTO mail (id, fingerprint, message_id, raw_id, size, kind, case_number, sender, sender_name,
    subject, language, words, attachments, damage, unparsed, received_at)
    {cases} SELECT i, {hash}, '<' || {hash} || '@example.com>', 1, 900, 'customer', 1000 + i,
    'c' || i || '@example.com', 'Ann', 'My parcel', 'en', 'Where is it?', '[]', '[]', false, '{then}'
    FROM n""",
    """INSERT INTO arrival (id, mailbox_id, uidvalidity, uid, attempts, taken_at, state, filed, mail_id)
    {cases} SELECT i, 1, 6, i, 1, '{then}', 'stored', true, i FROM n""",
    """INSERT INTO participant (case_number, address)
    {cases} SELECT 1000 + i, 'c' || i || '@example.com' FROM n""",
    """INSERT INTO draft (id, case_number, version, state, body, template, language, agent, created_at)
    {cases} SELECT i, 1000 + i, 1, 'approved', 'Dear Ann', 'late', 'en', 'sam@example.com', '{then}'
    FROM n""",
    """INSERT INTO letter (id, kind, key, case_number, recipient, recipient_key, envelope_from, message_id,
    subject, raw_id, state, priority, created_at, due_at, attempts, in_doubt, undelivered, last_error)
    {cases} SELECT i, 'ack', 'ack/' || (1000 + i), 1000 + i, 'c' || i || '@example.com',
    'c' || i || '@example.com', '', '<ack.' || {hash} || '@peygir.example>', 'Re: My parcel', 1,
    CASE WHEN i % 10 = 0 THEN 'queued' ELSE 'sent' END, 0, '{then}',
    CASE WHEN i % 10 = 0 THEN {later} ELSE {before} END, 1, false, false, '' FROM n""",
    """INSERT INTO token (id, sha256, purpose, case_number, draft_version, agent, verbs, created_at)
    {cases} SELECT i, {hash}, 'draft', 1000 + i, 1, 'sam@example.com', '[]', '{then}' FROM n""",
    """INSERT INTO event (id, at, kind, case_number, actor, mail_id, text, data)
    {cases} SELECT i, '{then}', 'opened', 1000 + (i + 1) / 2, 'peygir', (i + 1) / 2, 'opened', '{{}}'
    FROM n WHERE (i + 1) / 2 <= {count}""",
    """INSERT INTO timer (id, key, kind, case_number, state, due_at)
    {cases} SELECT i, 'close/' || i, 'close', 1000 + i, 'cancelled', '{then}' FROM n""",
    "UPDATE counter SET value = 1001 + {count} WHERE name = 'case'",
)
NUMBERED = ("raw", "mail", "arrival", "draft", "letter", "token", "event", "timer")


class Nowhere:
    """A way out on which every letter arrives."""

    login_refused = False

    def send(self, letter: Sendable, **_: Any) -> Outcome:
        """Take the letter."""
        del letter
        return Outcome("sent", 250, "taken")

    def reach(self) -> str:
        """Nothing is in the way."""
        return ""

    def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class Shop:
    """A worker without a mailbox, on a database with so many cases."""

    desk: Desk
    box: Box
    cases: int
    uid: int = 0
    costs: list[float] = field(default_factory=list)
    """Seconds of CPU a mail, turn by turn."""

    def turn(self, mails: list[Sample]) -> None:
        """Take these in, and send what they lead to."""
        before = time.process_time()
        taking, sender = Taking(self.desk), Sender(self.desk, Nowhere())
        taking.take(self.box, [self._fetched(mail.raw) for mail in mails])
        taking.finish()
        sender.once()
        while firing.fire_some(self.desk):
            sender.once()
        self.costs.append((time.process_time() - before) / len(mails))

    def _fetched(self, raw: bytes) -> Fetched:
        self.uid += 1
        return Fetched(self.uid, raw, len(raw), False)

    @property
    def cost(self) -> float:
        """Milliseconds of CPU a mail; the first turn warms up."""
        return median(self.costs[1:]) * 1000


def main() -> None:
    """Fill both databases, let them take turns, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=1000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--urls", default="", help="two empty PostgreSQL databases, parted by a comma")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        urls = options.urls.split(",") if options.urls else [f"sqlite:///{folder}/{name}" for name in "ab"]
        shops = [shop(url, count) for url, count in zip(urls, (options.few, options.many), strict=True)]
        mails = list(samples(options.mails + A_TURN, ADDRESS, str(time.time_ns())))
        for start in range(0, len(mails), A_TURN):
            for one in shops[:: 1 if start // A_TURN % 2 else -1]:
                one.turn(mails[start : start + A_TURN])
        for one in shops:
            sys.stdout.write(f"{one.cases:>9,} cases: {one.cost:.2f} ms of CPU a mail\n")
            one.desk.database.close()
    times = shops[1].cost / shops[0].cost
    sys.stdout.write(f"{times:.2f} times\n")
    sys.exit(times > LONGEST)


def shop(url: str, cases: int) -> Shop:
    """A worker on a database that it fills."""
    began = time.monotonic()
    database = Database(url)
    database.migrate()
    with database.write() as session:
        workers.register(session, worker_id="w", host="here", pid=os.getpid(), now=datetime.now(UTC))
        mailbox = workers.own_mailbox(session, f"{ADDRESS}/INBOX", "w", datetime.now(UTC))
    fill(database, url, cases)
    sys.stderr.write(f"{cases:,} cases were made in {time.monotonic() - began:.0f} s\n")
    given = {"IMAP_HOST": "-", "IMAP_USER": "-", "IMAP_PASSWORD": "-", "SMTP_HOST": "-", "DATABASE_URL": url}
    settings = Settings.model_validate(given | {"COMPLAINTS_ADDRESS": ADDRESS, "ACKS_IN_ALL_PER_HOUR": 10**9})
    desk = Desk(settings, database, open_files(settings)[""], lambda: datetime.now(UTC), "w")
    return Shop(desk, Box(mailbox.id or 0 if mailbox else 0, 7), cases)


def fill(database: Database, url: str, count: int) -> None:
    """Make so many cases."""
    now = datetime.now(UTC)
    some_days = timedelta(days=9)
    then, later = (f"{one:%Y-%m-%d %H:%M:%S.%f}" for one in (now - some_days, now + some_days))
    moment = "'{}'" if database.dialect == "sqlite" else "timestamptz '{} UTC'"
    words = {
        "cases": filling.CASES.format(count=count),
        "count": count,
        "hash": HASH,
        "empty": filling.empty(database),
        "then": then,
        "later": moment.format(later),
        "before": moment.format(then),
    }
    statements = [one.format(**words) for one in FILL]
    filling.run(database, url, statements, NUMBERED, count)


if __name__ == "__main__":
    main()
