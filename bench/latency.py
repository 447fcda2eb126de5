"""How long an acknowledgement takes: from LMTP's 250 to the last byte of the letter at the sink.

    .venv/bin/python -m bench.latency [--rates 1:20 20:400 100:1000] [--idle 10] [--database URL]

The bare loop (bench/bare.py) first, at the lowest rate, then the worker: its CPU at rest, then each rate with
so many mails, delivered at fixed times whether or not the worker keeps up. "left" is how many mails were
unanswered when the delivery ended: it shows a queue that grows.
"""

from __future__ import annotations

import argparse
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.corpus import Sample, samples
from bench.measuring import ADDRESS, ROOT, Lmtp, MailHost, Meter, cpu_of, mail_host

BARE = [sys.executable, "-m", "bench.bare"]
WORKER = [sys.executable, str(ROOT / "worker.py"), "run"]
SETTLED = 15.0
"""Seconds that a process gets to start, and to check every rule and letter for the first time."""
LONGEST = 60.0
"""Seconds after the last delivery for which a missing acknowledgement is waited for."""


@dataclass(slots=True)
class Flow:
    """Mails on their way in and letters on their way out."""

    host: MailHost
    given: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    copies: int = 0

    def look(self) -> None:
        for letter in self.host.sink.letters():
            about = letter["in_reply_to"]
            if about in self.answered:
                self.copies += 1
            elif about:
                self.answered[about] = letter["at"]

    def deliver(self, mails: Sequence[Sample], rate: float) -> None:
        """Deliver each mail at its time, over several connections when it is many a second."""
        due: queue.Queue[tuple[float, Sample] | None] = queue.Queue()
        hands = 1 if rate <= 5 else 4
        threads = [threading.Thread(target=self._hand, args=(due,)) for _ in range(hands)]
        for thread in threads:
            thread.start()
        begun = time.monotonic() + 0.2
        for number, mail in enumerate(mails):
            due.put((begun + number / rate, mail))
        for _ in threads:
            due.put(None)
        for thread in threads:
            thread.join()

    def _hand(self, due: queue.Queue[tuple[float, Sample] | None]) -> None:
        line = Lmtp(self.host.dovecot.lmtp_port)
        while (item := due.get()) is not None:
            at, mail = item
            time.sleep(max(0.0, at - time.monotonic()))
            self.given[mail.message_id] = line.deliver(mail)


@contextmanager
def running(command: Sequence[str], settings: Mapping[str, str]) -> Iterator[int]:
    """A process that runs meanwhile; its id."""
    child = subprocess.Popen(
        command, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(SETTLED)
        yield child.pid
    finally:
        child.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(15)
        child.kill()


def measure(host: MailHost, name: str, pid: int, rate: float, count: int) -> None:
    """One rate; a line of figures."""
    mails = list(samples(count, ADDRESS, f"{name[0]}{rate:g}x", only_complaints=True))
    flow, meter = Flow(host), Meter(pid)
    flow.look()
    flow.answered.clear()
    flow.deliver(mails, rate)
    ended = time.monotonic()
    flow.look()
    left = len(flow.given.keys() - flow.answered.keys())
    while flow.given.keys() - flow.answered.keys() and time.monotonic() - ended < LONGEST:
        time.sleep(0.05)
        flow.look()
    cost = meter.stop()
    waits = sorted(1000 * (flow.answered[one] - at) for one, at in flow.given.items() if one in flow.answered)
    shown = "".join(f"{_of(waits, share):>8.0f}" for share in (0.5, 0.95, 0.99, 1.0))
    print(
        f"{name:12}{rate:>6g}/s{count:>7}{shown} ms{left:>6} left{count - len(waits):>4} lost"
        f"{flow.copies:>3} twice{cost.cpu / count * 1000:>8.1f} ms CPU a mail{cost.memory:>6.0f} MiB"
    )


def _of(waits: Sequence[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(share * len(waits)))] if waits else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rates", nargs="+", default=["1:20", "20:400", "100:1000"], metavar="RATE:MAILS")
    parser.add_argument("--idle", type=float, default=10.0, help="seconds of rest before")
    parser.add_argument("--database", default="", help="another DATABASE_URL than a fresh SQLite file")
    options = parser.parse_args()
    rates = [(float(rate), int(count)) for rate, _, count in (one.partition(":") for one in options.rates)]
    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as name, mail_host(Path(name)) as host:
        settings = host.environment(options.database or f"sqlite:///{Path(name) / 'bench.sqlite3'}")
        print(f"{'':27}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
        with running(BARE, settings) as pid:
            measure(host, "bare loop", pid, *min(rates))
        host.empty()
        with running(WORKER, settings) as pid:
            before = cpu_of(pid)
            time.sleep(options.idle)
            print(f"{'Peygir':12}at rest {1000 * (cpu_of(pid) - before) / options.idle:.1f} ms CPU a second")
            for rate, count in rates:
                measure(host, "Peygir", pid, rate, count)


if __name__ == "__main__":
    main()
