"""What a model learns from: mails whose category or kind somebody, or a sure rule, has said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FOLDS = 5


class Source(StrEnum):
    """Who said what a mail is about."""

    CORRECTION = "correction"
    """A person, against the rules or without them."""
    APPROVAL = "approval"
    """A person who let the rules' verdict stand."""
    RULES = "rules"
    """The rules alone."""


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

    @property
    def fold(self) -> int:
        """Which fifth it is held back with: always the same one, whatever else is learned from."""
        return hashlib.blake2b(self.id.encode("utf-8", "surrogatepass"), digest_size=4).digest()[0] % FOLDS
