"""Who takes a case: by rule, by route, by language, in turn (D19)."""

from __future__ import annotations

from cases.rulebook import Rulebook
from cases.ruletypes import Agent, Role, Route
from store.models import Case
from store.values import Verdict


def whose(verdict: Verdict, number: int, rulebook: Rulebook) -> str:
    """The address of the agent who gets the case; "" when there is nobody."""
    if verdict.assign:
        return verdict.assign
    return _in_turn(verdict.language, verdict.category, number, rulebook)


def heir(case: Case, rulebook: Rulebook) -> str:
    """Who has the case now: its assignee, or another where that one is no agent any more."""
    if rulebook.agent(case.assignee):
        return case.assignee
    return _in_turn(case.language, case.category, case.number, rulebook)


def _in_turn(language: str, category: str, number: int, rulebook: Rulebook) -> str:
    routed = _by_route(language, category, rulebook.routes)
    candidates = routed or _by_language(language, rulebook.agents)
    return candidates[number % len(candidates)] if candidates else ""


def _by_route(language: str, category: str, routes: tuple[Route, ...]) -> tuple[str, ...]:
    for route in routes:
        if (not route.language or language in route.language) and (
            not route.category or category in route.category
        ):
            return route.assign
    return ()


def _by_language(language: str, agents: tuple[Agent, ...]) -> tuple[str, ...]:
    """Those who answer in the language; failing that, all who answer."""
    answering = [agent for agent in agents if Role.AGENT in agent.roles] or list(agents)
    speaking = [agent for agent in answering if not agent.languages or language in agent.languages]
    return tuple(agent.address for agent in speaking or answering)
