"""The words of a language for kinds, severities and the like: templates/<language>/labels.yaml."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import yaml

from cases.channels import Channel
from cases.commands.registry import COMMANDS
from language.money import currencies
from language.problem import Problem
from outbox.marked import Labels
from outbox.source import compose, did_you_mean, pairs
from store.models import (
    CaseKind,
    CommitmentState,
    CompensationState,
    DraftState,
    EventKind,
    Fault,
    IssueState,
    LetterKind,
    PromiseState,
    Severity,
    Status,
)

FILE = "labels.yaml"
_ASKED = re.compile(r"\|\s*label\(\s*[\"']([\w-]+)")
_COMMANDS = frozenset(COMMANDS)
_UNITS = frozenset({"days", "hours", "minutes"})
_PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
_GROUPS: Mapping[str, Collection[str] | None] = {
    "severity": tuple(Severity),
    "kind": tuple(CaseKind),
    "status": tuple(Status),
    "fault": tuple(Fault),
    "letter": tuple(LetterKind),
    "draft": tuple(DraftState),
    "promise": tuple(PromiseState),
    "compensation": tuple(CompensationState),
    "issue": tuple(IssueState),
    "commitment": tuple(CommitmentState),
    "event": tuple(EventKind),
    "channel": tuple(Channel),
    "command": _COMMANDS,
    "takes": _COMMANDS,
    "usage": _COMMANDS,
    "wanted": ("decide", "write"),
    "list": ("comma", "or", "and"),
    "unit": _UNITS,
    **{f"unit_{plural}": _UNITS for plural in _PLURALS},
    "within": _PLURALS | {"today", "by"},
    "currency": currencies(),
    "button": None,
    "headline": None,
    "column": None,
    "number": None,
}
"""The groups that there are, and what can be named in each; None: what English names, or anything."""
_OF_A_LANGUAGE = ("number",)
"""A language has as many of these as it wants."""


def read(
    file: str, text: str, letters: Iterable[str], english: Labels | None = None
) -> tuple[Labels, list[Problem]]:
    """The labels of a file. A group may also be one that the language's own letters ask for."""
    node, problems = compose(file, text)
    asked = {group for letter in letters for group in _ASKED.findall(letter)}
    found: dict[tuple[str, str], str] = {}
    for group, words in pairs(node):
        name = str(group.value)
        if name not in _GROUPS and name not in asked:
            problems.append(_at(file, group, f"there is no group “{name}”", (*_GROUPS, *sorted(asked))))
        elif not isinstance(words, yaml.MappingNode):
            advice = f"write the words of {name} below it, each as key: word, with spaces before the key"
            problems.append(Problem(file, _line(words), words.start_mark.column + 1, advice))
        else:
            problems += _unknown(file, name, words, _known(name, english))
            found.update(((name, str(key.value)), str(word.value)) for key, word in pairs(words))
    return found, problems


def _known(group: str, english: Labels | None) -> Collection[str] | None:
    known = _GROUPS.get(group)
    if known is None and english and group not in _OF_A_LANGUAGE:
        return tuple(name for of, name in english if of == group) or None
    return known


def _unknown(file: str, group: str, words: yaml.MappingNode, known: Collection[str] | None) -> list[Problem]:
    problems: list[Problem] = []
    before = set[str]()
    for key, word in pairs(words):
        name = str(key.value)
        if known is not None and name not in known and not name.isdecimal():
            problems.append(_at(file, key, f"{group} has no “{name}”", known))
        elif not isinstance(word, yaml.ScalarNode):
            place = word.start_mark.column + 1
            problems.append(Problem(file, _line(word), place, f'put it between quotes: {name}: "…"'))
        elif name in before:
            advice = f"“{name}” stands here twice; keep one"
            problems.append(Problem(file, _line(key), key.start_mark.column + 1, advice))
        before.add(name)
    return problems


def _at(file: str, key: yaml.Node, message: str, known: Collection[str]) -> Problem:
    advice = f"{message}; {did_you_mean(str(key.value), known)}"
    return Problem(file, _line(key), key.start_mark.column + 1, advice)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
