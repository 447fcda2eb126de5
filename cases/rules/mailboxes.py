"""The mailboxes that rules and routes speak of, and where: only the settings know which there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from cases.rules.conditions import Conditions, RulesFile
from cases.rules.strict_yaml import Document, Path
from cases.rules.types import RoutingFile
from language.problem import Problem


class NamedMailbox(NamedTuple):
    """A mailbox that a file names."""

    name: str
    file: str
    line: int
    column: int


def in_rules(document: Document, file: RulesFile) -> Iterator[NamedMailbox]:
    """Those that conditions ask for."""
    for number, rule in enumerate(file.rules):
        for path, name in _in_conditions(rule.when, ("rules", number, "when")):
            yield NamedMailbox(name, document.file, *document.place(path))


def in_routes(document: Document, file: RoutingFile) -> Iterator[NamedMailbox]:
    """Those of routing.yaml."""
    for number, route in enumerate(file.routes):
        for position, name in enumerate(route.mailbox):
            place = document.place(("routes", number, "mailbox", position))
            yield NamedMailbox(name, document.file, *place)


def unknown(named: Iterable[NamedMailbox], known: Collection[str]) -> Iterator[Problem]:
    """Names of mailboxes that there are none of."""
    for one in named:
        if one.name not in known:
            close = get_close_matches(one.name, known, 1)
            advice = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(known)}"
            told = f"there is no mailbox '{one.name}' in MAILBOXES; {advice}"
            yield Problem(one.file, one.line, one.column, told)


def _in_conditions(when: Conditions, path: Path) -> Iterator[tuple[Path, str]]:
    for position, name in enumerate(when.mailbox):
        yield (*path, "mailbox", position), name
    for key, parts in (("all", when.all), ("any", when.any)):
        for number, part in enumerate(parts):
            yield from _in_conditions(part, (*path, key, number))
    if when.not_:
        yield from _in_conditions(when.not_, (*path, "not"))
