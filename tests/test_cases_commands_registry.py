"""The table of commands, and the words that every shipped language has for them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cases.commands.registry import COMMANDS, conflict

LANGUAGES = ("fa", "he", "ar")


def words_of(path: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = yaml.safe_load(Path(path).read_text("utf-8"))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_a_name_in_every_shipped_language(language: str) -> None:
    names = words_of(f"rules/words/{language}.yaml")["commands"]
    assert {name for name in COMMANDS if not names.get(name)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_explained_in_every_shipped_language(language: str) -> None:
    labels = words_of(f"templates/{language}/labels.yaml")
    assert {name for name in COMMANDS if name not in labels["command"]} == set()
    takes = {name for name, command in COMMANDS.items() if command.takes != "nothing"}
    assert takes - labels["takes"].keys() == set()


@pytest.mark.parametrize("language", ("en", *LANGUAGES))
def test_every_command_without_words_has_a_button(language: str) -> None:
    buttons = words_of(f"templates/{language}/labels.yaml")["button"]
    alone = {name for name, command in COMMANDS.items() if command.takes == "nothing"}
    assert alone - buttons.keys() == set()


def test_conflicts_hold_in_both_directions() -> None:
    for first in COMMANDS.values():
        for second in COMMANDS.values():
            assert conflict(first, second) == conflict(second, first)


def test_commands_that_contradict_each_other_exist() -> None:
    named = {other for command in COMMANDS.values() for other in command.not_with}
    assert named <= COMMANDS.keys()
