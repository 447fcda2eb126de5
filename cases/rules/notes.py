"""What is no mistake in a rule file, and yet hardly meant: told by `worker.py check`, never refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from cases.rules import calendars
from cases.rules.errors import read
from cases.rules.fold import fold_phrase
from cases.rules.strict_yaml import Document, Path, parse
from language.problem import Problem

SCRIPTS = {"fa": "ARABIC", "ar": "ARABIC", "he": "HEBREW"}
OWN = "LATIN"
WRITTEN_IN = {"ARABIC": "Persian or Arabic", "HEBREW": "Hebrew"}
"""Scripts that no other language's phrases have in them. Latin stands in all: "SMS"."""
CALENDAR = "calendar.yaml"
HIDDEN = re.compile(r"\S\s+(#\S.*)$")


def notes(files: Mapping[str, str]) -> list[Problem]:
    """Every note on the files of rules, in the order of files and lines."""
    return sorted(
        note
        for name, text in files.items()
        if (document := parse(name, text)[0]) and isinstance(document.data, dict)
        for note in (_on_calendar(document) if name == CALENDAR else _on(document))
    )


def _on_calendar(document: Document) -> Iterator[Problem]:
    """What is not known for certain of holidays."""
    file, _ = read(document, calendars.CalendarFile)
    for path, note in calendars.notes_on(file) if file else ():
        yield Problem(document.file, *document.place(path), note)


def _on(document: Document) -> Iterator[Problem]:
    language = document.data.get("language")
    rules = document.data.get("rules")
    if not isinstance(rules, list):
        return
    lines = document.text.split("\n")
    for number, rule in enumerate(rules):
        first: dict[tuple[str, ...], int] = {}
        for path, phrase in _phrases(rule, ("rules", number)):
            line, column = document.place(path)
            earlier = first.setdefault(_parts(phrase), line)
            told = [_foreign(phrase, language), _hidden(lines[line - 1])]
            if earlier != line and language:
                told.append(
                    f"'{phrase}' stands in this rule already, on line {earlier}; one of the two will do"
                )
            yield from (Problem(document.file, line, column, one) for one in told if one)


def _phrases(inside: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """The phrases of a rule, however deep they stand in its conditions."""
    if isinstance(inside, dict):
        for key, value in inside.items():
            if key != "phrase":
                yield from _phrases(value, (*path, key))
                continue
            texts = value if isinstance(value, list) else [value]
            places = (
                [(*path, key, number) for number in range(len(texts))] if value is texts else [(*path, key)]
            )
            yield from ((at, text) for at, text in zip(places, texts, strict=True) if isinstance(text, str))
    elif isinstance(inside, list):
        for number, value in enumerate(inside):
            yield from _phrases(value, (*path, number))


def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(" ".join(fold_phrase(part)) for part in phrase.split("*"))


def _foreign(phrase: str, language: Any) -> str:
    """What to say of a phrase in a script that the file's language is not written in."""
    if not isinstance(language, str):
        return ""
    own = SCRIPTS.get(language, OWN)
    for sign in phrase:
        script = unicodedata.name(sign, "").split(" ")[0] if sign.isalpha() else ""
        if script in WRITTEN_IN and script != own:
            return (
                f"'{phrase}' is {WRITTEN_IN[script]}, and this file says 'language: {language}': in a mail "
                "of its own language it counts less than half; move it to the file of that language"
            )
    return ""


def _hidden(line: str) -> str:
    """What to say of a line whose end is taken for a comment."""
    found = HIDDEN.search(line)
    if not found or found[1].startswith("# "):
        return ""
    return f"'{found[1]}' is not read, as # begins a comment; if it is meant, put the whole phrase in quotes"
