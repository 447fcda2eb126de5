"""Commands as agents write them: one a line, at the top of the reply; all or nothing (promise 15)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.commands.registry import COMMANDS
from cases.saying import Refusal
from language.normalise import normalise
from language.words import Words

END = "end"
MARKS = ".:،,!"
"""Marks that may stand behind a command's name."""
SHOWN = 60
"""Characters of a line that are shown back."""
LIKE, LIKE_BELOW = 0.75, 0.8
"""How near a word must be to a command's name to be taken for a slip of the pen; nearer below commands."""
LONG = 5
"""Letters of a slip below commands: "Ed" and "Noel" sign mails."""


@dataclass(frozen=True, slots=True)
class Given:
    """A command that was given, with what stands behind it."""

    name: str
    argument: str = ""
    number: int | None = None
    """The case that a line such as `#1042` above it names."""


def names_of(words: Iterable[Words]) -> dict[str, str]:
    """Every way to write a command, normalised → its English name."""
    names = {name: name for name in (*COMMANDS, END)}
    for language in words:
        for name, aliases in language.commands.items():
            names |= {normalise(alias): name for alias in aliases}
    return names


def starts_with_command(text: str, names: Mapping[str, str]) -> bool:
    """Whether the first line with anything on it begins with a command."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return _name(first, names) is not None


def read(reply: str, whole: str, names: Mapping[str, str]) -> tuple[Given, ...]:
    """The commands at the top of what an agent newly wrote; raises Refusal.

    `whole` is all the text of the mail: the words of an edit must stand in it as they were read, so
    that nothing which was taken for a quotation is missing from them.
    """
    lines = reply.splitlines()
    given: list[Given] = []
    at, gap = 0, True
    while at < len(lines):
        line = lines[at].strip()
        if not normalise(line):
            gap, at = True, at + 1
            continue
        if _name(line, names) in (None, END):
            _refuse_unless_below(lines[at:], names, below=bool(given) and gap)
            break
        one, at = _one(lines, at, names, whole)
        given.append(one)
        gap = False
    if not given:
        raise Refusal("no-command")
    return tuple(given)


def _one(lines: list[str], at: int, names: Mapping[str, str], whole: str) -> tuple[Given, int]:
    """The command of the line, with its text, and where to read on."""
    name, rest = _split(lines[at], names) or ("", "")
    at += 1
    if COMMANDS[name].takes == "lines":
        if rest:
            raise Refusal("takes-nothing", command=name, argument=rest[:SHOWN])
        text, at = _edited(lines, at, names, whole)
        return Given(name, text), at
    while COMMANDS[name].flows and rest and at < len(lines) and _runs_on(lines[at], names):
        rest, at = f"{rest} {lines[at].strip()}", at + 1
    return Given(name, rest), at


def _runs_on(line: str, names: Mapping[str, str]) -> bool:
    return bool(normalise(line)) and _name(line, names) is None and not _slip(line, names, below=True)


def _refuse_unless_below(rest: list[str], names: Mapping[str, str], *, below: bool) -> None:
    """What stands below commands and a gap is a signature; an `end` without its `edit` is none."""
    line = rest[0].strip()
    meant = _slip(line, names, below=below)
    if not below or meant:
        raise Refusal("not-a-command", line=line[:SHOWN], meant=meant)
    for one in rest:
        if _name(one, names) == "edit":
            return
        if _is_end(one, names):
            raise Refusal("not-a-command", line=one.strip()[:SHOWN], meant="edit")


def _edited(lines: list[str], at: int, names: Mapping[str, str], whole: str) -> tuple[str, int]:
    """The lines up to `end`, and where to read on."""
    stop = next((n for n in range(at, len(lines)) if _is_end(lines[n], names)), None)
    if stop is None:
        raise Refusal("edit-without-end")
    text = "\n".join(lines[at:stop]).strip("\n")
    if not text.strip():
        raise Refusal("edit-empty")
    if _squeezed(text) not in _squeezed(whole):
        raise Refusal("edit-cut")
    return text, stop + 1


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _is_end(line: str, names: Mapping[str, str]) -> bool:
    return names.get(normalise(line).strip(MARKS)) == END


def _split(line: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """A command's name and the rest of its line; names may be of several words."""
    words = line.strip().split()
    for count in range(min(3, len(words)), 0, -1):
        name = names.get(normalise(" ".join(words[:count])).strip(MARKS))
        if name:
            return name, " ".join(words[count:])
    return None


def _name(line: str, names: Mapping[str, str]) -> str | None:
    found = _split(line, names)
    return found[0] if found else None


def _slip(line: str, names: Mapping[str, str], *, below: bool = False) -> str:
    """The command that the first word of the line was probably meant to be; "" when none is near."""
    word = normalise(line.split(maxsplit=1)[0]).strip(MARKS)
    if below and len(word) < LONG:
        return ""
    near = difflib.get_close_matches(word, list(names), n=1, cutoff=LIKE_BELOW if below else LIKE)
    return near[0] if near else ""
