"""The agents' commands. Help, the grammar and the reply buttons are made from this one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cases.commands import actions, merging
from cases.commands.situation import Effect, Situation

Takes = Literal["nothing", "text", "lines"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: how it is written, what it is for, and the function that decides what it does."""

    name: str
    usage: str
    summary: str
    takes: Takes
    run: Callable[[Situation, str], Effect]


_ALL = (
    Command("approve", "approve", "Send the draft to the customer as it stands.", "nothing", actions.approve),
    Command(
        "edit",
        "edit\n(the new text)\nend",
        "Put your own text in place of the draft; approve it in the same mail or later.",
        "lines",
        actions.edit,
    ),
    Command("reject", "reject REASON", "Throw the draft away; nothing is sent.", "text", actions.reject),
    Command(
        "assign", "assign WHO", "Give the case to another agent, by name or address.", "text", actions.assign
    ),
    Command(
        "note", "note TEXT", "Write something down on the case, for colleagues only.", "text", actions.note
    ),
    Command(
        "resolve",
        "resolve",
        "Say that the case is solved; the customer is asked later.",
        "nothing",
        actions.resolve,
    ),
    Command(
        "merge",
        "merge NUMBER",
        "Make this case part of another one of the same customer.",
        "text",
        merging.merge,
    ),
    Command("help", "help", "Get this list.", "nothing", actions.show_help),
)

COMMANDS: dict[str, Command] = {command.name: command for command in _ALL}
if len(COMMANDS) != len(_ALL):
    raise AssertionError("two commands have the same name")

CONFLICTS = (
    ("approve", "reject"),
    ("edit", "reject"),
    ("merge", "approve"),
    ("merge", "edit"),
    ("merge", "reject"),
    ("merge", "assign"),
    ("merge", "resolve"),
)
"""Pairs that can't stand in one mail."""
REPEATABLE = frozenset({"note"})
