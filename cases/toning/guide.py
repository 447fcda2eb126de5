"""How a good letter sounds in one language, ready to be compared with letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.rules.fold import fold_ahead, fold_phrase
from cases.rules.matching import Finder, Phrase
from cases.rules.patterns import Pattern
from cases.rules.patterns_together import Together
from cases.rules.tone import Limits, OtherBetter, ToneFile, Wordings, wordings
from cases.rules.vocabulary import Affixes
from cases.toning.affixes import Stems, alike
from cases.toning.days import DayWords
from cases.toning.kinds import Check, Part
from language.words import Words


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean one thing."""

    phrases: range
    unless: range
    patterns: tuple[Pattern, ...]
    better: str


@dataclass(frozen=True, slots=True)
class Guide:
    """Words, each group with what it means; nothing of it changes."""

    language: str
    finder: Finder
    checks: Mapping[Check, tuple[Group, ...]]
    parts: Mapping[Part, Group]
    patterns: Together
    """Those of all groups."""
    days: DayWords
    currencies: frozenset[str]
    stems: Stems
    common: frozenset[str]
    greetings: tuple[tuple[str, ...], ...]
    titles: frozenset[str]
    limits: Limits
    better: OtherBetter

    @classmethod
    def of(cls, file: ToneFile, words: Words | None) -> Guide:
        """From a file that was found right, and the language's words for days."""
        affixes = Affixes.of(file.prefixes, file.suffixes)
        fold_ahead(text for _, group in wordings(file) for text in (*group.phrases, *group.unless))
        phrases: list[Phrase] = []
        made = {path: _group(group, affixes, phrases) for path, group in wordings(file)}
        days = DayWords.of(words, affixes, len(phrases))
        return cls(
            language=file.language,
            finder=Finder([*phrases, *days.phrases]),
            checks={
                check: tuple(group for path, group in made.items() if path[:2] == ("checks", check.value))
                for check in Check
            },
            parts={part: made["parts", part.value] for part in Part},
            patterns=Together(one for group in made.values() for one in group.patterns),
            days=days,
            currencies=_words(words.money.named) if words else frozenset(),
            stems=Stems(
                Affixes.of((*file.prefixes, *file.forms.prefixes), (*file.suffixes, *file.forms.suffixes)),
                alike([fold_phrase(word) for word in group] for group in file.alike),
                frozenset("".join(fold_phrase(file.forms.weak))),
            ),
            common=_words(file.common),
            greetings=tuple(filter(None, map(fold_phrase, file.salutation.greetings))),
            titles=_words(file.salutation.titles),
            limits=file.limits,
            better=file.better,
        )

    def better_of(self, check: Check) -> str:
        """A better wording for what is known without the language's words."""
        own = getattr(self.better, check.value, "")
        return own or next((group.better for group in self.checks[check]), "")


def _group(group: Wordings, affixes: Affixes, phrases: list[Phrase]) -> Group:
    found = _added(group.phrases, affixes, phrases)
    unless = _added(group.unless, affixes, phrases)
    return Group(found, unless, tuple(map(Pattern, group.patterns)), group.better)


def _added(texts: Iterable[str], affixes: Affixes, phrases: list[Phrase]) -> range:
    first = len(phrases)
    phrases += (Phrase.of(text, affixes) for text in texts)
    return range(first, len(phrases))


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in fold_phrase(text))
