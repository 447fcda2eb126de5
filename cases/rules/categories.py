"""The category of a case, also when the rules were unsure or no longer know it."""

from __future__ import annotations

from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE, Category
from store.kinds import CaseKind

_UNSURE = Category(
    name=UNSURE,
    kind=CaseKind.OTHER,
    description="The rules could not tell.",
    answer_template="default",
)


def category_of(name: str, rulebook: Rulebook) -> Category:
    """The category of that name, or the unsure one."""
    return rulebook.categories.get(name, _UNSURE)
