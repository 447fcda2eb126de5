"""An answer that was written but not sent when its case ends."""

from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.saying import Refusal, Say
from store.models import DraftState, EventKind, Status
from tests.facts_factory import AGENT, case_facts, draft


def given(*names: str, **changes: Any) -> Decision:
    facts = case_facts(**changes)
    agent = facts.rulebook.agent(AGENT)
    assert agent
    return on_command(facts, facts.case, agent, [Given(name, WORDS.get(name, "")) for name in names])


WORDS = {"edit": "We are sorry, Ann.\nA new one is on its way."}


def said(decision: Decision) -> list[str]:
    return [one.code for one in decision.letters[-1].variables["lines"] if isinstance(one, Say)]


@pytest.mark.parametrize("end", ["resolve", "close"])
def test_words_of_the_same_mail_are_not_lost_by_ending_the_case(end: str) -> None:
    with pytest.raises(Refusal) as why:
        given("edit", end)
    assert why.value.say == Say("unsent-edit", {"command": end})


def test_an_answer_that_was_approved_above_is_not_lost() -> None:
    decision = given("edit", "approve", "resolve")
    assert decision.approve_draft
    assert said(decision)[-1] == "resolved"


@pytest.mark.parametrize(("end", "code"), [("resolve", "resolved-unsent"), ("close", "closed-unsent")])
def test_ending_a_case_over_an_open_draft_says_that_nothing_was_sent(end: str, code: str) -> None:
    assert said(given(end)) == [code]
    assert said(given(end, draft=draft(state=DraftState.APPROVED))) == [code.removesuffix("-unsent")]
    assert said(given(end, draft=None)) == [code.removesuffix("-unsent")]


def test_what_was_not_sent_can_be_sent_after_all() -> None:
    decision = given("reopen", "approve", of={"status": Status.RESOLVED})
    assert decision.approve_draft
    assert EventKind.REOPENED in [one.kind for one in decision.events]
