"""What commands, values and causes are called in a person's language, as the rule files say.

Decisions and records name them in English; whoever reads or writes them does it in words of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cases.rules.extractors import Extractor
from cases.rules.types import Category, Role
from language.normalise import normalise
from language.words import Words

KINDS = ("refund", "voucher", "discount", "credit", "replacement", "gift")
"""Kinds of compensation that have names in other languages; any other word is a kind as well."""
CATEGORY, COMPENSATION, ESCALATE, TEMPLATE = "category", "compensation", "escalate", "template"
FACT = "fact"
FROM, SUBJECT = "from", "subject"
MARKS = ".:،,!؟?;؛"


def folded(text: str) -> str:
    """As people may write it: "Missing item" for "missing_item"."""
    return " ".join(normalise(text).replace("_", " ").replace("-", " ").split()).strip(MARKS)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that one set of rule files gives. Without any, everything is called by its English name."""

    words: tuple[Words, ...] = ()
    categories: Mapping[str, Category] = field(default_factory=dict)
    extractors: Mapping[str, Extractor] = field(default_factory=dict)

    def command(self, name: str, language: str) -> str:
        """What a command, or a line below one, is called in the language: the first of its names there."""
        words = self._of(language)
        if words is None or language == "en":
            return name
        labels = {FROM: words.header_labels.sender, SUBJECT: words.header_labels.subject}
        known = words.commands.get(name) or words.choices.get(name) or labels.get(name)
        return known[0] if known else name

    def value(self, value: str, kind: str, language: str) -> str:
        """What is written behind a command, in the language; `kind` is the command's name."""
        if kind == CATEGORY or (kind == TEMPLATE and value in self.categories):
            return self.category(value, language)
        if kind == FACT:
            return self.fact(value, language)
        value = self.compensation(value) if kind == COMPENSATION else value
        words = self._of(language) if kind != ESCALATE or value in set(Role) else None
        known = words.choices.get(value, ()) if words and language != "en" else ()
        return known[0] if known else value

    def category(self, name: str, language: str) -> str:
        """What a cause is called in the language, or in English."""
        category = self.categories.get(name)
        names = category.names if category else {}
        return names.get(language) or names.get("en") or name.replace("_", " ").replace("-", " ")

    def fact(self, name: str, language: str) -> str:
        """What a fact is called in the language, or in English."""
        extractor = self.extractors.get(name)
        return extractor.name_in(language, name) if extractor else name.replace("_", " ").replace("-", " ")

    def compensation(self, written: str) -> str:
        """The kind of compensation that is meant by a word of any language; the word where none is."""
        wanted = folded(written)
        if wanted in KINDS:
            return wanted
        ways = ((kind, way) for one in self.words for kind in KINDS for way in one.choices.get(kind, ()))
        return next((kind for kind, way in ways if folded(way) == wanted), written)

    def _of(self, language: str) -> Words | None:
        return next((one for one in self.words if one.language == language), None)
