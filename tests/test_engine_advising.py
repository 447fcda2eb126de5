"""Advice on a draft's tone reaches its agent, by mail and at the command line, and never keeps it back."""

from __future__ import annotations

import pytest

from cases.agent_mail import preview
from engine import doing
from engine.advising import on_draft
from engine.doing import NotDone
from store.models import Fault
from store.values import NewDraft
from tests.facts_factory import agent, case, facts
from tests.journeys import Journey, text_of
from tests.test_engine_finish import LETTERS
from tests.toning import rulebook

SHAM = "Dear Ann,\n\nwe are sorry if you feel that way.\n\nSam"
GAP = "Dear Ann,\n\nit comes on [date].\n\nSam"
ADVICE = "Its tone: please look at"


@pytest.fixture
def desk(quick_journey: Journey) -> Journey:
    quick_journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    quick_journey.work()
    return quick_journey


def codes(body: str, *, language: str = "en", template: str = "", fault: Fault = Fault.UNKNOWN) -> list[str]:
    assert LETTERS
    about = facts(case=case(fault=fault), rulebook=rulebook())
    assert about.case
    draft = NewDraft(1, body, template, language, "")
    return [one.code for one in on_draft(preview(about, about.case, agent()), draft, about, LETTERS)]


def test_a_draft_made_of_a_letter_is_held_to_that_letters_parts() -> None:
    text = "Thank you. You are right. Reply to this mail."
    assert codes(text, template="answer/praise") == []
    assert "tone-missing-part" in codes(text)


def test_the_fault_of_the_case_decides_what_may_be_apologised_for() -> None:
    mine = "It was our mistake."
    assert "tone-apology-not-ours" in codes(mine, fault=Fault.CUSTOMER)
    assert "tone-apology-not-ours" not in codes(mine, fault=Fault.OURS)


def test_a_language_without_words_gets_no_advice() -> None:
    assert codes(SHAM, language="de") == []


def test_a_draft_mail_has_the_advice_that_its_letter_earns(desk: Journey) -> None:
    words = text_of(desk.mails_to()[-1])
    assert "The draft, exactly as it would leave" in words
    assert ADVICE not in words or "- " in words.split(ADVICE)[1]


def test_an_edit_gets_advice_in_its_transcript_and_leaves_all_the_same(desk: Journey) -> None:
    desk.agent_replies(f"edit\n{SHAM}\nend")
    desk.work()
    words = text_of(desk.mails_to()[-1])
    assert ADVICE in words
    assert "sorry if you feel that way” is sorry for how the customer feels" in words
    assert len(words.split(ADVICE)[1].split("\n\n")[0].strip().splitlines()) <= 12
    desk.agent_replies("approve")
    desk.work()
    assert "sorry if you feel that way" in text_of(desk.letters()[-1])


def test_a_draft_with_a_gap_is_refused_and_the_line_is_told(desk: Journey) -> None:
    before = len(desk.letters())
    desk.agent_replies(f"edit\n{GAP}\nend\napprove")
    desk.work()
    words = text_of(desk.mails_to()[-1])
    assert "“[date]” to fill in, in “it comes on [date].”" in words
    assert len(desk.letters()) == before


def test_at_the_command_line_an_edit_gets_its_advice(desk: Journey) -> None:
    number = desk.case()["number"]
    said = doing.do(desk.worker.desk, f"edit\n{SHAM}\nend", agent=desk.sam, number=number)
    at = said.index(ADVICE)
    assert said[at + 1].startswith("- ")
    with pytest.raises(NotDone, match="to fill in"):
        doing.do(desk.worker.desk, f"edit\n{GAP}\nend\napprove", agent=desk.sam, number=number)
