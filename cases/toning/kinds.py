"""What the tone check looks for, and the parts that a letter has."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Check(StrEnum):
    """What can be said of a letter's tone, the worst first."""

    PLACEHOLDER = "placeholder"
    WRONG_NAME = "wrong_name"
    WRONG_LANGUAGE = "wrong_language"
    BLAME = "blame"
    NON_APOLOGY = "non_apology"
    APOLOGY_NOT_OURS = "apology_not_ours"
    APOLOGY_FOR_PRAISE = "apology_for_praise"
    PROMISE_WITHOUT_DATE = "promise_without_date"
    MISSING_PART = "missing_part"
    BOILERPLATE = "boilerplate"
    CHEER = "cheer"
    STIFFNESS = "stiffness"
    TOO_LONG = "too_long"


class Part(StrEnum):
    """What a letter has (D8), in the order in which its lack is told."""

    APOLOGY = "apology"
    UNDERSTANDING = "understanding"
    PLAN = "plan"
    DATE = "date"
    THANKS = "thanks"
    CONTACT = "contact"


WHY: Mapping[Check, str] = {
    Check.PLACEHOLDER: "D7",
    Check.WRONG_NAME: "D15",
    Check.WRONG_LANGUAGE: "D15",
    Check.BLAME: "D10",
    Check.NON_APOLOGY: "D10",
    Check.APOLOGY_NOT_OURS: "D9",
    Check.APOLOGY_FOR_PRAISE: "D2",
    Check.PROMISE_WITHOUT_DATE: "D11",
    Check.MISSING_PART: "D8",
    Check.BOILERPLATE: "D10",
    Check.CHEER: "D10",
    Check.STIFFNESS: "D10",
    Check.TOO_LONG: "D10",
}
"""The requirement that each is about."""
OF_KIND: Mapping[str, frozenset[Part]] = {
    "complaint": frozenset(Part),
    "praise": frozenset({Part.THANKS, Part.CONTACT}),
}
"""The parts of an answer to a case of each kind; the others are asked something."""
TO_A_QUESTION = frozenset({Part.THANKS, Part.PLAN, Part.CONTACT})
