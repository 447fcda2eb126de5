"""The rule files, read and checked as a whole: all of them are right, or every mistake is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel

from cases.deciding import without_decider
from cases.rules import (
    agents_checks,
    calendars,
    categories_checks,
    deadlines,
    kept,
    kept_files,
    lettering,
    mailboxes,
    retention,
)
from cases.rules.calendars import CalendarFile
from cases.rules.conditions import RulesFile
from cases.rules.copies import copies_among
from cases.rules.deadlines import DeadlinesFile
from cases.rules.extracting import Extracting
from cases.rules.issues import IssuesFile
from cases.rules.kept import Texts
from cases.rules.kept_files import KeptFiles
from cases.rules.later import Later
from cases.rules.lettering import LettersFile
from cases.rules.matcher import Matcher
from cases.rules.presets import together
from cases.rules.references import Mistake, References, threats_in
from cases.rules.retention import RetentionFile
from cases.rules.rulebook import Rulebook, Written
from cases.rules.signals import SignalsFile
from cases.rules.strict_yaml import Document, Path
from cases.rules.tone import TONE_FOLDER
from cases.rules.types import AgentsFile, CategoriesFile, Category, RoutingFile
from cases.rules.uncollected import uncollected
from cases.toning.guides import Guides
from language.problem import Problem
from language.signs import Signs
from language.words import Words

CATEGORIES, AGENTS, CALENDAR, ROUTING = "categories.yaml", "agents.yaml", "calendar.yaml", "routing.yaml"
AUTOMATIC, EXTRACTORS, SIGNALS = "automatic.yaml", "extractors.yaml", "signals.yaml"
LETTERS, DEADLINES, ISSUES = "letters.yaml", "deadlines.yaml", "issues.yaml"
ATTACHMENTS, RETENTION = "attachments.yaml", "retention.yaml"
WORDS_FOLDER = "words/"

Model = TypeVar("Model", bound=BaseModel)


def load(
    files: Mapping[str, str], answers: Collection[str] | None = None
) -> tuple[Rulebook | None, list[Problem]]:
    """The rulebook, or None and every problem of every file, in the order of files and lines.

    `answers` are the answer letters that there are; a category may name no other. None: any.
    """
    loader = _Loader(files, answers)
    with uncollected():
        rulebook = loader.rulebook()
    problems = sorted(loader.problems)
    return (None if problems else rulebook), problems


def version_of(files: Mapping[str, str]) -> str:
    """Twelve hex digits that change with any file's name or text."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]


class _Loader:
    def __init__(self, files: Mapping[str, str], answers: Collection[str] | None) -> None:
        self.files, self.answers = files, answers
        self.problems: list[Problem] = []
        self.called: dict[str, str] = {}
        """Categories by what they are called in any language."""

    def rulebook(self) -> Rulebook | None:
        self._names()
        categories, in_categories = self._required(CATEGORIES, CategoriesFile)
        agents, in_agents = self._required(AGENTS, AgentsFile)
        calendar, in_calendar = self._required(CALENDAR, CalendarFile)
        routing, in_routing = self._optional(ROUTING, RoutingFile)
        signals, in_signals = self._optional(SIGNALS, SignalsFile)
        letters, in_letters = self._optional(LETTERS, LettersFile)
        late, in_late = self._optional(DEADLINES, DeadlinesFile)
        issues, in_issues = self._optional(ISSUES, IssuesFile)
        kept = self._checked(ATTACHMENTS, KeptFiles, kept_files.mistakes_in)
        automatic, _ = self._optional(AUTOMATIC, Signs)
        words = self._words()
        extracting = self._extracting()
        guides = self._tone()
        rules = self._rules_files()
        if categories and in_categories:
            self._check_categories(categories, in_categories)
        if agents and in_agents:
            self._check_agents(agents, in_agents, words)
        if agents and calendar and in_calendar:
            teams = {one.team for one in agents.agents if one.team}
            self._check_references([(in_calendar, calendars.mistakes_in(calendar, teams))])
        if agents and in_agents and categories:
            for path, message in without_decider(agents, categories):
                self._at(in_agents, path, message)
        known = References(
            categories=categories.categories if categories else None,
            called=self.called,
            agents=agents.agents if agents else None,
            facts=extracting.names if extracting.names or EXTRACTORS not in self.files else None,
            tags={tag for _, file in rules for rule in file.rules for tag in rule.says.tag},
        )
        self._check_references((document, known.in_rules(file)) for document, file in rules)
        if routing and in_routing:
            self._check_references([(in_routing, known.in_routes(routing))])
        if signals and in_signals:
            self._check_references([(in_signals, known.in_signals(signals))])
        if issues and in_issues:
            self._check_references([(in_issues, known.in_issues(issues))])
        known_categories = categories.categories if categories else None
        retained = self._checked(
            RETENTION, RetentionFile, lambda file: retention.mistakes_in(file, known_categories)
        )
        if letters and in_letters:
            self._check_references([(in_letters, lettering.mistakes_in(letters, known_categories))])
        if late and in_late:
            told = agents.agents if agents else None
            wrong = deadlines.mistakes_in(late, categories, self.called, told, letters)
            self._check_references([(in_late, wrong)])
        self._check_names(rules)
        engine = self._compiled(rules)
        if not (categories and agents and calendar and routing and signals):
            return None
        if not (letters and issues and automatic and late and kept and retained):
            return None
        return Rulebook(
            categories=_named(categories),
            unsure_below=categories.unsure_below,
            check_ins=categories.check_ins,
            agents=agents.agents,
            calendar=calendar.compiled(),
            calendars=calendar.of_teams(),
            routes=routing.routes,
            signals=signals.signals,
            growth=signals.growth,
            clusters=signals.clusters,
            words=tuple(words),
            signs=automatic,
            written=Later(
                tuple(Written(one, file.language or "") for _, file in rules for one in file.rules)
            ),
            matching=Later(engine),
            asks_history=any(one.asks_history for one in engine.rules),
            alerts=any(one.rule.says.alert or one.rule.says.escalate for one in engine.rules),
            extracting=extracting,
            tone=guides,
            letters=letters,
            issues=issues,
            attachments=kept,
            retention=retained,
            deadlines=together(late),
            mailboxes=(
                *(one for document, file in rules for one in mailboxes.in_rules(document, file)),
                *(mailboxes.in_routes(in_routing, routing) if in_routing else ()),
            ),
            threats=threats_in((document.file, file) for document, file in rules),
            version=version_of(self.files),
        )

    def _names(self) -> None:
        for name in self.files:
            if name.endswith(".yml"):
                self._note(
                    name, 0, 0, f"rename this file to '{name.removesuffix('.yml')}.yaml'; .yml is not read"
                )

    def _required(self, name: str, model: type[Model]) -> tuple[Model | None, Document | None]:
        if name in self.files:
            return self._file(name, model)
        self._note(name, 0, 0, "this file is missing; copy it from the rules folder that came with Peygir")
        return None, None

    def _optional(self, name: str, model: type[Model]) -> tuple[Model | None, Document | None]:
        """A file that may be left out; then it says what it says without a line."""
        return self._file(name, model) if name in self.files else (model(), None)

    def _file(self, name: str, model: type[Model]) -> tuple[Model | None, Document | None]:
        found, document, problems = kept.read_file(name, self.files[name], model)
        self.problems += problems
        return found, document

    def _checked(
        self, name: str, model: type[Model], mistakes: Callable[[Model], Iterable[Mistake]]
    ) -> Model | None:
        found, document = self._optional(name, model)
        if found and document:
            self._check_references([(document, mistakes(found))])
        return found

    def _words(self) -> list[Words]:
        for name, _ in self._below(WORDS_FOLDER):
            self._file(name, Words)
        return kept.words_of(self._below(WORDS_FOLDER))

    def _below(self, folder: str) -> Texts:
        """The rule files of a folder, by name."""
        return tuple(
            (name, self.files[name])
            for name in sorted(self.files)
            if name.startswith(folder) and name.endswith(".yaml")
        )

    def _extracting(self) -> Extracting:
        """Which facts are looked for; a folder without the file looks for none."""
        if EXTRACTORS not in self.files:
            return Extracting()
        extracting, problems = kept.extracting_of(
            EXTRACTORS, self.files[EXTRACTORS], self._below(WORDS_FOLDER)
        )
        self.problems += problems
        return extracting

    def _tone(self) -> Guides:
        """How a good letter sounds, in the languages that have a file for it."""
        files = self._below(TONE_FOLDER)
        self.problems += (problem for one in files for problem in kept.tone_file(*one)[1])
        return kept.guides_of(files, self._below(WORDS_FOLDER))

    def _rules_files(self) -> list[tuple[Document, RulesFile]]:
        special = {CATEGORIES, AGENTS, CALENDAR, ROUTING, AUTOMATIC, EXTRACTORS, SIGNALS, LETTERS}
        special |= {ISSUES, DEADLINES, ATTACHMENTS, RETENTION}
        folders = (WORDS_FOLDER, TONE_FOLDER)
        found = []
        for name in sorted(self.files):
            if name.endswith(".yaml") and name not in special and not name.startswith(folders):
                file, document = self._file(name, RulesFile)
                if file and document:
                    found.append((document, file))
        return found

    def _check_categories(self, file: CategoriesFile, document: Document) -> None:
        self.called = categories_checks.called(file)
        for path, message in categories_checks.mistakes_in(file, self.answers):
            self._at(document, path, message)

    def _check_agents(self, file: AgentsFile, document: Document, words: Iterable[Words]) -> None:
        for path, message in agents_checks.mistakes_in(file, agents_checks.command_words(words)):
            self._at(document, path, message)

    def _check_references(self, pairs: Iterable[tuple[Document, Iterable[Mistake]]]) -> None:
        for document, mistakes in pairs:
            for path, message in mistakes:
                self._at(document, path, message)

    def _check_names(self, rules: Sequence[tuple[Document, RulesFile]]) -> None:
        copies = dict(copies_among(rules))
        for name, other in copies.items():
            told = f"this file has the same rules as '{other}'; move one of them out of the folder"
            self._note(name, 0, 0, told)
        seen: dict[str, tuple[Document, Path]] = {}
        for document, file in rules:
            if document.file not in copies:
                self._check_names_in(document, file, seen)

    def _check_names_in(
        self, document: Document, file: RulesFile, seen: dict[str, tuple[Document, Path]]
    ) -> None:
        for number, rule in enumerate(file.rules):
            other, at = seen.setdefault(rule.name, (document, ("rules", number)))
            if (other, at) != (document, ("rules", number)):
                place = f"{other.file}, line {other.place(at)[0]}"
                message = f"'{rule.name}' is the name of another rule ({place}); choose one"
                self._at(document, ("rules", number, "name"), message)

    def _compiled(self, rules: list[tuple[Document, RulesFile]]) -> Matcher:
        engine, problems = kept.engine_of(
            tuple((document.file, self.files[document.file]) for document, _ in rules)
        )
        told = {(one.file, one.line) for one in self.problems}
        self.problems += [one for one in problems if (one.file, one.line) not in told]
        return engine

    def _at(self, document: Document, path: Path, message: str) -> None:
        self._note(document.file, *document.place(path), message)

    def _note(self, file: str, line: int, column: int, message: str) -> None:
        self.problems.append(Problem(file, line, column, message))


def _named(file: CategoriesFile) -> dict[str, Category]:
    return {
        name: category.model_copy(update={"name": name, "answer_template": category.answer_template or name})
        for name, category in file.categories.items()
    }
