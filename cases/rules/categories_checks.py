"""Mistakes in rules/categories.yaml that each line alone does not show."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cases.naming import folded
from cases.rules.errors import meant
from cases.rules.strict_yaml import Path
from cases.rules.types import UNSURE, CategoriesFile

Mistake = tuple[Path, str]


def called(file: CategoriesFile) -> dict[str, str]:
    """The keys of the categories by their names in any language, to compare by."""
    return {folded(name): key for key, one in file.categories.items() for name in (key, *one.names.values())}


def mistakes_in(file: CategoriesFile, answers: Collection[str] | None = None) -> Iterator[Mistake]:
    """Every mistake, at its place. `answers` are the answer letters that there are; None: any."""
    yield from _in_names(file)
    if UNSURE not in file.categories:
        yield (
            ("categories",),
            f"the category '{UNSURE}', for cases of which no rule is sure, is missing; write it again, "
            "as the rules folder that came with Peygir has it",
        )
    for name, category in file.categories.items():
        if category.name:
            yield ("categories", name, "name"), "leave this out; the name is the key above"
        template = category.answer_template or name
        if answers is not None and template not in answers:
            path: Path = ("categories", name, "answer_template")
            yield path, f"there is no answer template '{template}'; {meant(template, sorted(answers))}"


def _in_names(file: CategoriesFile) -> Iterator[Mistake]:
    """A name says which cause is meant, as in 'category NAME': no two causes share one."""
    called = {folded(key): key for key in file.categories}
    for key, category in file.categories.items():
        for language, name in category.names.items():
            other = called.setdefault(folded(name), key)
            if other != key:
                path = ("categories", key, "names", language)
                yield path, f"'{other}' is called '{name}' too; choose another name for one of them"
