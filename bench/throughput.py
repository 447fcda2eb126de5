"""Mails a second: fill a Dovecot mailbox, run `worker.py run --once`, watch the acknowledgements.

    .venv/bin/python -m bench.throughput [--mails 1000] [--rounds 2] [--database URL]

Each round first lets a bare loop answer the same mails (bench/bare.py: nothing parsed, decided or stored),
then the worker, and gives their ratio. Dovecot and the sink run on the same cores. Start-up is included;
"steady" is from the first acknowledgement to the last. The database is durable (SQLite, synchronous=FULL).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import Sample, samples
from bench.measuring import ADDRESS, ROOT, Cost, MailHost, Meter, mail_host

BARE = [sys.executable, "-m", "bench.bare", "--once"]
WORKER = [sys.executable, str(ROOT / "worker.py"), "run", "--once"]
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Run:
    """One run over a full mailbox."""

    a_second: float
    """Mails a second, from the start of the process to the last acknowledgement."""
    steady: float
    first: float
    """Seconds to the first acknowledgement."""
    missing: int
    cost: Cost


def run(host: MailHost, command: Sequence[str], settings: Mapping[str, str], mails: Sequence[Sample]) -> Run:
    """Run a command over what is in the mailbox."""
    owed = {mail.message_id for mail in mails if mail.owed}
    list(host.sink.letters())
    begun = time.monotonic()
    child = subprocess.Popen(
        command, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    meter = Meter(child.pid)
    try:
        child.wait(LONGEST)
    finally:
        child.kill()
        cost = meter.stop()
    time.sleep(0.1)
    at = {one["in_reply_to"]: one["at"] for one in host.sink.letters() if one["in_reply_to"] in owed}
    first, last = min(at.values(), default=begun), max(at.values(), default=begun)
    share = len(mails) * len(at) / len(owed)
    return Run(
        a_second=share / (last - begun) if at else 0.0,
        steady=share / (last - first) if last > first else 0.0,
        first=first - begun,
        missing=len(owed) - len(at),
        cost=cost,
    )


def rounds(host: MailHost, folder: Path, count: int, times: int, database: str) -> None:
    """Bare loop and worker in turn, on the same mails."""
    print(f"{'':14}{'mails/s':>9}{'steady':>9}{'first':>9}{'CPU a mail':>13}{'memory':>10}{'missing':>9}")
    ratios = []
    for turn in range(times):
        found = {}
        for name, command in (("bare loop", BARE), ("Peygir", WORKER)):
            host.empty()
            mails = host.deliver(samples(count, ADDRESS, f"r{turn}{name[0]}"))
            where = database or f"sqlite:///{folder / f'{turn}.sqlite3'}"
            found[name] = one = run(host, command, host.environment(where), mails)
            print(
                f"{name:14}{one.a_second:>9.1f}{one.steady:>9.1f}{one.first:>7.2f} s"
                f"{one.cost.cpu / count * 1000:>10.2f} ms{one.cost.memory:>6.0f} MiB{one.missing:>9}"
            )
        ratios.append(found["Peygir"].a_second / found["bare loop"].a_second)
    each = ", ".join(f"{one:.2f}" for one in ratios)
    print(f"of the bare loop: {each}; median {statistics.median(ratios):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--database", default="", help="another DATABASE_URL than a fresh SQLite file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as name:
        folder = Path(name)
        with mail_host(folder) as host:
            rounds(host, folder, options.mails, options.rounds, options.database)


if __name__ == "__main__":
    main()
