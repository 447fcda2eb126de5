"""Mistakes in rules/agents.yaml that each line alone does not show."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale

from cases.rule_errors import meant
from cases.ruletypes import Agent, AgentsFile, Role
from cases.strict_yaml import Path
from language.normalise import normalise

Mistake = tuple[Path, str]


def mistakes_in(file: AgentsFile) -> Iterator[Mistake]:
    """Every mistake, at its place."""
    if not any(Role.ADMIN in agent.roles for agent in file.agents):
        yield (
            ("agents",),
            "nobody is admin; give one agent 'roles: [agent, admin]', so that alerts reach somebody",
        )
    addresses: set[str] = set()
    names: set[str] = set()
    for number, agent in enumerate(file.agents):
        at: Path = ("agents", number)
        if agent.address in addresses:
            yield (*at, "address"), f"'{agent.address}' is listed twice; keep one of the two"
        yield from _in_name(agent, (*at, "name"), names)
        yield from _in_languages(agent, (*at, "languages"))
        addresses.add(agent.address)
        names.add(normalise(agent.name))


def _in_name(agent: Agent, at: Path, before: set[str]) -> Iterator[Mistake]:
    """A name is how a colleague says who gets a case: 'assign Sam'."""
    name = normalise(agent.name)
    if name in before:
        yield at, f"another agent is called '{agent.name}' too; add a surname or an initial to one of them"
    if name in set(Role):
        yield at, f"'{agent.name}' is the word for a role, as in 'escalate {name}'; write the person's name"


def _in_languages(agent: Agent, at: Path) -> Iterator[Mistake]:
    known = [str(code) for code in Locale("en").languages]
    for number, code in enumerate(agent.languages):
        if code not in known:
            short = sorted(one for one in known if len(one) == 2)
            near = meant(code, short) if len(code) > 2 else "write its short name: 'fa', 'he', 'ar', 'en' …"
            yield (*at, number), f"there is no language '{code}'; {near}"
