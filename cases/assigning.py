"""Who takes a case: by rule, by route, by language, in turn among those who are there (D19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cases.calendar import is_open
from cases.channels import Channel
from cases.facts import Facts
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent, During, Role, Route
from cases.rules.working_time import Calendar
from store.models import Case, EventKind, Severity
from store.values import MAIN, SOFTWARE, TAGS, NewEvent, Verdict

NOBODY_AT_WORK = "nobody who could have it is at work now"
ABOVE = {Role.APPROVER: Role.OWNER, Role.OWNER: Role.ADMIN}
"""Who is meant by a role that nobody has. Somebody is always admin."""
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


@dataclass(frozen=True, slots=True)
class Matter:
    """What routes look at in a case."""

    language: str
    category: str
    severity: Severity
    tags: tuple[str, ...] = ()
    channel: str = Channel.MAIL
    mailbox: str = MAIN

    @classmethod
    def of(cls, case: Case) -> Self:
        """That of a case as it is stored; its tags are those of the rules that hit."""
        tags = tuple(tag for hit in case.why for tag in hit.get(TAGS, ()))
        return cls(case.language, case.category, case.severity, tags, case.channel, case.mailbox or MAIN)

    def fits(self, route: Route) -> bool:
        """Whether it fits every line of a route but the hours."""
        return (
            (not route.language or self.language in route.language)
            and (not route.category or self.category in route.category)
            and (not route.severity or self.severity in route.severity)
            and (not route.channel or self.channel in route.channel)
            and (not route.mailbox or self.mailbox in route.mailbox)
            and (not route.tag or not set(self.tags).isdisjoint(route.tag))
        )


def whose(verdict: Verdict, number: int, facts: Facts, channel: str = Channel.MAIL) -> Choice:
    """Who gets a new case. A rule that names an agent is followed unless that agent is away."""
    if verdict.escalate and (taking := one_of(verdict.escalate, number, facts)):
        return Choice(taking.address)
    here = facts.policy.mailbox or MAIN
    matter = Matter(verdict.language, verdict.category, verdict.severity, verdict.tags, channel, here)
    named = facts.rulebook.agent(verdict.assign) if verdict.assign else None
    if named and not is_away(named, facts):
        return Choice(named.address)
    choice = _in_turn(matter, number, facts)
    return choice if choice.address or not named else Choice(named.address, EVERYBODY_AWAY)


def members(who: str, rulebook: Rulebook) -> tuple[Agent, ...]:
    """The agent at an address, or those of a team, or of a role or the next above it that somebody has."""
    if "@" in who:
        agent = rulebook.agent(who)
        return (agent,) if agent else ()
    of_team = tuple(one for one in rulebook.agents if one.team == who)
    if of_team or who.lower() not in set(Role):
        return of_team
    return next((found for role in _roles(Role(who.lower())) if (found := rulebook.with_role(role))), ())


def one_of(who: str, number: int, facts: Facts, but: str = "") -> Agent | None:
    """One of them, the same for a case as long as they are there; `but` where there is nobody else."""
    group = members(who, facts.rulebook)
    others = [one for one in group if one.address != but] or list(group)
    there = [one for one in others if not is_away(one, facts)] or others
    return there[number % len(there)] if there else None


def _roles(role: Role) -> Iterator[Role]:
    yield role
    while role in ABOVE:
        role = ABOVE[role]
        yield role


def escalated(address: str, who: str) -> NewEvent:
    """Says that a rule gave the case to somebody of the role or team that it names."""
    return NewEvent(EventKind.ESCALATED, f"to {address}", SOFTWARE, {"to": address, "rule_says": who})


def escalated_by_rule(case: Case) -> bool:
    """Whether a rule wanted the case escalated when it came."""
    said = (part for hit in case.why for part in str(hit.get("says", "")).split(", "))
    return any(part.startswith("escalate ") for part in said)


def in_turn(case: Case, facts: Facts, but: str) -> Choice:
    """Who gets a case that nobody has: the next in turn, and `but` only where every other one is away."""
    choice = _in_turn(Matter.of(case), case.number, facts, but)
    if choice.because != EVERYBODY_AWAY:
        return choice
    return _in_turn(Matter.of(case), case.number, facts)


def heir(case: Case, facts: Facts) -> Choice:
    """Who has the case now: its assignee, or another where that one is away or no agent any more."""
    assignee = facts.rulebook.agent(case.assignee)
    if assignee and not is_away(assignee, facts):
        return Choice(assignee.address)
    choice = _in_turn(Matter.of(case), case.number, facts)
    if assignee and choice.because == EVERYBODY_AWAY:
        return Choice(assignee.address, EVERYBODY_AWAY)  # nothing is gained by passing the case around
    return choice


def is_away(agent: Agent, facts: Facts) -> bool:
    """Whether the agent said so."""
    until = facts.presence.away.get(agent.address)
    return until is not None and until > facts.now


def is_there(agent: Agent, facts: Facts) -> bool:
    """Whether the agent is at work at this moment."""
    return not is_away(agent, facts) and _works_now(agent, facts, facts.rulebook.calendar_of(agent))


def _works_now(agent: Agent, facts: Facts, calendar: Calendar) -> bool:
    if agent.working_hours is None:
        return True
    here = facts.now.astimezone(calendar.zone)
    opens = calendar.hours_on(here.date()) is not None
    return opens and agent.working_hours.hold(here.time())


def _in_turn(matter: Matter, number: int, facts: Facts, but: str = "") -> Choice:
    """The next of those who could have it: who is there, else who is not away, else anybody."""
    named = _named(matter, facts)
    could = tuple(agent for agent in named if agent.address != but) or named
    there = tuple(agent for agent in could if is_there(agent, facts))
    if there:
        return Choice(_next(there, number, facts))
    reachable = tuple(agent for agent in could if not is_away(agent, facts))
    if reachable:
        return Choice(_next(reachable, number, facts), NOBODY_AT_WORK)
    return Choice(_next(could, number, facts), EVERYBODY_AWAY) if could else Choice()


def _named(matter: Matter, facts: Facts) -> tuple[Agent, ...]:
    """Who could have the case: its mailbox's team, unless a route speaks of that mailbox."""
    place, named = routed(matter, facts.rulebook, facts.now)
    if not facts.policy.team or (place is not None and facts.rulebook.routes[place].mailbox):
        return named
    return _by_language(matter.language, members(facts.policy.team, facts.rulebook)) or named


def _next(agents: tuple[Agent, ...], number: int, facts: Facts) -> str:
    """Of those with the fewest open cases, each in turn."""
    busy = facts.presence.open_cases
    fewest = min(busy.get(agent.address, 0) for agent in agents)
    free = [agent for agent in agents if busy.get(agent.address, 0) == fewest]
    return free[number % len(free)].address


def routed(matter: Matter, rulebook: Rulebook, at: datetime) -> tuple[int | None, tuple[Agent, ...]]:
    """The first route that fits at a moment, as its place in the file (from 0), and who could have the case.

    None where no route fits: it goes to those who speak its language.
    """
    for place, route in enumerate(rulebook.routes):
        if matter.fits(route) and _counts(route, rulebook.calendar, at):
            return place, _of_route(route, rulebook)
    return None, _by_language(matter.language, rulebook.agents)


def _counts(route: Route, calendar: Calendar, at: datetime) -> bool:
    """Whether the route counts at this moment."""
    if route.during is None:
        return True
    return is_open(at, calendar) == (route.during is During.WORKING_HOURS)


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
