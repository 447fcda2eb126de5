"""What rules/extractors.yaml may say: which facts are looked for in a mail, and how."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, StrictBool

from cases.rules.fields import CategoryName, Language, Languages, Name, Strict, Texts


class FactKind(StrEnum):
    """What a fact is: it says how two ways to write one are known to be the same."""

    TEXT = "text"
    NUMBER = "number"
    """Of an order, a ticket or a device: letters and digits."""
    AMOUNT = "amount"
    DATE = "date"
    PLACE = "place"
    PERSON = "person"
    PRODUCT = "product"


BY_THEMSELVES = (FactKind.AMOUNT, FactKind.DATE)
"""Kinds that are found without a pattern or a name."""
NAMED = (FactKind.TEXT, FactKind.PLACE, FactKind.PERSON, FactKind.PRODUCT)
"""Kinds whose values may have names."""

Spellings = Annotated[Texts, BeforeValidator(lambda value: () if value is None else value)]


class FactExamples(Strict):
    """Mails, and what is found in each; tried whenever the rules are read."""

    match: Mapping[str, Texts] = {}
    """Each with the value that it gives, or with several."""
    no_match: Texts = Field((), alias="no-match")


class Extractor(Strict):
    """How one fact is found in what customers write."""

    called: Mapping[Language, CategoryName] = {}
    """What agents call it, by language; they may write these names too."""
    description: str = ""
    kind: FactKind
    patterns: Texts = ()
    """Each with one pair of round brackets, around the value."""
    near: Texts = ()
    """Phrases: what a pattern finds, or an amount or date, counts only within a few words of one of them."""
    names: Mapping[str, Spellings] = {}
    """The values themselves, each with its other spellings; they count wherever they stand."""
    not_: Texts = Field((), alias="not")
    """What is never a value, although a pattern finds it."""
    languages: Languages = ()
    """Of the mails that it is looked for in; empty means all."""
    many: StrictBool = False
    """Every value of a mail, instead of the first one alone."""
    examples: FactExamples = FactExamples()

    def name_in(self, language: str, name: str) -> str:
        """What the fact is called in a language, or in English."""
        return self.called.get(language) or self.called.get("en") or name.replace("_", " ").replace("-", " ")


class ExtractorsFile(Strict):
    """Which facts there are."""

    prefixes: tuple[str, ...] = ()
    """Letters that may stand before a name or phrase in the same word."""
    suffixes: tuple[str, ...] = ()
    """Letters that may follow a name or phrase in the same word."""
    extractors: Mapping[Name, Extractor] = {}
