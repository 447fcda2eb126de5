"""Rules, letters and the store, opened as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cases.rules.rulebook import Rulebook
from engine.files import Files
from engine.memory import Memory
from engine.rule_files import WrongFiles, read_rules
from engine.running import open_files
from settings import Settings, WrongSettings
from store.database import Database


def files(settings: Settings) -> Files:
    """The rules and letters in force; raises WrongFiles."""
    return open_files(settings, Memory.at(settings.CACHE_DIR))


def rules(place: Path, cache: str) -> Rulebook:
    """The rules of a folder; raises WrongFiles."""
    rulebook, problems = read_rules(place, memory=Memory.at(cache))
    if rulebook is None:
        raise WrongFiles(problems)
    return rulebook


def if_right(opened: Callable[[], Rulebook]) -> Rulebook | None:
    """The rules, or None where something in them or in the settings is wrong."""
    with suppress(WrongFiles, WrongSettings):
        return opened()
    return None


@contextmanager
def store(url: str) -> Iterator[Database]:
    """A database, up to date."""
    database = Database(url)
    try:
        database.migrate()
        yield database
    finally:
        database.close()
