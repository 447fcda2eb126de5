"""Mails that were made to keep a reader busy: the CPU seconds and memory of each, and if it is linear.

    .venv/bin/python -m bench.hostile [--only WORD] [--scale 1.0]

Each mail of tests/hostile.py is read at its full size and at half of it, each in a process of its own. The
table says the seconds, the peak of the process's memory (VmHWM, so with Python and the mail itself) and how
many times longer the double size took. More than 10 s, 600 MB or a factor above 3 is marked; a factor
is told only where there is enough time to measure.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import time
from collections.abc import Sequence
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from cases.rules.rulebook import Rulebook
from engine.rule_files import read_rules
from inbox.parse import as_json, parse
from tests.hostile import ALL

MEGABYTE = 1 << 20
SLOW, LARGE, STEEP = 10.0, 600.0, 3.0
MEASURABLE = 0.1
PATIENCE = 60.0
_PROCESSES = multiprocessing.get_context("fork")


class Reading(NamedTuple):
    """How one mail was read."""

    size: int
    seconds: float
    megabytes: float
    said: str
    """What went wrong; "" when nothing did."""


def peak() -> float:
    """The most memory that this process held, in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def forget_peak() -> None:
    """A process is born with the highest mark of the one that started it, and making the mail has its own."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


@cache
def rules() -> Rulebook:
    """The shipped rules, read once: a process inherits them."""
    rulebook, problems = read_rules(Path("rules"))
    if rulebook is None:
        raise SystemExit(f"the rules can't be read: {problems}")
    return rulebook


def read(name: str, size: int, answer: Connection) -> None:
    """Makes the mail and reads it; run in a process of its own."""
    rulebook = rules()
    raw = ALL[name].make(size)
    forget_peak()
    begun = time.process_time()
    message = parse(raw, rulebook.words, signs=rulebook.signs)
    seconds = time.process_time() - begun
    json.dumps(as_json(message), ensure_ascii=False).encode()
    said = "; ".join(message.damage) if message.unparsed else ""
    answer.send(Reading(len(raw), seconds, peak(), said))


def measured(name: str, size: int) -> Reading:
    """The reading, or what became of it."""
    here, there = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=read, args=(name, size, there))
    process.start()
    there.close()
    try:
        if here.poll(PATIENCE):
            return Reading(*here.recv())
    except EOFError:
        return Reading(0, 0.0, 0.0, "the process died")
    finally:
        process.kill()
        process.join()
    return Reading(0, PATIENCE, 0.0, f"it took more than {PATIENCE:.0f} s")


def line(name: str, scale: float) -> tuple[str, bool]:
    """A line of the table, and whether it holds what is promised."""
    full = max(2, int(ALL[name].full * scale))
    half, whole = measured(name, full // 2), measured(name, full)
    factor = whole.seconds / half.seconds if half.seconds >= MEASURABLE else 0.0
    wrong = [whole.said or half.said] if whole.said or half.said else []
    wrong += ["SLOW"] if whole.seconds > SLOW else []
    wrong += ["LARGE"] if whole.megabytes > LARGE else []
    wrong += ["STEEP"] if factor > STEEP else []
    told = f"{factor:6.1f}" if factor else "     –"
    row = f"{name:44}{whole.size / MEGABYTE:8.1f} MB{whole.seconds:8.2f} s{whole.megabytes:7.0f} MB{told}"
    return f"{row}  {', '.join(wrong)}".rstrip(), not wrong


def table(names: Sequence[str], scale: float) -> bool:
    """Prints the table; whether all is as promised."""
    print(f"{'':44}{'mail':>11}{'time':>10}{'memory':>10}{'x2':>6}")
    parse(b"", rules().words, signs=rules().signs)  # what is made once is no mail's
    good = True
    for name in names:
        row, is_good = line(name, scale)
        print(row, flush=True)
        good = good and is_good
    return good


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="mails whose name holds this")
    parser.add_argument("--scale", type=float, default=1.0, help="a fraction of the full sizes")
    options = parser.parse_args()
    names = [name for name in ALL if options.only in name]
    raise SystemExit(not table(names, options.scale))


if __name__ == "__main__":
    main()
