"""The front matter of a letter: its subject, its kind and its parts. Every mistake has a place.

subject: "Re: {{ subject }}"
kind: acknowledgement
parts: [thanks, apology, date]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import yaml

from language.problem import Problem
from outbox.kinds import ANSWER, KINDS, PARTS, kind_of
from outbox.source import compose, did_you_mean, pairs

_ALL_KEYS = ("subject", "kind", "parts")
_KEYS_OF_ANSWERS = ("parts",)
_NO_SUBJECT = (
    "an answer leaves as a reply to the customer's mail and has no subject of its own; take this line out"
)
Told = tuple[yaml.Node, str]
"""A place, and what to write there."""


@dataclass(frozen=True, slots=True)
class Front:
    """What a letter's front matter says."""

    subject: str = ""
    subject_line: int = 1
    parts: tuple[str, ...] | None = None
    """The parts that the letter is said to have; None where it does not say."""


def read(file: str, text: str, letter: str, *, drafted: bool) -> tuple[Front, list[Problem]]:
    """The front matter of a letter, its first line being the file's second one."""
    node, problems = compose(file, text, 1)
    if problems:
        return Front(), problems
    found: dict[str, yaml.Node] = {}
    told: list[Told] = []
    keys = _KEYS_OF_ANSWERS if drafted else _ALL_KEYS
    for key, value in pairs(node):
        told += _of_the_key(key, keys, found)
        found.setdefault(str(key.value), value)
    for name, mistakes in _CHECKS.items():
        if name in found and name in keys:
            told += mistakes(found[name], letter)
    problems = [Problem(file, at.start_mark.line + 2, at.start_mark.column + 1, says) for at, says in told]
    return (Front() if problems else _front(found)), problems


def _of_the_key(key: yaml.Node, keys: tuple[str, ...], before: Mapping[str, yaml.Node]) -> list[Told]:
    name = str(key.value)
    if name in before:
        return [(key, f"“{name}” stands here twice; keep one")]
    if name in keys:
        return []
    if name in _ALL_KEYS:
        return [(key, _NO_SUBJECT if name == "subject" else _no_kind(name))]
    return [(key, f"“{name}” is unknown; {did_you_mean(name, list(keys))}")]


def _no_kind(name: str) -> str:
    return f"a file in answer/ needs no “{name}”: it is an {ANSWER} by its place; take this line out"


def _front(found: Mapping[str, yaml.Node]) -> Front:
    subject, parts = found.get("subject"), found.get("parts")
    return Front(
        str(subject.value) if subject else "",
        subject.start_mark.line + 2 if subject else 1,
        tuple(str(one.value) for one in parts.value) if parts else None,
    )


def _subject(value: yaml.Node, _: str) -> list[Told]:
    return [] if isinstance(value, yaml.ScalarNode) else [(value, 'put it between quotes: subject: "…"')]


def _kind(value: yaml.Node, letter: str) -> list[Told]:
    if not isinstance(value, yaml.ScalarNode):
        return [(value, f"write one kind, such as kind: {kind_of(letter)}")]
    if value.value not in KINDS:
        return [(value, f"there is no kind “{value.value}”; {did_you_mean(value.value, list(KINDS))}")]
    if value.value != kind_of(letter):
        own = kind_of(letter)
        return [(value, f"the letter {letter} is of another kind; write kind: {own}, or take this line out")]
    return []


def _parts(value: yaml.Node, _: str) -> list[Told]:
    if not isinstance(value, yaml.SequenceNode):
        return [(value, "write a list in square brackets, such as parts: [thanks, apology, plan]")]
    told: list[Told] = []
    known = set[str]()
    for one in value.value:
        if not isinstance(one, yaml.ScalarNode):
            told.append((one, f"write single words here; known are {', '.join(PARTS)}"))
        elif one.value not in PARTS:
            told.append((one, f"there is no part “{one.value}”; {did_you_mean(one.value, list(PARTS))}"))
        elif one.value in known:
            told.append((one, f"“{one.value}” stands here twice; keep one"))
        known.add(str(one.value))
    return told


_CHECKS: Mapping[str, Callable[[yaml.Node, str], list[Told]]] = {
    "subject": _subject,
    "kind": _kind,
    "parts": _parts,
}
