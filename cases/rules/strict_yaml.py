"""YAML as people mean it: a strict reader that keeps the place of every word and reports each mistake.

Text stays text: only `true` and `false` are booleans, only plain digits are numbers, so that `no`, `12:30`,
`2026-03-21` and `007` are read as they stand. Anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from cases.rules.mending import mended
from cases.rules.unreadable import indent_of, unreadable
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

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
MOST_SIGNS = 20
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Signs around a word that editors of right-to-left text leave behind; nobody can see or mean them."""
NO_SPACE = "a space is missing after the '-'"


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
                name = str(key.value).strip(INVISIBLE) if word else NO_KEY
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


def parse(file: str, text: str, known: Collection[str] = ()) -> tuple[Document | None, list[Problem]]:
    """The document, or None, and every problem of the file. Never raises, whatever the text is.

    `known` are the keys that the file may have. Where slips of the pen make the text unreadable, the document
    is what it says without them, so that the mistakes in the rest show at once.
    """
    text = text.removeprefix("\ufeff")
    if problems := [*_tabs(file, text), *_control_signs(file, text)]:
        return None, problems
    if len(text) > MAX_LENGTH:
        return None, [Problem(file, 0, 0, f"the file is longer than {MAX_LENGTH} characters; split it")]
    document, problems, readable = _read(file, text)
    if readable:
        return document, problems
    better, slips = mended(text, known)
    told = [Problem(file, line, slip.column, slip.message) for line, slip in slips]
    if not told:
        return None, problems
    document, problems, readable = _read(file, better)
    lines = {line for line, _ in slips}
    return document, sorted((*told, *(one for one in problems if readable or one.line not in lines)))


def _read(file: str, text: str) -> tuple[Document | None, list[Problem], bool]:
    """The document, its problems, and whether it could be read to its end."""
    reader = _Reader(file, text)
    try:
        data = reader.document(yaml.parse(text, Loader=PARSER))
    except Unreadable:
        return None, reader.problems, True
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        return None, [*reader.problems, unreadable(file, text, error)], False
    return Document(file, text, data), reader.problems, True


def _tabs(file: str, text: str) -> list[Problem]:
    message = "this line begins with a tab; write spaces instead (two for each step)"
    return [
        Problem(file, number, len(line) - len(line.lstrip(" ")) + 1, message)
        for number, line in enumerate(text.split("\n"), 1)
        if line.lstrip(" ").startswith("\t") and line.strip()
    ]


def _control_signs(file: str, text: str) -> list[Problem]:
    if not CONTROL.search(text):
        return []
    message = "an invisible control character stands here; delete it and type the words around it anew"
    return [
        Problem(file, number, found.start() + 1, message)
        for number, line in enumerate(text.split("\n"), 1)
        if (found := CONTROL.search(line))
    ][:MOST_SIGNS]


class _Reader:
    """Builds plain data from the parser's events, noting problems on the way."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._text = text
        self._lines: list[str] = []
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
            self._one_text(event)
            return f"{event.tag} {event.value}" if event.tag not in (None, "!") else _scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return f"*{event.anchor}"
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._node(inner, events, depth + 1) for inner in _until(events, yaml.SequenceEndEvent)]
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, depth)
        return None

    def _one_text(self, event: Any) -> None:
        """Refuse a text that goes on over lines which were meant as entries of their own."""
        first, last = event.start_mark.line, event.end_mark.line
        if event.style or first == last or "-" not in event.value:
            return
        lines = self._lines = self._lines or self._text.split("\n")
        if event.value.startswith("-"):
            self._refuse(event, NO_SPACE)
            return
        for number in range(first + 1, min(last + 1, len(lines))):
            if lines[number].lstrip().startswith("-"):
                self.problems.append(self._not_apart(event, lines, number))
                return

    def _not_apart(self, event: Any, lines: Sequence[str], number: int) -> Problem:
        """Why the entry on that line was read as part of the text before it."""
        first, column = _place(event)
        before = lines[first - 1][: column - 1]
        here = indent_of(lines[number]) + 1
        if not lines[number].lstrip().startswith("- "):
            return Problem(self.file, number + 1, here, NO_SPACE)
        if "- " not in before:
            message = "'- ' is missing before this line; the lines below it are a list"
            return Problem(self.file, first, column, message)
        dash = before.index("-") + 1
        message = f"this line stands too far right; begin it in column {dash}, as line {first} does"
        return Problem(self.file, number + 1, here, message)

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
            return str(event.value).strip(INVISIBLE)
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
    written = written.strip(INVISIBLE)
    if written in CONSTANTS:
        return CONSTANTS[written]
    if INTEGER.fullmatch(written):
        return int(written)
    return float(written) if DECIMAL.fullmatch(written) else written
