"""Mistakes in rules/categories.yaml that each line alone does not show."""

from __future__ import annotations

from collections.abc import Iterator

from cases.naming import folded
from cases.rules.strict_yaml import Path
from cases.rules.types import CategoriesFile

Mistake = tuple[Path, str]


def called(file: CategoriesFile) -> dict[str, str]:
    """The keys of the categories by their names in any language, to compare by."""
    return {folded(name): key for key, one in file.categories.items() for name in (key, *one.names.values())}


def mistakes_in(file: CategoriesFile) -> Iterator[Mistake]:
    """A name says which cause is meant, as in 'category NAME': no two causes share one."""
    called = {folded(key): key for key in file.categories}
    for key, category in file.categories.items():
        for language, name in category.names.items():
            other = called.setdefault(folded(name), key)
            if other != key:
                path = ("categories", key, "names", language)
                yield path, f"'{other}' is called '{name}' too; choose another name for one of them"
