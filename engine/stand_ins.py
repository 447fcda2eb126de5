"""Which languages customers got and get letters in, where they have none of their own (L1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cases.acknowledging import BY_KIND, COMPLAINT
from cases.rules.lettering import LAST_RESORT, LettersFile
from cases.saying import Say
from language.problem import Problem
from outbox.kinds import ADMIN, AGENT, kind_of
from outbox.letters import Letters
from outbox.places import SUFFIX
from store.models import CaseKind

NEW = "new"
"""The headline of the first mail about a case: it tells of the acknowledgement too."""
MOST_NAMED = 5
"""Letters that a line of a check names."""


def told(letters: Letters, values: Mapping[str, Any], draft_language: str) -> Say | None:
    """For the agent: what is in another language than the customer's; None where nothing is.

    `values` are those of the mail about the draft; its language is "" where there is no draft.
    """
    own, is_first = str(values["language"]), values["headline"] == NEW and not values["not_acknowledged"]
    acknowledged = BY_KIND.get(CaseKind(values["kind"]), COMPLAINT)
    used = {
        "draft": draft_language,
        "acknowledgement": letters.language_of(acknowledged, own) if is_first else "",
    }
    others = {what: "" if _is(language, own) else language for what, language in used.items()}
    return Say("in-another-language", {"language": own, **others}) if own and any(others.values()) else None


def _is(language: str, own: str) -> bool:
    """Whether a letter's language is the customer's own, with or without its region."""
    return language in (own.lower(), own.lower().split("-", 1)[0])


def notes(templates: Path, rules: LettersFile) -> Iterator[Problem]:
    """The languages that lack letters, each with what stands in for them.

    A language in which no letter to agents is written is one of customers alone, and lacks none of those.
    """
    here = {
        folder.name: _letters_in(folder) for folder in sorted(templates.glob("[a-z]*")) if folder.is_dir()
    }
    for language, letters in here.items():
        lacking: dict[str, list[str]] = {}
        missing = here.get(LAST_RESORT, set()) - letters
        if not any(map(_is_to_us, letters)):
            missing = {letter for letter in missing if not _is_to_us(letter)}
        for letter in sorted(missing):
            used = next(one for one in rules.chain(language) if letter in here.get(one, ()))
            lacking.setdefault(used, []).append(letter)
        for used, names in lacking.items():
            yield Problem(str(templates / language), 0, 0, _lacks(names, used))


def _is_to_us(letter: str) -> bool:
    return kind_of(letter) in (AGENT, ADMIN)


def _letters_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob(f"*{SUFFIX}")}


def _lacks(names: list[str], used: str) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    named = ", ".join(names[:MOST_NAMED])
    return f"there is no {named}{more} here, so they leave in another language ('{used}'); write them here"
