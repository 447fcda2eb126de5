"""`run`, `demo` and `check`: the worker itself."""

from __future__ import annotations

from commandline.grammar import Options
from commandline.shell import Shell, complain, say
from engine import check as checking
from engine import logs
from engine.allocation import give_back_what_is_freed
from engine.ending import Ending
from engine.memory import Memory
from engine.running import Worker
from settings import WrongSettings


def run(shell: Shell, options: Options) -> int:
    """Run the worker until SIGTERM, or once."""
    ending = Ending()
    ending.listen()
    settings = shell.settings()
    logs.configure(settings.LOG_LEVEL, settings.LOG_FORMAT)
    give_back_what_is_freed()
    with Worker(settings, shell.now, Memory.at(settings.CACHE_DIR)) as worker:
        ending.by(worker.desk.end)
        if options.once:
            say(f"{worker.once()} mails read")
            return 0
        worker.start()
        worker.wait()
    return 0


def check(shell: Shell, _: Options) -> int:
    """Try everything; print every problem."""
    try:
        problems = checking.problems(shell.settings())
    except WrongSettings as wrong:
        rules, templates = (shell.folder(name) for name in ("RULES_DIR", "TEMPLATES_DIR"))
        problems = [*wrong.problems, *checking.files(rules, templates)]
    for problem in problems:
        complain(problem)
    if not problems:
        say("all is well: settings, rules, templates, database, IMAP and SMTP")
        for note in checking.notes(shell.settings()):
            say(f"note: {note}")
    return 1 if problems else 0
