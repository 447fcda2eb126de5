"""The cases that letters are shown with: what each may be given, in words of the letter's language.

templates/<language>/samples.yaml has a customer's name and words, a subject, a promise and the like; what a
language does not say is as in outbox/variables.py. Nothing of it ever reaches a customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cases.about import OutsideBody, Promised
from language.problem import Problem
from outbox.kinds import TO_CUSTOMERS, kind_of
from outbox.source import mapping
from outbox.variables import bare, full, variables_of

FILE = "samples.yaml"
FULL, BARE = "full", "bare"
_STANDS_FOR: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "customer_name", "draft_to_name"),
    "subject": ("subject", "draft_subject"),
    "words": ("words",),
    "agent_name": ("agent_name",),
    "firm": ("firm",),
    "promise": ("promise",),
    "promises": ("promises",),
    "commitment": ("commitment",),
    "known_issue": ("known_issue",),
    "fix": ("fix",),
    "outside_body": ("outside_body",),
    "answer": ("body", "draft"),
}
"""What a samples file can say, and the variables that are made of it."""
Words = Mapping[str, str]


def read(file: str, text: str) -> tuple[dict[str, str], list[Problem]]:
    """The words of a samples file."""
    fields, problems = mapping(file, text, 0, tuple(_STANDS_FOR))
    return {name: words.strip("\n") for name, (words, _) in fields.items()}, problems


def words_of(templates: Path, language: str) -> dict[str, str]:
    """A language's words; none where its folder has no such file. It has been found right before."""
    path = templates / language / FILE
    return read(path.name, path.read_text("utf-8"))[0] if path.exists() else {}


def cases(letter: str, words: Words) -> dict[str, dict[str, Any]]:
    """Sample cases of a letter by name: everything given, only what must be, then each of few values.

    A fault, kind or score gives its name to the case in which it is so: third-party, question, score-3.
    """
    variables = variables_of(letter) or {}
    most = in_words(full(variables), words)
    found = {FULL: most, BARE: in_words(bare(variables), words)}
    for name, variable in variables.items():
        if isinstance(variable.sample, bool):
            found[f"not-{name}" if variable.sample else name] = {**most, name: not variable.sample}
        elif isinstance(variable.sample, int | str):
            for value in (*variable.one_of, *variable.others):
                found.setdefault(_named(name, value), {**most, name: value})
    return found


def worth_seeing(letter: str, words: Words) -> dict[str, dict[str, Any]]:
    """The cases that a page of all letters shows: of those to agents, the ones that look most different."""
    found = cases(letter, words)
    if kind_of(letter) in TO_CUSTOMERS:
        return found
    most = ("authority", "four-eyes", "challenge")
    return {name: values for name, values in found.items() if name in {FULL, BARE, *most}}


def in_words(values: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """The values, in the words of a language where they are given at all."""
    return {name: _said(name, value, words) if value else value for name, value in values.items()}


def _said(name: str, value: Any, words: Words) -> Any:
    said = next((words[key] for key, names in _STANDS_FOR.items() if name in names and key in words), None)
    if said is None:
        return value
    if isinstance(value, Promised):
        return value._replace(what=said)
    if isinstance(value, OutsideBody):
        return value._replace(name=said)
    if name == "promises":
        return (value[0]._replace(what=said),) if isinstance(value[0], Promised) else value
    return said


def _named(variable: str, value: Any) -> str:
    return value if isinstance(value, str) and value else f"{variable}-{value}"
