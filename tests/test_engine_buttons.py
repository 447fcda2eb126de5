"""The buttons of letters: ready replies that are read as the commands that they stand for."""

import re
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from cases.commands import drafting
from cases.commands.by_mail import on_command_mail
from cases.commands.grammar import Given, names_of, read
from cases.commands.registry import COMMANDS
from cases.naming import Names
from cases.rules.types import UNSURE
from cases.verbs import FOR_WORDS
from engine import buttons
from engine.rule_files import answers_in
from tests import shipped
from tests.agents_letters import DRAFTS, REPLY
from tests.facts_factory import command, command_facts, words

OFFERED = [COMMANDS[name] for name in ("approve", "edit", "reject", "note", "resolve", "merge", "help")]
DRAFT = DRAFTS["en"]


def links(draft: str = DRAFT) -> dict[str, str]:
    return {name: link for name, link, _ in buttons.of_commands(REPLY, 1042, OFFERED, draft)}


def body(link: str) -> str:
    return parse_qs(urlsplit(link).query, keep_blank_values=True)["body"][0].replace("\r\n", "\n")


def test_every_command_that_can_be_ready_has_a_button() -> None:
    assert list(links()) == ["approve", "edit", "reject", "note", "resolve", "help"]


def test_a_ready_reply_goes_to_the_reply_address_and_names_the_case_and_the_command() -> None:
    link = urlsplit(links()["approve"])
    assert (link.scheme, unquote(link.path)) == ("mailto", REPLY)
    assert parse_qs(link.query)["subject"] == ["[#1042] approve"]


def test_a_reply_sent_as_it_opens_is_read_as_the_command() -> None:
    for name in ("approve", "resolve", "help"):
        given = read(body(links()[name]), body(links()[name]), names_of(words()))
        assert [one.name for one in given] == [name]


def test_edit_opens_with_the_draft_between_its_limits_and_gives_it_back_unchanged() -> None:
    ready = body(links()["edit"])
    assert ready == f"edit\n{DRAFT}\nend"
    (given,) = read(ready, ready, names_of(words()))
    assert (given.name, given.argument.strip("\n")) == ("edit", DRAFT)


@pytest.mark.parametrize("name", ["note", "reject"])
def test_what_takes_words_opens_where_they_begin(name: str) -> None:
    assert body(links()[name]) == f"{name} "


@pytest.mark.parametrize("letter", ["x", "ش"])
def test_a_draft_that_would_be_cut_on_its_way_is_left_out(letter: str) -> None:
    """Encoded, a Persian letter is six characters of a link, a Latin one is one."""
    room = next(n for n in range(2000, 0, -1) if buttons.holds(REPLY, 1042, letter * n))
    assert len(links(letter * room)["edit"]) <= buttons.LONGEST_LINK < len(links(letter * room)["edit"]) + 6
    assert body(links(letter * room)["edit"]) == f"edit\n{letter * room}\nend"
    assert body(links(letter * (room + 1))["edit"]) == "edit\n\nend"


def test_every_link_is_short_enough_whatever_the_draft() -> None:
    assert all(len(link) <= buttons.LONGEST_LINK for link in links("long " * 5000).values())


def test_a_category_is_chosen_by_its_name() -> None:
    ((name, link),) = buttons.of_choices(REPLY, 1042, ["damaged"])
    assert (name, body(link)) == ("damaged", "category damaged")


def test_commands_that_are_ready_to_be_sent_again_stand_in_the_reply_as_they_are() -> None:
    ((name, link, _),) = buttons.as_meant(REPLY, 1042, "#1042\ntake")
    assert (name, body(link)) == ("ready", "#1042\ntake")
    assert buttons.as_meant(REPLY, None, f"note {'x' * 2000}") == [], "it would be cut on its way"


@pytest.mark.parametrize("language", ["fa", "he", "ar"])
def test_a_ready_reply_is_in_the_words_of_its_reader_and_read_as_the_command(language: str) -> None:
    rules = shipped.rules()
    names = Names(rules.words, rules.categories)
    called, known = partial(names.command, language=language), names_of(rules.words)
    every = [one for one in COMMANDS.values() if one.takes != "text" or one.name in FOR_WORDS]
    for name, link, _ in buttons.of_commands(REPLY, 1042, every, "It comes.", called):
        ready = body(link)
        assert not re.search(r"[a-z]", ready.replace("It comes.", "")), name
        written = f"{ready}a word" if ready.endswith(" ") else ready
        assert [one.name for one in read(written, written, known)] == [name]
        assert f"[#1042] {called(name)}" in parse_qs(urlsplit(link).query)["subject"]
    (_, of_case, _), *_ = buttons.of_commands(REPLY, 1042, [COMMANDS["show"]], "", called)
    assert read(body(of_case), body(of_case), known) == (Given("show", "1042"),)
    shown = body(buttons.to_show(REPLY, 1042, called))
    assert read(shown, shown, known) == (Given("show", "1042"),)


@pytest.mark.parametrize("language", ["en", "fa", "he", "ar"])
def test_a_category_is_chosen_by_the_name_that_the_agent_reads(language: str) -> None:
    rules = shipped.rules()
    names = Names(rules.words, rules.categories)
    called, named = partial(names.command, language=language), partial(names.category, language=language)
    offered = [name for name in rules.categories if name != UNSURE]
    for name, (shown, link) in zip(
        offered, buttons.of_choices(REPLY, 1042, offered, called, named), strict=True
    ):
        assert shown == names.category(name, language)
        (given,) = read(body(link), body(link), names_of(rules.words))
        facts = command_facts({"category": UNSURE}, rulebook=rules)
        decision = on_command_mail(facts, command(f"{given.name} {given.argument}"))
        assert decision.case
        assert decision.case.values["category"] == name


def test_commands_that_are_ready_again_are_in_the_words_of_their_reader() -> None:
    own = {"edit": "ویرایش", "approve": "تایید", "end": "پایان"}
    ready = "#1042\nedit\napprove of it\nend\napprove\nnote approve"
    ((_, link, _),) = buttons.as_meant(REPLY, 1042, ready, lambda name: own.get(name, name))
    assert body(link) == "#1042\nویرایش\napprove of it\nپایان\nتایید\nnote approve"


@pytest.mark.parametrize("language", ["en", "fa", "he", "ar"])
def test_a_letter_that_is_offered_is_asked_for_in_the_words_of_its_reader(language: str) -> None:
    rules = shipped.rules()
    names = Names(rules.words, rules.categories)
    called, named = (
        partial(names.command, language=language),
        partial(names.value, kind="template", language=language),
    )
    for letter in sorted(answers_in(Path("templates"))):
        name, link, does = buttons.of_letter(REPLY, 1042, letter, called, named)
        assert (name, does) == ("letter", body(link))
        (given,) = read(body(link), body(link), names_of(rules.words))
        assert given.name == "template"
        assert drafting.letter_of(given.argument, answers_in(Path("templates")), rules) == letter
        assert language == "en" or not re.search(r"[a-z]", body(link)), "wholly in the language"
