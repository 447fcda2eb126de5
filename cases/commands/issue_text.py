"""What stands below `issue` and `fixed`: lines such as `category: late`, then texts by language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cases.commands.choosing import meant
from cases.commands.lines import without_bullet
from cases.naming import folded
from cases.numbers import number_in
from cases.rules.issues import LONGEST
from cases.rules.rulebook import Rulebook
from cases.saying import Refusal
from language.words import Words

NUMBER, TITLE, CATEGORY, STATE = "number", "title", "category", "state"
HEAD = (NUMBER, TITLE, CATEGORY, STATE)
_LABELLED = re.compile(r"\s*\W{0,3}([^\s:：][^:：\n]{0,40}?)\s*[:：]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Written:
    """What an agent wrote about an issue."""

    number: int | None = None
    head: Mapping[str, str] = field(default_factory=dict)
    """The lines above the texts: title, category, state."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Facts by name, as they were written."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """What customers are told, by language."""


def read(text: str, rulebook: Rulebook) -> Written:
    """The number or title behind the command, and the lines below; raises Refusal.

    Once the first language has begun, only other languages begin anything: a text may hold any colon.
    """
    heads, languages = _heads(rulebook), _languages(rulebook.words)
    reader = _Reader(heads, languages, frozenset(rulebook.extracting.names))
    first, _, below = text.partition("\n")
    number = number_in(first)
    if number is None and first.strip() and _label(first)[0] not in (*heads, *languages):
        reader.head[TITLE] = first.strip()
    lines = below.splitlines() if number is not None or TITLE in reader.head else text.splitlines()
    for line in lines:
        reader.take(line)
    if NUMBER in reader.head:
        number = number_in(reader.head.pop(NUMBER))
    texts = {language: "\n".join(found).strip() for language, found in reader.texts.items()}
    if empty := next((language for language, words in texts.items() if not words), ""):
        raise Refusal("issue-empty", language=empty)
    if long := next((language for language, words in texts.items() if len(words) > LONGEST), ""):
        raise Refusal("issue-long", language=long, most=LONGEST)
    return Written(number, reader.head, reader.facts, texts)


@dataclass(slots=True)
class _Reader:
    heads: Mapping[str, str]
    languages: Mapping[str, str]
    known_facts: frozenset[str]
    head: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    _at: str = ""

    def take(self, line: str) -> None:
        label, rest = _label(line)
        language = self.languages.get(label, "")
        if language and language not in self.texts:
            self._at = language
            self.texts[language] = [rest]
        elif self._at:
            self.texts[self._at].append(line.rstrip())
        elif line.strip():
            self._above(line, label, rest)

    def _above(self, line: str, label: str, rest: str) -> None:
        """A line above the texts."""
        name = self.heads.get(label, "")
        if not name:
            near = meant(label, (*self.heads, *self.languages)) if label else ""
            raise Refusal("issue-label", line=line.strip()[:60], meant=near)
        (self.facts if name in self.known_facts and name not in HEAD else self.head)[name] = rest


def _label(line: str) -> tuple[str, str]:
    """What stands before a line's colon, to compare by, and the rest of it."""
    found = _LABELLED.fullmatch(without_bullet(line))
    return (folded(found[1].strip("*_")), found[2].strip(" *_")) if found else ("", "")


def _heads(rulebook: Rulebook) -> dict[str, str]:
    """Every way to begin a line above the texts."""
    known = {folded(name): name for name in HEAD}
    for name, about in rulebook.extracting.names.items():
        known |= {folded(way): name for way in (name, *about.called.values())}
    for words in rulebook.words:
        known |= {folded(way): name for name, way in _other_ways(words)}
    return known


def _other_ways(words: Words) -> Iterator[tuple[str, str]]:
    for name in HEAD:
        for way in (*words.choices.get(name, ()), *words.commands.get(name, ())):
            yield name, way


def _languages(words: Iterable[Words]) -> dict[str, str]:
    """Every way to name a language: its code, its own name, and what other languages call it."""
    known = tuple(words)
    codes = [one.language for one in known]
    found = {folded(one.name): one.language for one in known} | {folded(code): code for code in codes}
    for one in known:
        found |= {folded(way): code for code in codes for way in one.choices.get(code, ())}
    return found
