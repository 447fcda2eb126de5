"""Everything that the rule files say, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cases.rules.conditions import Rule
from cases.rules.extracting import Extracting
from cases.rules.lettering import LettersFile
from cases.rules.matcher import Matcher
from cases.rules.signals import Signal
from cases.rules.types import Agent, CalendarFile, Category, Role, Route
from cases.toning.guides import Guides
from language.signs import Signs
from language.words import Words


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that the rule files say."""

    categories: Mapping[str, Category]
    unsure_below: float
    rules: tuple[Rule, ...]
    agents: tuple[Agent, ...]
    calendar: CalendarFile
    routes: tuple[Route, ...]
    signals: tuple[Signal, ...]
    words: tuple[Words, ...]
    """English first, the others by language."""
    signs: Signs
    """How mail that a program wrote is known."""
    engine: Matcher
    extracting: Extracting
    """Finds the facts in a mail."""
    tone: Guides
    """How a good letter sounds, by language."""
    letters: LettersFile
    """Which language stands in for which, and whom a final answer names."""
    threats: frozenset[str]
    """The names of the rules that say a mail threatens the firm's name (D4)."""
    version: str
    """A hash of all texts; stamped on what is decided by them."""

    def agent(self, address: str) -> Agent | None:
        """The agent with this address, in any case of letters."""
        return next((agent for agent in self.agents if agent.address == address.strip().lower()), None)

    def with_role(self, role: Role) -> tuple[Agent, ...]:
        return tuple(agent for agent in self.agents if role in agent.roles)
