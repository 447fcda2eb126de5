"""Who learns that a letter did not arrive, or may not have, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import unreached
from cases.facts import Unreached
from cases.saying import Say
from store.models import LetterKind
from tests.facts_factory import ADMIN, AGENT, CUSTOMER, case, case_facts

LETTER: Unreached = (7, CUSTOMER, "Re: My parcel")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def code(
    kind: LetterKind = LetterKind.ACK, *, in_doubt: bool = False, final: bool = False, age: timedelta
) -> str:
    say = unreached.warning(case(), kind, LETTER, in_doubt=in_doubt, final=final, age=age)
    return say.code if say else ""


@pytest.mark.parametrize(
    ("kind", "in_doubt", "final", "age", "says"),
    [
        (LetterKind.ACK, False, False, 4 * HOUR - MINUTE, ""),
        (LetterKind.ACK, False, False, 4 * HOUR, "letter-late"),
        (LetterKind.DRAFT, False, False, 4 * HOUR, "letter-late"),
        (LetterKind.ANSWER, True, False, HOUR - MINUTE, ""),
        (LetterKind.ANSWER, True, False, HOUR, "letter-in-doubt"),
        (LetterKind.CHECK_IN, True, True, MINUTE, "letter-in-doubt"),
        (LetterKind.DRAFT, True, False, HOUR, ""),
        (LetterKind.DRAFT, True, False, 4 * HOUR, "letter-late"),
        (LetterKind.ALERT, True, False, 99 * HOUR, ""),
        (LetterKind.ACK, False, True, 120 * HOUR, ""),
    ],
)
def test_a_warning_is_given_when_it_is_time(
    kind: LetterKind, in_doubt: bool, final: bool, age: timedelta, says: str
) -> None:
    assert code(kind, in_doubt=in_doubt, final=final, age=age) == says


def test_a_warning_goes_to_the_agent_with_the_subject_and_the_reason() -> None:
    say = Say("letter-late", {"hours": 4})
    (one,) = unreached.warned(case_facts(), case(assignee=AGENT), LETTER, say, reason="451 greylisted")
    assert one.recipient.address == AGENT
    assert one.kind is LetterKind.ALERT
    assert one.variables["lines"] == ("Re: My parcel", "451 greylisted")


def test_without_an_agent_or_about_a_letter_to_the_agent_the_admins_are_warned() -> None:
    say = Say("letter-late", {})
    (one,) = unreached.warned(case_facts(), case(assignee=""), LETTER, say, reason="")
    assert one.recipient.address == ADMIN
    to_agent = (8, AGENT, "[#1042] New")
    (one,) = unreached.warned(case_facts(), case(assignee=AGENT), to_agent, say, reason="")
    assert one.recipient.address == ADMIN


def test_each_thing_is_said_once_of_a_letter() -> None:
    says = [
        Say("letter-late", {}),
        Say("letter-in-doubt", {"final": False}),
        Say("letter-in-doubt", {"final": True}),
    ]
    keys = {one.key for say in says for one in unreached.warned(case_facts(), case(), LETTER, say, reason="")}
    again = {one.key for one in unreached.warned(case_facts(), case(), LETTER, says[0], reason="another")}
    assert len(keys) == 3
    assert again < keys
