"""What agents write down of complaints that came another way than by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cases.commands.situation import Effect, begin
from cases.commands.telling import CHANNELS, open_case, read_told
from cases.facts import Acquaintance, Counts, Facts
from cases.saying import Refusal
from language.words import Words
from store.models import EventKind, LetterKind, Status, TimerKind
from store.values import Fact
from tests.extractors_factory import SHIPPED, extracting
from tests.facts_factory import ADMIN, AGENT, COLLEAGUE, agent, case, facts, rulebook, words

LINES = """\
channel: phone
from: Ann Bee <ann@example.com>
language: fa
subject: Late again

My parcel is late.

And it is wet.
"""
PERSIAN = Words.model_validate(
    {
        "language": "fa",
        "name": "فارسی",
        "header_labels": {"from": ["از"], "subject": ["موضوع"]},
        "commands": {"language": ["زبان"]},
        "choices": {"phone": ["تلفنی"], "channel": ["راه"], "silently": ["بی‌صدا"], "en": ["انگلیسی"]},
    }
)


def known(**changes: Any) -> Facts:
    return facts(**({"next_number": 8, "new_case_token": "c" * 26, "agent": agent()} | changes))


def opened(lines: str = LINES, **changes: Any) -> Effect:
    return open_case(begin(known(**changes), None, agent()), lines)


def refused(lines: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        read_told(lines, words())
    return refusal.value


def test_lines_and_words_are_read() -> None:
    told = read_told(LINES, words())
    assert (told.channel, told.sender.address, told.sender.name) == ("phone", "ann@example.com", "Ann Bee")
    assert (told.language, told.subject, told.silently) == ("fa", "Late again", False)
    assert told.words == "My parcel is late.\n\nAnd it is wet."


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_is_known(channel: str) -> None:
    assert read_told(f"channel: {channel}\n\nIt is late.", words()).channel == channel


def test_lines_may_be_spaced_as_html_mail_is() -> None:
    told = read_told(LINES.replace("\n", "\n\n"), words())
    assert (told.sender.address, told.subject) == ("ann@example.com", "Late again")
    assert told.words.startswith("My parcel")


def test_lines_may_stand_in_any_order_and_in_another_language() -> None:
    lines = "موضوع: تأخیر\nراه: تلفنی\nبی‌صدا\nزبان: انگلیسی\nاز: آنا\n\nدیر رسید."
    told = read_told(lines, (*words(), PERSIAN))
    assert (told.channel, told.language, told.subject) == ("phone", "en", "تأخیر")
    assert (told.sender.name, told.sender.address, told.silently) == ("آنا", "", True)


def test_without_a_subject_the_words_begin_it() -> None:
    told = read_told(
        "channel: post\n\nThis shop is the worst I have ever had to do with in all my life.", words()
    )
    assert told.subject.startswith("This shop is the worst")
    assert told.subject.endswith("…")


def test_a_colon_in_the_customers_words_is_no_label() -> None:
    told = read_told("channel: phone\n\nShe said: never again.\nChanel: is a brand.", words())
    assert told.words == "She said: never again.\nChanel: is a brand."


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("channel: phone", "open-no-words"),
        ("channel: phone\nsubject: late\n\n", "open-no-words"),
        ("subject: late\n\nIt is late.", "open-channel"),
        ("channel:\n\nIt is late.", "open-channel"),
        ("channel: pigeon\n\nIt is late.", "unknown-value"),
        ("channel: phone\nlanguage: klingon\n\nIt is late.", "unknown-value"),
        ("chanel: phone\n\nIt is late.", "open-label"),
        ("channel: phone\nfrom: Ann <ann@exa mple>\n\nIt is late.", "open-address"),
        ("channel: phone\nfrom: ann@\u202eexample.com\n\nIt is late.", "open-address"),
    ],
)
def test_what_is_not_clear_is_refused(lines: str, code: str) -> None:
    assert refused(lines).say.code == code


def test_an_opened_case_is_like_any_other() -> None:
    effect = opened()
    beside = effect.beside
    assert beside is not None
    values = beside.case.values
    assert (beside.case.number, beside.case.expected) == (8, None)
    assert (values["channel"], values["told"]) == ("phone", "My parcel is late.\n\nAnd it is wet.")
    assert (values["customer"], values["customer_name"]) == ("ann@example.com", "Ann Bee")
    assert (values["status"], values["assignee"], values["language"]) == (Status.NEW, AGENT, "fa")
    assert beside.case.participants == ("ann@example.com",)
    assert [one.kind for one in beside.letters] == [LetterKind.ACK]
    assert [one.kind for one in beside.timers] == [TimerKind.DRAFT]
    [first] = [one for one in beside.events if one.kind is EventKind.OPENED]
    assert first.actor == AGENT
    assert effect.says.values["acknowledged"] is True


@pytest.mark.parametrize(
    ("lines", "reason", "code"),
    [
        (LINES.replace("language: fa", "silently"), "silently", "unanswered-silently"),
        (LINES.replace(" <ann@example.com>", ""), "no From address", "unanswered-no-sender"),
        ("channel: letter\n\nIt is late.", "no From address", "unanswered-no-sender"),
    ],
)
def test_nobody_is_told_silently_or_without_an_address(lines: str, reason: str, code: str) -> None:
    effect = opened(lines)
    assert effect.beside is not None
    assert effect.beside.letters == ()
    assert reason in effect.beside.case.values["not_acknowledged_because"]
    assert code in [one.code for one in effect.says.values["because"]]


def test_acknowledgements_are_limited_as_for_mail() -> None:
    much = Acquaintance(Counts(acks_last_hour=3))
    effect = opened(acquainted={"ann@example.com": much})
    assert effect.beside is not None
    assert effect.beside.letters == ()


def test_another_open_case_of_the_customer_is_named() -> None:
    other = case(number=3, subject="Late again", customer="ann@example.com")
    effect = opened(acquainted={"ann@example.com": Acquaintance(others=(other,))})
    assert effect.beside is not None
    assert effect.beside.case.values["mentions"] == [3]


@pytest.mark.parametrize("address", [COLLEAGUE, ADMIN, "complaints@example.com", "Complaints+x@example.com"])
def test_no_case_is_opened_for_one_of_us(address: str) -> None:
    with pytest.raises(Refusal) as refusal:
        opened(LINES.replace("ann@example.com", address))
    assert refusal.value.say.code == "open-for-us"


def test_who_phoned_is_not_thanked_for_writing() -> None:
    assert acknowledged_about(LINES)["written"] is False
    assert acknowledged_about(LINES.replace("phone", "letter"))["written"] is True


def test_a_subject_that_was_made_of_the_words_is_not_told_the_customer() -> None:
    assert acknowledged_about(LINES)["subject"] == "Late again"
    assert acknowledged_about(LINES.replace("subject: Late again\n", ""))["subject"] == ""


def acknowledged_about(lines: str) -> Mapping[str, Any]:
    beside = opened(lines).beside
    assert beside
    (letter,) = (one for one in beside.letters if one.kind is LetterKind.ACK)
    return letter.variables


def test_what_the_customer_told_gives_facts_as_a_mail_does() -> None:
    rules = replace(rulebook(), extracting=extracting(SHIPPED))
    of_another = (Fact("order_number", "AB-1"),)
    effect = opened(LINES + "Order AB-4711.", rulebook=rules, case_facts=of_another)
    assert effect.beside
    assert [(one.name, one.value) for one in effect.beside.found] == [("order_number", "AB-4711")]
