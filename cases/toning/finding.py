"""A letter whose tone is looked at, and what is found in it."""

from __future__ import annotations

from dataclasses import dataclass

from cases.toning.kinds import Check, Part

Place = tuple[int, int]
"""From and to in a letter's text."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter to a customer, and what it is about."""

    text: str
    language: str = ""
    kind: str = "complaint"
    """Of the case: complaint, question, praise or other."""
    parts: tuple[str, ...] | None = None
    """What it should have; None: what an answer to such a case has."""
    fault: str = "unknown"
    name: str = ""
    """The customer's."""
    subject: str = ""
    words: str = ""
    """The customer's."""
    facts: tuple[str, ...] = ()
    """What is known of the case: an order number, a product."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that would better be written otherwise."""

    check: Check
    where: Place
    """Of a part that is missing the end of the letter."""
    words: str
    """Those of the letter; "" where it is about all of them, or about some that are missing."""
    why: str
    """The requirement."""
    better: str = ""
    part: Part | None = None
    """Which one is missing."""
