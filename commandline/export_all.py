"""`export --all`: everything that is stored, for another program or another Peygir."""

from __future__ import annotations

import sys
from pathlib import Path

from commandline.grammar import Options
from commandline.shell import Shell, complain, say
from engine.exporting_all import MBOX, write_all
from engine.progress import Progress


def export_all(shell: Shell, options: Options) -> int:
    """Write every mail and every list into a new folder."""
    folder = Path(options.out or f"peygir-export-{shell.now():%Y-%m-%d}")
    with shell.store() as database, Progress(sys.stderr) as progress:
        written = write_all(database, folder, shell.now(), progress.reached)
    counts = written.counts
    say(f"{folder} is written: {counts['cases.jsonl']:,} cases, {counts[MBOX]:,} mails and letters")
    for note in written.damaged:
        complain(f"left out: {note}")
    say("it holds customers' mail: keep it where only you can read it")
    return 1 if written.damaged else 0
