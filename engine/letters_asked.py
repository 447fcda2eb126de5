"""What admins ask of their letters at the command line: `templates vars` and `templates preview`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path
from typing import Any

from cases.about import FactValues
from engine.doing import NotDone
from language.direction import has_right_to_left, isolate, printable
from outbox import filters_told, samples
from outbox.kinds import ADMIN, AGENT, kind_of
from outbox.letters import Letters, Rendered
from outbox.places import ANSWERS
from outbox.source import did_you_mean
from outbox.variable import Variable
from outbox.variables import LETTERS, full, variables_of
from reports import previews
from reports.previews import Preview


@dataclass(frozen=True, slots=True)
class Shelf:
    """The letters in force, and where they lie."""

    letters: Letters
    folder: Path
    zone: tzinfo

    def names(self) -> list[str]:
        """Every letter, answers last."""
        return sorted(self.letters.every(), key=lambda name: (name.startswith(ANSWERS), name))

    def named(self, written: str) -> str:
        """The letter that is meant; raises NotDone for none. An answer may be named without its folder."""
        known, short = self.names(), written.removesuffix(".md")
        for name in (short, f"{ANSWERS}{short}"):
            if name in known:
                return name
        names = {*known, *(name.removeprefix(ANSWERS) for name in known)}
        raise NotDone(f"there is no letter “{printable(written)}”; {did_you_mean(short, names)}")

    def language(self, written: str) -> str:
        """A language that has letters; raises NotDone for another."""
        if written not in self.letters.languages():
            known = self.letters.languages()
            raise NotDone(f"there are no letters in “{printable(written)}”; there are {', '.join(known)}")
        return written


def told(shelf: Shelf, letter: str, language: str, *, as_json: bool = False) -> str:
    """What a letter may say: every variable, and the filters."""
    variables = variables_of(letter) or {}
    words = samples.words_of(shelf.folder, language)
    own = samples.in_words(full(variables), words)
    rows = [_row(name, variable, own[name]) for name, variable in variables.items()]
    examples = list(_examples(shelf, letter, language))
    parts = shelf.letters.parts(letter, language)
    if as_json:
        about = {"letter": letter, "kind": kind_of(letter), "parts": parts}
        return json.dumps({**about, "variables": rows, "filters": examples}, ensure_ascii=False, indent=1)
    held = "" if parts is None else f"; parts: {', '.join(parts) or 'none'}"
    lines = [f"{letter} (kind: {kind_of(letter)}{held})", "", "What it may say:"]
    for row in rows:
        also = (
            "; may be missing, so put it between {% if … %} and {% endif %}" if row["may_be_missing"] else ""
        )
        lines += [f"  {row['name']}: {row['is']}", f"      {row['sample']}{also}"]
    lines += ["", "How it may be written, and what that gives:"]
    for one in examples:
        lines += [f"  {one['example']}: {one['does']}", f"      {one['gives']}"]
    return "\n".join(lines)


def _examples(shelf: Shelf, letter: str, language: str) -> Iterator[dict[str, str]]:
    agents = kind_of(letter) in (AGENT, ADMIN)
    labels = shelf.letters.labels(language)
    for one in (*filters_told.CUSTOMERS, *(filters_told.AGENTS if agents else ())):
        yield {**one._asdict(), "gives": filters_told.shown(one, language, shelf.zone, labels)}


def preview_page(shelf: Shelf, letters: Sequence[str], languages: Sequence[str], case: str) -> str:
    """A page of the letters in the languages, with one sample case or with all that differ."""
    return previews.page(
        one
        for letter in letters
        for language in languages
        for one in _previews(shelf, letter, language, case)
    )


def _previews(shelf: Shelf, letter: str, language: str, case: str) -> Iterator[Preview]:
    words = samples.words_of(shelf.folder, shelf.letters.language_of(letter, language))
    found = samples.cases(letter, words) if case else samples.worth_seeing(letter, words)
    if case and case not in found:
        raise NotDone(f"{letter} has no case “{printable(case)}”; {did_you_mean(case, list(found))}")
    chosen = {case: found[case]} if case else found
    seen: dict[Rendered, list[str]] = {}
    for name, values in chosen.items():
        seen.setdefault(_rendered(shelf.letters, letter, language, values), []).append(name)
    for made, names in seen.items():
        yield Preview(letter, language, tuple(names), made.subject, made.html, made.text, made.language)


def _rendered(letters: Letters, letter: str, language: str, values: dict[str, Any]) -> Rendered:
    """The letter as it would leave: an answer in the mail that it leaves in."""
    made = letters.render(letter, language, values)
    if not letter.startswith(ANSWERS):
        return made
    known = LETTERS["answer"]
    shared = {name: value for name, value in values.items() if name in known}
    return letters.render("answer", made.language, {**shared, "body": made.text})


def _row(name: str, variable: Variable, sample: Any) -> dict[str, Any]:
    return {
        "name": name,
        "is": variable.describes,
        "sample": _sample(sample),
        "may_be_missing": not variable.required and variable.blank in ("", None, ()),
    }


def _sample(value: Any) -> str:
    """A sample as one line."""
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, FactValues):
        return "; ".join(value)
    if isinstance(value, Mapping):
        return ", ".join(f".{name} {_sample(one)}" for name, one in value.items() if one not in ("", None))
    if isinstance(value, tuple | list):
        return "; ".join(_sample(one) for one in value[:1])
    shown = printable(str(value))
    shown = f"{shown[:60]} …" if len(shown) > 60 else shown
    return isolate(shown) if has_right_to_left(shown) else shown
