"""`check`: every problem, without running."""

from __future__ import annotations

from commandline.grammar import Options
from commandline.shell import Shell, complain, say
from engine import check as checking
from settings import WrongSettings


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
