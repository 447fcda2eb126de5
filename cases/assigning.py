"""Who takes a case: by rule, by route, by language, in turn among those who are there (D19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cases.facts import Facts
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent, CalendarFile, Role, Route
from store.models import Case
from store.values import Verdict

NOBODY_AT_WORK = "nobody who could have it is at work now"
EVERYBODY_AWAY = "everybody who could have it is away"


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets a case."""

    address: str = ""
    """"" when there is nobody."""
    because: str = ""
    """Why somebody got it who is not there; "" when they are."""

    def __str__(self) -> str:
        return f"to {self.address}" + (f": {self.because}" if self.because else "")


def whose(verdict: Verdict, number: int, facts: Facts) -> Choice:
    """Who gets a new case. A rule that names an agent is followed unless that agent is away."""
    named = facts.rulebook.agent(verdict.assign) if verdict.assign else None
    if named and not is_away(named, facts):
        return Choice(named.address)
    choice = _in_turn(verdict.language, verdict.category, number, facts)
    return choice if choice.address or not named else Choice(named.address, EVERYBODY_AWAY)


def in_turn(case: Case, facts: Facts, but: str) -> Choice:
    """Who gets a case that nobody has: the next in turn, and `but` only where every other one is away."""
    choice = _in_turn(case.language, case.category, case.number, facts, but)
    if choice.because != EVERYBODY_AWAY:
        return choice
    return _in_turn(case.language, case.category, case.number, facts)


def heir(case: Case, facts: Facts) -> Choice:
    """Who has the case now: its assignee, or another where that one is away or no agent any more."""
    assignee = facts.rulebook.agent(case.assignee)
    if assignee and not is_away(assignee, facts):
        return Choice(assignee.address)
    choice = _in_turn(case.language, case.category, case.number, facts)
    if assignee and choice.because == EVERYBODY_AWAY:
        return Choice(assignee.address, EVERYBODY_AWAY)  # nothing is gained by passing the case around
    return choice


def is_away(agent: Agent, facts: Facts) -> bool:
    """Whether the agent said so."""
    until = facts.presence.away.get(agent.address)
    return until is not None and until > facts.now


def is_there(agent: Agent, facts: Facts) -> bool:
    """Whether the agent is at work at this moment."""
    return not is_away(agent, facts) and _works_now(agent, facts, facts.rulebook.calendar)


def _works_now(agent: Agent, facts: Facts, calendar: CalendarFile) -> bool:
    if agent.working_hours is None:
        return True
    here = facts.now.astimezone(ZoneInfo(calendar.time_zone))
    opens = calendar.hours_on(here.date()) is not None
    return opens and agent.working_hours.start <= here.time() < agent.working_hours.end


def _in_turn(language: str, category: str, number: int, facts: Facts, but: str = "") -> Choice:
    """The next of those who could have it: who is there, else who is not away, else anybody."""
    named = _candidates(language, category, facts.rulebook)
    could = tuple(agent for agent in named if agent.address != but) or named
    there = tuple(agent for agent in could if is_there(agent, facts))
    if there:
        return Choice(_next(there, number, facts))
    reachable = tuple(agent for agent in could if not is_away(agent, facts))
    if reachable:
        return Choice(_next(reachable, number, facts), NOBODY_AT_WORK)
    return Choice(_next(could, number, facts), EVERYBODY_AWAY) if could else Choice()


def _next(agents: tuple[Agent, ...], number: int, facts: Facts) -> str:
    """Of those with the fewest open cases, each in turn."""
    busy = facts.presence.open_cases
    fewest = min(busy.get(agent.address, 0) for agent in agents)
    free = [agent for agent in agents if busy.get(agent.address, 0) == fewest]
    return free[number % len(free)].address


def _candidates(language: str, category: str, rulebook: Rulebook) -> tuple[Agent, ...]:
    for route in rulebook.routes:
        if (not route.language or language in route.language) and (
            not route.category or category in route.category
        ):
            return _of_route(route, rulebook)
    return _by_language(language, rulebook.agents)


def _of_route(route: Route, rulebook: Rulebook) -> tuple[Agent, ...]:
    if route.team:
        return tuple(agent for agent in rulebook.agents if agent.team == route.team)
    return tuple(agent for address in route.assign if (agent := rulebook.agent(address)))


def _by_language(language: str, agents: Iterable[Agent]) -> tuple[Agent, ...]:
    """Those who answer in the language; failing that, all who answer."""
    known = tuple(agents)
    answering = tuple(agent for agent in known if Role.AGENT in agent.roles) or known
    speaking = tuple(agent for agent in answering if not agent.languages or language in agent.languages)
    return speaking or answering
