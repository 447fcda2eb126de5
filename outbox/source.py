"""YAML that people write beside letters: nodes with their places, and mistakes in an admin's words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any

import yaml

from language.problem import Problem

DEEPEST = 20
MOST_TOLD = 80
"""Names that are told where nothing is near to what was written."""
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_QUOTES_AND_SPACES = (
    'write key: "…" with straight quotes around the whole text, and spaces, no tabs, before the key'
)
_TOO_DEEP = "this is nested too deep; write it flatter"
_IN_WORDS = (
    ("\\t", "a tab stands here"),
    ("unexpected end of stream", "a quote that was opened is never closed"),
    ("mapping values", "a text with a colon and a space in it needs quotes"),
    ("cannot start any token", "a text can't begin with this sign without quotes"),
    ("escape", "a backslash is a special sign in quotes"),
)


def mapping(
    file: str, text: str, offset: int, keys: Collection[str]
) -> tuple[dict[str, tuple[str, int]], list[Problem]]:
    """`key: "text"` lines as key → (text, line). Lines are counted from `offset`."""
    node, problems = compose(file, text, offset)
    fields: dict[str, tuple[str, int]] = {}
    for key, value in pairs(node):
        line, column = value.start_mark.line + 1 + offset, value.start_mark.column + 1
        if key.value not in keys:
            place = key.start_mark
            advice = f"“{key.value}” is unknown; {did_you_mean(str(key.value), keys)}"
            problems.append(Problem(file, place.line + 1 + offset, place.column + 1, advice))
        elif key.value in fields:
            problems.append(Problem(file, line, column, f"“{key.value}” stands here twice; keep one"))
        elif not isinstance(value, yaml.ScalarNode):
            problems.append(Problem(file, line, column, f'put it between quotes: {key.value}: "…"'))
        else:
            fields[str(key.value)] = (value.value, line)
    return fields, problems


def compose(file: str, text: str, offset: int = 0) -> tuple[yaml.Node | None, list[Problem]]:
    """The YAML nodes of a mapping, with their places; None and a problem when it is none."""
    try:
        node = _root(text)
    except yaml.YAMLError:
        return None, [_problem(file, text, offset)]
    except RecursionError:
        return None, [Problem(file, offset + 1, 1, _TOO_DEEP)]
    if node is not None and not isinstance(node, yaml.MappingNode):
        return None, [Problem(file, offset + 1, 1, 'write lines of the form name: "text"')]
    return node, []


def pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of a mapping node."""
    if isinstance(node, yaml.MappingNode):
        yield from node.value


def did_you_mean(wrong: str, known: Collection[str]) -> str:
    """“did you mean …?”, or what is known when nothing is near."""
    near = get_close_matches(wrong, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean “{near[0]}”?"
    listed = sorted(known)
    return f"known are {', '.join(listed[:MOST_TOLD])}{', …' if len(listed) > MOST_TOLD else ''}"


def _root(text: str) -> yaml.Node | None:
    """The first document's node, made of the events of the fast parser: that alone is half the work."""
    events = yaml.parse(text, Loader=_PARSER)
    roots = [_node(event, events, DEEPEST) for event in events if isinstance(event, yaml.NodeEvent)]
    if len(roots) > 1:
        raise yaml.YAMLError
    return roots[0] if roots else None


def _node(event: Any, events: Iterator[Any], deepest: int) -> yaml.Node:
    if not deepest:
        raise RecursionError
    place = (event.start_mark, event.end_mark)
    if isinstance(event, yaml.SequenceStartEvent):
        members = [_node(one, events, deepest - 1) for one in _until(events, yaml.SequenceEndEvent)]
        return yaml.SequenceNode("", members, *place)
    if isinstance(event, yaml.MappingStartEvent):
        found = [
            (_node(one, events, deepest - 1), _node(next(events), events, deepest - 1))
            for one in _until(events, yaml.MappingEndEvent)
        ]
        return yaml.MappingNode("", found, *place)
    if isinstance(event, yaml.AliasEvent):
        raise yaml.YAMLError
    return yaml.ScalarNode("", event.value, *place)


def _until(events: Iterator[Any], end: type[Any]) -> Iterator[Any]:
    while not isinstance(event := next(events), end):
        yield event


def _problem(file: str, text: str, offset: int) -> Problem:
    """What is wrong, which the slow parser says better."""
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return _in_words(file, offset, error)
    except RecursionError:
        return Problem(file, offset + 1, 1, _TOO_DEEP)
    except yaml.YAMLError:
        return Problem(file, offset + 1, 1, "there is an unprintable character; take it away")
    return Problem(file, offset + 1, 1, f"“*” and “&” have a meaning of their own here; {_QUOTES_AND_SPACES}")


def _in_words(file: str, offset: int, error: yaml.MarkedYAMLError) -> Problem:
    place = error.problem_mark or error.context_mark
    line, column = (place.line, place.column) if place else (0, 0)
    said = error.problem or ""
    what = next((words for sign, words in _IN_WORDS if sign in said), "this can't be read")
    return Problem(file, line + 1 + offset, column + 1, f"{what}; {_QUOTES_AND_SPACES}")
