"""`export` and `erase`: what is kept about a customer."""

from __future__ import annotations

import getpass
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from commandline.export_all import export_all
from commandline.grammar import Options
from commandline.shell import Shell, say
from engine.erasing import Done, Eraser
from engine.erasing_preview import BACKUPS, SERVER, NotThem, find, preview
from engine.exporting import write_export
from engine.replaying import OPERATOR
from language.direction import printable
from settings import WrongSettings
from store.whose import Whose


def export(shell: Shell, options: Options) -> int:
    """Write everything that is kept about a customer, or everything."""
    if options.all:
        return export_all(shell, options)
    with shell.store() as database:
        of = find(database, options.address, options.case, ())
        name = options.out or f"peygir-export-{shell.now():%Y-%m-%d}.zip"
        told = write_export(database, of, Path(name), shell.now())
    if told is None:
        say(f"nothing is kept about {_called(of)}")
        return 0
    say(f"{name} is written: {told}")
    say("read it before you hand it over: agents' notes are in it, and perhaps what other people wrote")
    return 0


def erase(shell: Shell, options: Options) -> int:
    """Show what would go, or erase it."""
    ours = _ours(shell)
    with shell.store() as database:
        of = find(database, options.address, options.case, ours)
        with database.read() as session:
            lines = preview(session, of)
        if not lines:
            say(f"nothing is kept about {_called(of)}")
            return 0
        for line in lines:
            say(printable(line))
        if not options.yes:
            say("nothing is changed; the same with --yes erases it, and there is no way back")
            return 0
        eraser = Eraser(database, shell.now, frozenset(ours), OPERATOR, {"by": _who()})
        say(_told(eraser.person(of)))
        left = database.scour()
    say(f"{SERVER}; {BACKUPS}")
    if left:
        raise NotThem(
            f"all is erased, but {left}, so its bytes may still stand in the file; run it once more"
        )
    return 0


def _told(done: Done) -> str:
    parts = (
        (len(done.cases), "cases"),
        (len(done.in_part), "cases of others in part"),
        (done.mails, "mails"),
        (done.letters, "letters"),
        (done.named, "texts that named them"),
    )
    return "erased: " + ", ".join(f"{count} {what}" for count, what in parts if count)


def _ours(shell: Shell) -> Collection[str]:
    """The addresses of the firm's own people."""
    ours = {agent.address for agent in shell.rules().agents}
    with suppress(WrongSettings):
        settings = shell.settings()
        ours |= {*settings.own_names}
        if len(settings.mailboxes) > 1:
            each = (files.current.rulebook for files in shell.files(settings).values())
            ours |= {agent.address for rulebook in each for agent in rulebook.agents}
    return ours


def _called(of: Whose) -> str:
    return of.address or f"case {of.cases[0]}"


def _who() -> str:
    """Who is logged in, for the log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
