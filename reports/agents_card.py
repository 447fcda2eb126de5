"""docs/agents-card*.md: the everyday commands on one page, in each language of agents: `make agents-page`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cases.commands.registry import COMMANDS
from cases.naming import Names
from outbox.letters import Letters
from reports.commands_table import ROOT, shipped_words

GROUPS: Mapping[str, tuple[str, ...]] = {
    "answering": ("approve", "undo", "edit", "template", "ask", "reject", "preview"),
    "case": ("take", "assign", "escalate", "note", "category", "snooze", "merge", "resolve", "reopen"),
    "promising": ("promise", "offer", "kept"),
    "desk": ("queue", "mine", "show", "search", "open", "away", "help"),
}
"""The commands of everyday, by what they are about; docs/agents.md has all."""
LANGUAGES = ("en", "fa", "he", "ar")
FROM_RIGHT = ("fa", "he", "ar")
_NAMED = re.compile(r"\{([a-z]+)\}")
_LINES = re.compile(r"\s*\n\s*")


def path_of(language: str) -> Path:
    """Where the card of a language is kept."""
    return ROOT / "docs" / f"agents-card{'' if language == 'en' else f'.{language}'}.md"


def card(language: str) -> str:
    """The card's text."""
    letters, names = _shipped()
    words = _words()[language]

    def filled(text: str) -> str:
        return _NAMED.sub(lambda found: names.command(found[1], language), text).strip()

    parts = [
        f"# {words['title']}",
        filled(words["reply"]),
        f"| {words['write']} | {words['happens']} |\n|---|---|",
    ]
    for group, commands in GROUPS.items():
        parts[-1] += f"\n| **{words[group]}** | |"
        parts[-1] += "".join(f"\n{_row(letters, language, name)}" for name in commands)
    parts.append("\n".join(f"- {filled(note)}" for note in words["notes"]))
    if language in FROM_RIGHT:
        parts = [f'<div dir="rtl" lang="{language}">', *parts, "</div>"]
    return "\n\n".join((*parts, "<!-- This page is made by `make agents-page`. -->")) + "\n"


def write(languages: Iterable[str] = LANGUAGES) -> None:
    """Write the cards anew."""
    for language in languages:
        path_of(language).write_text(card(language), "utf-8")


def _row(letters: Letters, language: str, name: str) -> str:
    one = COMMANDS[name]
    values = {"command": name, "usage": one.usage, "summary": one.summary}
    usage, does = (_plain(letters.sentence(code, language, values)) for code in ("cell-usage", "cell-does"))
    return f"| `{_LINES.sub(' … ', usage)}` | {does} |".replace("`…", "`")


def _plain(text: str) -> str:
    """Without the signs that isolate directions in a mail; a table cell keeps its own."""
    return re.sub("[\u2066-\u2069]", "", text).replace("|", "\\|").strip()


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    return dict(yaml.safe_load((Path(__file__).parent / "agents_card.yaml").read_text("utf-8")))


@cache
def _shipped() -> tuple[Letters, Names]:
    names = Names(tuple(shipped_words()))
    letters, problems = Letters.load(ROOT / "templates")
    if letters is None:
        raise ValueError("\n".join(str(problem) for problem in problems))
    return letters.calling(names), names
