"""The report over many cases: how long it takes, and the most memory that it needs.

.venv/bin/python -m bench.report [--cases 200000] [--days 730] [--url URL] [--keep FILE] [--lang fa]

A database is filled by SQL alone: each case with its mail, letters, events and facts, a share of them with
promises, compensations and check-ins. Then `worker.py report` runs as a user runs it, in its own process:
over the last quarter, and over all of the time, by agent. Ends with 1 when one takes more than 10 s or 300 MB
on SQLite. `--url` names an empty PostgreSQL database instead; `--keep` leaves the SQLite file there.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import filling
from store.database import Database, opened

ROOT = Path(__file__).parent.parent
SECONDS, MEGABYTES = 10.0, 300
SPREAD = "((i * 48271 + {salt}) % 9973)"
"""A number below 9973 that looks like chance, and is the same on every database and every time."""
LETTERS = """INSERT INTO letter (kind, key, case_number, recipient, recipient_key, envelope_from,
    message_id, subject, raw_id, state, priority, created_at, due_at, attempts, in_doubt, undelivered,
    last_error, sent_at)
    [cases] SELECT '[kind]', '[kind]/' || (1000 + i), 1000 + i, 'c' || i || '@example.com',
    'c' || i || '@example.com', '', '<[kind].' || [salted] || '@peygir.example>', 'Re: My parcel', 1, 'sent',
    0, [when], [when], 1, [no], [no], '', [when] FROM n WHERE [when] IS NOT NULL"""
EVENTS = """INSERT INTO event (at, kind, case_number, actor, mail_id, text, data)
    [cases] SELECT [when], '[kind]', 1000 + i, [who], i, '', [data] FROM n
    WHERE [when] IS NOT NULL AND [which]"""
NO_DATA, EVERY, SOFTWARE = "'{}'", "1 = 1", "'peygir'"
AGENT = "CASE WHEN [c] % 3 = 0 THEN 'admin@example.com' ELSE 'agent@example.com' END"
FILL = (
    ("INSERT INTO raw (id, data) VALUES (1, [empty])", {}),
    (
        """INSERT INTO "case" (number, status, kind, category, severity, fault, language, channel, subject,
        customer, assignee, customer_name, reply_token, confidence, why, mentions, followed,
        not_acknowledged_because, check_ins, holdings, told, spam, seen_at, opened_at, deadline_at,
        acknowledged_at, answered_at, first_answered_at, resolved_at, closed_at)
        [cases] SELECT 1000 + i, [status],
        CASE WHEN [a] % 20 = 0 THEN 'praise' WHEN [a] % 20 = 1 THEN 'question' ELSE 'complaint' END,
        CASE WHEN [a] % 20 = 0 THEN 'praise' WHEN [a] % 20 = 1 THEN 'question' WHEN [b] % 10 < 3 THEN 'late'
        WHEN [b] % 10 < 5 THEN 'damaged' WHEN [b] % 10 = 5 THEN 'lost' WHEN [b] % 10 = 6 THEN 'defective'
        WHEN [b] % 10 = 7 THEN 'refund' WHEN [b] % 10 = 8 THEN 'rude_staff' ELSE 'wrong_item' END,
        CASE WHEN [c] % 50 = 0 THEN 'urgent' WHEN [c] % 10 = 1 THEN 'high' ELSE 'normal' END, 'unknown',
        CASE [b] % 4 WHEN 0 THEN 'en' WHEN 1 THEN 'fa' WHEN 2 THEN 'he' ELSE 'ar' END,
        CASE WHEN [c] % 12 = 0 THEN 'phone' ELSE 'mail' END, 'My parcel',
        'c' || (i % 50000) || '@example.com', CASE WHEN [a] % 30 = 7 THEN '' ELSE [agent] END,
        'Ann', [salted], 0.5, '[]', '[]', '{}', '', 1, 0, '', [spam],
        [opened_seen], [opened], [deadline], [acked], [answered], [answered], [resolved], [closed] FROM n""",
        {},
    ),
    (
        """INSERT INTO mail (id, fingerprint, message_id, raw_id, size, kind, case_number, sender,
        sender_name, subject, language, words, attachments, damage, unparsed, received_at)
        [cases] SELECT i, [salted], '<' || [salted] || '@example.com>', 1, 900, 'customer', 1000 + i,
        'c' || (i % 50000) || '@example.com', 'Ann', 'My parcel', 'en', 'Where is it?', '[]', '[]', [no],
        [opened] FROM n""",
        {},
    ),
    (
        """INSERT INTO fact (case_number, name, value, as_written, found_in, said_by, removed)
        [cases] SELECT 1000 + i, 'product', 'kettle-' || ([b] * [b] % 23), '', 'words', '', [no] FROM n""",
        {},
    ),
    (
        """INSERT INTO fact (case_number, name, value, as_written, found_in, said_by, removed)
        [cases] SELECT 1000 + i, 'place', 'branch ' || ([c] % 7), '', 'words', '', [no] FROM n
        WHERE i % 2 = 0""",
        {},
    ),
    (LETTERS, {"kind": "ack", "when": "[acked]"}),
    (LETTERS, {"kind": "answer", "when": "[answered]"}),
    *(
        (EVENTS, {"kind": kind, "when": f"[{when}]", "who": who, "data": data, "which": which})
        for kind, when, who, data, which in (
            ("opened", "opened", SOFTWARE, NO_DATA, EVERY),
            ("acknowledged", "acked", SOFTWARE, NO_DATA, EVERY),
            ("approved", "answered", "[agent]", NO_DATA, EVERY),
            ("resolved", "resolved", "[agent]", NO_DATA, EVERY),
            ("check-in-sent", "closed", SOFTWARE, NO_DATA, EVERY),
            (
                "check-in-good",
                "said",
                SOFTWARE,
                """'{"score": ' || (3 + [a] % 3) || '}'""",
                "[c] % 10 IN (1, 2, 3)",
            ),
            ("check-in-low", "said", SOFTWARE, """'{"score": ' || (1 + [a] % 2) || '}'""", "[c] % 10 = 0"),
            ("reopened", "said", SOFTWARE, NO_DATA, "[c] % 10 = 0"),
        )
    ),
    (
        """INSERT INTO promise (case_number, what, due_at, made_by, state, made_at, ended_at)
        [cases] SELECT 1000 + i, 'A refund', [deadline], 'agent@example.com',
        CASE WHEN [answered] IS NULL THEN 'open' WHEN [c] % 20 = 0 THEN 'broken' ELSE 'kept' END, [opened],
        [answered] FROM n WHERE i % 8 = 0""",
        {},
    ),
    (
        """INSERT INTO compensation (case_number, customer, kind, amount, currency, reason, offered_by,
        granted_by, state, offered_at, paid_at)
        [cases] SELECT 1000 + i, 'c' || i || '@example.com',
        CASE WHEN [a] % 3 = 0 THEN 'voucher' ELSE 'refund' END, '' || (5 + [b] % 90),
        CASE [c] % 3 WHEN 0 THEN 'EUR' WHEN 1 THEN 'ILS' ELSE 'IRR' END, '', 'agent@example.com', '',
        CASE WHEN [resolved] IS NULL THEN 'offered' ELSE 'paid' END, [opened], [resolved]
        FROM n WHERE i % 12 = 0""",
        {},
    ),
    ("UPDATE counter SET value = 1001 + [count] WHERE name = 'case'", {}),
)
WORD = re.compile(r"\[(\w+)\]")


def fill(database: Database, url: str, count: int, days: int) -> None:
    """Make so many cases, opened over so many days up to now."""
    words = _words(count, days, datetime.now(UTC), sqlite=database.dialect == "sqlite")
    words["empty"] = filling.empty(database)
    statements = [_filled(one, {**words, **more}) for one, more in FILL]
    filling.run(database, url, statements)


def _filled(statement: str, words: Mapping[str, str]) -> str:
    while WORD.search(statement):  # some words have words in them
        statement = WORD.sub(lambda found: words[found[1]], statement)
    return statement


def _words(count: int, days: int, now: datetime, *, sqlite: bool) -> dict[str, str]:
    """What stands in the SQL for a database: moments are sums of seconds, by what looks like chance."""
    a, b, c = (SPREAD.format(salt=salt) for salt in (11, 4021, 7907))
    begin = now - timedelta(days=days)

    def moment(seconds: str) -> str:
        if sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {begin.timestamp():.0f} + {seconds}, 'unixepoch')"
        return f"to_timestamp({begin.timestamp():.0f} + {seconds})"

    # Later cases wait: of the last twentieth not all are answered, resolved or closed.
    opened = f"CAST((i * {days * 86400.0} / {count} - {a} % 600) AS INTEGER)"
    answered = f"{opened} + 1800 + {b} * {c} % 180000"
    resolved = f"{answered} + 3600 + {c} * {a} % 400000"
    closed = f"{resolved} + 3 * 86400"
    until = days * 86400

    def once(seconds: str, unless: str = "1 = 0") -> str:
        return f"CASE WHEN {seconds} < {until} AND NOT ({unless}) THEN {moment(seconds)} END"

    return {
        "agent": AGENT,
        "a": a,
        "b": b,
        "c": c,
        "cases": filling.CASES.format(count=count),
        "count": str(count),
        "salted": f"({a} || '.' || i)",
        "opened": moment(opened),
        "opened_seen": once(f"{opened} + 900"),
        "acked": once(f"{opened} + 2 + {a} % 5", f"{a} % 40 = 3"),
        "deadline": moment(f"{opened} + 2 * 86400"),
        "answered": once(answered, f"{a} % 20 = 0"),
        "resolved": once(resolved),
        "closed": once(closed),
        "said": once(f"{closed} + 86400 + {a}"),
        "status": f"CASE WHEN {closed} < {until} THEN 'closed' WHEN {resolved} < {until} THEN 'resolved' "
        f"WHEN {answered} < {until} THEN 'answered' ELSE 'new' END",
        "no": "0" if sqlite else "false",
        "spam": f"{a} % 100 = 99",
    }


def main() -> None:
    """Fill a database, and let the report be made of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--keep", default="", help="where the SQLite file is left")
    parser.add_argument("--lang", default="en")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "peygir.sqlite3"
        url = options.url or f"sqlite:///{file}"
        began = time.monotonic()
        with opened(url) as database:
            fill(database, url, options.cases, options.days)
        sys.stderr.write(f"{options.cases:,} cases were made in {time.monotonic() - began:.0f} s\n")
        if options.keep:
            shutil.copy(file, options.keep)
        whole = [f"--from={options.days + 1} days", "--as=admin@example.com", "--json", f"{folder}/all.json"]
        slow = [_report(url, folder, [*more, f"--lang={options.lang}"]) for more in ([], whole)]
    sys.exit(not options.url and any(slow))


def _report(url: str, folder: str, more: list[str]) -> bool:
    """Make a page in a process of its own; whether that was too slow or took too much memory."""
    command = [sys.executable, str(ROOT / "worker.py"), "report", "--out", f"{folder}/page.html", *more]
    began, child = (
        time.monotonic(),
        subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}),
    )
    _, state, used = os.wait4(child.pid, 0)
    seconds, megabytes = time.monotonic() - began, used.ru_maxrss / 1024
    cpu = used.ru_utime + used.ru_stime
    what = "all of its time, by agent" if len(more) > 1 else "the last quarter"
    sys.stdout.write(f"{what}: {seconds:.1f} s ({cpu:.1f} s of CPU), {megabytes:.0f} MB\n")
    return os.waitstatus_to_exitcode(state) != 0 or seconds > SECONDS or megabytes > MEGABYTES


if __name__ == "__main__":
    main()
