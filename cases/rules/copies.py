"""Files that are copies of others: "en - Copy.yaml" beside "en.yaml"."""

from __future__ import annotations

from collections.abc import Iterable

from cases.rules.conditions import RulesFile
from cases.rules.strict_yaml import Document

FEWEST = 3
"""Fewer rules of one name may be a slip."""


def copies_among(rules: Iterable[tuple[Document, RulesFile]]) -> list[tuple[str, str]]:
    """Each file of which most rules are in another, with the other. The longer name is the copy's."""
    found: list[tuple[str, str]] = []
    before: list[tuple[str, set[str]]] = []
    for document, file in sorted(rules, key=lambda one: (len(one[0].file), one[0].file)):
        names = {rule.name for rule in file.rules}
        shared = ((len(names & other), name) for name, other in before)
        most, name = max(shared, default=(0, ""))
        if most >= FEWEST and most * 2 > len(names) and name:
            found.append((document.file, name))
        else:
            before.append((document.file, names))
    return found
