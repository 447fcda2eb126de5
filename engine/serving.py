"""What the process does in which mails are read: it answers each group of mails with what they say."""

from __future__ import annotations

import contextlib
import gc
import signal
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from cases.rules.rulebook import Rulebook
from engine.apart import Ours, Read
from engine.learned import Learned, with_model
from engine.memory import Memory
from engine.rule_files import answers_in, known_rules, read_rules
from engine.understanding import understand
from inbox.mime.limits import Limits
from learning.model import Model

OVERDUE = 5.0
"""Seconds after its time in which whoever asked ends this process; then it ends by itself."""
ANY_MAIL = (
    b"From: a@example.com\r\nSubject: My order\r\n\r\n"
    b"Order 12345 has not arrived yet, and nobody has answered me. Please send my money back.\r\n"
)
"""One whose language is known, so that the rules of all languages are looked at."""


def prepare(rules: Path, base: Path | None, templates: Path, memory: Memory | None) -> None:
    """Have the rules at hand where the memory knows them, for this process and its copies."""
    if memory and memory.keeps:
        known_rules(rules, answers_in(templates), memory, base)


def serve(
    line: Connection,
    patience: float,
    rules: tuple[Path, Path | None],
    templates: Path,
    memory: Memory | None,
    limits: Limits,
    ours: Ours,
    mailbox: str,
    read: Read | None,
) -> None:
    """Answer until the line ends. `rules` are the folder, and the one that has what it lacks."""
    read = read or partial(understand, mailbox=mailbox)
    rulebook = _first(rules, templates, memory)
    if rulebook:
        # The first mail makes the words of all languages ready: now, while the worker opens its database.
        read(ANY_MAIL, rulebook, limits, ours)
    gc.freeze()
    gc.enable()
    model: Model | None = None
    with contextlib.suppress(EOFError, OSError):
        line.send(True)
        while True:
            version, count, news = line.recv()
            mails = [line.recv_bytes() for _ in range(count)]
            if news is not None:
                learned = Learned.of(news) if news else None
                model = learned.model if learned else None
            if rulebook is None or rulebook.version != version:
                rulebook, _ = read_rules(rules[0], answers_in(templates), memory, rules[1])
            if rulebook is None or rulebook.version != version:
                line.send(None)
            else:
                # Whoever asked may have been killed: then nobody else ends what a mail holds for ever.
                signal.setitimer(signal.ITIMER_REAL, patience + OVERDUE)
                answer = [with_model(read(mail, rulebook, limits, ours), rulebook, model) for mail in mails]
                signal.setitimer(signal.ITIMER_REAL, 0)
                line.send(answer)
                answer.clear()
            mails.clear()  # big ones would be kept until the next group comes


def _first(rules: tuple[Path, Path | None], templates: Path, memory: Memory | None) -> Rulebook | None:
    """The rules to begin with; None where whoever began this process checks them at this very moment.

    It asks for nothing before it is done, and then the memory knows them.
    """
    answers = answers_in(templates)
    if memory and memory.keeps:
        return known_rules(rules[0], answers, memory, rules[1])
    return read_rules(rules[0], answers, memory, rules[1])[0]
