"""`backup` and `restore`: all that is stored, in one file."""

from __future__ import annotations

from pathlib import Path

from commandline.grammar import Options
from commandline.shell import Shell, complain, say
from engine.backups import back_up, put_back, told_of


def backup(shell: Shell, options: Options) -> int:
    """Copy the database into a file."""
    found = back_up(shell.one("DATABASE_URL"), Path(options.file), force=options.force)
    say(f"{options.file} is written and was looked through: {told_of(found)}")
    return 0


def restore(shell: Shell, options: Options) -> int:
    """Let a backup be the database."""
    done = put_back(shell.one("DATABASE_URL"), Path(options.file), force=options.force, now=shell.now())
    say(f"{options.file} is put back: {told_of(done.inventory)}")
    if done.aside:
        say(f"what was there before is kept as {done.aside}")
    if done.restore.knows_until:
        say(f"it knows of nothing after {done.restore.knows_until:%Y-%m-%d %H:%M} UTC")
        complain("customers who were erased after that are in it again: erase them once more")
    if done.restore.kept_back:
        waits = "letters to customers that wait for your word, since they may have left"
        say(f"{waits}: {done.restore.kept_back}; worker.py queue lists them")
    say("at its start the worker takes mail in again that came since; it acknowledges none of it by itself")
    return 0
