"""The rule files and templates in force: loaded together, replaced together, the last good ones stay."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from cases.naming import Names
from cases.rules.agents_checks import ours_among
from cases.rules.kept import forget
from cases.rules.loading import AGENTS
from cases.rules.mailboxes import unknown
from cases.rules.reading import is_leftover
from cases.rules.rulebook import Rulebook
from engine.finding import files_below
from engine.learned import Learned
from engine.memory import Memory, key_of, name_of
from engine.rule_files import WrongFiles, answers_in, read_rules, under
from language.problem import Problem
from outbox.letters import Letters
from outbox.loading import forget as forget_letters

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """One consistent set of rules and letters."""

    rulebook: Rulebook
    letters: Letters
    answers: frozenset[str] = frozenset()
    """Names of the answer letters that exist."""
    languages: frozenset[str] = frozenset()
    """Those that have letters of their own."""
    learned: Learned | None = None
    """The model that speaks where the rules are unsure; None while there is none."""


class Files:
    """Watches two folders. `current` never changes half-way (promise 22)."""

    def __init__(
        self,
        rules: Path,
        templates: Path,
        memory: Memory | None = None,
        ours: Collection[str] = (),
        *,
        base: Path | None = None,
        mailboxes: Collection[str] = (),
        teams: Collection[str] = (),
    ) -> None:
        """Raises WrongFiles. What the memory knows to be right is not checked again.

        `ours` are the addresses that we read mail of; no agent can have one of them. `base` has the rule
        files that the folder lacks. `mailboxes` are those that rules can speak of, and `teams` those that
        the settings name; where none are given, nobody asks.
        """
        self._rules, self._templates, self._memory = rules, templates, memory or Memory()
        self._base, self._ours = base, tuple(ours)
        self._mailboxes, self._teams = tuple(mailboxes), tuple(teams)
        self._lock = threading.Lock()
        self._signature = self._seen = self._look()
        self._wrong: list[Problem] = []
        self.mended = False
        """Whether the last edit that was put in force came after a wrong one."""
        self._current = self._load()
        if self._memory.keeps:
            # What a start from the memory does not have either.
            forget()
            forget_letters()

    @property
    def current(self) -> InForce:
        """The rules and letters in force."""
        return self._current

    def refresh(self) -> bool:
        """Put edited files in force, when they stood still since the last look; whether there were any.

        Raises WrongFiles once for each wrong state.
        """
        with self._lock:
            before, self._seen = self._seen, self._look()
            # What still changes may be half written, or the first of several files that are copied.
            if self._seen == self._signature or self._seen != before:
                return False
            return self._replaced()

    def _replaced(self) -> bool:
        before, self.mended = self._wrong, False
        try:
            loaded = self._load()
        except WrongFiles as wrong:
            self._signature, self._wrong = self._seen, wrong.problems
            if wrong.problems == before:
                return False
            raise
        # Only here: an edit that could not be read, for want of open files say, is tried at the next look.
        self._current = replace(loaded, learned=self._current.learned)
        self._signature, self._wrong, self.mended = self._seen, [], bool(before)
        return True

    def teach(self, learned: Learned | None) -> None:
        """Put a model in force, or none."""
        with self._lock:
            self._current = replace(self._current, learned=learned)

    @property
    def state(self) -> str:
        """A name of what was last found in the folders, the same for every worker that shares them."""
        return key_of(repr(self._signature).encode()).hex()[:24]

    def _look(self) -> Signature:
        """Names, times and sizes of all files: what an edit changes."""
        folders = (self._rules, self._templates, *((self._base,) if self._base else ()))
        found = (signed for folder in folders for signed in _signed(folder))
        return tuple(sorted(found))

    def _load(self) -> InForce:
        answers = answers_in(self._templates)
        rulebook, problems = read_rules(self._rules, answers, self._memory, self._base)
        zone = ZoneInfo(rulebook.calendar.time_zone) if rulebook else ZoneInfo("UTC")
        facts = frozenset(rulebook.extracting.names) if rulebook else frozenset[str]()
        # Without the rules' facts they are looked at, but take no place of those that a start can use.
        memory = self._memory if rulebook else Memory()
        letters, mistakes = read_letters(self._templates, zone, memory, facts)
        problems += mistakes
        if rulebook and self._ours:
            problems += _ours_as_agents(self._place_of(AGENTS), rulebook, self._ours)
        if rulebook:
            problems += self._of_the_settings(rulebook)
        if problems or rulebook is None or letters is None:
            raise WrongFiles(problems)
        names = Names(rulebook.words, rulebook.categories, rulebook.extracting.names)
        letters = letters.calling(names).standing_in(rulebook.letters.stand_ins)
        return InForce(rulebook, letters, answers, frozenset(letters.languages()))

    def _of_the_settings(self, rulebook: Rulebook) -> Iterator[Problem]:
        """What rules and settings say of each other: mailboxes and teams that there are none of."""
        if self._mailboxes:
            for problem in unknown(rulebook.mailboxes, self._mailboxes):
                yield under(self._place_of(problem.file).parent, problem)
        there = {agent.team for agent in rulebook.agents if agent.team}
        for team in self._teams:
            if team not in there:
                told = f"no agent has the team '{team}', which the setting TEAM names; write it behind some"
                yield Problem(str(self._place_of(AGENTS)), 0, 0, told)

    def _place_of(self, name: str) -> Path:
        """Where a rule file is."""
        own = self._rules / name
        return own if self._base is None or own.exists() else self._base / name


def _ours_as_agents(path: Path, rulebook: Rulebook, ours: Collection[str]) -> list[Problem]:
    """An agent with an address that we read mail of, where the rule files say so."""
    with suppress(OSError, UnicodeDecodeError):
        return list(ours_among(rulebook.agents, ours, path.read_text("utf-8"), str(path)))
    return list(ours_among(rulebook.agents, ours, "", str(path)))


def _signed(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Name, time and size of each file; editors make and remove files while we look."""
    for path in files_below(folder):
        with suppress(FileNotFoundError):
            if not is_leftover(path.name) and path.is_file():
                stat = path.stat()
                yield str(path), stat.st_mtime_ns, stat.st_size


def read_letters(
    folder: Path, zone: ZoneInfo, memory: Memory, facts: Collection[str] = ()
) -> tuple[Letters | None, list[Problem]]:
    """The letters of a folder, or every problem in them; dates are written in the zone.

    Where `facts` are looked for in mails, letters can name no others.
    """
    asked = "\n".join(sorted(facts)).encode()
    name, key = name_of("letters", folder), _key_of_all(folder, asked) if memory.keeps else None
    if key and (kept := memory.recall(name, key)):
        return Letters.again(kept, zone), []
    letters, mistakes = Letters.load(folder, zone, facts or None)
    # Not when a file was edited meanwhile: then nobody knows which of its texts was compiled.
    if letters and key and key == _key_of_all(folder, asked):
        memory.keep(name, key, letters.kept())
    return letters, [under(folder.parent, problem) for problem in mistakes]


def _key_of_all(folder: Path, asked: bytes) -> bytes | None:
    """A key of every file's name and contents; None when one can't be read."""
    parts: list[bytes] = [asked]
    try:
        for path in sorted(files_below(folder)):
            if path.is_file():
                parts += (path.relative_to(folder).as_posix().encode(), path.read_bytes())
    except OSError:
        return None
    return key_of(*parts)
