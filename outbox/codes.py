"""Compiled templates as plain values, which can be kept and made into templates again without a check."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Collection, Mapping
from datetime import tzinfo
from functools import cached_property
from types import CodeType
from typing import Any, NamedTuple

from jinja2 import Environment, Template

from outbox.filters import environment, subjects


class Letter(NamedTuple):
    """A letter in one language."""

    subject: CodeType
    body: CodeType
    parts: tuple[str, ...] | None
    """The parts that it is said to have (outbox/kinds.py); None where it does not say."""


class Codes(NamedTuple):
    """What a language's templates are compiled to. Nothing in it depends on the time zone."""

    labels: dict[tuple[str, str], str]
    layout: CodeType
    sentences: dict[str, CodeType]
    letters: dict[str, Letter]


class Kept(NamedTuple):
    """A language's templates, packed one by one: of the hundreds that there are a worker needs a few."""

    labels: dict[tuple[str, str], str]
    layout: bytes
    sentences: bytes
    letters: dict[str, tuple[bytes, tuple[str, ...] | None]]
    """Each letter's codes, and the parts that it is said to have."""


def kept(codes: Codes) -> Kept:
    """The codes of one language, packed."""
    return Kept(
        codes.labels,
        _shut(codes.layout),
        _shut(codes.sentences),
        {name: (_shut((one.subject, one.body)), one.parts) for name, one in codes.letters.items()},
    )


class Language:
    """The templates of a language; each is made when it is first asked for."""

    def __init__(self, kept: Kept, language: str, zone: tzinfo) -> None:
        self.labels = kept.labels
        self._kept, self._language, self._zone = kept, language, zone
        self._letters: dict[str, tuple[Template, Template]] = {}

    @property
    def names(self) -> Collection[str]:
        """Its letters."""
        return self._kept.letters.keys()

    def parts(self, letter: str) -> tuple[str, ...] | None:
        """The parts that a letter is said to have (outbox/kinds.py); None where it does not say."""
        return self._kept.letters[letter][1]

    def letter(self, name: str) -> tuple[Template, Template]:
        """Subject and body of a letter."""
        if name not in self._letters:
            subject, body = _opened(self._kept.letters[name][0])
            self._letters[name] = _template(self._above, subject), _template(self._plain, body)
        return self._letters[name]

    @cached_property
    def layout(self) -> Template:
        """The frame of its letters in HTML."""
        html = environment(self._language, self._zone, self.labels, html=True)
        return _template(html, _opened(self._kept.layout))

    @cached_property
    def sentences(self) -> dict[str, Template]:
        codes = _opened(self._kept.sentences)
        return {name: _template(self._plain, code) for name, code in codes.items()}

    @cached_property
    def _plain(self) -> Environment:
        return environment(self._language, self._zone, self.labels, html=False)

    @cached_property
    def _above(self) -> Environment:
        return subjects(self._plain, self._language)


def _template(made_for: Environment, code: CodeType) -> Template:
    return Template.from_code(made_for, code, {})


def packed(languages: Mapping[str, Kept]) -> bytes:
    """All languages in one; only this very version of Python can read it."""
    return marshal.dumps({language: tuple(one) for language, one in languages.items()})


def unpacked(data: bytes) -> dict[str, Kept]:
    """What `packed` gave. Never call it on what somebody else may have written: the codes are run."""
    return {language: Kept(*one) for language, one in marshal.loads(data).items()}  # noqa: S302


def _shut(code: Any) -> bytes:
    return zlib.compress(marshal.dumps(code))


def _opened(shut: bytes) -> Any:
    return marshal.loads(zlib.decompress(shut))  # noqa: S302 - nobody else can have written it
