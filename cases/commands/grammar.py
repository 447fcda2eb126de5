"""Commands as agents write them: one a line, at the top of the mail; all or nothing (promise 15).

Below a gap only what is certainly a command counts. The rest is a signature; what could be either is refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cases.commands.lines import as_written, is_blank, without_bold, without_bullet, without_links
from cases.commands.registry import COMMANDS
from cases.numbers import number_in
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
Sure = Literal["yes", "no", "perhaps"]


@dataclass(frozen=True, slots=True)
class Given:
    """A command that was given, with what stands behind it."""

    name: str
    argument: str = ""
    number: int | None = None
    """The case that a line such as `#1042` above it names."""


def names_of(words: Iterable[Words]) -> dict[str, str]:
    """Every way to write a command, normalised and as people spell it → its English name."""
    names = {name: name for name in (*COMMANDS, END)}
    for language in words:
        for name, aliases in language.commands.items():
            names |= {way: name for alias in aliases for way in (alias, normalise(alias))}
    return names


def as_spelt(meant: str, names: Iterable[str]) -> str:
    """The name as people spell it, of one that may be normalised."""
    return next((name for name in names if name != normalise(name) == meant), meant)


def nearest(line: str, names: Mapping[str, str]) -> str:
    """The command that the line begins with, or was probably meant to; "" when none is near."""
    near = difflib.get_close_matches(_word(line), list(names), n=1, cutoff=LIKE)
    return _name(line, names) or (names[near[0]] if near else "")


def read(
    reply: str, whole: str, names: Mapping[str, str], sign_offs: Collection[str] = ()
) -> tuple[Given, ...]:
    """The commands at the top of what an agent newly wrote; raises Refusal.

    `whole` is all the text of the mail: the words of an edit must stand in it as they were read, so that
    nothing which was taken for a quotation is missing from them. `sign_offs` are phrases, normalised, that
    end a mail: "kind regards", the writer's name.
    """
    return _Reader(as_written(reply, whole), whole, names, frozenset(sign_offs)).read()


@dataclass(frozen=True, slots=True)
class _Reader:
    lines: list[str]
    whole: str
    names: Mapping[str, str]
    sign_offs: frozenset[str]

    def read(self) -> tuple[Given, ...]:
        given: list[Given] = []
        number: int | None = None
        at, gap = 0, True
        while at < len(self.lines):
            line = self.lines[at]
            if is_blank(line):
                gap, at = True, at + 1
            elif (named := _case_named(line)) is not None:
                if given or number is not None:
                    raise Refusal("one-case-a-mail", number=named)
                number, at = named, at + 1
            elif self._ends(at, below=bool(given), gap=gap):
                break
            else:
                one, at = self._one(at)
                given.append(replace(one, number=number))
                gap = False
        if not given:
            raise Refusal("no-command")
        return tuple(given)

    def _ends(self, at: int, *, below: bool, gap: bool) -> bool:
        """Whether the commands end above this line; raises Refusal where that can't be known."""
        line = self.lines[at]
        if _name(line, self.names) in (None, END):
            self._refuse_unless_signed(at, below=below and gap, signs=below and self._signs_off(line))
            return True
        if not (below and gap):
            return False
        sure = self._sure(line)
        if sure == "perhaps" and not self._goes_on_below(at):
            raise Refusal("unclear", line=line.strip()[:SHOWN])
        if sure == "no":
            self._refuse_end_below(at)
        return sure == "no"

    def _sure(self, line: str) -> Sure:
        """Whether a line below a gap, which begins with a command's name, is a command."""
        name, rest = _split(line, self.names) or ("", "")
        command = COMMANDS[name]
        if not rest:
            return "yes"
        if command.takes in ("nothing", "lines"):
            return "no"  # "Resolve Ltd", "Take care"
        if number_in(rest) is not None and not command.flows:
            return "yes"
        if command.takes == "maybe" and command.changes_nothing:
            return "yes" if self.names.get(normalise(rest)) in COMMANDS else "no"  # "Help Desk"
        return "perhaps"

    def _goes_on_below(self, at: int) -> bool:
        """Whether a command that is one for certain stands below, and nothing but commands in between."""
        for line in self.lines[at + 1 :]:
            if is_blank(line):
                continue
            sure = self._sure(line) if _name(line, self.names) in COMMANDS else "no"
            if sure != "perhaps":
                return sure == "yes"
        return False

    def _refuse_unless_signed(self, at: int, *, below: bool, signs: bool) -> None:
        """What stands below commands and a gap is a signature; an `end` without its beginning is none."""
        line = self.lines[at].strip()
        meant = self._meant(line, below=below)
        if not (signs or below) or (meant and not signs):
            raise Refusal("not-a-command", line=line[:SHOWN], meant=as_spelt(meant, self.names))
        self._refuse_end_below(at)

    def _refuse_end_below(self, at: int) -> None:
        for line in self.lines[at:]:
            if _name(line, self.names) in _WITH_LINES and not _is_end(line, self.names):
                rest = (_split(line, self.names) or ("", ""))[1]
                if not rest:
                    return
            if _is_end(line, self.names):
                raise Refusal("not-a-command", line=line.strip()[:SHOWN], meant="edit")

    def _signs_off(self, line: str) -> bool:
        """Whether a line right below commands says nothing but goodbye: a closing, the writer's name."""
        parts = [part for piece in line.translate(_APART).split("|") if (part := normalise(piece))]
        return bool(parts) and all(part in self.sign_offs for part in parts)

    def _meant(self, line: str, *, below: bool) -> str:
        """The command that the first word of the line was probably meant to be; "" when none is near."""
        word = _word(line)
        if below and len(word) < LONG:
            return ""
        near = difflib.get_close_matches(word, list(self.names), n=1, cutoff=LIKE_BELOW if below else LIKE)
        if not near or not below or self.names[near[0]] == END:
            return near[0] if near else ""
        rest = " ".join(line.split()[1:])
        return "" if self._sure(f"{near[0]} {rest}") == "no" else near[0]

    def _one(self, at: int) -> tuple[Given, int]:
        """The command of the line, with its text, and where to read on."""
        name, rest = _split(self.lines[at], self.names) or ("", "")
        if COMMANDS[name].takes == "lines":
            if rest:
                raise Refusal("takes-nothing", command=name, argument=rest[:SHOWN])
            text, below = self._text_of(name, at)
            return Given(name, text), below
        if COMMANDS[name].takes == "more":
            return self._more(name, rest, at)
        at += 1
        while COMMANDS[name].flows and rest and at < len(self.lines) and self._runs_on(self.lines[at]):
            rest, at = f"{rest} {self.lines[at].strip()}", at + 1
        return Given(name, rest), at

    def _more(self, name: str, rest: str, at: int) -> tuple[Given, int]:
        """What stands behind the name, with the lines below it up to an `end` of its own, if there is one."""
        stop = self._stop(self.lines, at + 1)
        others = (n for n in range(at + 1, len(self.lines)) if self._takes_lines(n))
        if stop is None or next(others, stop) < stop:
            if _LABELLED.match("".join(self.lines[at + 1 : at + 2])):
                raise Refusal("lines-without-end", command=name)
            return Given(name, rest), at + 1
        return Given(name, "\n".join((rest, *self.lines[at + 1 : stop])).strip("\n")), stop + 1

    def _takes_lines(self, at: int) -> bool:
        name, rest = _split(self.lines[at], self.names) or ("", "")
        return name in _WITH_LINES and not rest

    def _runs_on(self, line: str) -> bool:
        if is_blank(line) or _case_named(line) is not None or _name(line, self.names) is not None:
            return False
        return not self._signs_off(line) and not self._meant(line, below=True)

    def _text_of(self, name: str, at: int) -> tuple[str, int]:
        """The lines up to `end`, and where to read on."""
        stop = self._stop(self.lines, at + 1)
        if stop is None and name != "edit":
            return self._copied(at), len(self.lines)
        if stop is None:
            raise Refusal("edit-without-end")
        text = "\n".join(self.lines[at + 1 : stop]).strip("\n")
        if is_blank(text):
            raise _empty(name)
        written = _squeezed("\n".join(self.lines[at : stop + 1]))
        if name == "edit" and written not in _squeezed(self.whole):
            raise Refusal("edit-cut")
        return text, stop + 1

    def _copied(self, at: int) -> str:
        """The lines of an `open` that look like a mail's header, so that they were taken for a quotation."""
        lines = self.whole.splitlines()
        written = [place for place, line in enumerate(lines) if not is_blank(line)]
        above = sum(not is_blank(line) for line in self.lines[:at])
        if len(written) <= above or lines[written[above]].strip() != self.lines[at].strip():
            raise Refusal("open-without-end")
        begins = written[above] + 1
        stop = self._stop(lines, begins)
        if stop is None:
            raise Refusal("open-without-end")
        text = "\n".join(lines[begins:stop]).strip("\n")
        if is_blank(text):
            raise _empty("open")
        return text

    def _stop(self, lines: list[str], at: int) -> int | None:
        return next((n for n in range(at, len(lines)) if _is_end(lines[n], self.names)), None)


_WITH_LINES = tuple(name for name, command in COMMANDS.items() if command.takes == "lines")
_LABELLED = re.compile(r"\s*[^\W\d_][^:：]{0,40}[:：]\s")
"""A line such as `en: what customers are told`."""
_APART = {ord(mark): "|" for mark in ",،.!–—-;؛"}
"""Marks between a closing and a name."""


def _empty(name: str) -> Refusal:
    return Refusal("open-empty") if name == "open" else Refusal("edit-empty")


def _case_named(line: str) -> int | None:
    """The case of a line such as `#1042` that holds nothing else."""
    bare = normalise(without_bold(without_bullet(line)))
    return number_in(bare) if bare.startswith("#") else None


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _is_end(line: str, names: Mapping[str, str]) -> bool:
    return names.get(normalise(without_bold(line)).strip(MARKS)) == END


def _word(line: str) -> str:
    *_, bare = _bare(line)
    first = bare.split(maxsplit=1)[:1]
    return normalise(first[0]).strip(MARKS) if first else ""


def _split(line: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """A command's name and the rest of its line; names may be of several words."""
    for bare in _bare(line):
        words = bare.split()
        for count in range(min(3, len(words)), 0, -1):
            name = names.get(normalise(without_bold(" ".join(words[:count]))).strip(MARKS))
            if name:
                rest = without_links(" ".join(words[count:]))
                # A list in a mail shows both names, "تایید (approve)": who copies it means the one command.
                return name, rest.removeprefix(f"({name})").strip().removeprefix(":").strip()
    return None


def _bare(line: str) -> Iterator[str]:
    """The line, then without what a client puts around a command, as far as that is anything."""
    line = without_bold(line)
    yield line
    item = without_bold(without_bullet(line))
    if item != line:
        yield item


def _name(line: str, names: Mapping[str, str]) -> str | None:
    found = _split(line, names)
    return found[0] if found else None
