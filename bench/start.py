"""What the worker costs before its first mail: processor and clock time, and memory after each stage.

.venv/bin/python -m bench.start [--rounds 5]

Each start is a process of its own. A first start has byte code and no more: rules and letters are checked
and compiled, and a database is made. A later start finds both. Medians of all rounds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent.parent
MEASURED = "worker"
"""By its name, because importing it is what is measured."""
LATER = "engine.running"
"""What a worker loads once the process that reads mails has begun, which loads what it needs meanwhile."""
PAGE_KB = 4
Row = dict[str, Any]


def main() -> None:
    """Start the worker's parts a few times, and print what each cost in the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stages", metavar="FOLDER", help="one start, in this process (for this bench)")
    options = parser.parse_args()
    if options.stages:
        sys.stdout.write(json.dumps(stages(Path(options.stages))))
        return
    first: list[list[Row]] = []
    later: list[list[Row]] = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            first.append(_start(folder))
            later.append(_start(folder))
    _print("a first start", first)
    _print("a later start", later)


def _print(title: str, rounds: list[list[Row]]) -> None:
    print(f"{title:<22}{'CPU ms':>8}{'wall ms':>9}{'RSS MB':>8}")
    for rows in zip(*rounds, strict=True):
        cpu, wall, rss = (median(row[key] for row in rows) for key in ("cpu", "wall", "rss"))
        print(f"  {rows[0]['stage']:<20}{cpu * 1000:>8.0f}{wall * 1000:>9.0f}{rss:>8.0f}")
    whole = (median(sum(row[key] for row in rows) for rows in rounds) * 1000 for key in ("cpu", "wall"))
    print(f"  {'in all':<20}{next(whole):>8.0f}{next(whole):>9.0f}\n")


def _start(folder: str) -> list[Row]:
    command = [sys.executable, "-m", "bench.start", "--stages", folder]
    # As in use: with byte code from the start before.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command, cwd=HERE, env=environment, check=True, capture_output=True, text=True, timeout=120
    )
    rows: list[Row] = json.loads(done.stdout)
    return rows


def stages(folder: Path) -> list[Row]:
    """Go through a start; what each stage cost."""
    rows: list[Row] = [{"stage": "python", "cpu": time.process_time(), "wall": 0.0, "rss": _rss()}]

    def stage(name: str, work: Callable[[], Any]) -> Any:
        cpu, wall = time.process_time(), time.perf_counter()
        result = work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        rows.append({"stage": name, "cpu": cpu, "wall": wall, "rss": _rss()})
        return result

    worker = stage("imports", lambda: _imported("run"))
    given = {
        "IMAP_HOST": "localhost",
        "IMAP_USER": "complaints",
        "SMTP_HOST": "localhost",
        "COMPLAINTS_ADDRESS": "complaints@example.com",
        "DATABASE_URL": f"sqlite:///{folder}/peygir.sqlite3",
        "CACHE_DIR": f"{folder}/cache",
    }
    shell = worker.Shell(given, folder / ".env", worker.now)
    settings = stage("settings", shell.settings)
    stage("rules and letters", lambda: shell.files(settings))
    stage("database", lambda: _with_the_store(shell))
    return rows


def _imported(command: str) -> Any:
    worker = importlib.import_module(MEASURED)
    worker.command(command)
    importlib.import_module(LATER)
    return worker


def _with_the_store(shell: Any) -> None:
    with shell.store(make=True):
        pass


def _rss() -> float:
    """Megabytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * PAGE_KB / 1024


if __name__ == "__main__":
    main()
