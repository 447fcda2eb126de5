"""The agents' commands: help, the grammar, the reply buttons and docs/agents.md are made from this table."""

from __future__ import annotations

from cases.commands import (
    answering,
    asking,
    committing,
    desk,
    drafting,
    facts,
    fixing,
    handling,
    issues,
    merging,
    owing,
    paying,
    promising,
    splitting,
)
from cases.commands.command import Command

_ALL: tuple[Command, ...] = (
    *drafting.COMMANDS,
    *handling.COMMANDS,
    *facts.COMMANDS,
    *merging.COMMANDS,
    *splitting.COMMANDS,
    *promising.COMMANDS,
    *paying.COMMANDS,
    *owing.COMMANDS,
    *committing.COMMANDS,
    *issues.COMMANDS,
    *fixing.COMMANDS,
    *asking.COMMANDS,
    *desk.COMMANDS,
    *answering.COMMANDS,
)

COMMANDS: dict[str, Command] = {command.name: command for command in _ALL}
if len(COMMANDS) != len(_ALL):
    raise AssertionError("two commands have the same name")


def conflict(first: Command, second: Command) -> bool:
    """Whether two commands can't stand in one mail."""
    if first.name in second.not_with or second.name in first.not_with:
        return True
    return _disturbs(first, second) or _disturbs(second, first)


def _disturbs(alone: Command, other: Command) -> bool:
    return alone.alone and other is not alone and other.name != "note" and not other.changes_nothing
