"""What `help` shows: the registry, in the agent's language."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from cases.commands.command import Command
from cases.commands.grammar import as_spelt, names_of
from cases.commands.registry import COMMANDS
from cases.facts import Listing
from cases.rules.rulebook import Rulebook
from cases.saying import Say
from language.normalise import normalise
from language.words import Words


def listing(argument: str, rulebook: Rulebook, language: str) -> Listing | Say:
    """All commands, or the one that is named in any language; a Say where there is none."""
    if not argument.strip():
        return Listing(Say("help-all"), ("command", "does"), tuple(map(_row, COMMANDS.values())))
    names = names_of(rulebook.words)
    name = names.get(normalise(argument))
    if name not in COMMANDS:
        near = difflib.get_close_matches(normalise(argument), list(names), n=1, cutoff=0.6)
        meant = as_spelt(near[0], names) if near else ""
        return Say("no-such-command", {"command": argument, "meant": meant})
    return _one(COMMANDS[name], rulebook, language)


def _row(command: Command) -> tuple[Say, ...]:
    values = {"command": command.name, "usage": command.usage, "summary": command.summary}
    return (Say("cell-usage", values), Say("cell-does", values))


def _one(command: Command, rulebook: Rulebook, language: str) -> Listing:
    others = _other_names(command.name, rulebook.words, language)
    may = tuple(one.name for one in rulebook.agents if set(command.roles) & set(one.roles))
    parts: tuple[str | Say, ...] = _row(command)
    if others:
        parts += (Say("help-names", {"names": others}),)
    if command.roles:
        parts += (Say("help-who", {"who": may or tuple(map(str, command.roles))}),)
    return Listing(Say("help-one", {"command": command.name}), parts=parts)


def _other_names(name: str, words: Iterable[Words], language: str) -> tuple[str, ...]:
    """What else the command is called: in the agent's own language, or in all where that has no name.

    The first name of a language stands in the usage already.
    """
    by_language: Mapping[str, tuple[str, ...]] = {one.language: one.commands.get(name, ()) for one in words}
    if own := by_language.get(language, ()):
        return (*own[1:], name)
    return tuple(text for texts in by_language.values() for text in texts)
