"""A letter's file: YAML front matter between `---` lines, then the body. Every mistake has a place.

---
subject: "Re: {{ subject }}"
---
Dear {{ name }},
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

from language.problem import Problem

_FENCE = "---"
_KEYS = ("subject",)
_QUOTES_AND_SPACES = (
    'write key: "…" with straight quotes around the whole text, and spaces, no tabs, before the key'
)
_IN_WORDS = (
    ("\\t", "a tab stands here"),
    ("unexpected end of stream", "a quote that was opened is never closed"),
    ("mapping values", "a text with a colon and a space in it needs quotes"),
    ("cannot start any token", "a text can't begin with this sign without quotes"),
    ("escape", "a backslash is a special sign in quotes"),
)
_WRITE_FENCES = 'write --- on the first line, subject: "…" below it, then --- again'


@dataclass(frozen=True, slots=True)
class Source:
    """What a letter's file holds, before any of it is a template."""

    subject: str
    subject_line: int
    body: str
    body_line: int


def read(file: str, text: str, *, needs_subject: bool) -> tuple[Source, list[Problem]]:
    """Split a letter's file. What can't be read is a problem, and empty in the source."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    problems: list[Problem] = []
    fields: dict[str, tuple[str, int]] = {}
    start = 0
    if lines[0].rstrip() == _FENCE:
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
        if end is None:
            problems.append(Problem(file, 1, 1, f"the front matter is not closed; {_WRITE_FENCES}"))
            return Source("", 1, "", 1), problems
        fields, problems = mapping(file, "\n".join(lines[1:end]), 1, _KEYS)
        start = end + 1
    elif needs_subject:
        problems.append(Problem(file, 1, 1, f"there is no front matter; {_WRITE_FENCES}"))
    subject, subject_line = fields.get("subject", ("", 1))
    if needs_subject and start and not subject.strip() and not problems:
        problems.append(Problem(file, 1, 1, 'there is no subject; write subject: "…" between the --- lines'))
    body = "\n".join(lines[start:])
    if not body.strip():
        place = "below the second ---" if start else "here"
        problems.append(Problem(file, start + 1, 1, f"the letter is empty; write its text {place}"))
    return Source(subject, subject_line, body, start + 1), problems


def mapping(
    file: str, text: str, offset: int, keys: tuple[str, ...]
) -> tuple[dict[str, tuple[str, int]], list[Problem]]:
    """`key: "text"` lines as key → (text, line). Lines are counted from `offset`."""
    node, problems = compose(file, text, offset)
    fields: dict[str, tuple[str, int]] = {}
    for key, value in pairs(node):
        line, column = value.start_mark.line + 1 + offset, value.start_mark.column + 1
        if key.value not in keys:
            place = key.start_mark
            advice = f"“{key.value}” is unknown; {_did_you_mean(str(key.value), keys)}"
            problems.append(Problem(file, place.line + 1 + offset, place.column + 1, advice))
        elif key.value in fields:
            problems.append(Problem(file, line, column, f"“{key.value}” stands here twice; keep one"))
        elif not isinstance(value, yaml.ScalarNode):
            problems.append(Problem(file, line, column, f'put it between quotes: {key.value}: "…"'))
        else:
            fields[key.value] = (value.value, line)
    return fields, problems


def compose(file: str, text: str, offset: int = 0) -> tuple[yaml.Node | None, list[Problem]]:
    """The YAML nodes of a mapping, with their places; None and a problem when it is none."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return None, [_yaml_problem(file, offset, error)]
    except RecursionError:
        return None, [Problem(file, offset + 1, 1, "this is nested too deep; write it flatter")]
    except yaml.YAMLError:
        return None, [Problem(file, offset + 1, 1, "there is an unprintable character; take it away")]
    if node is not None and not isinstance(node, yaml.MappingNode):
        return None, [Problem(file, offset + 1, 1, 'write lines of the form name: "text"')]
    return node, []


def pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of a mapping node."""
    if isinstance(node, yaml.MappingNode):
        yield from node.value


def did_you_mean(wrong: str, known: list[str]) -> str:
    """“did you mean …?”, or what is known when nothing is near."""
    return _did_you_mean(wrong, tuple(known))


def _did_you_mean(wrong: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(wrong, known, n=1, cutoff=0.6)
    return f"did you mean “{near[0]}”?" if near else f"known are {', '.join(sorted(known))}"


def _yaml_problem(file: str, offset: int, error: yaml.MarkedYAMLError) -> Problem:
    place = error.problem_mark or error.context_mark
    line, column = (place.line, place.column) if place else (0, 0)
    said = error.problem or ""
    what = next((words for sign, words in _IN_WORDS if sign in said), "this can't be read")
    return Problem(file, line + 1 + offset, column + 1, f"{what}; {_QUOTES_AND_SPACES}")
