"""Load, check and render the letters: templates/<language>/<letter>.md, one file a letter and language.

A file is YAML front matter with the subject, then the body in the light markup of outbox/markup.py. It is
rendered once, for text and HTML alike; templates/layout.html is the frame of every HTML letter, and
templates/<language>/labels.yaml has the words for kinds, severities and the like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Template

from cases.naming import Names
from language.direction import printable
from language.problem import Problem
from outbox import markup, sentences, variables
from outbox.check import Draft, check, check_layout, trial
from outbox.codes import Codes, packed, templates, unpacked
from outbox.filters import environment
from outbox.marked import Labels
from outbox.naming import with_names
from outbox.page import page
from outbox.source import compose, did_you_mean, pairs, read

SUFFIX = ".md"
LAYOUT = "layout.html"
LABELS = "labels.yaml"
LAST_RESORT = "en"
"""The language that every letter must exist in, and that stands in for any other."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter with its values filled in."""

    subject: str
    """One line without control or bidi characters; "" for the first draft of an answer."""
    text: str
    html: str
    """"" for the first draft of an answer."""
    language: str
    """The language that was used, which may be a stand-in."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    subject: Template
    body: Template
    drafted: bool
    """Whether it is the first draft of an answer: text only, without a subject."""


class Letters:
    """Every letter in every language, compiled and tried; nothing in it changes."""

    names = Names()
    """What they call commands, values and causes."""

    def __init__(self, codes: Mapping[str, Codes], zone: tzinfo) -> None:
        self._codes = codes
        self._letters: dict[tuple[str, str], _Compiled] = {}
        self._layouts: dict[str, Template] = {}
        self._said: dict[str, sentences.Sentences] = {}
        for language, one in codes.items():
            made = templates(one, language, zone)
            self._layouts[language], self._said[language] = made.layout, made.sentences
            for letter, (subject, body) in made.letters.items():
                drafted = letter.startswith(variables.ANSWERS)
                self._letters[letter, language] = _Compiled(subject, body, drafted)

    @classmethod
    def load(cls, folder: Path, zone: tzinfo = UTC) -> tuple[Letters | None, list[Problem]]:
        """Read a folder of templates; dates are written in the zone. None when there is any problem."""
        problems: list[Problem] = []
        found = _Folder(folder, problems)
        labels = {language: found.labels(language) for language in found.languages()}
        makers: dict[str, _Maker] = {}
        layout = found.text(folder / LAYOUT)
        for language in found.languages():
            words = {**labels.get(LAST_RESORT, {}), **labels[language]}
            maker = makers[language] = _Maker(language, zone, words, problems)
            if layout is not None:
                maker.layout(layout)
            maker.said(*found.sentence_file(language))
            for letter, path in found.letters(language):
                maker.letter(letter, found.name(path), found.text(path))
        problems.extend(_missing(found))
        said = makers[LAST_RESORT].sentences if LAST_RESORT in makers else {}
        problems.extend(sentences.missing(found.name(folder / LAST_RESORT / sentences.FILE), said))
        if problems:
            return None, sorted(set(problems))
        return cls({language: maker.codes() for language, maker in makers.items()}, zone), []

    @classmethod
    def again(cls, kept: bytes, zone: tzinfo) -> Letters:
        """The letters that `kept` was called on, without a check; whoever calls it answers for the bytes."""
        return cls(unpacked(kept), zone)

    def calling(self, names: Names) -> Letters:
        """The same letters, with the names that the rule files give."""
        made = copy(self)
        made.names = names
        return made

    def kept(self) -> bytes:
        """All that was made of the files, for `again` in the same version of everything."""
        return packed(self._codes)

    def languages(self) -> tuple[str, ...]:
        """The languages that have letters of their own."""
        return tuple(sorted({language for _, language in self._letters}))

    def has(self, letter: str, language: str) -> bool:
        """Whether the letter exists in this very language."""
        return (letter, language) in self._letters

    def render(self, letter: str, language: str, values: Mapping[str, Any], *, html: bool = True) -> Rendered:
        """Fill a letter in, in the language or the first of its stand-ins that has it.

        An answer that no language has is the default answer. Raises ValueError for a letter that does not
        exist and for a set of values that is not the letter's (outbox/variables.py). Who needs only the text
        spares the HTML.
        """
        given = with_names(variables.complete(letter, values), self.names)
        name, used = self._choose(letter, language)
        compiled = self._letters[name, used]
        blocks = markup.blocks(compiled.body.render(given))
        text = markup.as_text(blocks)
        if compiled.drafted:
            return Rendered("", text, "", used)
        subject = printable(compiled.subject.render(given))
        shown = page(self._layouts[used], blocks, used, subject) if html else ""
        return Rendered(subject, text, shown, used)

    def sentence(self, code: str, language: str, values: Mapping[str, Any]) -> str:
        """A sentence of outbox/sentences.py in the language or its stand-in; ValueError when none has it."""
        for used in stand_ins(language):
            if template := self._said.get(used, {}).get(code):
                return sentences.say(template, values, self.names)
        raise ValueError(f"there is no sentence {code!r}")

    def _choose(self, letter: str, language: str) -> tuple[str, str]:
        # A default answer in the customer's language is of more use than a fitting one in another.
        names = [letter, variables.DEFAULT_ANSWER] if letter.startswith(variables.ANSWERS) else [letter]
        for used in stand_ins(language):
            for name in names:
                if self.has(name, used):
                    return name, used
        raise ValueError(f"there is no letter {letter!r}")


def stand_ins(language: str) -> tuple[str, ...]:
    """The language, the one without its region, then English."""
    code = language.lower().replace("_", "-")
    return tuple(dict.fromkeys((code, code.split("-", 1)[0], LAST_RESORT)))


class _Folder:
    """The files of a template folder; what can't be read becomes a problem."""

    def __init__(self, root: Path, problems: list[Problem]) -> None:
        self.root, self.problems = root, problems

    def name(self, path: Path) -> str:
        return path.relative_to(self.root.parent).as_posix()

    def languages(self) -> list[str]:
        if not self.root.is_dir():
            return []
        return sorted(path.name for path in self.root.iterdir() if path.is_dir() and path.name[0] not in "._")

    def letters(self, language: str) -> Iterator[tuple[str, Path]]:
        for path in sorted((self.root / language).rglob(f"*{SUFFIX}")):
            letter = path.relative_to(self.root / language).with_suffix("").as_posix()
            if variables.variables_of(letter) is None:
                advice = f"there is no letter “{letter}”; {did_you_mean(letter, list(variables.LETTERS))}"
                self.problems.append(Problem(self.name(path), 0, 0, advice))
            else:
                yield letter, path

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

    def sentence_file(self, language: str) -> tuple[str, str]:
        """The file's name and text; a language may have none."""
        path = self.root / language / sentences.FILE
        return self.name(path), (self.text(path) or "") if path.exists() else ""

    def labels(self, language: str) -> Labels:
        path = self.root / language / LABELS
        text = self.text(path) if path.exists() else None
        node, problems = compose(self.name(path), text or "")
        self.problems.extend(problems)
        return {
            (str(group.value), str(key.value)): str(word.value)
            for group, words in pairs(node)
            for key, word in pairs(words)
        }


class _Maker:
    """Checks and compiles the templates of one language."""

    def __init__(
        self, language: str, zone: tzinfo, labels: dict[tuple[str, str], str], problems: list[Problem]
    ) -> None:
        self.labels, self.problems = labels, problems
        self.plain = environment(language, zone, labels, html=False)
        self.html = environment(language, zone, labels, html=True)
        self.frame: CodeType | None = None
        self.sentences: dict[str, CodeType] = {}
        self.letters: dict[str, tuple[CodeType, CodeType]] = {}

    def codes(self) -> Codes:
        """What was made; only where there was no problem."""
        assert self.frame is not None  # noqa: S101 - without it there is a problem
        return Codes(self.labels, self.frame, self.sentences, self.letters)

    def layout(self, text: str) -> None:
        made, problems = check_layout(LAYOUT, text, self.html.overlay(trim_blocks=True, lstrip_blocks=True))
        self.problems.extend(problems)
        self.frame = made.code if made else None

    def said(self, file: str, text: str) -> None:
        found, problems = sentences.read(file, text, self.plain)
        self.problems.extend(problems)
        self.sentences = {code: made.code for code, made in found.items()}

    def letter(self, letter: str, file: str, text: str | None) -> None:
        """Compile a letter, and try it with sample values."""
        if text is None:
            return
        drafted = letter.startswith(variables.ANSWERS)
        source, problems = read(file, text, needs_subject=not drafted)
        body, errors = markup.translate(source.body, source.body_line)
        problems += [Problem(file, error.line, error.column, error.message) for error in errors]
        if not problems:
            subject = "\n" * (source.subject_line - 1) + source.subject
            parts, problems = check(file, letter, text, [Draft(subject, self.plain), Draft(body, self.plain)])
            problems = problems or trial(file, letter, text, parts)
            if not problems:
                self.letters[letter] = (parts[0].code, parts[1].code)
        self.problems.extend(problems)


def _missing(found: _Folder) -> Iterator[Problem]:
    """Every letter must exist in English, the last resort of all languages."""
    for letter in variables.LETTERS:
        path = found.root / LAST_RESORT / f"{letter}{SUFFIX}"
        if not path.is_file():
            yield Problem(found.name(path), 0, 0, "this letter is missing; write it, at least in English")
