"""Extractors as a test writes them, compiled, and what they find."""

from __future__ import annotations

from pathlib import Path

from cases.rules.errors import read
from cases.rules.extracting import Extracting
from cases.rules.extractors import ExtractorsFile
from cases.rules.extractors_compiling import compiled
from cases.rules.fold import fold
from cases.rules.strict_yaml import parse
from language.problem import Problem
from tests.words_shipped import WORDS

FILE = "extractors.yaml"
SHIPPED = (Path(__file__).parent.parent / "rules" / FILE).read_text("utf-8")


def extractors(text: str) -> tuple[Extracting | None, tuple[Problem, ...]]:
    """The extractors of a file's text, and its mistakes."""
    document, problems = parse(FILE, text)
    if document is None:
        return None, tuple(problems)
    file, more = read(document, ExtractorsFile)
    if file is None:
        return None, (*problems, *more)
    return compiled(document, file, WORDS)


def extracting(text: str) -> Extracting:
    """The extractors of a file's text, which is right."""
    made, problems = extractors(text)
    assert made, problems
    assert not problems
    return made


def found(
    made: Extracting, text: str, *, subject: str = "", signature: str = "", language: str = ""
) -> list[tuple[str, str]]:
    """Name and value of each fact in a mail."""
    facts = made.facts_in(fold(subject, text), signature, language)
    return [(fact.name, fact.value) for fact in facts]
