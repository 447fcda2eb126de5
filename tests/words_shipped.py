"""The words of all languages, as they are shipped."""

from __future__ import annotations

from pathlib import Path

from cases.rules.errors import read
from cases.rules.strict_yaml import parse
from language.words import Words


def _shipped() -> tuple[Words, ...]:
    found: list[Words] = []
    for path in sorted((Path(__file__).parent.parent / "rules" / "words").glob("*.yaml")):
        document, _ = parse(path.name, path.read_text("utf-8"))
        assert document
        words, problems = read(document, Words)
        assert words, problems
        found.append(words)
    return tuple(found)


WORDS = _shipped()
