"""Rules as written → rules that can be looked for, noting each phrase and pattern that can't."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from cases.rules.attachments import Wanted
from cases.rules.conditions import Conditions, RulesFile
from cases.rules.fold import fold_ahead
from cases.rules.holding import Compiled
from cases.rules.matcher import CompiledRule, Matcher, Ruling
from cases.rules.matching import Phrase
from cases.rules.patterns import Pattern
from cases.rules.strict_yaml import Document, Path
from cases.rules.vocabulary import Affixes
from cases.rules.wanted_facts import WantedFact
from cases.rules.wild import HeaderWild, Wild
from language.problem import Problem

Made = TypeVar("Made")


class Compiler:
    """Takes rules files one after the other, then gives the matcher over all of them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._rules: list[CompiledRule] = []
        self._phrases: list[Phrase] = []

    def add(self, document: Document, rules: RulesFile) -> None:
        affixes = Affixes.of(rules.prefixes, rules.suffixes)
        fold_ahead(text for rule in rules.rules for text in rule.when.phrase)
        for number, rule in enumerate(rules.rules):
            before = len(self._phrases)
            when = self._conditions(rule.when, document, ("rules", number, "when"), affixes)
            own = range(before, len(self._phrases))
            ruling = Ruling(rule.name, rule.says, rule.weight)
            self._rules.append(CompiledRule(ruling, rules.language or "", when, own, rule.when.asks_history))

    def matcher(self) -> Matcher:
        return Matcher(self._rules, self._phrases)

    def _conditions(self, when: Conditions, document: Document, path: Path, affixes: Affixes) -> Compiled:
        def made(key: str, texts: Iterable[str], make: Callable[[str], Made]) -> list[Made]:
            return self._each(texts, make, document, (*path, key))

        def inner(key: str, parts: Iterable[Conditions]) -> tuple[Compiled, ...]:
            numbered = enumerate(parts)
            return tuple(self._conditions(part, document, (*path, key, n), affixes) for n, part in numbered)

        phrases = made("phrase", when.phrase, lambda text: Phrase.of(text, affixes, fuzzy=when.fuzzy))
        first = len(self._phrases)
        self._phrases += phrases
        return Compiled(
            phrases=range(first, len(self._phrases)),
            patterns=tuple(made("pattern", when.pattern, Pattern)),
            headers=tuple(made("header", when.header, HeaderWild.of)),
            senders=tuple(made("sender", when.sender, Wild.of)),
            languages=when.language,
            channels=when.channel,
            mailboxes=when.mailbox,
            attachments=tuple(Wanted(one) for one in when.attachment),
            history=when.history,
            facts=self._facts(when, document, (*path, "fact")),
            all=inner("all", when.all),
            any=inner("any", when.any),
            not_=self._conditions(when.not_, document, (*path, "not"), affixes) if when.not_ else None,
        )

    def _facts(self, when: Conditions, document: Document, path: Path) -> tuple[tuple[WantedFact, ...], ...]:
        return tuple(
            tuple(self._each(texts, partial(WantedFact, name), document, (*path, name)))
            for name, texts in when.fact.items()
        )

    def _each(
        self, texts: Iterable[str], make: Callable[[str], Made], document: Document, path: Path
    ) -> list[Made]:
        good: list[Made] = []
        for number, text in enumerate(texts):
            try:
                good.append(make(text))
            except ValueError as error:
                line, column = document.place((*path, number))
                self.problems.append(Problem(document.file, line, column, str(error)))
        return good
