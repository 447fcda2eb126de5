"""The words of the page, from templates/<language>/report.yaml: what is missing there is as shipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta
from jinja2.exceptions import TemplateAssertionError

from cases.naming import Names
from cases.rules.rulebook import Rulebook
from engine.places import INSTALLED
from engine.rule_files import WrongFiles
from language.problem import Problem
from outbox import labels as labels_of
from outbox.filters import environment
from outbox.marked import Labels
from outbox.source import mapping
from reports.words import KEYS, KNOWN, SENTENCES, Words

SHIPPED = INSTALLED / "templates"
FILE = "report.yaml"
LAST_RESORT = "en"
NO_VARIABLE = "may not stand here; what may is {known}"


@dataclass(frozen=True, slots=True)
class NoSuchLanguage(Exception):
    """The page has no words in this language; the message says in which it has."""

    language: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"there is no page in '{self.language}'; there are {', '.join(self.known)}; "
            f"for another language write templates/{self.language}/{FILE}, like templates/en/{FILE}"
        )


def languages(templates: Path) -> tuple[str, ...]:
    """Those in which there can be a page."""
    found = {path.parent.name for folder in (SHIPPED, templates) for path in folder.glob(f"*/{FILE}")}
    return tuple(sorted(found))


def words(templates: Path, language: str, rulebook: Rulebook) -> Words:
    """Everything that the page says. Raises NoSuchLanguage, and WrongFiles with every mistake."""
    known = languages(templates)
    if language not in known:
        raise NoSuchLanguage(language, known)
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name in dict.fromkeys((LAST_RESORT, language)):
        # Forms of a count are a language's own: those of English say nothing in another.
        texts = {key: text for key, text in texts.items() if key in KEYS}
        for folder in dict.fromkeys((SHIPPED, templates)):
            found, wrong = _texts(folder, name)
            texts |= found
            problems += wrong
    if problems:
        raise WrongFiles(sorted(set(problems)))
    labels = _labels(templates, language)
    calendar = rulebook.calendar
    return Words(
        language=language,
        zone=calendar.zone,
        templates=environment(language, calendar.zone, labels, html=True),
        texts=texts,
        labels=labels,
        names=Names(rulebook.words, rulebook.categories, rulebook.extracting.names),
        agents={agent.address: agent.name for agent in rulebook.agents},
        day_hours=calendar.working_hours.length.total_seconds() / 3600,
    )


def mistakes(templates: Path) -> Iterator[Problem]:
    """What is wrong with the page's words in a folder."""
    for path in sorted(templates.glob(f"*/{FILE}")):
        yield from _texts(templates, path.parent.name)[1]


def _texts(folder: Path, language: str) -> tuple[dict[str, str], list[Problem]]:
    path = folder / language / FILE
    name = f"{folder.name}/{language}/{FILE}"
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError):
        return {}, [Problem(name, 0, 0, "this can't be read; save the file as UTF-8")]
    fields, problems = mapping(name, text, 0, KNOWN)
    for key, (said, line) in fields.items():
        problems += [Problem(name, line, 1, f"{key}: {wrong}") for wrong in _wrong(key, said)]
    return {key: said for key, (said, _) in fields.items()}, problems


def _wrong(key: str, said: str) -> Iterator[str]:
    """What can't be filled in."""
    if key not in SENTENCES:
        return
    made = environment(LAST_RESORT, UTC, {}, html=True)
    made.filters |= dict.fromkeys(
        ("n", "share", "length", "work", "counted", "against", "cause", "fact_name", "currency"), str
    )
    try:
        made.from_string(said)
        unknown = meta.find_undeclared_variables(made.parse(said)) - set(SENTENCES[key])
    except (TemplateSyntaxError, TemplateAssertionError) as error:
        yield error.message or "this can't be read"
        return
    for variable in sorted(unknown):
        listed = ", ".join(SENTENCES[key]) or "nothing"
        yield f"“{variable}” {NO_VARIABLE.format(known=listed)}"


def _labels(templates: Path, language: str) -> Labels:
    """What letters call kinds, severities and the like: of the language over those of English."""
    found: dict[tuple[str, str], str] = {}
    for name in dict.fromkeys((LAST_RESORT, language)):
        own, shipped = (folder / name / labels_of.FILE for folder in (templates, SHIPPED))
        path = own if own.is_file() else shipped
        if path.is_file():
            # What is wrong with them is told where letters are checked: they are theirs.
            found |= labels_of.read(path.name, path.read_text("utf-8"), (), found or None)[0]
    return found
