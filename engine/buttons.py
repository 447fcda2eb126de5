"""Buttons of letters: links that open a reply which is ready to be sent (RFC 6068)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cases.commands.command import Command
from cases.commands.grammar import END
from cases.commands.registry import COMMANDS
from cases.facts import Facts
from cases.verbs import FOR_WORDS
from outbox.compose import mailto

LONGEST_LINK = 2000
"""Windows hands on no more than some 2,040 characters of a link, and Firefox and Thunderbird 2,008."""
SCORES = ("1", "2", "3", "4", "5")
NOT_SOLVED = "not solved"
STOP = "stop"
READY = "ready"
"""The button of commands that an agent only has to send once more."""
LETTER = "letter"
"""The button that makes the draft from another letter."""
Called = Callable[[str], str]
"""What a command or a category is called in the language of who gets the letter."""
Button = tuple[str, str, str]
"""The name of its label, its link, and what it does."""


def in_english(name: str) -> str:
    """A command's name where nobody has another."""
    return name


def of_commands(
    address: str, number: int | None, offered: Sequence[Command], draft: str, called: Called = in_english
) -> list[Button]:
    """A button for each command that can be ready but for a few words."""
    return [
        (one.name, link, one.summary)
        for one in offered
        for link in _ready(address, number, one, draft, called)
    ]


def of_choices(
    address: str,
    number: int,
    categories: Sequence[str],
    called: Called = in_english,
    named: Called = in_english,
) -> list[tuple[str, str]]:
    """A button for each category that the case may belong to, by the name that the agent knows."""
    command = called("category")
    known = (named(name) for name in categories)
    return [(name, _link(address, number, command, f"{command} {name}")) for name in known]


def of_scores(address: str, subject: str, facts: Facts, language: str) -> list[tuple[str, str]]:
    """The answers to a check-in, each ready to send; the last in the words that the rules know."""
    known = (words.not_solved for words in facts.rulebook.words if words.language == language)
    not_solved = next((phrases[0] for phrases in known if phrases), NOT_SOLVED)
    return [(score, mailto(address, subject, score)) for score in SCORES] + [
        ("not-solved", mailto(address, subject, not_solved))
    ]


def to_stop_asking(address: str, subject: str, facts: Facts, language: str) -> tuple[str, str]:
    """The word for no more check-ins, as the rules know it, and the link of a reply that says it."""
    known = (words.stop_asking for words in facts.rulebook.words if words.language == language)
    word = next((phrases[0] for phrases in known if phrases), STOP)
    return word, mailto(address, subject, word)


def to_show(address: str, number: int, called: Called = in_english) -> str:
    """A link that asks for a case."""
    return _link(address, number, called("show"), f"{called('show')} {number}")


def to_open_issue(
    address: str,
    categories: Sequence[str],
    facts: Sequence[tuple[str, str]],
    language: str,
    called: Called = in_english,
) -> str:
    """A link that opens a known issue for a cause, its note still to be written; "" where that can't be."""
    if "issue" not in COMMANDS or len(categories) > 1 or not (categories or facts):
        return ""
    name = called("issue")
    lines = [name, *(f"category: {one}" for one in categories)]
    lines += [f"{fact}: {value}" for fact, value in facts]
    return _link(address, None, name, "\n".join([*lines, f"{language}: ", called(END)]))


def as_meant(address: str, number: int | None, commands: str, called: Called = in_english) -> list[Button]:
    """A button for commands that are ready as they stand; none where the link would be cut on its way."""
    body = "\n".join(_in_own_words(commands, called))
    link = mailto(address, f"[#{number}]" if number else body.split("\n", 1)[0], body)
    return [(READY, link, body)] if len(link) <= LONGEST_LINK else []


def of_letter(
    address: str, number: int | None, letter: str, called: Called = in_english, named: Called = in_english
) -> Button:
    """A button that makes the draft from the answer letter of that name."""
    body = f"{called('template')} {named(letter)}"
    return LETTER, _link(address, number, called("template"), body), body


def _in_own_words(commands: str, called: Called) -> Iterator[str]:
    """The lines of commands, whose names are English, with their own names; the text of an edit as it is."""
    in_text = False
    for line in commands.split("\n"):
        name, gap, rest = line.partition(" ")
        if in_text:
            in_text = line != END
            yield line if in_text else called(END)
        elif name in COMMANDS:
            in_text = COMMANDS[name].takes in ("lines", "more")
            yield f"{called(name)}{gap}{rest}"
        else:
            yield line


def holds(address: str, number: int | None, draft: str, called: Called = in_english) -> bool:
    """Whether the reply that “edit” opens has the draft in it; a longer link would be cut on its way."""
    return bool(draft) and len(_edit(address, number, draft, called)) <= LONGEST_LINK


def _ready(address: str, number: int | None, command: Command, draft: str, called: Called) -> Iterator[str]:
    name = called(command.name)
    if command.name == "edit":
        yield _edit(address, number, draft if holds(address, number, draft, called) else "", called)
    elif command.name in FOR_WORDS:
        yield _link(address, number, name, f"{name} ")
    elif command.takes in ("nothing", "maybe") and (number or command.name != "show"):
        if command.name == "show" and number:
            yield to_show(address, number, called)
        else:
            yield _link(address, number, name, name)


def _edit(address: str, number: int | None, draft: str, called: Called) -> str:
    name = called("edit")
    return _link(address, number, name, f"{name}\n{draft.strip()}\n{called('end')}")


def _link(address: str, number: int | None, name: str, body: str) -> str:
    return mailto(address, f"[#{number}] {name}" if number else name, body)
