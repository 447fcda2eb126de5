"""From a template's source to code: compiled once, and looked at for what no letter may say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from types import CodeType
from typing import NamedTuple

from jinja2 import Environment, Template, TemplateSyntaxError, nodes

from language.problem import Problem
from outbox import branches, mistakes
from outbox.branches import Condition, Ways

_RESOLVED = re.compile(r"\bresolve\('(\w+)'\)")
_FILTERED = re.compile(r"\benvironment\.(filters|tests)\['(\w+)'\]")
_FOREIGN = re.compile(r"\benvironment\.(?:get|select|get_or_select)_template\(")
_TOO_DEEP = "a {{ … }} or {% … %} is nested too deep; write it shorter"


@dataclass(frozen=True, slots=True)
class Draft:
    """A template's source, with as many lines before it as its file has."""

    source: str
    environment: Environment


class Made(NamedTuple):
    """A checked template: its code, and what a trial of it needs."""

    draft: Draft
    code: CodeType
    source: str
    """What the code was made of, in Python."""
    names: frozenset[str]
    """The variables that it uses."""
    ways: Ways

    def traced(self, environment: Environment) -> Template:
        """The template as one that notes the branches that it takes."""
        code = self.code
        if self.ways.branches:
            code = compile(branches.traced(self.source), self.code.co_filename, "exec")
        return Template.from_code(environment, code, {})


def compiled(file: str, text: str, draft: Draft, known: Collection[str]) -> tuple[Made | None, list[Problem]]:
    """One template that may use the known names; None and every problem when it can't be.

    `text` is the whole file, to find columns in.
    """
    environment = draft.environment
    try:
        tree = environment.parse(draft.source, filename=file)
        ways = branches.marked(tree)
        source = environment.compile(tree, filename=file, raw=True)
    except TemplateSyntaxError as error:
        found = _strange(file, text, draft, known)
        return None, found or [mistakes.misspelt(file, text, error)]
    except RecursionError:
        return None, [Problem(file, 1, 1, _TOO_DEEP)]
    names = frozenset(_RESOLVED.findall(source))
    if _is_strange(source, names, environment, known) and (found := _strange(file, text, draft, known)):
        return None, found
    try:
        code = compile(source, file, "exec")
    except (RecursionError, MemoryError):
        return None, [Problem(file, 1, 1, _TOO_DEEP)]
    return Made(draft, code, source, names, ways), []


def forced(file: str, made: Made, conditions: Iterable[Condition], environment: Environment) -> Template:
    """A template in which the conditions are met, whatever the values are."""
    tree = environment.parse(made.draft.source, filename=file)
    branches.forced(tree, conditions)
    return Template.from_code(environment, environment.compile(tree, filename=file), {})


def _is_strange(source: str, names: frozenset[str], environment: Environment, known: Collection[str]) -> bool:
    """Whether there may be what a letter can't use; what this says no to has been looked at enough."""
    if not names.issubset(known) or _FOREIGN.search(source):
        return True
    there = {"filters": environment.filters, "tests": environment.tests}
    return any(name not in there[kind] for kind, name in _FILTERED.findall(source))


def _strange(file: str, text: str, draft: Draft, known: Collection[str]) -> list[Problem]:
    try:
        tree: nodes.Template = draft.environment.parse(draft.source, filename=file)
        return list(mistakes.strange(file, text, draft.source, draft.environment, tree, known))
    except TemplateSyntaxError:
        return []
