"""Training in a process of its own: `python -m engine.training`, with its order as JSON on standard input.

What it takes in memory, time or patience harms nobody else, and what it loads is in no other process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.learning import train
from engine.memory import Memory
from engine.rule_files import WrongFiles, read_rules
from store.database import Database, StoreDown

NICE = 10
"""What reads and answers mail goes before."""


def main() -> int:
    """Train as it is ordered; what was learned goes to standard output, what is wrong to standard error."""
    order = json.load(sys.stdin)
    os.nice(NICE)
    # Whoever gave the order may be gone: then nobody else ends what takes for ever.
    signal.alarm(order["seconds"])
    try:
        done = _trained(order)
    except (WrongFiles, StoreDown) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.write(json.dumps(done))
    return 0


def _trained(order: dict[str, Any]) -> dict[str, Any]:
    rulebook, problems = read_rules(Path(order["rules"]), memory=Memory.at(order["cache"]))
    if rulebook is None:
        raise WrongFiles(problems)
    database = Database(order["database"])
    try:
        return train(database, rulebook, datetime.fromisoformat(order["now"]), order["precision"])
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(main())
