"""What is read of each rule file, kept: an edit of one file costs no reading of the others."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from cases.rules import examples, extractors_compiling, tone
from cases.rules.compiling import Compiler
from cases.rules.conditions import RulesFile
from cases.rules.errors import all_keys, read
from cases.rules.extracting import Extracting
from cases.rules.extractors import ExtractorsFile
from cases.rules.matcher import Matcher
from cases.rules.strict_yaml import Document, parse
from cases.rules.tone import ToneFile
from cases.toning.guides import Guides
from language.problem import Problem
from language.words import Words

Model = TypeVar("Model", bound=BaseModel)
Texts = tuple[tuple[str, str], ...]
"""Files, each by name and text."""


@lru_cache(512)
def read_file(
    name: str, text: str, model: type[Model]
) -> tuple[Model | None, Document | None, tuple[Problem, ...]]:
    """A file as this model. Kept, so that an edit of one file costs no reading of the others."""
    document, problems = parse(name, text, all_keys(model))
    if document is None:
        return None, None, tuple(problems)
    found, more = read(document, model)
    return found, replace(document, data=None), (*problems, *more)


@lru_cache(64)
def tone_file(name: str, text: str) -> tuple[ToneFile | None, tuple[Problem, ...]]:
    """A file on how letters sound, and its problems; kept like the others."""
    file, document, problems = read_file(name, text, ToneFile)
    more = tone.mistakes_in(document, file) if file and document else ()
    return file, (*problems, *more)


def words_of(texts: Texts) -> list[Words]:
    """The languages' words, those of English first."""
    words = [found for one in texts if (found := read_file(*one, Words)[0])]
    return sorted(words, key=lambda one: (one.language != "en", one.language))


@lru_cache(4)
def extracting_of(name: str, text: str, words: Texts) -> tuple[Extracting, tuple[Problem, ...]]:
    """Which facts are looked for, and what is wrong with that; kept like the others."""
    file, document, problems = read_file(name, text, ExtractorsFile)
    if not (file and document):
        return Extracting(), problems
    extracting, more = extractors_compiling.compiled(document, file, words_of(words))
    return extracting, (*problems, *more)


@lru_cache(4)
def guides_of(tone: Texts, words: Texts) -> Guides:
    """How a good letter sounds, in the languages that have a file for it; kept like the others."""
    return Guides((file for one in tone if (file := tone_file(*one)[0])), words_of(words))


@lru_cache(8)
def engine_of(texts: Texts) -> tuple[Matcher, tuple[Problem, ...]]:
    """What matches by these files of rules, by name and text; kept like them."""
    compiler = Compiler()
    read_files = (read_file(*one, RulesFile) for one in texts)
    whole = [(document, file, told) for file, document, told in read_files if document and file]
    for document, file, _ in whole:
        compiler.add(document, file)
    problems = list(compiler.problems)
    engine = compiler.matcher()
    if not problems:
        for document, file, told in whole:
            problems += () if told else examples.mistakes(engine, document, file)
    return engine, tuple(problems)


def forget() -> None:
    """Give up what is kept for the next load of files that are nearly the same."""
    for kept in (read_file, tone_file, extracting_of, guides_of, engine_of):
        kept.cache_clear()
