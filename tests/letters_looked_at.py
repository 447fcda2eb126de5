"""Every letter as it leaves, in words of its language, to be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from outbox import samples
from outbox.kinds import CARD, TO_CUSTOMERS, kind_of
from outbox.letters import Letters, Rendered
from outbox.places import ANSWERS
from outbox.variables import LETTERS

TEMPLATES = Path(__file__).parent.parent / "templates"
LANGUAGES = ("en", "fa", "he", "ar", "de")
WORDS = {language: samples.words_of(TEMPLATES, language) for language in LANGUAGES}


def of_customers(letters: Letters) -> list[str]:
    """The letters that customers read, the card included."""
    return [name for name in letters.every() if kind_of(name) in TO_CUSTOMERS | {CARD} and name != "answer"]


def cases(letter: str, language: str) -> dict[str, dict[str, Any]]:
    """The sample cases of a letter."""
    return samples.cases(letter, WORDS[language])


def as_it_leaves(letters: Letters, letter: str, language: str, values: Mapping[str, Any]) -> Rendered:
    """A letter; an answer in the mail that it leaves in."""
    made = letters.render(letter, language, values)
    if not letter.startswith(ANSWERS):
        return made
    shared = {name: value for name, value in values.items() if name in LETTERS["answer"]}
    return letters.render("answer", language, {**shared, "body": made.text})
