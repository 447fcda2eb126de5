"""Commands of the docs, run as their reader would, or held to the grammar."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import worker
from commandline.grammar import parser
from tests.docs_pages import Line, words_of, worker_calls

PLACEHOLDERS = {
    "FILE": "mail.eml", "FILE|CASE": "mail.eml", "FILE…": "mail.eml", "PATH": "old.mbox", "DIR": "changed",
    "LETTER": "ack_complaint", "AGENT": "Sam", "ADDRESS": "ann@example.com", "CASE": "1001", "N": "1001",
    "NUMBER": "1001", "UID": "7", "ID": "1", "NAME": "returns", "COMMAND": "run", "…": "",
}  # fmt: skip
"""What stands for something in a command that is named in the text."""


class Ended(NamedTuple):
    code: int
    said: str


def ran(line: Line, folder: Path) -> Ended:
    """What a command did: in this process where it is one of ours, or one with `echo` before it."""
    words = words_of(line.text)
    if words[0] == "cd":
        os.chdir(words[1])
        return Ended(0, "")
    calls = list(worker_calls(words))
    given = ""
    if words[0] == "echo" and "|" in words:
        given = " ".join(words[1 : words.index("|")]) + "\n"
        words = words[words.index("|") + 1 :]
    if len(calls) == 1 and words[2:] == calls[0] and "$(" not in line.text and calls[0][:1] != ["run"]:
        return _here(calls[0], given, folder)
    shell = ["sh", "-ec", line.text]
    nothing = subprocess.DEVNULL
    done = subprocess.run(shell, stdin=nothing, capture_output=True, text=True, timeout=120, check=False)
    return Ended(done.returncode, done.stdout + done.stderr)


def _here(arguments: list[str], given: str, folder: Path) -> Ended:
    said = io.StringIO()
    inside = [f"{folder}{word}" if word.startswith("/") else word for word in arguments]
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8")
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return Ended(worker.main(inside), said.getvalue())
    except SystemExit as wrong:
        return Ended(int(wrong.code or 0), said.getvalue())
    finally:
        sys.stdin = stdin


def parsed(arguments: list[str]) -> str:
    """What the grammar finds wrong with a command's arguments; empty where it takes them."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            parser().parse_args(arguments)
    except SystemExit as ended:
        return said.getvalue() if ended.code else ""
    return ""


def named_wrongly(call: list[str]) -> str:
    """What is wrong with a command that the text names: with all its words, or only by its name."""
    filled = [PLACEHOLDERS.get(word, word) for word in call]
    whole = parsed([word for word in filled if word])
    if not call or not whole:
        return ""
    names, made = _command_of(call)
    rest = call[len(names) :]
    if not names or any(word[:2] != "--" for word in rest):
        return whole
    return "".join(f"no option {word}" for word in rest if word not in made._option_string_actions)


Named = tuple[tuple[str, ...], ArgumentParser]


def _command_of(call: list[str]) -> Named:
    """The longest name of a command that these words begin with."""
    return max(
        (one for one in all_parsers() if tuple(call[: len(one[0])]) == one[0]), key=lambda one: len(one[0])
    )


@cache
def all_parsers() -> tuple[Named, ...]:
    def below(names: tuple[str, ...], made: ArgumentParser) -> Iterator[Named]:
        yield names, made
        for action in made._actions:
            if isinstance(action, _SubParsersAction):
                for name, one in action.choices.items():
                    yield from below((*names, name), one)

    return tuple(below((), parser()))
