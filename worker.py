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
from engine import doing
from engine.files import WrongFiles
from engine.teaching import TrainingFailed
from inbox.mailbox import MailboxDown
from settings import WrongSettings
from store.database import StoreDown
from store.ledger import Conflict

gc.freeze()
gc.enable()

DOTENV = Path(".env")
EXPECTED = (WrongSettings, WrongFiles, StoreDown, MailboxDown, TrainingFailed, doing.NotDone)
"""What a user, a file or a server can cause: told in plain lines, never with a traceback."""
COMMANDS = {
    "running": ("run", "check"),
    "telling": ("demo",),
    "reading": ("parse", "classify", "learn", "explain", "rules"),
    "looking": ("cases", "events", "queue", "show", "status", "report"),
    "acting": ("do", "replay"),
    "writing": ("templates",),
}
"""The modules of commandline/ with a function for each command; one is loaded when it is asked for."""
PLACES = {command: module for module, commands in COMMANDS.items() for command in commands}


Command = Callable[[Shell, Options], int]


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def command(name: str) -> Command:
    """The function that carries a command out."""
    gc.disable()
    found: Command = getattr(import_module(f"commandline.{PLACES[name]}"), name)
    gc.freeze()
    gc.enable()
    return found


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = parser().parse_args(argv)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            # What is no text, such as a lone surrogate, must not end a command half-way.
            stream.reconfigure(errors="replace")
    try:
        return command(options.command)(Shell(os.environ, DOTENV, now), options)
    except EXPECTED as trouble:
        complain(str(trouble))
        return 1
    except Conflict as conflict:
        complain(f"{conflict}; nothing is lost: start worker.py again")
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
