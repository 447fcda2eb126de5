"""The tone of the letters' templates, as `worker.py check` tells it: advice to whoever writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cases.rules.rulebook import Rulebook
from cases.tone import Finding, Written, findings
from cases.toning.advice import said
from cases.toning.guide import Guide
from language.problem import Problem
from outbox.kinds import TO_CUSTOMERS
from outbox.letters import Letters
from outbox.places import ANSWERS, LAST_RESORT, SUFFIX
from outbox.variables import bare, full, variables_of
from store.models import CaseKind, Fault

ENVELOPE = "answer"
"""The letter around an approved answer, which has words of an agent in it."""
SELDOM = ("name", "subject", "facts", "agent_name", "opens")
"""Values that letters are tried without."""
DATES = ("deadline", "next_update")
"""Values that a good letter can't do without."""
TURNS = 3
KINDS = {"ack_praise": CaseKind.PRAISE.value, "ack_question": CaseKind.QUESTION.value}


def notes(templates: Path, letters: Letters, rulebook: Rulebook) -> Iterator[Problem]:
    """What the tone check finds in the letters to customers, each told once, at its line where it has one."""
    for language in sorted(rulebook.tone.languages):
        guide = rulebook.tone.of(language)
        folder = templates / language
        for path in sorted(folder.rglob(f"*{SUFFIX}")) if guide else ():
            letter = path.relative_to(folder).with_suffix("").as_posix()
            if guide and variables_of(letter) and _is_looked_at(letter, language, letters):
                told = _of_letter(letter, language, letters, guide, _kind_of(letter, rulebook))
                yield from _at_places(path, told, letters)


def _is_looked_at(letter: str, language: str, letters: Letters) -> bool:
    to_customer = letters.kind_of(letter) in TO_CUSTOMERS and letter != ENVELOPE
    return to_customer and letters.has(letter, language)


def _kind_of(letter: str, rulebook: Rulebook) -> str:
    """The kind of the cases that the letter is for."""
    name = letter.removeprefix(ANSWERS)
    of_category = (one.kind.value for one in rulebook.categories.values() if one.answer_template == name)
    return KINDS.get(letter) or next(of_category, CaseKind.COMPLAINT.value)


def _of_letter(
    letter: str, language: str, letters: Letters, guide: Guide, kind: str
) -> dict[tuple[str, str, str], tuple[Finding, Written]]:
    """What is found whatever the letter's values are, each once."""
    found: dict[tuple[str, str, str], tuple[Finding, Written]] = {}
    parts = letters.parts(letter, language)
    if parts is None and not letter.startswith(ANSWERS):
        parts = ()
    looked_at: set[Written] = set()
    for values in _values(letter):
        text = letters.render(letter, language, values, html=False).text
        fault = values.get("fault", Fault.UNKNOWN.value)
        written = Written(text, language, kind, parts, fault, values["name"], values["subject"])
        if written not in looked_at:
            looked_at.add(written)
            for one in findings(written, guide):
                found.setdefault((one.check, one.words, one.part or ""), (one, written))
    return found


def _values(letter: str) -> Iterator[Mapping[str, Any]]:
    """Every fault and turn, each with all that can be known and with little; there is always a date."""
    variables = variables_of(letter) or {}
    most = full(variables)
    least = bare(variables) | {name: most[name] for name in DATES if name in variables}
    seldom = {name: variables[name].blank for name in SELDOM if name in variables}
    for values in (most, {**most, **seldom}, {**least, "name": most["name"]}):
        for fault in Fault if "fault" in variables else (None,):
            for turn in range(1, TURNS + 1) if "turn" in variables else (None,):
                given = {"fault": fault and fault.value, "turn": turn}
                yield {**values, **{name: one for name, one in given.items() if one}}


def _at_places(
    path: Path, told: Mapping[tuple[str, str, str], tuple[Finding, Written]], letters: Letters
) -> Iterator[Problem]:
    lines = path.read_text("utf-8").splitlines()
    for finding, written in told.values():
        line = next((n for n, line in enumerate(lines, 1) if finding.words and finding.words in line), 0)
        column = lines[line - 1].index(finding.words) + 1 if line else 0
        say = said(finding, written)
        advice = letters.sentence(say.code, LAST_RESORT, say.values)
        yield Problem(str(path), line, column, f"advice on its tone ({finding.why}): {advice}")
