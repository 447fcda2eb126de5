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
SHOWN = 60
"""Characters of a line that are shown back."""
LIKE = 0.75
"""How near a word must be to a command's name to be taken for a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Given:
    """A command that was given, with what stands behind it."""

    name: str
    argument: str = ""


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
        at += 1
        if not line:
            gap = True
            continue
        name = _name(line, names)
        if name is None or name == END:
            if given and gap and not _slip(line, names):
                break
            raise Refusal("not-a-command", line=line[:SHOWN], meant=_slip(line, names))
        if name == "edit":
            text, at = _edited(lines, at, names, whole)
            given.append(Given(name, text))
        else:
            given.append(Given(name, _rest(line, names)))
        gap = False
    if not given:
        raise Refusal("no-command")
    return tuple(given)


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
    return names.get(normalise(line.strip().rstrip("."))) == END


def _split(line: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """A command's name and the rest of its line; names may be of several words."""
    words = line.strip().split()
    for count in range(min(3, len(words)), 0, -1):
        name = names.get(normalise(" ".join(words[:count])).strip(".:،,!"))
        if name:
            return name, " ".join(words[count:])
    return None


def _name(line: str, names: Mapping[str, str]) -> str | None:
    found = _split(line, names)
    return found[0] if found else None


def _rest(line: str, names: Mapping[str, str]) -> str:
    found = _split(line, names)
    return found[1] if found else ""


def _slip(line: str, names: Mapping[str, str]) -> str:
    """The command that the first word of the line was probably meant to be; "" when none is near."""
    word = normalise(line.split(maxsplit=1)[0]).strip(".:،,!")
    near = difflib.get_close_matches(word, list(names), n=1, cutoff=LIKE)
    return near[0] if near else ""
