"""`run`: the worker itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from commandline.grammar import Options
from commandline.shell import Shell, say
from engine import logs
from engine.allocation import collected_later, give_back_what_is_freed
from engine.ending import Ending
from engine.memory import Memory
from engine.starting import begun, process_of

if TYPE_CHECKING:
    from engine.running import Worker

WORKER = "engine.running"
WATCHED = "engine.watched"
"""Loaded only after the process that reads mails has begun, and while that one loads what it needs."""


def run(shell: Shell, options: Options) -> int:
    """Run the worker until SIGTERM, or once."""
    ending = Ending()
    ending.listen()
    settings = shell.settings()
    logs.configure(settings.LOG_LEVEL, settings.LOG_FORMAT, secrets=settings.secrets, ours=settings.own_names)
    logs.catch_all()
    give_back_what_is_freed()
    memory = Memory.at(settings.CACHE_DIR)
    with begun(process_of(settings, memory)) as process:
        with collected_later():
            made: Worker = import_module(WORKER).Worker(settings, shell.now, memory, process)
        with made as worker:
            ending.by(worker.desk.end)
            if options.once:
                say(f"{worker.once()} mails read")
                return 0
            worker.start()
            with import_module(WATCHED).watched(worker.desk, shell.environment):
                worker.wait()
    return 0
