"""The rule files, read and checked as a whole: all of them are right, or every mistake is told."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from cases.deciding import without_decider
from cases.rules import agents_checks, categories_checks
from cases.rules.compiling import Compiler
from cases.rules.errors import meant, read
from cases.rules.fold import fold
from cases.rules.matcher import Matcher
from cases.rules.strict_yaml import Document, Path, parse
from cases.rules.types import (
    UNSURE,
    Agent,
    AgentsFile,
    CalendarFile,
    CategoriesFile,
    Category,
    Role,
    Route,
    RoutingFile,
    Rule,
    RulesFile,
)
from language.problem import Problem
from language.signs import Signs
from language.words import Words

CATEGORIES, AGENTS, CALENDAR, ROUTING = "categories.yaml", "agents.yaml", "calendar.yaml", "routing.yaml"
AUTOMATIC = "automatic.yaml"
WORDS_FOLDER = "words/"

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that the rule files say."""

    categories: Mapping[str, Category]
    unsure_below: float
    rules: tuple[Rule, ...]
    agents: tuple[Agent, ...]
    calendar: CalendarFile
    routes: tuple[Route, ...]
    words: tuple[Words, ...]
    """English first, the others by language."""
    signs: Signs
    """How mail that a program wrote is known."""
    engine: Matcher
    version: str
    """A hash of all texts; stamped on what is decided by them."""

    def agent(self, address: str) -> Agent | None:
        """The agent with this address, in any case of letters."""
        return next((agent for agent in self.agents if agent.address == address.strip().lower()), None)

    def with_role(self, role: Role) -> tuple[Agent, ...]:
        return tuple(agent for agent in self.agents if role in agent.roles)


def load(
    files: Mapping[str, str], answers: Collection[str] | None = None
) -> tuple[Rulebook | None, list[Problem]]:
    """The rulebook, or None and every problem of every file, in the order of files and lines.

    `answers` are the answer letters that there are; a category may name no other. None: any.
    """
    loader = _Loader(files, answers)
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


@lru_cache(512)
def _read(
    name: str, text: str, model: type[Model]
) -> tuple[Model | None, Document | None, tuple[Problem, ...]]:
    """A file as this model. Kept, so that an edit of one file costs no reading of the others."""
    document, problems = parse(name, text)
    if document is None:
        return None, None, tuple(problems)
    found, more = read(document, model)
    return found, replace(document, data=None), (*problems, *more)


@lru_cache(8)
def _engine(texts: tuple[tuple[str, str], ...]) -> tuple[Matcher, tuple[Problem, ...]]:
    """What matches by these files of rules, by name and text; kept like them."""
    compiler = Compiler()
    rules = [(document, file) for file, document, _ in (_read(*one, RulesFile) for one in texts)]
    whole = [(document, file) for document, file in rules if document and file]
    for document, file in whole:
        compiler.add(document, file)
    problems = list(compiler.problems)
    engine = compiler.matcher()
    if not problems:
        for document, file in whole:
            problems += _wrong_examples(engine, document, file)
    return engine, tuple(problems)


class _Loader:
    def __init__(self, files: Mapping[str, str], answers: Collection[str] | None) -> None:
        self.files, self.answers = files, answers
        self.problems: list[Problem] = []

    def rulebook(self) -> Rulebook | None:
        self._names()
        categories, in_categories = self._required(CATEGORIES, CategoriesFile)
        agents, in_agents = self._required(AGENTS, AgentsFile)
        calendar, _ = self._required(CALENDAR, CalendarFile)
        routing, in_routing = (
            self._file(ROUTING, RoutingFile) if ROUTING in self.files else (RoutingFile(), None)
        )
        automatic = self._file(AUTOMATIC, Signs)[0] if AUTOMATIC in self.files else Signs()
        words = self._words()
        rules = self._rules_files()
        if categories and in_categories:
            self._check_categories(categories, in_categories)
        if agents and in_agents:
            self._check_agents(agents, in_agents, words)
        known = sorted(categories.categories) if categories else None
        addresses = [agent.address for agent in agents.agents] if agents else None
        if agents and in_agents and categories:
            for path, message in without_decider(agents, categories):
                self._at(in_agents, path, message)
        for document, file in rules:
            self._check_rules(document, file, known, addresses)
        if routing and in_routing:
            self._check_routes(routing, in_routing, known, addresses)
            self._check_teams(routing, in_routing, agents)
        self._check_names(rules)
        engine = self._compiled(rules)
        if not (categories and agents and calendar and routing and automatic):
            return None
        return Rulebook(
            categories=_named(categories),
            unsure_below=categories.unsure_below,
            rules=tuple(rule for _, file in rules for rule in file.rules),
            agents=agents.agents,
            calendar=calendar,
            routes=routing.routes,
            words=tuple(words),
            signs=automatic,
            engine=engine,
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

    def _file(self, name: str, model: type[Model]) -> tuple[Model | None, Document | None]:
        found, document, problems = _read(name, self.files[name], model)
        self.problems += problems
        return found, document

    def _words(self) -> list[Words]:
        names = [
            name for name in sorted(self.files) if name.startswith(WORDS_FOLDER) and name.endswith(".yaml")
        ]
        words = [found for name in names if (found := self._file(name, Words)[0])]
        return sorted(words, key=lambda one: (one.language != "en", one.language))

    def _rules_files(self) -> list[tuple[Document, RulesFile]]:
        special = {CATEGORIES, AGENTS, CALENDAR, ROUTING, AUTOMATIC}
        found = []
        for name in sorted(self.files):
            if name.endswith(".yaml") and name not in special and not name.startswith(WORDS_FOLDER):
                file, document = self._file(name, RulesFile)
                if file and document:
                    found.append((document, file))
        return found

    def _check_categories(self, file: CategoriesFile, document: Document) -> None:
        for path, message in categories_checks.mistakes_in(file):
            self._at(document, path, message)
        if UNSURE not in file.categories:
            self._at(
                document,
                ("categories",),
                f"the category '{UNSURE}' is missing; cases no rule is sure of get it",
            )
        for name, category in file.categories.items():
            if category.name:
                self._at(document, ("categories", name, "name"), "leave this out; the name is the key above")
            template = category.answer_template or name
            if self.answers is not None and template not in self.answers:
                path = ("categories", name, "answer_template")
                advice = meant(template, sorted(self.answers))
                self._at(document, path, f"there is no answer template '{template}'; {advice}")

    def _check_agents(self, file: AgentsFile, document: Document, words: Iterable[Words]) -> None:
        for path, message in agents_checks.mistakes_in(file, agents_checks.command_words(words)):
            self._at(document, path, message)

    def _check_rules(
        self, document: Document, file: RulesFile, known: list[str] | None, agents: list[str] | None
    ) -> None:
        for number, rule in enumerate(file.rules):
            says, path = rule.says, ("rules", number, "says")
            if not any((says.category, says.severity, says.kind, says.tag, says.assign)):
                self._at(
                    document, path, "this rule says nothing; add 'category: …', 'severity: …' or the like"
                )
            if says.stop and not says.category:
                self._at(document, (*path, "stop"), "'stop' takes this rule's category; add 'category: …'")
            self._known(document, (*path, "category"), "category", says.category, known)
            self._known(document, (*path, "assign"), "agent", says.assign.lower(), agents)

    def _check_routes(
        self, file: RoutingFile, document: Document, known: list[str] | None, agents: list[str] | None
    ) -> None:
        for number, route in enumerate(file.routes):
            for position, name in enumerate(route.category):
                self._known(document, ("routes", number, "category", position), "category", name, known)
            for position, address in enumerate(route.assign):
                self._known(document, ("routes", number, "assign", position), "agent", address, agents)

    def _check_teams(self, file: RoutingFile, document: Document, agents: AgentsFile | None) -> None:
        teams = sorted({one.team for one in agents.agents if one.team}) if agents else None
        for number, route in enumerate(file.routes):
            path = ("routes", number, "team")
            if route.team and teams == []:
                missing = f"write 'team: {route.team}' at those who are in it, in agents.yaml"
                self._at(document, path, f"no agent is in a team yet; {missing}")
            self._known(document, path, "team", route.team or "", teams or None)

    def _known(self, document: Document, path: Path, what: str, name: str, known: list[str] | None) -> None:
        if name and known is not None and name not in known:
            self._at(document, path, f"there is no {what} '{name}'; {meant(name, known)}")

    def _check_names(self, rules: Iterable[tuple[Document, RulesFile]]) -> None:
        seen: dict[str, tuple[Document, Path]] = {}
        for document, file in rules:
            for number, rule in enumerate(file.rules):
                other, at = seen.setdefault(rule.name, (document, ("rules", number)))
                if (other, at) != (document, ("rules", number)):
                    place = f"{other.file}, line {other.place(at)[0]}"
                    self._at(
                        document,
                        ("rules", number, "name"),
                        f"'{rule.name}' is the name of another rule ({place}); choose one",
                    )

    def _compiled(self, rules: list[tuple[Document, RulesFile]]) -> Matcher:
        engine, problems = _engine(tuple((document.file, self.files[document.file]) for document, _ in rules))
        self.problems += problems
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


def _wrong_examples(engine: Matcher, document: Document, file: RulesFile) -> Iterator[Problem]:
    for number, rule in enumerate(file.rules):
        for key, texts, wanted in (
            ("match", rule.examples.match, True),
            ("no-match", rule.examples.no_match, False),
        ):
            for position, text in enumerate(texts):
                hits = engine.hits(fold("", text), language=file.language or "")
                if any(hit.rule.name == rule.name for hit in hits) != wanted:
                    line, column = document.place(("rules", number, "examples", key, position))
                    does = "doesn't match" if wanted else "matches"
                    message = (
                        f"the rule '{rule.name}' {does} this example; change its conditions or the example"
                    )
                    yield Problem(document.file, line, column, message)
