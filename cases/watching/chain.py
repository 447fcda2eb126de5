"""Chains of escalation: which step is due, and who is told (D16).

Each step is taken once. After a stop only the furthest that is due is taken: nobody gets the mails of a week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from cases.assigning import is_away, one_of
from cases.calendar import after, before
from cases.facts import Facts
from cases.rules.deadlines import AGENT, ChainStep, Late
from cases.rules.types import Agent, Role
from cases.rules.working_time import Calendar
from store.models import Case

BY, STEPS, MISSED = "by", "steps", "missed"


@dataclass(frozen=True, slots=True)
class Link:
    """A step of a chain, at its time."""

    at: datetime
    to: tuple[str, ...]
    is_before: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """How far one deadline has been followed, as its case keeps it."""

    by: datetime
    steps: int = 0
    missed: bool = False

    @classmethod
    def of(cls, case: Case, name: str, by: datetime) -> Self:
        """What the case says; from the beginning where it is another time than before."""
        kept = (case.followed or {}).get(name)
        if not isinstance(kept, Mapping) or kept.get(BY) != by.isoformat():
            return cls(by)
        return cls(by, int(kept.get(STEPS, 0)), bool(kept.get(MISSED)))

    def kept(self) -> dict[str, Any]:
        """As the case keeps it."""
        return {BY: self.by.isoformat(), STEPS: self.steps, MISSED: self.missed}


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a chain has come by now."""

    link: Link | None
    """The step to take; None where none is due."""
    steps: int
    """Steps that are behind, this one included."""
    skipped: int = 0
    """Those that were due as well, and are not taken any more."""


def links(chain: Iterable[ChainStep], by: datetime, calendar: Calendar) -> tuple[Link, ...]:
    """The steps in the order of time."""
    return tuple(sorted((_link(step, by, calendar) for step in chain), key=lambda one: one.at))


def _link(step: ChainStep, by: datetime, calendar: Calendar) -> Link:
    if step.before:
        return Link(before(by, step.before, calendar), step.to, is_before=True)
    return Link(after(by, step.after, calendar) if step.after else by, step.to, is_before=False)


def reached(chain: Sequence[Link], followed: Followed, since: datetime, now: datetime) -> Reached:
    """The furthest step that is due and was not taken.

    Nobody is warned of a time that has passed, or before the agent was last mailed about it, at `since`.
    """
    due = sum(one.at <= now for one in chain)
    if due <= followed.steps:
        return Reached(None, followed.steps)
    link = chain[due - 1]
    wanted = not link.is_before or (since < link.at and now < followed.by)
    return Reached(link if wanted else None, due, due - followed.steps - wanted)


def next_link(chain: Sequence[Link], followed: Followed, since: datetime) -> datetime | None:
    """When the next step is due that somebody is told at."""
    ahead = chain[followed.steps :]
    return next((one.at for one in ahead if not one.is_before or since < one.at), None)


def people(facts: Facts, case: Case, chain: Sequence[Link], place: int) -> tuple[Agent, ...]:
    """Who is told at a step; for an agent who is away, or a case that nobody has, the next of the chain."""
    told: dict[str, Agent] = {}
    for who in chain[place].to:
        if who != AGENT:
            told.update(_by_address(_of_group(facts, case, who)))
            continue
        agent = facts.rulebook.agent(case.assignee)
        if agent and not is_away(agent, facts):
            told[agent.address] = agent
        else:
            told.update(_by_address(_instead(facts, case, chain, place)))
    return tuple(told.values())


def _instead(facts: Facts, case: Case, chain: Sequence[Link], place: int) -> tuple[Agent, ...]:
    """The next of the chain who is there; where nobody is named, whoever answers for the firm's name."""
    further = (who for link in chain[place:] for who in link.to if who != AGENT)
    found = (agent for who in (*further, Role.OWNER) for agent in _of_group(facts, case, who))
    there = next((agent for agent in found if not is_away(agent, facts)), None)
    return (there,) if there else _of_group(facts, case, Role.OWNER)


def _of_group(facts: Facts, case: Case, who: str) -> tuple[Agent, ...]:
    one = one_of(who, case.number, facts, but=case.assignee)
    return (one,) if one else ()


def _by_address(agents: Iterable[Agent]) -> dict[str, Agent]:
    return {one.address: one for one in agents}


def name_of(late: Late, which: int | None = None) -> str:
    """How a case keeps how far it was followed: the deadline's name; of a promise its id besides."""
    return late.value if which is None else f"{late.value}/{which}"
