"""A burst from one sender, and how long other customers wait meanwhile.

    .venv/bin/python -m bench.flood [--mails 2000] [--others 20]

A running worker on a Dovecot mailbox; the burst is delivered as fast as it goes in, the others among it.
Prints how long the others waited for their acknowledgement, and what the sender and the admins got.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from tests.hosts import DOVECOT, NO_DOVECOT, Border, Dovecot, DovecotHost

ROOT = Path(__file__).parent.parent
ROBOT = "robot@example.org"
LONGEST = 300
"""Seconds after which it is given up."""


def complaint(sender: str, to: str, subject: str, text: str) -> bytes:
    """One mail to the complaints address."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain="example.com")
    mail.set_content(text)
    return mail.as_bytes()


def environment(host: DovecotHost, folder: Path) -> dict[str, str]:
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
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
    }


def deliver(host: DovecotHost, mails: int, others: int) -> dict[str, datetime]:
    """The burst with the others in it; when each of the others was delivered."""
    sent: dict[str, datetime] = {}
    every = max(1, mails // max(1, others))
    for number in range(mails):
        host.deliver(complaint(ROBOT, host.address, f"Alarm {number}", f"This is alarm number {number}."))
        if number % every == 0:
            customer = f"customer-{number}@example.com"
            sent[customer] = datetime.now(UTC)
            host.deliver(complaint(customer, host.address, "Late", "My parcel has not arrived."))
    return sent


def acknowledged(host: DovecotHost) -> dict[str, datetime]:
    """When each customer's letter left."""
    return {one.recipients[0]: one.at for one in host.sent() if one.recipients[0].startswith("customer-")}


def measure(host: DovecotHost, folder: Path, mails: int, others: int) -> None:
    admin = host.account("admin")
    command = [sys.executable, str(ROOT / "worker.py"), "run"]
    settings = environment(host, folder) | {"RULES_DIR": str(rules(folder, admin))}
    worker = subprocess.Popen(
        command, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(4)
        begun = time.monotonic()
        sent = deliver(host, mails, others)
        delivered = time.monotonic() - begun
        while len(acknowledged(host)) < len(sent) and time.monotonic() - begun < LONGEST:
            time.sleep(0.2)
        done = time.monotonic() - begun
        while host.inbox() and time.monotonic() - begun < LONGEST:
            time.sleep(0.5)
        read = time.monotonic() - begun
    finally:
        worker.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(15)
        worker.kill()
    at = acknowledged(host)
    waits = sorted((at[one] - sent[one]).total_seconds() for one in sent if one in at)
    robot = sum(ROBOT in one.recipients for one in host.sent())
    print(
        f"burst                  {mails} mails, delivered in {delivered:.1f} s, all read after {read:.1f} s"
    )
    print(f"others acknowledged    {len(waits)} of {len(sent)}, the last after {done:.1f} s")
    print(f"others waited          median {statistics.median(waits):.2f} s, at most {waits[-1]:.2f} s")
    print(f"acknowledged to robot  {robot}")
    alerts = sum(b"more than 20 mails within an hour" in mail for mail in host.inbox(admin))
    print(f"admin                  {len(host.inbox(admin))} mails, {alerts} of them about the burst")


def rules(folder: Path, admin: str) -> Path:
    """The shipped rules with one agent, who is the admin too."""
    copied = folder / "rules"
    shutil.copytree(ROOT / "rules", copied)
    text = f"agents:\n  - {{address: {admin}, name: Sam, languages: [en], roles: [agent, admin]}}\n"
    (copied / "agents.yaml").write_text(text, "utf-8")
    return copied


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--others", type=int, default=20)
    options = parser.parse_args()
    if DOVECOT is None:
        raise SystemExit(NO_DOVECOT)
    dovecot = Dovecot()
    border = Border(dovecot)
    try:
        with tempfile.TemporaryDirectory(prefix="peygir-bench-") as name:
            measure(DovecotHost(dovecot, border), Path(name), options.mails, options.others)
    finally:
        border.stop()
        dovecot.stop()


if __name__ == "__main__":
    main()
