"""Mails a second: fill a Dovecot mailbox, run `worker.py run --once`, watch the acknowledgements.

    .venv/bin/python -m bench.throughput [--mails 500] [--database URL]

Dovecot and the SMTP server run on loopback, on the same cores as the worker; start-up is included and
shown apart. The database is durable (SQLite with synchronous=FULL).
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

import yaml

from tests.hosts import DOVECOT, NO_DOVECOT, Border, Dovecot, DovecotHost

ROOT = Path(__file__).parent.parent


def texts() -> Iterator[str]:
    """Short complaints in four languages, over and over."""
    labelled: Any = yaml.safe_load((ROOT / "tests" / "mails_by_cause.yaml").read_text("utf-8"))
    found = [text for group in labelled.values() for mails in group.values() for text in mails]
    return itertools.cycle(str(text) for text in found)


def complaint(sender: str, to: str, subject: str, text: str) -> bytes:
    """One mail to the complaints address."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain="example.com")
    mail.set_content(text)
    return mail.as_bytes()


def fill(host: DovecotHost, count: int) -> None:
    """Deliver so many complaints, each from a customer of its own."""
    for number, text in enumerate(itertools.islice(texts(), count)):
        sender = f"Customer {number} <customer-{number}@example.com>"
        host.deliver(complaint(sender, host.address, text[:60].replace("\n", " "), text))


def environment(host: DovecotHost, folder: Path, database: str) -> dict[str, str]:
    """The worker's settings."""
    return {
        "PATH": os.environ["PATH"],
        "IMAP_HOST": host.imap_host,
        "IMAP_PORT": str(host.imap_port),
        "IMAP_USER": host.user,
        "IMAP_PASSWORD": host.password,
        "IMAP_TLS": "none",
        "SMTP_HOST": host.smtp_host,
        "SMTP_PORT": str(host.smtp_port),
        "SMTP_TLS": "none",
        "COMPLAINTS_ADDRESS": host.address,
        "TOKEN_ONLY_COMMANDS": "true",
        "ACKS_IN_ALL_PER_HOUR": "1000000",
        "DATABASE_URL": database or f"sqlite:///{folder / 'bench.sqlite3'}",
    }


def measure(host: DovecotHost, count: int, database: str) -> None:
    """Run the worker once over what is in the mailbox, and print how fast it was."""
    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as name:
        begun, started = time.monotonic(), datetime.now(UTC)
        ended = subprocess.run(
            [sys.executable, str(ROOT / "worker.py"), "run", "--once"],
            env=environment(host, Path(name), database),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        took = time.monotonic() - begun
    if ended.returncode:
        raise SystemExit(ended.stderr[-2000:])
    acknowledged = [one for one in host.sent() if one.recipients[0].startswith("customer-")]
    first = min((one.at - started).total_seconds() for one in acknowledged)
    last = max((one.at - started).total_seconds() for one in acknowledged)
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"mails              {count}")
    print(f"acknowledged       {len(acknowledged)}")
    print(f"whole run          {took:.2f} s")
    print(f"first, last        {first:.2f} s, {last:.2f} s after the start")
    print(f"mails a second     {len(acknowledged) / last:.1f} to the last acknowledgement")
    print(f"peak memory        {cpu.ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--database", default="", help="another DATABASE_URL than a fresh SQLite file")
    options = parser.parse_args()
    if DOVECOT is None:
        raise SystemExit(NO_DOVECOT)
    dovecot = Dovecot()
    border = Border(dovecot)
    try:
        host = DovecotHost(dovecot, border)
        fill(host, options.mails)
        measure(host, options.mails, options.database)
    finally:
        border.stop()
        dovecot.stop()


if __name__ == "__main__":
    main()
