"""The agents' commands as a table of docs/agents.md, made from the registry: `make agents-page`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from cases.commands.command import Command
from cases.commands.registry import COMMANDS
from cases.rules.loading import load
from language.words import Words

BEGIN, END = "<!-- commands: made by `make agents-page` -->", "<!-- /commands -->"
LANGUAGES = ("fa", "he", "ar")
HEAD = ("write", "what happens", "in Persian, Hebrew, Arabic")
ROOT = Path(__file__).parent.parent


def table(commands: Iterable[Command], words: Sequence[Words]) -> str:
    """Every command in the registry's order: how it is written, what it does, and its other names."""
    rows = [HEAD, ("---",) * len(HEAD), *(_row(one, words) for one in commands)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def updated(page: str, commands: Iterable[Command], words: Sequence[Words]) -> str:
    """The page with the table between its marks made anew. Raises ValueError where a mark is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no place for the table; write {BEGIN} and {END} where it goes")
    return f"{before}{BEGIN}\n\n{table(commands, words)}\n\n{END}{after}"


def shipped_words(rules: Path = ROOT / "rules") -> Sequence[Words]:
    """The words of the shipped rule files."""
    files = {str(path.relative_to(rules)): path.read_text("utf-8") for path in sorted(rules.rglob("*.yaml"))}
    rulebook, problems = load(files)
    if rulebook is None:
        raise ValueError("\n".join(str(problem) for problem in problems))
    return rulebook.words


def write(page: Path = ROOT / "docs" / "agents.md") -> None:
    """Make the table of the page anew."""
    page.write_text(updated(page.read_text("utf-8"), COMMANDS.values(), shipped_words()), "utf-8")


def _row(command: Command, words: Sequence[Words]) -> tuple[str, ...]:
    return _written(command), _does(command), _names(command, words)


def _written(command: Command) -> str:
    lines = [line.replace("|", "\\|") for line in command.usage.split("\n")]
    return "<br>".join(f"`{line}`" for line in lines)


def _does(command: Command) -> str:
    may = f" (Only: {', '.join(command.roles)}.)" if command.roles else ""
    return command.summary.replace("|", "\\|") + may


def _names(command: Command, words: Sequence[Words]) -> str:
    known = {one.language: one.commands.get(command.name, ()) for one in words}
    first = [next(iter(known.get(language, ())), "") for language in LANGUAGES]
    return " · ".join(name for name in first if name)
