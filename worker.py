#!/usr/bin/env python3
"""Peygir's command line. Only this file reads the environment and the clock."""

from __future__ import annotations

import gc

# Nothing that is imported is ever given back: looking for it again and again would be a fifth of the start.
gc.disable()

import io
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from commandline.grammar import Options, parser
from commandline.shell import Shell, complain
from engine.allocation import collected_later
from language.trouble import Trouble
from settings import WrongSettings

gc.freeze()
gc.enable()

DOTENV = Path(".env")
COMMANDS = {
    "running": ("run",),
    "checking": ("check",),
    "examining": ("doctor",),
    "telling": ("demo",),
    "reading": ("parse", "classify", "learn", "explain", "rules"),
    "looking": ("cases", "events", "queue", "show", "report"),
    "probing": ("status",),
    "acting": ("do", "replay"),
    "writing": ("templates",),
    "printing": ("card",),
    "keeping": ("backup", "restore"),
    "privacy": ("export", "erase"),
    "importing": ("import",),
    "authorising": ("auth",),
    "attachments": ("files",),
    "completing": ("completion",),
}
"""The modules of commandline/ with a function for each command; one is loaded when it is asked for."""
FOR_OTHERS = ("card", "completion", "demo", "rules", "templates")
"""Commands that write what others are to read; what every other one writes is for its owner alone."""
CALLED = {"import": "take_in"}
"""The functions of commands that Python has the name of."""
PLACES = {command: module for module, commands in COMMANDS.items() for command in commands}


Command = Callable[[Shell, Options], int]


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def command(name: str) -> Command:
    """The function that carries a command out."""
    with collected_later():
        found: Command = getattr(import_module(f"commandline.{PLACES[name]}"), CALLED.get(name, name))
    return found


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = parser().parse_args(argv)
    if options.command not in FOR_OTHERS:
        os.umask(0o077)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            # What is no text, such as a lone surrogate, must not end a command half-way.
            stream.reconfigure(errors="replace")
    try:
        return command(options.command)(Shell(os.environ, DOTENV, now), options)
    except WrongSettings as wrong:
        complain(str(wrong))
        return 1
    except Trouble as trouble:
        complain(f"{trouble}; {trouble.advice}" if trouble.advice else str(trouble))
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as trouble:
        complain(f"{trouble.filename or 'this'} can't be used: {trouble.strerror or trouble}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
