"""What is found in a mail, and how it is classified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from store.kinds import CaseKind, Severity

FoundIn = Literal["subject", "words", "signature", ""]
"""Where in a mail a fact was found; "" when an agent said it."""
LEARNED = "learned"
"""The rule that a hit names where earlier corrections speak for it."""
CORRECTIONS = "corrections"
"""In a reason that a case keeps: from how many corrections it was learned. Rules' reasons have none."""
TAGS, RULES = "tags", "rules"
"""Likewise: the tags of the rule that hit, and the version of the rules that it was one of."""


def of_case(number: int) -> str:
    """The key of the correction of a case."""
    return f"case/{number}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, with the words of the mail that made it match."""

    rule: str
    words: tuple[str, ...]
    says: str
    """What the rule spoke for, such as "category late" or "severity high"."""
    weight: float
    corrections: int | None = None
    """From how many corrections it was learned, where no rule hit but a model speaks (rule LEARNED)."""
    tags: tuple[str, ...] = ()
    rules: str = ""
    """The version of the rules that it was one of."""

    def told(self) -> dict[str, Any]:
        """The hit as a case keeps it among its reasons."""
        told = {"rule": self.rule, "words": list(self.words), "says": self.says, "weight": self.weight}
        more = {TAGS: list(self.tags), RULES: self.rules, CORRECTIONS: self.corrections}
        return told | {name: value for name, value in more.items() if value or value == 0}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that hit wants somebody mailed at once (D4)."""

    to: str
    """A role, or an agent's address."""
    rule: str
    words: tuple[str, ...]
    """The words of the mail that made it hit."""
    severity: Severity | None = None
    """How severe the rule says that the case is."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What an extractor found in a mail, or an agent said, of a case: "order_number" is "AB-4711"."""

    name: str
    """Of rules/extractors.yaml."""
    value: str
    """The same for every way to write it: "AB-4711", "120.00 EUR", "2026-03-21", "kettle"."""
    as_written: str = ""
    where: FoundIn = "words"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a mail is classified, and why."""

    kind: CaseKind
    category: str
    """A name from rules/categories.yaml, or "unsure"."""
    severity: Severity
    language: str
    confidence: float
    """0 to 1."""
    hits: tuple[Hit, ...] = ()
    assign: str = ""
    """The agent's address that a rule names; "" when none does."""
    escalate: str = ""
    """The role, team or agent's address that a rule wants it escalated to; "" when none does."""
    tags: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    rules: str = ""
    """The version of the rules that say so."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """How much the rules speak for each category."""
    stopped: bool = False
    """A rule that stops has spoken: nothing may decide otherwise."""
    learned: str = ""
    """The version of the model that was asked, whether it spoke or not; "" where the rules alone speak."""
