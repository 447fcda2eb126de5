"""rules/issues.yaml: what is wrong and known, and what customers whom it concerns are told (D18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from cases.rules.fields import Language, Name, OneLine, Strict, filled
from cases.rules.strict_yaml import Path

LONGEST = 4_000
"""Characters of a note."""
Mistake = tuple[Path, str]
Note = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class Issue(Strict):
    """One thing that is wrong and known."""

    name: Name
    title: OneLine | None = None
    """What agents call it; without it, the name."""
    category: Name | None = None
    """The cause whose cases it concerns; without it, any."""
    fact: Mapping[Name, OneLine] = Field(default_factory=dict)
    """Facts that those cases must have besides: a name, and what it says."""
    note: Annotated[Mapping[Language, Note], AfterValidator(filled)]
    """What customers are told, by language."""

    @model_validator(mode="after")
    def _has_a_cause(self) -> Self:
        if not (self.category or self.fact):
            raise ValueError("say which cases it concerns: 'category: …', 'fact: {product: …}' or both")
        return self


class IssuesFile(Strict):
    """What is wrong and known."""

    an_hour: int = Field(60, ge=1, le=3600)
    """So many customers are told within an hour that something is done."""
    issues: tuple[Issue, ...] = ()


def copies_in(file: IssuesFile) -> Iterator[Mistake]:
    """Names that two issues have."""
    names: dict[str, int] = {}
    for number, issue in enumerate(file.issues):
        if names.setdefault(issue.name, number) != number:
            yield ("issues", number, "name"), f"'{issue.name}' is the name of another issue; choose one"
