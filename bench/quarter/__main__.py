"""A quarter of a year in minutes: the real worker, thousands of cases, a planted story; is it told rightly?

    .venv/bin/python -m bench.quarter [--cases 5000] [--small] [--seed 1] [--folder DIR]

Prints what happened and every difference from what ought to have happened; exits 1 when there is one.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import structlog

from bench.quarter.checking import check
from bench.quarter.page import tables
from bench.quarter.story import SMALL, Story
from bench.quarter.world import live

MOST_SHOWN = 60


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=Story().cases)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="two weeks and 150 cases")
    parser.add_argument("--folder", type=Path, help="where all of it is kept (default: nowhere)")
    options = parser.parse_args()
    # What the worker says at work is not what is looked at.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    story = SMALL if options.small else Story(cases=options.cases, seed=options.seed)
    kept = tempfile.TemporaryDirectory(prefix="peygir-quarter-") if options.folder is None else None
    with kept or nullcontext(str(options.folder)) as name:
        folder = Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        return _told(story, folder)


def _told(story: Story, folder: Path) -> int:
    begun, cpu = time.monotonic(), time.process_time()
    lived = live(story, folder, _Progress())
    print(
        f"\n{story.cases} cases from {story.first} on, {story.days} days: {lived.steps} steps, "
        f"{time.monotonic() - begun:.0f} s, {time.process_time() - cpu:.0f} s of CPU"
    )
    letters = Counter(one.kind for one in lived.got)
    print("letters:", ", ".join(f"{kind} {count}" for kind, count in letters.most_common()))
    checked = check(lived, folder, tables(lived))
    print("looked at:", ", ".join(f"{name} {count}" for name, count in sorted(checked.looked_at.items())))
    for name, how in checked.found.items():
        print(f"signals, {name}: {how}")
    for one in checked.wrong[:MOST_SHOWN]:
        print(f"wrong: {one}")
    print(f"{len(checked.wrong)} differences")
    return 1 if checked.wrong else 0


class _Progress:
    """A line a simulated week."""

    def __init__(self) -> None:
        self._week = -1
        self._begun = time.monotonic()

    def __call__(self, at: datetime, steps: int) -> None:
        week = at.isocalendar().week
        if week != self._week:
            self._week = week
            took = time.monotonic() - self._begun
            print(f"{at:%Y-%m-%d} {steps} steps, {took:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
