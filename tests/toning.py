"""Letters and the shipped words of the tone check, for its tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cases.rules.rulebook import Rulebook
from cases.toning.guide import Guide
from engine.rule_files import read_rules

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "fa", "he", "ar")


@cache
def rulebook() -> Rulebook:
    """The shipped rules."""
    found, problems = read_rules(ROOT / "rules")
    assert found, problems
    return found


def guide_of(language: str) -> Guide:
    """How a good letter sounds, by the shipped rules."""
    guide = rulebook().tone.of(language)
    assert guide
    return guide
