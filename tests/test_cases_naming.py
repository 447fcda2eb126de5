"""What commands, values and causes are called in a person's language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cases.commands.choosing import chosen
from cases.commands.registry import COMMANDS
from cases.commands.telling import CHANNELS, LABELS, read_told
from cases.naming import KINDS, Names
from cases.rules.loading import load
from cases.rules.types import UNSURE
from language.dates import language_name
from language.words import Words
from outbox.source import compose, pairs
from store.models import Fault, Severity
from tests import shipped
from tests.facts_factory import rulebook, texts

OWN = ("fa", "he", "ar")
ROOT = Path(__file__).parent.parent


SHIPPED = shipped.rules()
NAMES = Names(SHIPPED.words, SHIPPED.categories)
LABELS_OF = {
    language: {
        (group.value, key.value): word.value
        for group, words in pairs(compose("labels.yaml", text)[0])
        for key, word in pairs(words)
    }
    for language in OWN
    for text in [(ROOT / "templates" / language / "labels.yaml").read_text("utf-8")]
}


def words(**changes: Any) -> Words:
    return Words.model_validate({"language": "fa", "name": "فارسی", **changes})


def test_without_rule_files_everything_has_its_english_name() -> None:
    assert Names().command("approve", "fa") == "approve"
    assert Names().value("high", "severity", "fa") == "high"
    assert Names().category("wrong_item", "fa") == "wrong item"


def test_the_first_name_of_a_language_is_the_one_that_is_shown() -> None:
    names = Names((words(commands={"approve": ["تایید", "موافقم"]}, choices={"high": ["مهم", "زیاد"]}),))
    assert names.command("approve", "fa") == "تایید"
    assert names.value("high", "severity", "fa") == "مهم"
    assert names.command("approve", "he") == "approve"
    assert names.command("approve", "en") == "approve"


def test_a_kind_of_compensation_is_told_to_each_reader_in_their_own_words() -> None:
    assert NAMES.value("بازپرداخت", "compensation", "he") == NAMES.value("refund", "compensation", "he")
    assert NAMES.value("قسيمة", "compensation", "en") == "voucher"
    assert NAMES.value("کوپن", "compensation", "fa") == "کوپن"
    assert NAMES.value("lollipop", "compensation", "fa") == "lollipop"


def test_an_agents_name_that_is_like_a_value_stays_a_name() -> None:
    assert NAMES.value("High", "escalate", "fa") == "High"
    assert NAMES.value("high", "escalate", "fa") == "high"
    assert NAMES.value("approver", "escalate", "fa") == "تأییدکننده"


@pytest.mark.parametrize("language", OWN)
def test_every_shipped_command_value_and_cause_has_a_name_in_each_language(language: str) -> None:
    lacking = [name for name in (*COMMANDS, "end", *LABELS) if NAMES.command(name, language).isascii()]
    values = (*Severity, *Fault, *CHANNELS, *KINDS, "approver", "admin", "owner", "back")
    lacking += [value for value in values if NAMES.value(value, "any", language).isascii()]
    lacking += [name for name in SHIPPED.categories if NAMES.category(name, language).isascii()]
    assert lacking == []


@pytest.mark.parametrize("language", OWN)
def test_what_a_value_is_called_is_understood_when_it_is_written(language: str) -> None:
    for command, values in (("severity", list(Severity)), ("fault", list(Fault)), ("channel", CHANNELS)):
        for value in values:
            shown = NAMES.value(value, command, language)
            assert chosen(command, shown, values, SHIPPED.words) == value
            assert LABELS_OF[language].get((command, value), shown) == shown, "one word for one thing"
    codes = [one.language for one in SHIPPED.words]
    for code in ("en", *OWN):
        assert chosen("language", language_name(code, language), codes, SHIPPED.words) == code


@pytest.mark.parametrize("language", OWN)
def test_the_lines_of_open_can_be_written_as_they_are_named(language: str) -> None:
    called = {label: NAMES.command(label, language) for label in LABELS}
    lines = [
        f"{called['channel']}: {NAMES.value('phone', 'channel', language)}",
        f"{called['from']}: Ann <ann@example.com>",
        f"{called['language']}: {language_name('he', language)}",
        f"{called['subject']}: X",
        called["silently"],
        "It broke.",
    ]
    told = read_told("\n".join(lines), SHIPPED.words)
    assert (told.channel, told.sender.address, told.language, told.subject) == (
        "phone",
        "ann@example.com",
        "he",
        "X",
    )
    assert (told.silently, told.words) == (True, "It broke.")


def test_a_cause_is_called_by_its_name_and_spelt_without_lines() -> None:
    files = texts()
    files["categories.yaml"] = files["categories.yaml"].replace(
        "  late:\n", "  late:\n    names: {fa: دیرکرد}\n"
    )
    found, problems = load(files)
    assert found, problems
    names = Names(found.words, found.categories)
    assert (names.category("late", "fa"), names.category("late", "he")) == ("دیرکرد", "late")
    assert Names((), rulebook().categories).category(UNSURE, "en") == "unsure"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("{fa: Praise}", "'praise' is called 'Praise' too; choose another name for one of them"),
        ("{fa: ''}", "this is empty; write at least one"),
        ("{farsi2: دیر}", "write a language by its short name"),
        ("[دیر]", "write lines of 'key: value' here"),
        ('{fa: "دیر\\nدیر"}', "write the name in words, on one line"),
    ],
)
def test_a_wrong_name_of_a_cause_is_refused_where_it_stands(names: str, message: str) -> None:
    files = texts()
    before, after = files["categories.yaml"].split("  late:\n", 1)
    files["categories.yaml"] = f"{before}  late:\n    names: {names}\n{after}"
    found, problems = load(files)
    assert found is None
    (problem,) = problems
    assert problem.line == before.count("\n") + 2
    assert message in problem.message
