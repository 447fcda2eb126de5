"""Commands as agents write them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.commands.grammar import Given, names_of, read, starts_with_command
from cases.commands.registry import COMMANDS
from cases.saying import Refusal
from engine.files import read_rules
from language.normalise import normalise
from tests.facts_factory import words

NAMES = names_of(words())


def commands(reply: str, whole: str | None = None) -> list[tuple[str, str]]:
    return [(one.name, one.argument) for one in read(reply, reply if whole is None else whole, NAMES)]


def refused(reply: str, whole: str | None = None) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as refusal:
        commands(reply, whole)
    return refusal.value.say.code, dict(refusal.value.say.values)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("approve", [("approve", "")]),
        ("\n\n  Approve.  \n", [("approve", "")]),
        ("APPROVE!", [("approve", "")]),
        ("\u200fapprove", [("approve", "")]),
        ("approve\nresolve", [("approve", ""), ("resolve", "")]),
        ("approve\n\u200b\nresolve", [("approve", ""), ("resolve", "")]),
        ("approve\r\n\r\nresolve\r\n", [("approve", ""), ("resolve", "")]),
        ("reject too short", [("reject", "too short")]),
        ("Note: call her on Monday", [("note", "call her on Monday")]),
        ("assign Dana", [("assign", "Dana")]),
        ("note one\nnote two", [("note", "one"), ("note", "two")]),
        ("help", [("help", "")]),
        ("note", [("note", "")]),
    ],
)
def test_commands_stand_one_a_line(reply: str, expected: list[tuple[str, str]]) -> None:
    assert commands(reply) == expected


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("تأیید", "approve"),
        ("تایید", "approve"),
        ("تأييد", "approve"),
        ("یادداشت: زنگ بزن", "note"),
        ("حل شد", "resolve"),
        ("راهنما", "help"),
        ("رد کوتاه است", "reject"),
        ("ارجاع Dana", "assign"),
        ("אשר", "approve"),
        ("העבר אל Dana", "assign"),
        ("הערה: להתקשר", "note"),
        ("סגור", "resolve"),
        ("موافقة", "approve"),
        ("موافقه", "approve"),
        ("إسناد Dana", "assign"),
        ("اسناد Dana", "assign"),
        ("تم الحل", "resolve"),
        ("مساعدة", "help"),
    ],
)
def test_commands_have_names_in_other_languages(line: str, name: str) -> None:
    assert commands(line)[0][0] == name


@pytest.mark.parametrize(
    ("edit", "end"),
    [
        ("edit", "end"),
        ("EDIT:", "End."),
        ("ویرایش", "پایان"),
        ("ערוך", "סוף"),
        ("تعديل", "نهاية"),
        ("edit", "پایان"),
    ],
)
def test_an_edit_is_the_text_between_its_limits(edit: str, end: str) -> None:
    text = "Dear Ms Example,\n\n  we refund it.\n\nYours"
    assert commands(f"{edit}\n\n{text}\n\n{end}\napprove") == [("edit", text), ("approve", "")]


def test_commands_inside_an_edit_are_text() -> None:
    assert commands("edit\nPlease approve\napprove\nresolve\nend") == [
        ("edit", "Please approve\napprove\nresolve")
    ]


def test_what_stands_around_an_edit_is_not_of_it() -> None:
    reply = "note by phone\nedit\nThe text.\nend\n\nBest regards,\nSara\nExample Ltd, 1 Example Street"
    assert commands(reply) == [("note", "by phone"), ("edit", "The text.")]


@pytest.mark.parametrize(
    "reply", ["edit\nThe text.", "edit\nThe text.\n\nSara", "edit\nIn the end we paid\n"]
)
def test_an_edit_without_an_end_is_refused(reply: str) -> None:
    assert refused(reply)[0] == "edit-without-end"


@pytest.mark.parametrize("reply", ["edit\nend", "edit\n\n \n\nend\napprove"])
def test_an_edit_without_text_is_refused(reply: str) -> None:
    assert refused(reply)[0] == "edit-empty"


def test_text_on_the_line_of_edit_is_refused_and_never_dropped() -> None:
    code, values = refused("edit Dear Ms Example,\nwe refund it.\nend")
    assert (code, values["command"], values["argument"]) == ("takes-nothing", "edit", "Dear Ms Example,")


def test_an_edit_of_which_lines_were_taken_for_a_quotation_is_refused() -> None:
    whole = "edit\nYou wrote:\n> it is late\nIt comes tomorrow.\nend"
    assert refused("edit\nYou wrote:\nIt comes tomorrow.\nend", whole)[0] == "edit-cut"


def test_other_line_ends_and_spaces_are_no_cut() -> None:
    assert commands("edit\nOne two\nthree\nend", "edit\r\nOne  two\r\n\r\nthree\r\nend")


@pytest.mark.parametrize(
    "below",
    [
        "Sara",
        "Ed",
        "Eden Example",
        "Noel",
        "-- \nSara",
        "Best regards,\nSara\n\nExample Ltd",
        "با احترام\nسارا",
        "בברכה",
    ],
)
def test_a_signature_below_commands_is_ignored(below: str) -> None:
    assert commands(f"approve\n\n{below}") == [("approve", "")]


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("aprove", "approve"),
        ("Approved", "approve"),
        ("approve?", "approve"),
        ("resolv", "resolve"),
        ("rejct it", "reject"),
        ("Dear all,\napprove", ""),
        ("I approve", ""),
        ("OK", ""),
        ("approve\nBest, Sara", ""),
        ("end", "end"),
        ("approve\n\naprove", "approve"),
        ("note one\n\nreslove", "resolve"),
    ],
)
def test_what_is_no_command_is_refused_with_a_guess(reply: str, meant: str) -> None:
    code, values = refused(reply)
    assert (code, values["meant"]) == ("not-a-command", meant)


def test_an_end_that_no_edit_began_is_refused() -> None:
    """Else the old draft would leave, and the new text be taken for a signature."""
    code, values = refused("approve\n\nDear Ms Example,\nwe refund it.\nend")
    assert (code, values["meant"]) == ("not-a-command", "edit")


def test_the_help_below_a_quotation_that_nobody_recognised_does_no_harm() -> None:
    quoted = "From: Peygir\n\napprove\nedit\n(the new text)\nend\nresolve"
    assert commands(f"approve\n\n{quoted}") == [("approve", "")]


def test_the_text_of_a_note_and_of_a_reason_may_run_on() -> None:
    reply = "reject the promise is too far away,\nand the tone is cold\nnote she\nwaits"
    assert commands(reply) == [
        ("reject", "the promise is too far away, and the tone is cold"),
        ("note", "she waits"),
    ]


def test_a_slip_does_not_run_on() -> None:
    assert refused("note done\naprove")[1]["meant"] == "approve"


def test_a_long_line_is_shown_in_part() -> None:
    assert len(str(refused("x" * 1000)[1]["line"])) == 60


@pytest.mark.parametrize("reply", ["", "\n \n\t\n", "\u200f"])
def test_an_empty_mail_has_no_command(reply: str) -> None:
    assert refused(reply)[0] == "no-command"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("\n\napprove it all", True),
        ("تأیید", True),
        ("My parcel is late\napprove", False),
        ("", False),
        ("Note that", True),
    ],
)
def test_a_mail_may_begin_with_a_command(text: str, begins: bool) -> None:
    assert starts_with_command(text, NAMES) is begins


@given(
    st.lists(st.sampled_from([*NAMES, "", "Sara", "edit", "end", " ", "the text", "x" * 70])).map("\n".join)
)
def test_any_lines_are_commands_or_refused(reply: str) -> None:
    try:
        given_commands = read(reply, reply, NAMES)
    except Refusal as refusal:
        assert refusal.say.code
    else:
        assert given_commands
        assert all(isinstance(one, Given) and one.name in COMMANDS for one in given_commands)


@given(st.text(max_size=300))
def test_any_text_is_commands_or_refused(reply: str) -> None:
    try:
        assert read(reply, reply, NAMES)
    except Refusal as refusal:
        assert refusal.say.code


def test_the_shipped_names_can_be_written_and_mean_one_command_each() -> None:
    rules, problems = read_rules(Path("rules"))
    assert rules, problems
    assert {"fa", "he", "ar"} <= {one.language for one in rules.words}
    names = [
        (normalise(alias), command)
        for one in rules.words
        for command, aliases in one.commands.items()
        for alias in dict.fromkeys(map(normalise, aliases))
    ]
    assert {command for _, command in names} <= {*COMMANDS, "end"}
    meanings = Counter(alias for alias, _ in dict.fromkeys([*names, *((name, name) for name in COMMANDS)]))
    assert [alias for alias, count in meanings.items() if count > 1] == []
    known = names_of(rules.words)
    for alias, command in names:
        if command == "end":
            assert read(f"edit\ntext\n{alias}", "text", known) == (Given("edit", "text"),)
        else:
            assert starts_with_command(alias, known)
