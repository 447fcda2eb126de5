"""What an agent meant whose commands were sent back: the same commands, so that they count."""

from __future__ import annotations

from collections.abc import Sequence

from cases.commands.grammar import END, Given
from cases.commands.registry import COMMANDS
from cases.saying import Say

APPROVE = "approve"
ORDERED = frozenset({"undo", "reopen", "edit"})
"""Commands that an approval has to stand below."""


def as_meant(why: Say, given: Sequence[Given]) -> str:
    """The commands as they would have been obeyed; "" where only their writer can say it."""
    if why.code == "case-in-subject":
        return f"#{why.values['number']}\n{in_full(given)}"
    if why.code == "approve-unread" and not ORDERED & {one.name for one in given}:
        # The draft leaves as it was read; what would make it anew comes after.
        approve = [one for one in given if one.name == APPROVE]
        return in_full([*approve, *(one for one in given if one.name != APPROVE)])
    return ""


def in_full(given: Sequence[Given]) -> str:
    """The commands as they are read again."""
    return "\n".join(_written(one) for one in given)


def _written(one: Given) -> str:
    argument = one.argument.strip("\n")
    if COMMANDS[one.name].takes == "more":
        return f"{one.name} {argument}\n{END}"
    if COMMANDS[one.name].takes == "lines":
        return f"{one.name}\n{argument}\n{END}"
    return f"{one.name} {argument}".rstrip()
