"""Letters to agents in words of their own: no command, value or cause is named in English there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.commands.grammar import END, names_of, read
from cases.commands.registry import COMMANDS
from cases.commands.telling import LABELS
from cases.naming import Names
from cases.verbs import FOR_WORDS, OPEN_ENDED
from language.when import Unclear, read_when
from outbox.letters import Letters
from outbox.sentences import SENTENCES
from outbox.variables import samples
from store.models import Fault, Severity
from tests import shipped
from tests.facts_factory import NOW

ROOT = Path(__file__).parent.parent
SHIPPED, RULES = shipped.in_force().letters, shipped.rules()
OWN = ("fa", "he", "ar")
ISOLATES = {0x2068: None, 0x2069: None}
ENGLISH = re.compile(
    r"(?<![\w.@/-])("
    + "|".join(sorted({*COMMANDS, END, *LABELS, *Severity, *Fault, "approver", "phone"}))
    + r")(?![\w.@/-])"
)
SOMEBODYS = ("line", "argument", "text", "words", "because", "reason", "thing", "what", "label", "all")
"""Values that are people's own words, in whatever language."""
IN_A_SENTENCE = (
    "own-request",
    "held",
    "nobody-may-grant",
    "waits-already",
    "request-expired",
    "request-expired-told",
    "no-such-command",
)
"""Sentences whose command is what somebody wrote, or a sentence itself."""
EVERY = [(one.name, one.usage, one.summary) for one in COMMANDS.values()]


def said(code: str, language: str, letters: Letters = SHIPPED, **values: object) -> str:
    return letters.sentence(code, language, dict(SENTENCES[code]) | values).translate(ISOLATES)


@pytest.mark.parametrize(
    "code", ["queue", "mine", "search", "stats", "stats-satisfied", "away", "forwarded-more"]
)
def test_one_thing_is_not_spoken_of_as_several(code: str) -> None:
    assert not re.search(r"\b1 \w*(?:s|new cases|more mails)\b", said(code, "en", count=1))
    assert not re.search(r"(?<!\d)1 (?:פניות|תשובות|הודעות|הפניות)", said(code, "he", count=1))


@pytest.mark.parametrize("language", OWN)
def test_no_sentence_names_a_command_or_a_value_in_english(language: str) -> None:
    spoken = {code: said(code, language, **_without_words(code)) for code in SENTENCES}
    bracketed = re.compile(rf" \((?:{'|'.join([*COMMANDS, 'approver'])})\)")
    found = {code: ENGLISH.findall(bracketed.sub("", text)) for code, text in spoken.items()}
    assert {code: names for code, names in found.items() if names} == {}


def _without_words(code: str) -> dict[str, Any]:
    values = SENTENCES[code]
    blank: dict[str, Any] = {name: "…" for name in SOMEBODYS if isinstance(values.get(name), str)}
    blank |= {name: ("…",) for name in SOMEBODYS if isinstance(values.get(name), tuple)}
    command = values.get("command", "approve")
    return blank | ({"command": "…"} if code in IN_A_SENTENCE or command not in COMMANDS else {})


@pytest.mark.parametrize("language", OWN)
@pytest.mark.parametrize("letter", ["agent_draft", "transcript"])
def test_a_list_of_commands_is_wholly_in_the_language_with_the_english_name_in_brackets(
    letter: str, language: str
) -> None:
    text = SHIPPED.render(letter, language, samples(letter)[0] | {"commands": EVERY}).text.translate(ISOLATES)
    for name in COMMANDS:
        (line,) = re.findall(rf"^- (.* \({name}\)): ", text, re.MULTILINE)
        usage = line.removesuffix(f" ({name})")
        assert usage.startswith(SHIPPED.names.command(name, language))
        assert not re.search(r"[A-Za-z|{}]", usage)


def test_english_lists_have_no_brackets_and_no_bars() -> None:
    text = SHIPPED.render("transcript", "en", samples("transcript")[0] | {"commands": EVERY}).text
    assert "- template NAME: " in text
    assert "- severity low, normal, high or urgent: " in text
    assert "(approve)" not in text


def test_things_in_a_sentence_stand_between_the_languages_own_marks() -> None:
    known = ("low", "high", "urgent")
    shown = {one: said("unknown-value", one, known=known, meant="") for one in ("en", *OWN)}
    assert "Write one of: low, high or urgent." in shown["en"]
    assert "کم‌اهمیت، مهم یا فوری." in shown["fa"]
    assert "נמוכה, גבוהה או דחופה." in shown["he"]
    assert "منخفضة، عالية أو عاجلة." in shown["ar"]


def test_each_thing_of_a_list_is_isolated_by_itself() -> None:
    shown = SHIPPED.sentence("not-your-role", "fa", {"command": "yes", "who": ("Noa", "نوا")})
    assert "\u2068Noa\u2069 یا \u2068نوا\u2069" in shown


def test_one_thing_and_none_are_listed_too() -> None:
    assert "Write one of: low." in said("unknown-value", "en", known=("low",))
    assert said("agent-away", "en", there=()).endswith("so nothing was done.")


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "“wrong item”"), ("fa", "«کالای اشتباه»"), ("he", "״מוצר שגוי״")]
)
def test_a_cause_has_its_own_name_in_every_letter_to_an_agent(language: str, shown: str) -> None:
    assert shown in said("category-set", language, category="wrong_item")
    mail = SHIPPED.render("agent_draft", language, samples("agent_draft")[0] | {"category": "wrong_item"})
    assert shown in mail.text.translate(ISOLATES)


@pytest.mark.parametrize("language", OWN)
def test_what_a_refusal_tells_to_write_is_understood(language: str) -> None:
    """Each command that a sentence puts between quotation marks can be copied from it."""
    names = names_of(RULES.words)
    called = {SHIPPED.names.command(name, language): name for name in COMMANDS}
    for code in SENTENCES:
        for quoted in re.findall(r"[«״]([^«»״]+)[»״]", said(code, language)):
            if quoted in called and COMMANDS[called[quoted]].takes in ("nothing", "maybe"):
                assert [one.name for one in read(quoted, quoted, names)] == [called[quoted]]


@pytest.mark.parametrize("language", ("en", *OWN))
@pytest.mark.parametrize("code", ["when-unknown", "when-no-such-day", "when-past"])
def test_the_days_that_a_refusal_gives_as_examples_can_be_read(code: str, language: str) -> None:
    last = said(code, language).rpartition(": ")[2]
    parts = re.split(r"[,،]? (?:or|یا|או|أو) ?(?=\d)|[,،]", last)
    examples = [one.strip(" .") for one in parts if one.strip(" .")]
    assert len(examples) >= 2
    for example in examples:
        read_as = read_when(example, NOW, ZoneInfo("UTC"), RULES.words)
        assert not isinstance(read_as, Unclear), example
    if language != "en":
        assert not re.search(r"\d{4}-\d", last), "a date as machines write it"
    if language in ("fa", "ar"):
        assert not re.search(r"[0-9]", last), "digits of another language"


def test_a_button_shows_that_words_are_wanted() -> None:
    buttons = [(name, "mailto:x@example.com", "does") for name in ("approve", *sorted(OPEN_ENDED))]
    for language in ("en", *OWN):
        text = SHIPPED.render("transcript", language, samples("transcript")[0] | {"buttons": buttons}).html
        assert text.count("…</a>") == len(OPEN_ENDED), language
    assert FOR_WORDS < OPEN_ENDED


def test_letters_without_names_call_everything_in_english() -> None:
    plain = SHIPPED.calling(Names())
    assert "«approve»" in said("next-approve", "fa", plain)
    assert "«تأیید»" in said("next-approve", "fa")
