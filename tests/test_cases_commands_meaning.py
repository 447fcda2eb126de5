"""What was sent back, as it would count."""

from __future__ import annotations

import pytest

from cases.commands.grammar import Given, names_of, read
from cases.commands.meaning import as_meant, in_full
from cases.saying import Say
from tests.facts_factory import words

UNREAD = Say("approve-unread", {"command": "take"})


@pytest.mark.parametrize(
    "text",
    ["approve", "note she called\nresolve", "edit\nDear Ann,\n\nit comes.\nend\napprove", "assign Dana"],
)
def test_commands_are_read_again_as_they_were_meant(text: str) -> None:
    given = read(text, text, names_of(words()))
    again = in_full(given)
    assert read(again, again, names_of(words())) == given


def test_a_case_that_the_subject_named_stands_above_the_commands() -> None:
    why = Say("case-in-subject", {"command": "take", "number": 1042})
    assert as_meant(why, (Given("take"), Given("note", "mine"))) == "#1042\ntake\nnote mine"


def test_an_approval_goes_above_what_makes_the_draft_anew() -> None:
    assert as_meant(UNREAD, (Given("take"), Given("approve"))) == "approve\ntake"


@pytest.mark.parametrize("above", ["undo", "reopen"])
def test_an_approval_is_not_moved_above_what_it_needs(above: str) -> None:
    assert as_meant(UNREAD, (Given(above), Given("take"), Given("approve"))) == ""


def test_what_only_its_writer_can_say_is_not_guessed() -> None:
    assert as_meant(Say("needs-text", {}), (Given("assign"),)) == ""
