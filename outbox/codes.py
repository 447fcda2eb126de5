"""Compiled templates as plain values, which can be kept and made into templates again without a check."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from datetime import tzinfo
from types import CodeType
from typing import NamedTuple

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


class Language(NamedTuple):
    """The templates of a language."""

    layout: Template
    sentences: dict[str, Template]
    letters: dict[str, tuple[Template, Template]]
    """Subject and body of each."""


def templates(codes: Codes, language: str, zone: tzinfo) -> Language:
    """The templates that the codes were compiled from."""
    plain, html = (environment(language, zone, codes.labels, html=html) for html in (False, True))
    above = subjects(plain, language)
    return Language(
        _template(html, codes.layout),
        {name: _template(plain, code) for name, code in codes.sentences.items()},
        {
            name: (_template(above, one.subject), _template(plain, one.body))
            for name, one in codes.letters.items()
        },
    )


def _template(made_for: Environment, code: CodeType) -> Template:
    return Template.from_code(made_for, code, {})


def packed(codes: Mapping[str, Codes]) -> bytes:
    """The codes of all languages; only this very version of Python can read them."""
    kept = {
        language: (*one[:-1], {name: tuple(letter) for name, letter in one.letters.items()})
        for language, one in codes.items()
    }
    return marshal.dumps(kept)


def unpacked(data: bytes) -> dict[str, Codes]:
    """What `packed` gave. Never call it on what somebody else may have written: the codes are run."""
    kept = marshal.loads(data)  # noqa: S302
    return {
        language: Codes(words, layout, said, {name: Letter(*letter) for name, letter in letters.items()})
        for language, (words, layout, said, letters) in kept.items()
    }
