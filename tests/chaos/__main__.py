"""`python -m tests.chaos --seed 7 --broken new-id`: one run by hand, also of a worker broken on purpose."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos.harness import Chaos
from tests.hosts import Border, Dovecot, DovecotHost
from tests.supervised import WORKER

BROKEN = Path(__file__).parent / "broken.py"


def main() -> int:
    """Run once; exit 1 when something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mails", type=int, default=40)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--broken", metavar="HOW", help="a worker that is broken on purpose; see broken.py")
    parser.add_argument("--log", action="store_true", help="show what the worker logged")
    options = parser.parse_args()
    dovecot = Dovecot()
    border = Border(dovecot)
    try:
        with tempfile.TemporaryDirectory(prefix="peygir-chaos-") as folder:
            report = Chaos(
                DovecotHost(dovecot, border),
                dovecot,
                Path(folder),
                seed=options.seed,
                mails=options.mails,
                kills=options.kills,
                program=BROKEN if options.broken else WORKER,
                environment={"BROKEN": options.broken} if options.broken else {},
            ).run()
    finally:
        border.stop()
        dovecot.stop()
    if options.log:
        sys.stdout.write(report.log)
    sys.stdout.write(report.text() + "\n")
    return 1 if report.violations or report.ended_with else 0


if __name__ == "__main__":
    sys.exit(main())
