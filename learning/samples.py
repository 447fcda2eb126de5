"""What a model learns from: mails whose category or kind somebody, or a sure rule, has said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from learning.terms import NOTHING, Heard

FOLDS = 5
ENOUGH_CORRECTIONS = 50
"""From so many on, calibration looks at what people said alone."""
ENOUGH_SAMPLES = 300
"""Fewer mails that only rules have judged teach nothing."""


class Source(StrEnum):
    """Who said what a mail is about."""

    CORRECTION = "correction"
    """A person, against the rules or without them."""
    APPROVAL = "approval"
    """A person who let the rules' verdict stand."""
    RULES = "rules"
    """The rules alone."""
    FILES = "files"
    """No mail: a phrase or an example of a rule."""

    @property
    def is_people(self) -> bool:
        """Whether a person said so of a mail."""
        return self in (Source.CORRECTION, Source.APPROVAL)


def leaning(category: str, scores: Mapping[str, float]) -> str:
    """The category that rules lean to, decided or not."""
    if category in scores or not scores:
        return category if category in scores else ""
    return max(scores, key=scores.__getitem__)


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail, what it is about, and what the rules say of it today."""

    id: str
    words: tuple[str, ...]
    language: str
    category: str
    """"" when only the kind is known."""
    kind: str
    """"" when only the category is known."""
    source: Source
    scores: Mapping[str, float] = field(default_factory=dict)
    """The rules' score of each category."""
    rules_category: str = ""
    rules_kind: str = ""
    rules_confidence: float = 0.0
    rules_stop: bool = False
    """A rule that stops has spoken: no model is ever asked."""

    @property
    def lean(self) -> str:
        """The category that the rules lean to; "" where they say nothing of it, or said what it is."""
        if not self.source.is_people:
            return ""
        return leaning(self.rules_category, self.scores)

    @property
    def heard(self) -> Heard:
        """What a model may know of what the rules said: nothing where they alone said what the mail is."""
        if not self.source.is_people:
            return NOTHING
        return Heard(self.scores, self.rules_category, self.rules_confidence)

    @property
    def fold(self) -> int:
        """Which fifth it is held back with: always the same one, whatever else is learned from."""
        return hashlib.blake2b(self.id.encode("utf-8", "surrogatepass"), digest_size=4).digest()[0] % FOLDS
