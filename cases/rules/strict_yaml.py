"""YAML as people mean it: a strict reader that keeps the place of every word and reports each mistake.

Text stays text: only `true` and `false` are booleans, only plain digits are numbers, so that `no`, `12:30`,
`2026-03-21` and `007` are read as they stand. Anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from language.problem import Problem

MAX_DEPTH = 20
MAX_LENGTH = 5_000_000
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
NO_KEY = "?"
"""Stands for a key that is no word."""
PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]
Place = tuple[int, int]

IN_WORDS = (
    ("mapping values", "a text that has a colon and a space in it must be in quotes: 'note: like this'"),
    ("cannot start any token", "a text can't begin with this sign; put the text in quotes: '…'"),
    ("unexpected end of stream", "a quote or bracket that was opened is never closed"),
    ("expected ':'", "this line needs a colon after its key; or put the text in quotes"),
    ("escape", "a backslash inside \"…\" is a special sign; use single quotes: '…'"),
    (
        "block mapping",
        "this line stands too far left or right, or lacks its 'key:'; line it up with the lines above",
    ),
    ("'-' indicator", "this line stands too far left or right; line up the '- ' of a list"),
    (
        "flow",
        "a bracket [ or { is not closed, or a comma is missing; a text that begins with one needs quotes",
    ),
    ("control characters", "an invisible control character stands here; delete it and type the text anew"),
)

NEVER_CLOSED = ("unexpected end of stream", "flow")
"""Mistakes that are shown where a quote or bracket opens, because the reader notices them only later."""
KEY = re.compile(r"( *)[^\s:#'\"-][^:#'\"]*(?=: |:$)")
TOO_FAR_RIGHT = "this line stands further right than the lines that it belongs to; line it up with them"


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where it says it. A path is the keys and list positions that lead to a value."""

    file: str
    text: str
    data: Any

    def place(self, path: Path, *, key: bool = False) -> Place:
        """The place of the value (or of its key), or of the nearest thing around it."""
        places = _places(self.text)
        if key and path in places.keys:
            return places.keys[path]
        while path and path not in places.values:
            path = path[:-1]
        return places.values.get(path, (1, 1))


@dataclass(frozen=True, slots=True)
class _Places:
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def note(self, event: Any, events: Iterator[Any], path: Path) -> None:
        """Note a value and all that is in it."""
        self.values[path] = _place(event)
        if isinstance(event, yaml.SequenceStartEvent):
            for number, inner in enumerate(_until(events, yaml.SequenceEndEvent)):
                self.note(inner, events, (*path, number))
        elif isinstance(event, yaml.MappingStartEvent):
            for key in _until(events, yaml.MappingEndEvent):
                word = isinstance(key, yaml.ScalarEvent)
                name = str(key.value) if word else NO_KEY
                if not word:
                    self.note(key, events, (*path, name))
                self.keys.setdefault((*path, name), _place(key))
                self.note(next(events), events, (*path, name))


@lru_cache(2)
def _places(text: str) -> _Places:
    """Where everything stands in a text that was read before. Looked for only where something is wrong."""
    places = _Places()
    events = yaml.parse(text, Loader=PARSER)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            places.note(event, events, ())
    return places


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _until(events: Iterator[Any], end: type[Any]) -> Iterator[Any]:
    while not isinstance(event := next(events), end):
        yield event


class Unreadable(Exception):
    """The rest of the file can't be read; the problem is already noted."""


def parse(file: str, text: str) -> tuple[Document | None, list[Problem]]:
    """The document, or None, and every problem of the file. Never raises, whatever the text is."""
    text = text.removeprefix("\ufeff")
    problems = _tabs(file, text)
    if len(text) > MAX_LENGTH:
        problems.append(Problem(file, 0, 0, f"the file is longer than {MAX_LENGTH} characters; split it"))
    if problems:
        return None, problems
    reader = _Reader(file)
    try:
        data = reader.document(yaml.parse(text, Loader=PARSER))
    except Unreadable:
        return None, reader.problems
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        return None, [*reader.problems, _unreadable(file, text, error)]
    return Document(file, text, data), reader.problems


def _tabs(file: str, text: str) -> list[Problem]:
    message = "this line begins with a tab; write spaces instead (two for each step)"
    return [
        Problem(file, number, len(line) - len(line.lstrip(" ")) + 1, message)
        for number, line in enumerate(text.split("\n"), 1)
        if line.lstrip(" ").startswith("\t") and line.strip()
    ]


def _unreadable(file: str, text: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    said = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or error}"
    told = next(
        (words for sign, words in IN_WORDS if sign in said),
        "this can't be read; compare it with the lines above",
    )
    if mark is None:
        return Problem(file, 0, 0, told)
    key = KEY.match("".join(text.split("\n")[mark.line : mark.line + 1]))
    if "mapping values" in said and key and key.end() == mark.column:
        return Problem(file, mark.line + 1, len(key[1]) + 1, TOO_FAR_RIGHT)
    opened = getattr(error, "context_mark", None)
    if opened is not None and any(sign in said for sign in NEVER_CLOSED):
        mark = opened
    return Problem(file, mark.line + 1, mark.column + 1, told)


class _Reader:
    """Builds plain data from the parser's events, noting problems on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def document(self, events: Iterator[Any]) -> Any:
        data: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
            elif isinstance(event, yaml.NodeEvent):
                if documents > 1:
                    self._refuse(event, "a second '---' begins here; put everything under the first one")
                    raise Unreadable
                data = self._node(event, events, 0)
        return data

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Any:
        if depth > MAX_DEPTH:
            self._refuse(event, f"this is nested more than {MAX_DEPTH} deep; write it flatter")
            raise Unreadable
        self._plain_only(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return f"*{event.anchor}"
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._node(inner, events, depth + 1) for inner in _until(events, yaml.SequenceEndEvent)]
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, depth)
        return None

    def _plain_only(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"a text that begins with * must be in quotes: '*{event.anchor}…'")
        elif event.anchor:
            self._refuse(event, f"a text that begins with & must be in quotes: '&{event.anchor}…'")
        elif event.tag and event.tag != "!":
            self._refuse(event, f"a text that begins with ! must be in quotes: '{event.tag}…'")

    def _mapping(self, events: Iterator[Any], depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        keys: dict[str, Any] = {}
        for event in _until(events, yaml.MappingEndEvent):
            key = self._key(event, events, depth)
            if earlier := keys.get(key):
                line = _place(earlier)[0]
                self._refuse(
                    event, f"'{key}' stands here twice (first on line {line}); join the two into one"
                )
            else:
                keys[key] = event
            value = self._node(next(events), events, depth + 1)
            found.setdefault(key, value)
        return found

    def _key(self, event: Any, events: Iterator[Any], depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self._plain_only(event)
            return str(event.value)
        self._refuse(
            event, "a key must be one word followed by a colon; a text that begins with [ or { needs quotes"
        )
        self._node(event, events, depth + 1)
        return NO_KEY

    def _refuse(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self.file, *_place(event), message))


def _scalar(event: Any) -> Any:
    written = str(event.value)
    if not event.implicit[0] or event.style:
        return written
    if written in CONSTANTS:
        return CONSTANTS[written]
    if INTEGER.fullmatch(written):
        return int(written)
    return float(written) if DECIMAL.fullmatch(written) else written
