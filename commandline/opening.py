"""Rules and letters, opened as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cases.rules.rulebook import Rulebook
from engine.mailboxes import ByName, open_files
from engine.memory import Memory
from engine.rule_files import WrongFiles, read_rules
from settings import Settings, WrongSettings


def files(settings: Settings) -> ByName:
    """The rules and letters in force of each mailbox, by its name; raises WrongFiles."""
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
