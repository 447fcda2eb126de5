"""Commands as agents write them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.commands.grammar import Given, names_of, read
from cases.commands.registry import COMMANDS
from cases.saying import Refusal
from language.normalise import normalise
from language.words import Words
from tests import shipped
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
    assert refused("edit\nIt comes tomorrow.\nend", whole)[0] == "edit-cut"
    last = "edit\nIt comes tomorrow.\n> it is late\nend"
    assert refused("edit\nIt comes tomorrow.\nend", last)[0] == "edit-cut"


def test_who_copies_both_names_from_a_list_gives_the_one_command() -> None:
    assert commands("تأیید (approve)") == [("approve", "")]
    assert commands("approve (today)") == [("approve", "(today)")]


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
    "reply",
    [
        "approve\n\nHelp Desk Team",
        "approve\n\nResolve Ltd",
        "approve\n\nEdit Smith",
        "approve\n\nApproved by nobody else",
        "approve\n\n- Sara",
    ],
)
def test_a_signature_that_begins_like_a_command_is_none(reply: str) -> None:
    assert commands(reply) == [("approve", "")]


@pytest.mark.parametrize(
    "reply",
    [
        "help\n\nNote: confidential, for the named person only",
        "approve\n\nnote call her",
        "approve\n\nassign Dana\n\nSara",
    ],
)
def test_what_may_be_a_command_or_a_signature_is_refused_and_never_guessed(reply: str) -> None:
    assert refused(reply)[0] == "unclear"


def test_a_command_below_proves_that_the_line_above_it_is_one() -> None:
    reply = "approve\n\nassign Dana\n\nnote call her\n\nresolve\n\nSara"
    assert commands(reply) == [("approve", ""), ("assign", "Dana"), ("note", "call her"), ("resolve", "")]


def test_the_plain_text_of_outlook_doubles_every_line_end_and_is_read_as_it_was_written() -> None:
    whole = "approve\n\nnote call her\n\n\xa0\n\nNote: confidential\n\n\xa0\n\nExample Ltd"
    reply = "approve\n\nnote call her\n\nNote: confidential\n\nExample Ltd"
    assert refused(reply, whole)[0] == "unclear"
    ours = "approve\n\nnote call her\n\n\xa0\n\nSara"
    assert commands("approve\n\nnote call her\n\nSara", ours) == [("approve", ""), ("note", "call her")]


def test_a_text_written_in_outlook_keeps_its_lines() -> None:
    whole = "edit\n\nDear Ann,\n\nit comes.\n\n\xa0\n\nSara\n\nend\n\napprove\n\n\xa0\n\nSara"
    reply = "\n\n".join(line for line in whole.split("\n\n") if line != "\xa0")
    assert commands(reply, whole) == [("edit", "Dear Ann,\nit comes.\n\nSara"), ("approve", "")]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("- approve\n- note x", [("approve", ""), ("note", "x")]),
        ("• approve", [("approve", "")]),
        ("1. approve\n2. resolve", [("approve", ""), ("resolve", "")]),
        ("*approve*", [("approve", "")]),
        ("**note** call her", [("note", "call her")]),
        ("approve <https://safe.example/?u=approve>", [("approve", "")]),
        ("approve (https://safe.example/?u=approve)", [("approve", "")]),
        ("assign dana@example.com<mailto:dana@example.com>", [("assign", "dana@example.com")]),
        ("note see (https://example.com)", [("note", "see (https://example.com)")]),
    ],
)
def test_what_clients_put_around_a_command_is_no_part_of_it(
    reply: str, expected: list[tuple[str, str]]
) -> None:
    assert commands(reply) == expected


def test_what_stands_between_the_limits_of_an_edit_is_left_as_it_is() -> None:
    text = "- one\n*two*\n#3"
    assert commands(f"edit\n{text}\nend") == [("edit", text)]


@pytest.mark.parametrize("line", ["#1042", "\u200f#۱۰۴۲", " # 1042 ", "#1042:", "*#1042*"])
def test_a_line_above_the_commands_names_their_case(line: str) -> None:
    found = read(f"{line}\n\nresolve\nnote x", "", NAMES)
    assert found == (Given("resolve", "", 1042), Given("note", "x", 1042))


@pytest.mark.parametrize(
    "reply", ["#1\n#2\nresolve", "resolve\n#1", "note x\n#1\nresolve", "help\n\n#1\nresolve"]
)
def test_a_mail_is_about_one_case(reply: str) -> None:
    assert refused(reply)[0] == "one-case-a-mail"


def test_a_case_alone_is_no_command() -> None:
    assert refused("#1042")[0] == "no-command"
    assert refused("1042\nresolve")[0] == "not-a-command"


@pytest.mark.parametrize("line", ["Sara", "Best regards, Sara", "Sara Ahmadi", "Thanks!", "با احترام"])
def test_goodbye_may_stand_right_below_a_command(line: str) -> None:
    known = {"sara", "ahmadi", "sara ahmadi", "best regards", "thanks", normalise("با احترام")}
    assert read(f"note call her\n{line}\nmore", "", NAMES, known) == (Given("note", "call her"),)
    assert refused(f"approve\n{line}")[0] == "not-a-command"


def test_a_text_behind_an_open_that_looks_like_a_header_is_read_from_the_whole_mail() -> None:
    if "open" not in NAMES:
        pytest.fail("there is no command `open`")
    whole = "open\nfrom: Ann <ann@example.com>\nsubject: a lamp\n\nIt broke.\nend\n\nSara"
    assert read("open", whole, NAMES) == (
        Given("open", "from: Ann <ann@example.com>\nsubject: a lamp\n\nIt broke."),
    )
    assert refused("open", "open\nfrom: Ann")[0] == "open-without-end"
    assert refused("open", "open\nend")[0] == "open-empty"


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
    rules = shipped.rules()
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
            edit = f"edit\ntext\n{alias}"
            assert read(edit, edit, known) == (Given("edit", "text"),)
        else:
            words = f"{alias}\ntext\nend" if COMMANDS[command].takes == "lines" else alias
            assert read(words, words, known)[0].name == command


def test_the_name_that_was_probably_meant_is_shown_as_people_spell_it() -> None:
    arabic = Words(language="ar", name="العربية", commands={"fault": ("مسؤولية",)})
    with pytest.raises(Refusal) as refusal:
        read("مسؤوليتنا", "مسؤوليتنا", names_of([arabic]))
    assert refusal.value.say.values["meant"] == "مسؤولية"
