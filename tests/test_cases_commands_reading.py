"""What of an agent's mail are commands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.reading import case_of_slip, foreseen, named_case, read_mail, reads_as_commands
from cases.saying import Refusal
from store.values import Attachment, Message
from tests.facts_factory import agent, command, message, rulebook, token


def mail(text: str, **changes: Any) -> Message:
    return command(text, **changes)


@pytest.mark.parametrize(
    "text",
    [
        "help",
        "queue",
        "show 7",
        "search blue lamp with a broken switch",
        "away until two days from now",
        "resolve",
        "assign Dana",
        "#7\nnote that my parcel is late",
        "#7\nsomething that is no command",
        "help approve",
        "راهنما",
        "open\nthis has no end",
    ],
)
def test_a_mail_of_commands_is_known_without_a_reply_address(text: str) -> None:
    assert reads_as_commands(mail(text), rulebook())


@pytest.mark.parametrize(
    "text",
    [
        "Note that my own parcel is late.",
        "Help, it is broken!",
        "Resolve this, please.",
        "Assign my order to somebody who cares, please.",
        "reject everything that you sent me",
        "رد کردن سفارش من خوب نبود",
        "My parcel is late.\napprove",
        "#7 is my order",
        "",
    ],
)
def test_an_agent_who_complains_gives_no_command(text: str) -> None:
    assert not reads_as_commands(mail(text), rulebook())


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("hlep", ""),
        ("quue", ""),
        ("no", ""),
        ("no, thanks", ""),
        ("yess", ""),
        ("asign Dana", ""),
        ("Hlep\n\nSara Ahmadi", "x"),
        ("راهنمااا", ""),
        ("please", "queue"),
        ("", "hlep"),
    ],
)
def test_a_few_words_of_an_agent_near_a_commands_name_are_a_slip(text: str, subject: str) -> None:
    assert reads_as_commands(mail(text, subject=subject), rulebook())


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("no", {"sender": "customer@example.org"}),
        ("no", {"in_reply_to": ("<x@y>",)}),
        ("Broken lamp", {}),
        ("Too late again!", {}),
        ("Hello\n\nMy parcel has not come.", {}),
        ("No parcel has come since Monday.", {}),
        ("My parcel has not come since Monday.", {"subject": "queue"}),
        ("Help\nMy parcel has not come since Monday.", {}),
        ("", {"subject": "My parcel"}),
        ("hlep", {"attachments": (Attachment("hers.eml", "message/rfc822", 9),)}),
    ],
)
def test_what_is_no_agents_or_says_more_is_no_slip(text: str, changes: dict[str, Any]) -> None:
    assert not reads_as_commands(mail(text, **changes), rulebook())


def test_a_few_words_above_a_forwarded_mail_are_no_slip() -> None:
    below = "hlep\n\n---- Forwarded message ----\nFrom: Ann <ann@example.com>"
    assert not reads_as_commands(replace(mail("hlep"), text=below), rulebook())


def test_a_slip_above_a_signature_with_its_logo_is_one() -> None:
    logo = Attachment("logo.png", "image/png", 9, "logo@shop")
    signed = replace(mail("asign Dana", attachments=(logo,)), signature="The shop")
    signed = replace(signed, text="asign Dana\n-- \nThe shop")
    assert reads_as_commands(signed, rulebook())


def test_the_subject_counts_where_the_mail_says_nothing_and_answers_none() -> None:
    names = [one.name for one in read_mail(mail("", subject="help"), rulebook())]
    assert names == ["help"]
    assert read_mail(mail("\n  \nSara Ahmadi\n", subject="help"), rulebook())
    assert read_mail(mail("resolve", subject="help"), rulebook())[0].name == "resolve"
    for reply in ({"in_reply_to": ("<x@y>",)}, {"references": ("<x@y>",)}):
        with pytest.raises(Refusal):
            read_mail(mail("", subject="help", **reply), rulebook())


def test_the_writers_name_below_a_command_is_none_of_it() -> None:
    assert read_mail(mail("note call her\nSara"), rulebook()) == (Given("note", "call her"),)
    assert read_mail(mail("resolve\nThanks, Sara Ahmadi"), rulebook()) == (Given("resolve", ""),)


def test_nothing_is_foreseen_for_a_customers_mail() -> None:
    assert foreseen(message("resolve"), rulebook(), None, None) == ()
    assert foreseen(message("resolve"), rulebook(), None, token()) == ()
    assert foreseen(mail("not a command"), rulebook(), agent(), token()) == ()
    assert foreseen(mail("note my parcel"), rulebook(), agent(), None) == ()
    assert foreseen(mail("note my parcel"), rulebook(), agent(), token()) == (Given("note", "my parcel"),)


def test_a_case_is_named_above_the_commands_or_by_looking_at_it_alone() -> None:
    assert named_case((Given("resolve", "", 7),)) == 7
    assert named_case((Given("show", "8"),)) == 8
    assert named_case((Given("show", "8"), Given("resolve"))) is None
    assert named_case((Given("merge", "8"),)) is None


def test_the_case_above_a_slip_is_known_and_only_there() -> None:
    assert case_of_slip(mail("#7\nasign Noa"), rulebook(), agent()) == 7
    assert case_of_slip(mail("asign Noa\n#7"), rulebook(), agent()) is None
    assert case_of_slip(message("#7\nasign Noa"), rulebook(), None) is None


@pytest.mark.parametrize(
    ("subject", "text", "number"),
    [
        ("[#7] New case", "take", 7),
        ("#7", "asign Dana", 7),
        ("[#7] New case", "#8\nasign Dana", 8),
        ("[#7] New case", "queue", None),
        ("Hello", "take", None),
    ],
)
def test_the_answer_to_a_slip_is_about_the_case_that_its_mail_names(
    subject: str, text: str, number: int | None
) -> None:
    written = mail(text, subject=subject)
    given = foreseen(written, rulebook(), agent(), None)
    assert case_of_slip(written, rulebook(), agent(), given) == number


def test_what_begins_like_a_command_under_a_cases_number_is_answered_as_one() -> None:
    for text in (
        "note she called twice, and was angry",
        "asign Dana my dear",
        "یادداشت امروز زنگ زد و عصبانی بود",
    ):
        assert reads_as_commands(mail(text, subject="Re: [#7] New case"), rulebook())
        assert not reads_as_commands(
            mail(text, sender="ann@example.com", subject="[#7] New case"), rulebook()
        )
    assert not reads_as_commands(mail("My parcel is late.", subject="[#7] New case"), rulebook())
