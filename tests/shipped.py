"""The shipped rules and letters, read once for all tests of a process; nobody changes them."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from cases.rules.rulebook import Rulebook
from engine.files import Files, InForce
from engine.memory import Memory
from outbox.letters import Letters

ROOT = Path(__file__).parent.parent
RULES, TEMPLATES = ROOT / "rules", ROOT / "templates"


MEMORY = Memory(Path(tempfile.gettempdir()) / f"peygir-tests-{os.geteuid()}")
"""What one process of the tests has read, checked and compiled, the others and the next run need not."""


@cache
def in_force() -> InForce:
    """Both, as a worker has them."""
    return Files(RULES, TEMPLATES, MEMORY).current


def rules() -> Rulebook:
    """The shipped rules."""
    return in_force().rulebook


@cache
def letters(zone: str = "UTC") -> Letters:
    """The shipped letters."""
    found, problems = Letters.load(TEMPLATES, ZoneInfo(zone))
    assert found, problems
    return found
