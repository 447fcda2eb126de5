"""Buttons of letters: links that open a reply which is ready to be sent (RFC 6068)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cases.commands.command import Command
from cases.facts import Facts
from outbox.compose import mailto

LONGEST_LINK = 2000
"""Windows hands on no more than some 2,040 characters of a link, and Firefox and Thunderbird 2,008."""
FOR_WORDS = frozenset({"note", "reject", "no", "promise", "escalate"})
"""Commands whose ready reply ends where the agent's own words begin. What else takes words is written."""
SCORES = ("1", "2", "3", "4", "5")
NOT_SOLVED = "not solved"
Button = tuple[str, str, str]
"""The name of its label, its link, and what it does."""


def of_commands(address: str, number: int | None, offered: Sequence[Command], draft: str) -> list[Button]:
    """A button for each command that can be ready but for a few words."""
    return [(one.name, link, one.summary) for one in offered for link in _ready(address, number, one, draft)]


def of_choices(address: str, number: int, categories: Sequence[str]) -> list[tuple[str, str]]:
    """A button for each category that the case may belong to."""
    return [(name, _link(address, number, "category", f"category {name}")) for name in categories]


def of_scores(address: str, subject: str, facts: Facts, language: str) -> list[tuple[str, str]]:
    """The answers to a check-in, each ready to send; the last in the words that the rules know."""
    known = (words.not_solved for words in facts.rulebook.words if words.language == language)
    not_solved = next((phrases[0] for phrases in known if phrases), NOT_SOLVED)
    return [(score, mailto(address, subject, score)) for score in SCORES] + [
        ("not-solved", mailto(address, subject, not_solved))
    ]


def to_show(address: str, number: int) -> str:
    """A link that asks for a case."""
    return _link(address, number, "show", f"show {number}")


def holds(address: str, number: int | None, draft: str) -> bool:
    """Whether the reply that “edit” opens has the draft in it; a longer link would be cut on its way."""
    return bool(draft) and len(_edit(address, number, draft)) <= LONGEST_LINK


def _ready(address: str, number: int | None, command: Command, draft: str) -> Iterator[str]:
    name = command.name
    if name == "edit":
        yield _edit(address, number, draft if holds(address, number, draft) else "")
    elif name in FOR_WORDS:
        yield _link(address, number, name, f"{name} ")
    elif command.takes in ("nothing", "maybe") and (number or name != "show"):
        yield _link(address, number, name, name)


def _edit(address: str, number: int | None, draft: str) -> str:
    return _link(address, number, "edit", f"edit\n{draft.strip()}\nend")


def _link(address: str, number: int | None, name: str, body: str) -> str:
    return mailto(address, f"[#{number}] {name}" if number else name, body)
