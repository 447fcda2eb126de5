"""What rules/tone/<language>.yaml may say: the words by which a letter's tone is known, and better ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from cases.rules.fields import Language, Strict, Texts, filled
from cases.rules.matching import Phrase
from cases.rules.patterns import Pattern
from cases.rules.strict_yaml import Document, Path
from cases.rules.vocabulary import Affixes
from language.problem import Problem

TONE_FOLDER = "tone/"

Better = Annotated[str, Field(max_length=160)]
Filled = Annotated[Texts, AfterValidator(filled)]


class Wordings(Strict):
    """Words that mean one thing, and what to write."""

    phrases: Texts = ()
    """Words of the letter; * stands for up to three words."""
    patterns: Texts = ()
    """Regular expressions (RE2) that the normalised letter is looked through for."""
    unless: Texts = ()
    """Longer wording that is meant otherwise: what stands in it is not counted."""
    better: Better = ""
    """What a person would really write, in the file's language."""


class Checks(Strict):
    """What should not stand in a letter."""

    non_apology: tuple[Wordings, ...] = ()
    """Sorry for what the customer feels: "we are sorry that you experience"."""
    blame: tuple[Wordings, ...] = ()
    """Words that push the fault to the customer."""
    boilerplate: tuple[Wordings, ...] = ()
    """Phrases that every customer has read a hundred times."""
    cheer: tuple[Wordings, ...] = ()
    """Superlatives and chumminess. Exclamation marks and emoji are known anyway."""
    stiffness: tuple[Wordings, ...] = ()
    """The language of offices."""
    promise_without_date: tuple[Wordings, ...] = ()
    """Words that promise something; told only where nothing says by when."""
    apology_not_ours: tuple[Wordings, ...] = ()
    """Words that take the blame; told only where the fault is not ours."""
    placeholder: tuple[Wordings, ...] = ()
    """What people leave to be filled in, beside {{ }}, [words], <words>, XXX, ____ and «…»."""


class Parts(Strict):
    """What a letter has: words by which each part is known, and what to write where it is missing."""

    thanks: Wordings = Wordings()
    apology: Wordings = Wordings()
    understanding: Wordings = Wordings()
    """Beside words that the customer used too."""
    plan: Wordings = Wordings()
    date: Wordings = Wordings()
    """Beside the days and times that words/<language>.yaml knows."""
    contact: Wordings = Wordings()
    """Beside mail addresses and telephone numbers."""


class OtherBetter(Strict):
    """A better wording for what is known without words."""

    apology_for_praise: Better = ""
    wrong_language: Better = ""
    wrong_name: Better = ""
    too_long: Better = ""


class Salutation(Strict):
    """How a letter begins."""

    greetings: Texts = ()
    """Words of the first line that greet: "dear"."""
    titles: Texts = ()
    """Words of it that stand beside a name: "mrs"."""


class Forms(Strict):
    """Letters that are written onto words, more of them than onto those of phrases."""

    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    weak: str = ""
    """Letters that come and go within a word, so that two of one root are one: "אהוית"."""


class Limits(Strict):
    """How much is too much."""

    letter: int = Field(200, ge=20, le=5000)
    """Words of a letter."""
    paragraph: int = Field(90, ge=10, le=5000)
    """Words of a paragraph."""
    exclamations: int = Field(1, ge=0, le=100)
    """Exclamation marks of a letter that are fine."""


class ToneFile(Strict):
    """How a good letter sounds in one language."""

    language: Language
    prefixes: tuple[str, ...] = ()
    """Letters that may stand before a word of a phrase, written as one word with it."""
    suffixes: tuple[str, ...] = ()
    """Letters that may follow a word of a phrase, written as one word with it."""
    checks: Checks = Checks()
    parts: Parts = Parts()
    better: OtherBetter = OtherBetter()
    salutation: Salutation = Salutation()
    forms: Forms = Forms()
    """By which a word of the letter is known for one of the customer's: "refunded", "refunds"."""
    common: Texts = ()
    """Words that say nothing about a case, so that to repeat them shows no understanding."""
    alike: tuple[Filled, ...] = ()
    """Words that mean the same to customers."""
    limits: Limits = Limits()


def wordings(file: ToneFile) -> Iterator[tuple[Path, Wordings]]:
    """Every group of the file, with its place in it."""
    for check in Checks.model_fields:
        for number, group in enumerate(getattr(file.checks, check)):
            yield ("checks", check, number), group
    for part in Parts.model_fields:
        yield ("parts", part), getattr(file.parts, part)


def mistakes_in(document: Document, file: ToneFile) -> Iterator[Problem]:
    """What a file says that can't be looked for, and groups that say nothing."""
    own = document.file.removeprefix(TONE_FOLDER).removesuffix(".yaml")
    if own != file.language:
        told = f"this file is named '{own}': write 'language: {own}', or rename it to '{file.language}.yaml'"
        yield Problem(document.file, *document.place(("language",)), told)
    for path, group in wordings(file):
        yield from _mistakes_of(document, path, group, Affixes())


def _mistakes_of(document: Document, path: Path, group: Wordings, affixes: Affixes) -> Iterator[Problem]:
    if path[0] == "checks":
        if not (group.phrases or group.patterns):
            told = "this has no words to look for; write them below 'phrases:'"
            yield Problem(document.file, *document.place(path), told)
        if not group.better:
            told = "say what to write instead: 'better: …'"
            yield Problem(document.file, *document.place(path), told)
    for key in ("phrases", "unless", "patterns"):
        for number, text in enumerate(getattr(group, key)):
            try:
                Pattern(text) if key == "patterns" else Phrase.of(text, affixes)
            except ValueError as error:
                yield Problem(document.file, *document.place((*path, key, number)), str(error))
