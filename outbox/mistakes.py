"""What is wrong in a template, in an admin's words: where it stands and what to write instead."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, UndefinedError, meta, nodes

from language.problem import Problem
from outbox import markup
from outbox.filters import NoText
from outbox.source import did_you_mean

_TAGS = ["if", "elif", "else", "endif", "for", "endfor", "set"]
_FOREIGN = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
_PRINTED = re.compile(r"\{\{[-+]?\s*([\w.]+)\s*(?:\|\s*(?:isolated|quoted|prose|framed)\s*)?[-+]?\}\}")
_FACT = re.compile(r"\bl_\d+_facts\), '(\w+)'\)")
_NO_ATTRIBUTE = re.compile(r"'[^']*'(?: object)? has no attribute '(\w+)'")


def misspelt(file: str, text: str, error: TemplateSyntaxError) -> Problem:
    """What Jinja can't read, in an admin's words where the words of Jinja are none."""
    said, line = error.message or "", error.lineno
    if tag := re.search(r"unknown tag '(\w+)'", said):
        advice = f"“{tag[1]}” is not known here; {did_you_mean(tag[1], _TAGS)}"
        return Problem(file, line, column(text, line, tag[1]), advice)
    if got := re.search(r"'end of print statement', got '(.+?)'\.?$", said):
        advice = f"“{got[1]}” is one word too many; write {{{{ name }}}} or {{{{ name|filter }}}}"
        return Problem(file, line, column(text, line, got[1]), advice)
    return Problem(file, line, column(text, line, "{%"), markup.explain(error))


def strange(
    file: str,
    text: str,
    source: str,
    environment: Environment,
    tree: nodes.Template,
    known: Collection[str],
) -> Iterator[Problem]:
    """Filters, tests and variables that don't exist, and tags that reach into other files."""
    found = list(tree.find_all((nodes.Filter, nodes.Test, nodes.Name, *_FOREIGN)))
    for used in found:
        if isinstance(used, nodes.Filter) and used.name not in environment.filters:
            known_ones = sorted(environment.filters)
            advice = f"there is no filter “{used.name}”; {did_you_mean(used.name, known_ones)}"
            yield Problem(file, used.lineno, column(text, used.lineno, used.name), advice)
        elif isinstance(used, nodes.Test) and used.name not in environment.tests:
            advice = f"“is {used.name}” is not known; {did_you_mean(used.name, sorted(environment.tests))}"
            yield Problem(file, used.lineno, column(text, used.lineno, used.name), advice)
        elif isinstance(used, _FOREIGN):
            advice = "a letter can't take in other files; write the text here"
            yield Problem(file, used.lineno, column(text, used.lineno, "{%"), advice)
    names = [one for one in found if isinstance(one, nodes.Name) and one.name not in known]
    if not names:
        return
    # Jinja tells them from the names that the template itself sets, but stops at an unknown filter or test.
    lenient = environment.overlay()
    strangers: dict[str, Any] = dict.fromkeys(
        (one.name for one in found if isinstance(one, nodes.Filter | nodes.Test)), str
    )
    lenient.filters = {**strangers, **environment.filters}
    lenient.tests = {**strangers, **environment.tests}
    undeclared = meta.find_undeclared_variables(lenient.parse(source, filename=file))
    for name in names:
        if name.name in undeclared:
            advice = f"there is no “{name.name}” here; {did_you_mean(name.name, known)}"
            yield Problem(file, name.lineno, column(text, name.lineno, name.name), advice)


def unknown_facts(file: str, text: str, source: str, known: Collection[str] | None) -> list[Problem]:
    """Facts that nobody looks for, in the code of a template; none where what is looked for is not known."""
    asked = dict.fromkeys(_FACT.findall(source))
    problems: list[Problem] = []
    for name in (one for one in asked if known is not None and one not in known):
        found = re.search(rf"\bfacts(?:\.|\[['\"]){re.escape(name)}\b", text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        meant = did_you_mean(name, known or ())
        advice = f"no fact “{name}” is looked for in mails (rules/extractors.yaml); {meant}"
        problems.append(Problem(file, line, column(text, line, name), advice))
    return problems


def failure(file: str, text: str, error: Exception, values: Mapping[str, Any]) -> Problem:
    """Why a rendering with these values broke off."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = (frames[-1].lineno or 0) if frames else 0
    lacking = _NO_ATTRIBUTE.search(str(error)) if isinstance(error, UndefinedError) else None
    if lacking and lacking[0].startswith("'None'"):
        whole = re.search(rf"\b([\w.]+)\.{lacking[1]}\b", _line(text, line))
        name = whole[1] if whole else "it"
        advice = f"there may be no {name}; put {{% if {name} %}} and {{% endif %}} around it"
        return Problem(file, line, column(text, line, name), advice)
    if lacking and line:
        parts = sorted({part for value in values.values() for part in _parts(value)})
        advice = f"there is no “{lacking[1]}” in it; {did_you_mean(lacking[1], parts)}"
        return Problem(file, line, column(text, line, lacking[1]), advice)
    if isinstance(error, NoText):
        name = _bare_name(text, line, values)
        form = f"; write {error.form.replace('…', name)}" if error.form else ""
        printed = re.search(rf"\{{\{{[-+]?\s*(?={re.escape(name)})", _line(text, line))
        place = printed.end() + 1 if printed else column(text, line, "{{")
        return Problem(file, line, place, f"{error}{form}")
    advice = f"this fails with sample values: {error}; look at what the {{{{ … }}}} of this line is given"
    return Problem(file, line, column(text, line, "{{") if line else 0, advice)


def _parts(value: Any) -> Iterator[str]:
    """The names that can stand behind a dot."""
    if isinstance(value, tuple) and value and not hasattr(value, "_fields"):
        yield from _parts(value[0])
    elif isinstance(value, tuple):
        yield from getattr(value, "_fields", ())
    elif isinstance(value, Mapping):
        yield from (str(name) for name in value)


def _bare_name(text: str, line: int, values: Mapping[str, Any]) -> str:
    """What a line prints that is no text; … where that can't be told."""
    printed = _PRINTED.findall(_line(text, line))
    names = [one for one in printed if not isinstance(values.get(one), str | int | float)]
    names = names or [one for one in printed if isinstance(values.get(one), bool)]
    return names[0] if len(names) == 1 else "…"


def column(text: str, line: int, words: str) -> int:
    """Where the words stand in a line of the file; 1 when they can't be seen there."""
    shown = _line(text, line)
    found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)" if words[0].isalpha() else re.escape(words), shown)
    return found.start() + 1 if found else 1


def _line(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""
