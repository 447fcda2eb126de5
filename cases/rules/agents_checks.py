"""Mistakes in rules/agents.yaml that each line alone does not show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from babel import Locale

from cases.rules.errors import meant
from cases.rules.strict_yaml import Path
from cases.rules.types import Agent, AgentsFile, Role
from language.normalise import normalise
from language.problem import Problem
from language.words import Words
from store.values import canonical

Mistake = tuple[Path, str]


def command_words(words: Iterable[Words]) -> frozenset[str]:
    """What commands are called in any language, to compare by."""
    named = (name for one in words for known in one.commands.items() for name in (known[0], *known[1]))
    return frozenset(map(normalise, named))


def mistakes_in(file: AgentsFile, commands: Collection[str]) -> Iterator[Mistake]:
    """Every mistake, at its place; `commands` is what the commands are called."""
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
        yield from _in_name(agent, (*at, "name"), names, commands)
        yield from _in_languages(agent, (*at, "languages"))
        addresses.add(agent.address)
        names.add(normalise(agent.name))


def ours_among(agents: Iterable[Agent], ours: Iterable[str], text: str, file: str) -> Iterator[Problem]:
    """The agents whose address is one that we read mail of, in any spelling: they would write to themselves.

    `text` is the file's, for the line.
    """
    read = {canonical(address) for address in ours if "@" in address}
    for agent in agents:
        if canonical(agent.address) in read:
            lines = text.lower().splitlines()
            line = next((at for at, words in enumerate(lines, 1) if agent.address in words), 0)
            column = lines[line - 1].find(agent.address) + 1 if line else 0
            message = (
                f"'{agent.address}' is the mailbox that Peygir reads: mail to {agent.name} would come back "
                "to it; write the address at which they read mail themselves"
            )
            yield Problem(file, line, column, message)


def _in_name(agent: Agent, at: Path, before: set[str], commands: Collection[str]) -> Iterator[Mistake]:
    """A name is how a colleague says who gets a case: 'assign Sam'."""
    name = normalise(agent.name)
    if name in before:
        yield at, f"another agent is called '{agent.name}' too; add a surname or an initial to one of them"
    if name in commands and name not in set(Role):
        yield at, f"'{agent.name}' is the word for a command; add a surname or an initial to the name"
    if name in set(Role):
        yield at, f"'{agent.name}' is the word for a role, as in 'escalate {name}'; write the person's name"


def _in_languages(agent: Agent, at: Path) -> Iterator[Mistake]:
    known = [str(code) for code in Locale("en").languages]
    for number, code in enumerate(agent.languages):
        if code not in known:
            short = sorted(one for one in known if len(one) == 2)
            near = meant(code, short) if len(code) > 2 else "write its short name: 'fa', 'he', 'ar', 'en' …"
            yield (*at, number), f"there is no language '{code}'; {near}"
