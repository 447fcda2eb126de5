"""rules/letters.yaml: what letters to customers go by beside their words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from cases.naming import KINDS
from cases.rules.durations import Duration, Unit
from cases.rules.errors import meant
from cases.rules.fields import LANGUAGE, Language, Languages, Name, OneLine, Strict, Time, filled
from cases.rules.strict_yaml import Path

DEFAULT = "default"
"""Stands for every language, category or kind that has no line of its own."""
LAST_RESORT = "en"
"""Every letter exists in it: it ends every chain."""
Mistake = tuple[Path, str]


class OutsideBody(Strict):
    """Whom a customer may turn to outside the firm (D16)."""

    name: Annotated[Mapping[Language, OneLine], AfterValidator(filled)]
    """What it is called, by language."""
    contact: OneLine
    """How it is reached: an address, a page, a telephone number."""

    def called(self, languages: Sequence[str]) -> str:
        """Its name in the first of these languages that it has one in, else the one written first."""
        return next((self.name[one] for one in languages if one in self.name), next(iter(self.name.values())))


class LettersFile(Strict):
    """What letters to customers go by beside their words."""

    stand_ins: Mapping[Name, Languages] = Field(default_factory=dict)
    """The languages to try, in order, for a letter that does not exist in the customer's; 'default' is for
    all languages without a line. English is the last of every line."""
    outside_body: Mapping[Name, OutsideBody] = Field(default_factory=dict)
    """Whom a final answer names, by category; 'default' is for all others."""
    repeated_within: Time = Duration(90, Unit.DAYS)
    """So long after a complaint, another of the same category is acknowledged as a repeated one."""
    visible_within: Mapping[Name, Time] = Field(default_factory=dict)
    """How soon a customer sees what was given, by its kind: refund, voucher, discount, credit, replacement,
    gift; 'default' is for all others."""

    def chain(self, language: str) -> tuple[str, ...]:
        """The language and its stand-ins, in the order to try them."""
        own = (language, language.split("-", 1)[0])
        others = next((self.stand_ins[one] for one in (*own, DEFAULT) if one in self.stand_ins), ())
        return tuple(dict.fromkeys((*own, *others, LAST_RESORT)))

    def turn_to(self, category: str) -> OutsideBody | None:
        """Whom a customer with a case of this category may turn to."""
        return self.outside_body.get(category) or self.outside_body.get(DEFAULT)

    def visible(self, kind: str) -> Duration | None:
        """How soon a compensation of this kind is seen; None where nobody says."""
        return self.visible_within.get(kind) or self.visible_within.get(DEFAULT)


def mistakes_in(file: LettersFile, categories: Collection[str] | None) -> Iterator[Mistake]:
    """What each line alone does not show. `categories` is None where their file can't be read."""
    for language, others in file.stand_ins.items():
        path = ("stand_ins", language)
        if language != DEFAULT and not LANGUAGE.fullmatch(language):
            yield (
                path,
                f"'{language}' is no short name of a language, such as 'ckb', and not '{DEFAULT}'",
            )
        for place, other in enumerate(others):
            if other == language:
                yield (*path, place), f"'{other}' can't stand in for itself; leave it out"
            elif other in others[:place]:
                yield (*path, place), f"'{other}' stands here twice; keep one"
    for category in file.outside_body:
        if categories is not None and category not in (*categories, DEFAULT):
            advice = meant(category, (*categories, DEFAULT))
            yield ("outside_body", category), f"there is no category '{category}'; {advice}"
    for kind in file.visible_within:
        if kind not in (*KINDS, DEFAULT):
            yield (
                ("visible_within", kind),
                f"'{kind}' is no kind of compensation; {meant(kind, (*KINDS, DEFAULT))}",
            )
