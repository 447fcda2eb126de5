"""The rule files, read from a folder, or every mistake in them."""

from __future__ import annotations

import os
import pickle
from collections.abc import Collection, Mapping
from pathlib import Path

from cases.rules.loading import load as load_rules
from cases.rules.notes import notes
from cases.rules.reading import is_meant, texts_of
from cases.rules.rulebook import Rulebook
from engine.finding import files_below
from engine.memory import Memory, key_of, name_of
from language.problem import Problem
from language.trouble import Trouble
from outbox.places import ANSWERS, LAST_RESORT, SUFFIX

_newest: dict[str, tuple[bytes, Rulebook]] = {}
"""The rulebook that was read last of each folder, for whoever reads the same files again: a forked process
too."""


class WrongFiles(Trouble):
    """The rule files or templates can't be used; `problems` has every mistake."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def answers_in(templates: Path) -> frozenset[str]:
    """The answer letters that exist in English, the last resort of all languages."""
    folder = templates / LAST_RESORT / ANSWERS
    return frozenset(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob(f"*{SUFFIX}")
    )


def read_rules(
    folder: Path,
    answers: Collection[str] | None = None,
    memory: Memory | None = None,
    base: Path | None = None,
) -> tuple[Rulebook | None, list[Problem]]:
    """The rule files of a folder, or every problem in them; a file that it lacks is taken from `base`."""
    found, unopened = _files(folder, base)
    name, memory, key = _name(folder, answers), memory or Memory(), _key(found, answers)
    if not unopened and (known := _known(name, key, memory)):
        return known, []
    texts, unread = texts_of(found)
    problems = unopened + unread
    if not texts and not problems:
        problems.append(Problem(".", 0, 0, "there are no rule files here; set RULES_DIR to their folder"))
    if problems:
        unreadable = {problem.file for problem in problems}
        problems += [one for one in load_rules(texts, answers)[1] if one.file not in unreadable]
        return None, [_where(folder, base, problem) for problem in sorted(problems)]
    rulebook, mistakes = load_rules(texts, answers)
    if rulebook:
        if memory.keeps:
            packed = pickle.dumps(rulebook)
            memory.keep(name, key, packed)
            rulebook = _unpacked(packed)  # much smaller
        _newest[name] = key, rulebook
    return rulebook, [_where(folder, base, problem) for problem in mistakes]


def known_rules(
    folder: Path, answers: Collection[str], memory: Memory, base: Path | None = None
) -> Rulebook | None:
    """The rules of a folder where they need no check: they were read before."""
    found, unopened = _files(folder, base)
    return None if unopened else _known(_name(folder, answers), _key(found, answers), memory)


def notes_on(folder: Path) -> list[Problem]:
    """What is no mistake in the rule files of a folder, and yet hardly meant."""
    return [under(folder, note) for note in notes(texts_of(_files(folder)[0])[0])]


def _files(folder: Path, base: Path | None = None) -> tuple[dict[str, bytes], list[Problem]]:
    """The rule files as they are on the disk, and every file that can't be opened."""
    if base is not None:
        (below, wrong), (own, unopened) = _files(base), _files(folder)
        return dict(sorted((below | own).items())), sorted({*wrong, *unopened})
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in sorted(files_below(folder)):
        name = path.relative_to(folder).as_posix()
        if not is_meant(name):
            continue
        try:
            found[name] = path.read_bytes()
        except OSError as trouble:
            why = trouble.strerror or str(trouble)
            told = f"this file can't be opened ({why}); let Peygir's user read it"
            problems.append(Problem(name, 0, 0, told))
    return found, problems


def _name(folder: Path, answers: Collection[str] | None) -> str:
    """The name to keep the rules under; those that were read without the letters take no other's place."""
    return name_of("rules" if answers is not None else "rules-alone", folder)


def _key(found: Mapping[str, bytes], answers: Collection[str] | None) -> bytes:
    """A key of all that the rules are made of: what is known by it is right, and its texts need no look."""
    parts = [part for name, data in found.items() for part in (os.fsencode(name), data)]
    return key_of(repr(answers if answers is None else sorted(answers)).encode(), *parts)


def _known(name: str, key: bytes, memory: Memory) -> Rulebook | None:
    newest, known = _newest.get(name, (b"", None))
    if known is not None and newest == key:
        return known
    if kept := memory.recall(name, key):
        rulebook = _unpacked(kept)
        _newest[name] = key, rulebook
        return rulebook
    return None


def _unpacked(packed: bytes) -> Rulebook:
    rulebook: Rulebook = pickle.loads(packed)  # noqa: S301 - nobody else can have written it
    return rulebook


def _where(folder: Path, base: Path | None, problem: Problem) -> Problem:
    """A problem, with the folder that its file is in."""
    taken_over = base is not None and not (folder / problem.file).exists() and (base / problem.file).exists()
    return under(base if base is not None and taken_over else folder, problem)


def under(folder: Path, problem: Problem) -> Problem:
    """A problem in a file of a folder, with where that is."""
    place = folder / problem.file
    return Problem(str(place), problem.line, problem.column, problem.message)
