"""Each command's own help: it is there, and reads well."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from commandline.grammar import parser
from worker import PLACES

WIDEST = 110


def every(
    made: argparse.ArgumentParser, name: str = "worker.py"
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield name, made
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one, each in action.choices.items():
                yield from every(each, f"{name} {one}")


ALL = dict(every(parser()))


def test_every_command_has_its_grammar_and_every_grammar_its_command() -> None:
    assert {name.split(" ")[1] for name in ALL if " " in name} == set(PLACES)


@pytest.mark.parametrize("name", ALL)
def test_the_help_begins_with_what_it_does_in_a_sentence(name: str) -> None:
    told = (ALL[name].description or "").replace("\n", " ")
    assert told[:1].isupper() or told.startswith(".")
    assert told.endswith(".")
    assert not told.endswith("..")
    assert len(told.split()) > 4


@pytest.mark.parametrize("name", ALL)
def test_every_argument_says_what_it_is_for(name: str) -> None:
    silent = [
        action.option_strings or action.dest
        for action in ALL[name]._actions
        if not action.help and not isinstance(action, argparse._SubParsersAction)
    ]
    assert silent == []
    shouted = [
        action.dest
        for action in ALL[name]._actions
        if action.option_strings and action.metavar is None and action.nargs != 0 and not action.choices
    ]
    assert shouted == [], "say in a metavar what is to be written"


@pytest.mark.parametrize("name", ALL)
def test_no_line_of_a_help_is_too_wide(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    lines = ALL[name].format_help().splitlines()
    assert [line for line in lines if len(line) > WIDEST] == []
