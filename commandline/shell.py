"""What every command needs: settings, rules, the store, the clock, and somewhere to speak."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import settings as configuration
from engine.places import folder
from settings import Settings

if TYPE_CHECKING:
    from cases.rules.rulebook import Rulebook
    from engine.mailboxes import ByName
    from store.database import Database

OPENING = "commandline.opening"
"""What opens rules and letters. It is loaded when one is asked for: a worker begins without it."""
STORE = "store.database"
"""Likewise: few commands need a database."""


@dataclass(frozen=True, slots=True)
class Shell:
    """The world that a command is called in."""

    environment: Mapping[str, str]
    dotenv: Path
    now: Callable[[], datetime]

    def settings(self) -> Settings:
        """All settings; raises WrongSettings."""
        return configuration.load(self.environment, self.dotenv)

    def one(self, name: str) -> str:
        """A single setting, for commands that need no other; raises WrongSettings."""
        return configuration.one(name, self.environment, self.dotenv)

    def some(self, names: Sequence[str]) -> dict[str, Any]:
        """A few settings; raises WrongSettings."""
        return configuration.some(names, self.environment, self.dotenv)

    def folder(self, name: str) -> Path:
        """The folder that a setting names."""
        return folder(Path(self.one(name)))

    def files(self, settings: Settings) -> ByName:
        """The rules and letters in force of each mailbox, by its name; raises WrongFiles."""
        opened: ByName = import_module(OPENING).files(settings)
        return opened

    def rules(self) -> Rulebook:
        """The rules without any other setting, for commands that need no mailbox; raises WrongFiles."""
        cache = self.some(("CACHE_DIR",))["CACHE_DIR"]
        opened: Rulebook = import_module(OPENING).rules(self.folder("RULES_DIR"), cache)
        return opened

    def rules_if_right(self) -> Rulebook | None:
        """The rules, for what can do without them: a mistake in them is said elsewhere."""
        opened: Rulebook | None = import_module(OPENING).if_right(self.rules)
        return opened

    def store(self, *, make: bool = False) -> AbstractContextManager[Database]:
        """The database that the settings name, up to date; it needs no other setting.

        It is made, or brought up to date, only with `make`: looking at something changes nothing.
        """
        url = self.one("DATABASE_URL")
        opened: AbstractContextManager[Database] = import_module(STORE).opened(url, make=make)
        return opened


def say(text: str) -> None:
    """One line, or several, for the user."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")


def as_json(told: object) -> str:
    """For programs, and readable."""
    return json.dumps(told, ensure_ascii=False, indent=1)
