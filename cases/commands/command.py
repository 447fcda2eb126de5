"""What a command is: how it is written, who may give it, what it needs, and the function that decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cases.commands.situation import Effect, Situation
from cases.rules.types import Role

Takes = Literal["nothing", "text", "maybe", "lines", "more"]
"""What stands behind the name: nothing, words, words or nothing, the lines below it up to `end`, or words and
such lines, where either may be left out."""
Scope = Literal["case", "desk", "request"]
"""What the command is about: a case, the whole desk, or a request that waits for a yes."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the agents."""

    name: str
    usage: str
    summary: str
    takes: Takes
    run: Callable[[Situation, str], Effect]
    scope: Scope = "case"
    roles: tuple[Role, ...] = ()
    """Who may give it, any one of these; empty is every agent."""
    not_with: tuple[str, ...] = ()
    """Commands that can't stand in the same mail."""
    alone: bool = False
    """Only `note` and commands that change nothing may stand beside it."""
    repeatable: bool = False
    changes_nothing: bool = False
    flows: bool = False
    """Its words may run on over several lines, as mail clients wrap them. Never for words that a customer
    will read: what a client adds below must not reach them (promise 18)."""
    lists_its_values: bool = False
    """What stands behind it is one of a few words; its own refusal lists them where nothing stands there."""
    reaches_customer: bool = False
    moves_money: bool = False
    """Where mail is not proved by our border, a second, mailed yes is needed (promise 16)."""
