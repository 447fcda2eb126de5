"""What every command needs: settings, rules, the store, the clock, and somewhere to speak."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import settings as configuration
from cases.rules.rulebook import Rulebook
from engine.files import Files, WrongFiles, read_rules
from engine.memory import Memory
from engine.running import folder, open_files
from settings import Settings, WrongSettings
from store.database import Database


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

    def files(self, settings: Settings) -> Files:
        """The rules and letters in force; raises WrongFiles."""
        return open_files(settings, Memory.at(settings.CACHE_DIR))

    def rules(self) -> Rulebook:
        """The rules without any other setting, for commands that need no mailbox; raises WrongFiles."""
        place = self.folder("RULES_DIR")
        rulebook, problems = read_rules(place, memory=Memory.at(self.some(("CACHE_DIR",))["CACHE_DIR"]))
        if rulebook is None:
            raise WrongFiles(problems)
        return rulebook

    def rules_if_right(self) -> Rulebook | None:
        """The rules, for what can do without them: a mistake in them is said elsewhere."""
        with suppress(WrongFiles, WrongSettings):
            return self.rules()
        return None

    @contextmanager
    def store(self) -> Iterator[Database]:
        """The database that the settings name, up to date; it needs no other setting."""
        database = Database(self.one("DATABASE_URL"))
        try:
            database.migrate()
            yield database
        finally:
            database.close()


def say(text: str) -> None:
    """One line, or several, for the user."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")


def as_json(told: object) -> str:
    """For programs, and readable."""
    return json.dumps(told, ensure_ascii=False, indent=1)
