"""What goes out to customers, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import agent_mail, asks
from cases.facts import Facts, Leaving
from cases.outgoing import can_be_undone, goes_out
from store.models import Status
from tests.facts_factory import CUSTOMER, NOW, agent, case, command_facts

SOON = NOW + timedelta(minutes=5)
WAITS = Leaving("answer/7/1", 1, SOON)


def facts(leaving: Leaving | None = None) -> Facts:
    return command_facts(leaving=leaving)


def test_letters_to_customers_are_told_and_letters_to_agents_are_not() -> None:
    answer = replace(asks.answer(facts(), case(), 1, "words", agent()), wait=timedelta(minutes=5))
    to_agent = agent_mail.draft_to_agent(facts(), case(), agent(), headline="new", version=1)
    acknowledged = asks.acknowledgement(facts(), case(), ())
    said = [one.values for one in goes_out(facts(), (answer, to_agent, acknowledged))]
    assert said == [
        {"letter": "answer", "recipient": CUSTOMER, "at": SOON},
        {"letter": "ack", "recipient": CUSTOMER, "at": None},
    ]


def test_an_answer_that_waits_is_told_until_it_is_withdrawn() -> None:
    assert [one.values["at"] for one in goes_out(facts(WAITS))] == [SOON]
    assert goes_out(facts(WAITS), withdrawn=("answer/7/1",)) == ()


@pytest.mark.parametrize(
    ("status", "leaving", "withdrawn", "expected"),
    [
        (Status.ANSWERED, WAITS, (), True),
        (Status.OPEN, WAITS, (), True),
        (Status.RESOLVED, WAITS, (), False),
        (Status.ANSWERED, WAITS, ("answer/7/1",), False),
        (Status.ANSWERED, None, (), False),
    ],
)
def test_undo_is_offered_only_where_it_is_possible(
    status: Status, leaving: Leaving | None, withdrawn: tuple[str, ...], expected: bool
) -> None:
    assert can_be_undone(facts(leaving), status, (), withdrawn) is expected


def test_an_answer_that_leaves_at_once_can_not_be_undone() -> None:
    answer = asks.answer(facts(), case(), 1, "words", agent())
    assert not can_be_undone(facts(), Status.ANSWERED, (answer,))
    assert can_be_undone(facts(), Status.ANSWERED, (replace(answer, wait=timedelta(minutes=1)),))
