"""`do` and `replay`: what changes something."""

from __future__ import annotations

from commandline.grammar import Options
from commandline.shell import Shell, say
from engine import doing
from engine.desk import new_worker_id
from engine.mailboxes import desk_of
from engine.replaying import replay as replayed
from language.direction import printable, printable_lines


def do(shell: Shell, options: Options) -> int:
    """Carry out an agent's command."""
    settings = shell.settings()
    with shell.store() as database:
        desk = desk_of(settings, database, shell.files(settings), shell.now, new_worker_id(shell.now()))
        given = {"agent": options.agent, "number": options.case, "seen": options.seen}
        try:
            done = doing.do(desk, options.command_text, **given)
        except doing.NotDone as trouble:
            for line in trouble.shown:
                say(printable_lines(line))
            raise
        for line in done:
            say(printable_lines(line))
    return 0


def replay(shell: Shell, options: Options) -> int:
    """Let be tried again what was given up."""
    settings = shell.settings()
    with shell.store() as database:
        desk = desk_of(settings, database, shell.files(settings), shell.now, new_worker_id(shell.now()))
        for line in replayed(
            desk,
            uid=options.uid,
            number=options.case,
            letter=options.letter,
            letters=options.letters,
            even_refused=options.even_refused,
            even_kept_back=options.even_kept_back,
        ):
            say(printable(line))
    return 0
