"""`import`: old mail becomes cases."""

from __future__ import annotations

import sys
from pathlib import Path

from commandline.grammar import Options
from commandline.shell import Shell, complain, say
from engine.desk import policy_of
from engine.import_recording import Done, Wish, addresses_that_answer
from engine.importing import Import
from engine.limits import limits_in
from engine.memory import Memory
from engine.progress import Progress
from engine.starting import begun, process_of

MOST_NOTES = 50


def take_in(shell: Shell, options: Options) -> int:
    """Take old mail in, answering nobody."""
    settings = shell.settings()
    rulebook, policy = shell.rules(), policy_of(settings)
    wish = Wish(
        rulebook=rulebook,
        policy=policy,
        limits=limits_in(settings),
        ours=addresses_that_answer(policy, rulebook, options.ours),
        domain=settings.domain,
        size_limit=settings.MAIL_LIMIT_MB * 2**20,
        leave_open=options.open,
        now=shell.now(),
    )
    process = process_of(settings, Memory.at(settings.CACHE_DIR))
    paths = [Path(one) for one in options.paths]
    with begun(process) as reader, shell.store(make=True) as database, Progress(sys.stderr) as progress:
        done = Import(database, wish, reader).run(paths, progress.reached)
    _tell(done)
    return 1 if done.aside else 0


def _tell(done: Done) -> None:
    say(f"{done.mails:,} mails and {done.answers:,} answers of ours are taken in: {done.cases:,} cases")
    for count, what in (
        (done.known, "were there already"),
        (done.erased, "were erased and stay so"),
        (done.alone, "are ours and answer nothing that is there; they are left out"),
    ):
        if count:
            say(f"{count:,} {what}")
    if done.aside:
        complain(f"{len(done.aside):,} could not be taken in:")
        for note in done.aside[:MOST_NOTES]:
            complain(f"  {note}")
        if len(done.aside) > MOST_NOTES:
            complain(f"  and {len(done.aside) - MOST_NOTES:,} more")
