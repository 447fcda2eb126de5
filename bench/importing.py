"""How fast old mail is taken in, and how much memory a large mbox needs.

    .venv/bin/python -m bench.importing [--mails 5000] [--split-mb 2000] [--database URL]

First an mbox of mails in several languages, with answers of the firm and threads: mails a second of a whole
command, again where all is known, and of `export --all`. Then an mbox of so many megabytes is split, beside
the standard library's `mailbox.mbox`, which makes a table of the whole file first.
"""

from __future__ import annotations

import argparse
import mailbox
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from multiprocessing import get_context
from pathlib import Path

from bench.corpus import samples
from bench.measuring import ADDRESS, ROOT
from inbox.archives import mbox

WORKER = [sys.executable, str(ROOT / "worker.py")]
LINE = b"From somebody@example.com Mon May  6 09:30:00 2024\n"
LATER = datetime(2026, 12, 31, tzinfo=UTC)
"""After the mails that are answered."""
EVERY_ANSWER = 3
"""One mail of so many is answered, and its customer writes again."""
MEGABYTE = 10**6


def archive(path: Path, mails: int) -> None:
    """So many mails, of which some are answers and further words."""
    with path.open("wb") as file:
        written = 0
        for number, sample in enumerate(samples(mails, ADDRESS, "old"), 1):
            thread = [sample.raw]
            if number % EVERY_ANSWER == 0:
                thread += _thread(sample.message_id, number)
            for raw in thread[: mails - written]:
                file.write(LINE + raw.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ") + b"\n")
                written += 1
            if written >= mails:
                return


def _thread(message_id: str, number: int) -> list[bytes]:
    at = LATER + timedelta(seconds=number)
    answer = _mail(ADDRESS, f"customer{number}@example.com", at, [message_id], number)
    again = _mail(
        f"customer{number}@example.com", ADDRESS, at, [message_id, str(answer["Message-ID"])], -number
    )
    return [answer.as_bytes(), again.as_bytes()]


def _mail(sender: str, to: str, at: datetime, thread: list[str], number: int) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, "Re: your order"
    made["Date"], made["Message-ID"] = format_datetime(at), f"<answer{number}@example.com>"
    made["In-Reply-To"], made["References"] = thread[-1], " ".join(thread)
    made.set_content("It is on its way, and we are sorry that it took so long.\n" * 3)
    return made


def timed(words: list[str], folder: Path, url: str) -> tuple[float, float, int, str]:
    """Seconds of a command, those of CPU, the most memory in megabytes of any so far, and what it said."""
    settings = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "IMAP_HOST": "127.0.0.1",
        "IMAP_USER": "x",
        "IMAP_PASSWORD": "x",
        "SMTP_HOST": "127.0.0.1",
        "COMPLAINTS_ADDRESS": ADDRESS,
        "TOKEN_ONLY_COMMANDS": "true",
        "DATABASE_URL": url,
    }
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [*WORKER, *words], cwd=folder, env=settings, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, after.ru_maxrss // 1024, (done.stdout + done.stderr).strip()


def split_large(path: Path, megabytes: int) -> None:
    """An mbox of so many megabytes, split here and by the standard library, each in a process of its own."""
    one = (
        LINE + b"From: a@example.com\nSubject: x\nMessage-ID: <%d@x>\n\n" + b"words of a mail\n" * 300 + b"\n"
    )
    with path.open("wb") as file:
        number = 0
        while file.tell() < megabytes * MEGABYTE:
            file.write(one % number)
            number += 1
    for name, split in (("own splitter", own), ("mailbox.mbox", standard)):
        with get_context("spawn").Pool(1) as pool:
            count, seconds, most = pool.apply(measured, (split, str(path)))
        rate = path.stat().st_size / MEGABYTE / seconds
        print(
            f"{name:14} {count:9,} mails, {seconds:6.1f} s, {rate:6.0f} MB/s, at most {most:5} MB of memory"
        )


def measured(split: Callable[[str], int], path: str) -> tuple[int, float, int]:
    begun = time.monotonic()
    count = split(path)
    return count, time.monotonic() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def own(path: str) -> int:
    return sum(1 for _ in mbox.pieces(Path(path)))


def standard(path: str) -> int:
    with closing(mailbox.mbox(path)) as box:
        return len(box)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--split-mb", type=int, default=2000)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as name:
        folder = Path(name)
        path = folder / "old.mbox"
        archive(path, given.mails)
        url = given.database or f"sqlite:///{folder / 'x.sqlite3'}"
        size = path.stat().st_size / MEGABYTE
        print(f"{given.mails:,} mails, {size:.1f} MB")
        for what, words in (
            ("import", ["import", str(path)]),
            ("the same again", ["import", str(path)]),
            ("export --all", ["export", "--all", "--out", str(folder / "all")]),
            ("backup", ["backup", str(folder / "a.backup")]),
        ):
            seconds, cpu, most, said = timed(words, folder, url)
            rate = f"{given.mails / seconds:6.0f} mails a second"
            print(f"{what:15} {seconds:6.1f} s, {cpu:6.1f} s of CPU, {rate}, at most {most} MB so far")
            print("   " + said.replace("\n", "\n   "))
        if given.split_mb:
            split_large(folder / "large.mbox", given.split_mb)


if __name__ == "__main__":
    main()
