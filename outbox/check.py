"""Find what is wrong in a template before it is used: every mistake with its line and what to write."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any, NamedTuple

from jinja2 import Environment, Template, TemplateError, TemplateSyntaxError, meta, nodes
from markupsafe import Markup

from language.problem import Problem
from outbox import markup, variables
from outbox.source import did_you_mean

_LAYOUT_VARIABLES = ("lang", "dir", "subject", "groups")
_TAGS = ["if", "elif", "else", "endif", "for", "endfor", "set"]
_FOREIGN = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
_FAILURES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A template's source, with as many lines before it as its file has."""

    source: str
    environment: Environment


class Made(NamedTuple):
    """A checked template, and what it can be made from again."""

    template: Template
    code: CodeType


def check(file: str, letter: str, text: str, drafts: Sequence[Draft]) -> tuple[list[Made], list[Problem]]:
    """Compile the forms of a letter. `text` is the whole file, to find columns in."""
    known = list(variables.variables_of(letter) or {})
    parts: list[Made] = []
    problems: list[Problem] = []
    for draft in drafts:
        made, found = compiled(file, text, draft, known)
        problems.extend(found)
        if made:
            parts.append(made)
    return parts, list(dict.fromkeys(problems))


def check_layout(file: str, text: str, environment: Environment) -> tuple[Made | None, list[Problem]]:
    """Compile the HTML frame and try it."""
    made, problems = compiled(file, text, Draft(text, environment), list(_LAYOUT_VARIABLES))
    if made is None:
        return None, problems
    sample = [(kind, [("rtl", Markup("x"), Markup("https://example.com"))]) for kind in markup.KINDS.values()]
    values = {"lang": "fa", "dir": "rtl", "subject": "x", "groups": sample}
    failures = attempt(file, text, made.template, values)
    return (None if failures else made), failures


def trial(file: str, letter: str, text: str, parts: Sequence[Made]) -> list[Problem]:
    """Render every form with sample values, full and bare; each failure is a problem."""
    tries = [(values, made.template) for values in variables.samples(letter) for made in parts]
    found = (problem for values, template in tries for problem in attempt(file, text, template, values))
    return list(dict.fromkeys(found))


def attempt(file: str, text: str, template: Template, values: Mapping[str, Any]) -> list[Problem]:
    """Render a template once; a failure is a problem."""
    try:
        markup.blocks(template.render(values))
    except _FAILURES as error:
        return [_failure(file, text, error)]
    return []


def compiled(file: str, text: str, draft: Draft, known: list[str]) -> tuple[Made | None, list[Problem]]:
    """One template that may use the known names; None and every problem when it can't be."""
    try:
        tree = draft.environment.parse(draft.source, filename=file)
        if problems := [*_unknown(file, text, draft, tree, known)]:
            return None, problems
        code = draft.environment.compile(tree, filename=file)
    except TemplateSyntaxError as error:
        return None, [_misspelt(file, text, error)]
    except RecursionError:
        return None, [Problem(file, 1, 1, "a {{ … }} or {% … %} is nested too deep; write it shorter")]
    return Made(Template.from_code(draft.environment, code, {}), code), []


def _misspelt(file: str, text: str, error: TemplateSyntaxError) -> Problem:
    """What Jinja can't read, in an admin's words where the words of Jinja are none."""
    said, line = error.message or "", error.lineno
    if tag := re.search(r"unknown tag '(\w+)'", said):
        advice = f"“{tag[1]}” is not known here; {did_you_mean(tag[1], _TAGS)}"
        return Problem(file, line, _column(text, line, tag[1]), advice)
    if got := re.search(r"'end of print statement', got '(.+?)'\.?$", said):
        advice = f"“{got[1]}” is one word too many; write {{{{ name }}}} or {{{{ name|filter }}}}"
        return Problem(file, line, _column(text, line, got[1]), advice)
    return Problem(file, line, _column(text, line, "{%"), markup.explain(error))


def _unknown(file: str, text: str, draft: Draft, tree: nodes.Template, known: list[str]) -> Iterator[Problem]:
    """Filters and variables that don't exist, and tags that reach into other files."""
    environment = draft.environment
    found = list(tree.find_all((nodes.Filter, nodes.Name, *_FOREIGN)))
    filters = sorted(environment.filters)
    strange = [one for one in found if isinstance(one, nodes.Filter) and one.name not in filters]
    for used in strange:
        advice = f"there is no filter “{used.name}”; {did_you_mean(used.name, filters)}"
        yield Problem(file, used.lineno, _column(text, used.lineno, used.name), advice)
    for tag in found:
        if isinstance(tag, _FOREIGN):
            advice = "a letter can't take in other files; write the text here"
            yield Problem(file, tag.lineno, _column(text, tag.lineno, "{%"), advice)
    names = [one for one in found if isinstance(one, nodes.Name) and one.name not in known]
    if not names:
        return
    # Jinja tells them from the names that the template itself sets, but stops at an unknown filter.
    lenient = environment.overlay()
    lenient.filters = {**environment.filters, **dict.fromkeys((used.name for used in strange), str)}
    undeclared = meta.find_undeclared_variables(lenient.parse(draft.source, filename=file))
    for name in names:
        if name.name in undeclared:
            advice = f"there is no “{name.name}” here; {did_you_mean(name.name, known)}"
            yield Problem(file, name.lineno, _column(text, name.lineno, name.name), advice)


def _failure(file: str, text: str, error: Exception) -> Problem:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = (frames[-1].lineno or 0) if frames else 0
    advice = f"this fails with sample values: {error}; look at what the {{{{ … }}}} of this line is given"
    return Problem(file, line, _column(text, line, "{{") if line else 0, advice)


def _column(text: str, line: int, words: str) -> int:
    """Where the words stand in a line of the file; 1 when they can't be seen there."""
    lines = text.split("\n")
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)" if words[0].isalpha() else re.escape(words), shown)
    return found.start() + 1 if found else 1
