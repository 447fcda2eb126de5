"""Arguments that are one of a few: agents, categories, severities … A slip is told what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

from cases.naming import MARKS, folded
from cases.rules.types import Agent
from cases.saying import Refusal
from language.normalise import normalise
from language.words import Words

LIKE = 0.6
"""How near a word must be to a possible one to be taken for a slip of the pen."""
LONGEST_NAME = 5
"""Words of an agent's name."""


def chosen(
    command: str,
    written: str,
    values: Sequence[str],
    words: Iterable[Words],
    also: Mapping[str, str] | None = None,
    offered: Collection[str] = (),
) -> str:
    """The value that was written, in any language that has a word for it; raises Refusal.

    `also` are further ways to write one, by what is written. A refusal lists only those `offered`, where
    any are; it is the same refusal where nothing was written.
    """
    ways = _ways(values, words) | dict(also or {})
    found = {folded(way): value for way, value in reversed(ways.items())}.get(folded(written))
    if found is None:
        near = meant(written, ways) if written else ""
        known = tuple(str(value) for value in values if value in offered or not offered)
        raise Refusal("unknown-value", command=command, written=written, meant=near, known=known)
    return found


def agent_called(who: str, agents: Sequence[Agent]) -> Agent:
    """The one agent whose address, name or first name is `who`; raises Refusal."""
    found = _called(who, agents)
    if len(found) != 1:
        near = "" if found else meant(who, [name for agent in agents for name in _ways_to_call(agent)])
        raise Refusal("unknown-agent", who=who, meant=near, known=tuple(agent.name for agent in agents))
    return found[0]


def agent_before(text: str, agents: Sequence[Agent]) -> tuple[Agent, str] | None:
    """The one agent whom the text begins with, as far as it can name one, and the rest of it."""
    parts = text.split()
    for count in range(min(len(parts), LONGEST_NAME), 0, -1):
        found = _called(" ".join(parts[:count]).strip(MARKS), agents)
        if len(found) == 1:
            return found[0], " ".join(parts[count:])
    return None


def meant(written: str, known: Iterable[str]) -> str:
    """The nearest of the possible ones; "" when none is near."""
    names = {folded(name): name for name in known}
    near = difflib.get_close_matches(folded(written), list(names), n=1, cutoff=LIKE)
    return names[near[0]] if near else ""


def _ways(values: Sequence[str], words: Iterable[Words]) -> dict[str, str]:
    """Every way to write each value → the value; the values' own names come first, and win."""
    own = {str(value): str(value) for value in values}
    others = {
        alias: value for language in words for value in own for alias in language.choices.get(value, ())
    }
    return own | {alias: value for alias, value in others.items() if alias not in own}


def _called(who: str, agents: Sequence[Agent]) -> list[Agent]:
    wanted = normalise(who)
    exact = [agent for agent in agents if wanted in (agent.address, normalise(agent.name))]
    return exact or [agent for agent in agents if wanted in normalise(agent.name).split()]


def _ways_to_call(agent: Agent) -> list[str]:
    return [agent.address, agent.name, *agent.name.split()]
