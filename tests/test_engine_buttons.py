"""The buttons of letters: ready replies that are read as the commands that they stand for."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from cases.commands.grammar import names_of, read
from cases.commands.registry import COMMANDS
from engine import buttons
from tests.agents_letters import DRAFTS, REPLY
from tests.facts_factory import words

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
