"""Read a folder of templates: every file checked, compiled and tried; every mistake told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import lru_cache
from pathlib import Path
from types import CodeType

from jinja2 import Environment
from jinja2.sandbox import SandboxedEnvironment

from language.problem import Problem
from outbox import labels, markup, mistakes, samples, sentences, variables
from outbox.codes import Codes, Letter
from outbox.compiling import Draft, Made, compiled
from outbox.filters import environment, only_texts, subjects
from outbox.front import Front
from outbox.layout import check_layout
from outbox.marked import Labels
from outbox.places import ANSWERS, LAST_RESORT, SUFFIX
from outbox.source import did_you_mean
from outbox.trial import Trial
from outbox.written import read

LAYOUT = "layout.html"
_NOTHING_HERE = (
    "there are no letters here; set TEMPLATES_DIR to the folder that has en/ack_complaint.md in it"
)


def load(folder: Path, zone: tzinfo, facts: Collection[str] | None) -> tuple[dict[str, Codes], list[Problem]]:
    """What the files of a folder are compiled to, by language; nothing when there is any problem."""
    problems: list[Problem] = []
    found = _Folder(folder, problems)
    if not any(path.suffix == SUFFIX for path in folder.glob("*/*")):
        return {}, [Problem(folder.name, 0, 0, _NOTHING_HERE)]
    texts = {language: dict(found.letters(language)) for language in found.languages()}
    english = found.labels(LAST_RESORT, texts.get(LAST_RESORT, {}).values())
    words = {language: found.labels(language, texts[language].values(), english) for language in texts}
    makers: dict[str, _Maker] = {}
    layout = found.text(folder / LAYOUT)
    for language, letters in texts.items():
        own = {**english, **words[language]}
        maker = makers[language] = _Maker(language, zone, own, facts, problems)
        if layout is not None:
            maker.layout(layout)
        maker.said(*found.beside(language, sentences.FILE))
        problems.extend(samples.read(*found.beside(language, samples.FILE))[1])
        for letter, text in letters.items():
            maker.letter(letter, found.name(folder / language / f"{letter}{SUFFIX}"), text)
    problems.extend(_missing(found))
    said = makers[LAST_RESORT].sentences if LAST_RESORT in makers else {}
    problems.extend(sentences.missing(found.name(folder / LAST_RESORT / sentences.FILE), said))
    if problems:
        return {}, sorted(set(problems))
    return {language: maker.codes() for language, maker in makers.items()}, []


class _Folder:
    """The files of a template folder; what can't be read becomes a problem."""

    def __init__(self, root: Path, problems: list[Problem]) -> None:
        self.root, self.problems = root, problems

    def name(self, path: Path) -> str:
        return path.relative_to(self.root.parent).as_posix()

    def languages(self) -> list[str]:
        return sorted(path.name for path in self.root.iterdir() if path.is_dir() and path.name[0] not in "._")

    def letters(self, language: str) -> Iterator[tuple[str, str]]:
        """Each letter's name and text."""
        for path in sorted((self.root / language).rglob(f"*{SUFFIX}")):
            letter = path.relative_to(self.root / language).with_suffix("").as_posix()
            if variables.variables_of(letter) is None:
                advice = f"there is no letter “{letter}”; {did_you_mean(letter, list(variables.LETTERS))}"
                self.problems.append(Problem(self.name(path), 0, 0, advice))
            elif (text := self.text(path)) is not None:
                yield letter, text

    def text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self.problems.append(Problem(self.name(path), 0, 0, "this file is missing; put it back"))
        except UnicodeDecodeError:
            self.problems.append(Problem(self.name(path), 0, 0, "this is not UTF-8; save the file as UTF-8"))
        except OSError as error:
            self.problems.append(Problem(self.name(path), 0, 0, f"can't be read: {error.strerror}"))
        return None

    def beside(self, language: str, file: str) -> tuple[str, str]:
        """The name and text of a file beside a language's letters; it may have none."""
        path = self.root / language / file
        return self.name(path), (self.text(path) or "") if path.exists() else ""

    def labels(self, language: str, letters: Collection[str], english: Labels | None = None) -> Labels:
        path = self.root / language / labels.FILE
        text = self.text(path) if path.exists() else None
        found, problems = labels.read(self.name(path), text or "", letters, english)
        self.problems.extend(problems)
        return found


class _Maker:
    """Checks, compiles and tries the templates of one language."""

    def __init__(
        self,
        language: str,
        zone: tzinfo,
        words: Labels,
        facts: Collection[str] | None,
        problems: list[Problem],
    ) -> None:
        self.labels, self.problems = dict(words), problems
        plain = environment(language, zone, self.labels, html=False)
        self.workshop = _Workshop(
            about=(language, str(zone), tuple(self.labels.items())),
            facts=None if facts is None else frozenset(facts),
            plain=plain,
            html=environment(language, zone, self.labels, html=True),
            subjects=subjects(plain, language),
            trying=plain.overlay(finalize=only_texts),
        )
        self.frame: CodeType | None = None
        self.sentences: dict[str, CodeType] = {}
        self.letters: dict[str, Letter] = {}

    def codes(self) -> Codes:
        """What was made; only where there was no problem."""
        assert self.frame is not None  # noqa: S101 - without it there is a problem
        return Codes(self.labels, self.frame, self.sentences, self.letters)

    def layout(self, text: str) -> None:
        self.frame, problems = _frame(self.workshop, text)
        self.problems.extend(problems)

    def said(self, file: str, text: str) -> None:
        self.sentences, problems = _sentences(self.workshop, file, text)
        self.problems.extend(problems)

    def letter(self, letter: str, file: str, text: str) -> None:
        """Compile a letter, and try it with all that it can be given."""
        made, problems = _letter(self.workshop, letter, file, text)
        if made:
            self.letters[letter] = made
        self.problems.extend(problems)


@dataclass(frozen=True, slots=True)
class _Workshop:
    """What the letters of a language are made with; two that are about the same make the same."""

    about: tuple[str, str, tuple[tuple[tuple[str, str], str], ...]]
    """The language, the zone of its dates and the words of its labels: code can hold any of them."""
    facts: frozenset[str] | None
    plain: SandboxedEnvironment = field(compare=False)
    html: SandboxedEnvironment = field(compare=False)
    subjects: Environment = field(compare=False)
    trying: SandboxedEnvironment = field(compare=False)


def forget() -> None:
    """Give up what is kept for the next load of letters that are nearly the same."""
    for kept in (_letter, _sentences, _frame):
        kept.cache_clear()


@lru_cache(64)
def _frame(shop: _Workshop, text: str) -> tuple[CodeType | None, tuple[Problem, ...]]:
    """The layout of a language's HTML; kept like its letters."""
    made, problems = check_layout(LAYOUT, text, shop.html.overlay(trim_blocks=True, lstrip_blocks=True))
    return made.code if made else None, tuple(problems)


@lru_cache(64)
def _sentences(shop: _Workshop, file: str, text: str) -> tuple[dict[str, CodeType], tuple[Problem, ...]]:
    """The sentences of a language; kept like its letters, and not to be changed."""
    found, problems = sentences.read(file, text, shop.plain, shop.trying)
    return {code: made.code for code, made in found.items()}, tuple(problems)


@lru_cache(2048)
def _letter(shop: _Workshop, letter: str, file: str, text: str) -> tuple[Letter | None, tuple[Problem, ...]]:
    """A letter compiled and tried. Kept, so that an edit of one letter costs no trial of the others."""
    written, problems = read(file, text, letter, drafted=letter.startswith(ANSWERS))
    body, errors = markup.translate(written.body, written.body_line)
    problems += [Problem(file, error.line, error.column, error.message) for error in errors]
    if problems:
        return None, tuple(problems)
    drafts = [Draft(_subject(written.front), shop.subjects), Draft(body, shop.plain)]
    made, problems = _made(shop, letter, file, text, drafts)
    if problems:
        return None, tuple(problems)
    return Letter(made[0].code, made[1].code, written.front.parts), ()


def _made(
    shop: _Workshop, letter: str, file: str, text: str, drafts: list[Draft]
) -> tuple[list[Made], list[Problem]]:
    known = variables.variables_of(letter) or {}
    parts: list[Made] = []
    problems: list[Problem] = []
    for draft in drafts:
        made, found = compiled(file, text, draft, known)
        if made:
            found = mistakes.unknown_facts(file, text, made.source, shop.facts)
            parts.append(made)
        problems += found
    if not problems:
        tried = (Trial(file, text, made, shop.trying).of_samples(known) for made in parts)
        problems = [problem for found in tried for problem in found]
    return parts, list(dict.fromkeys(problems))


def _subject(front: Front) -> str:
    return "\n" * (front.subject_line - 1) + front.subject


def _missing(found: _Folder) -> Iterator[Problem]:
    """Every letter must exist in English, the last resort of all languages."""
    for letter in variables.LETTERS:
        path = found.root / LAST_RESORT / f"{letter}{SUFFIX}"
        if not path.is_file():
            yield Problem(found.name(path), 0, 0, "this letter is missing; write it, at least in English")
