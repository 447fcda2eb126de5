"""What the first draft of a case costs, the mail to its agent and SQLite included, in CPU time of one thread.

    .venv/bin/python -m bench.drafting [--mails 300] [--rounds 5]

The complaints are read and recorded beforehand; each round does so in a new database and then fires the
timers that make the drafts. The cheapest round counts: what else the machine does disturbs that least.
"""

from __future__ import annotations

import argparse
import gc
import io
import tempfile
import time
from pathlib import Path

from bench.corpus import samples
from bench.recording import OURS, ROOT, a_desk, recorded
from engine import firing, logs
from engine.desk import Desk
from engine.files import Files
from engine.recording import Read
from engine.understanding import understand
from inbox.mailbox import Fetched


def fired(desk: Desk) -> tuple[int, float]:
    """How many timers were due, and the seconds of CPU that it took to decide them."""
    begin, count = time.thread_time(), 0
    while some := firing.fire_some(desk):
        count += some
    return count, time.thread_time() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    logs.configure("info", "json", io.StringIO())
    spent, drafts, mails = list[float](), 0, list[Read]()
    files = Files(ROOT / "rules", ROOT / "templates")
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as folder:
            desk = a_desk(Path(folder), files)
            wanted = () if mails else samples(given.mails, OURS, "drafting", only_complaints=True)
            for uid, one in enumerate(wanted, 1):
                fetched = Fetched(uid, one.raw, len(one.raw), False)
                mails.append(Read(fetched, 1, understand(one.raw, files.current.rulebook, desk.limits, OURS)))
            recorded(desk, mails)
            gc.freeze()
            drafts, seconds = fired(desk)
            spent.append(seconds)
            desk.database.close()
    print(f"{drafts} first drafts: {min(spent) * 1000 / drafts:.2f} ms of CPU each")


if __name__ == "__main__":
    main()
