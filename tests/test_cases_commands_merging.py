"""`merge`: two cases of one matter become one."""

from __future__ import annotations

from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.merging import numbers_in
from cases.commands.obey import on_command
from cases.facts import Decision
from cases.saying import Refusal
from store.models import Case, EventKind, Status
from tests.facts_factory import AGENT, STRANGER, agent, case, case_facts


def merged(which: str, *named: Case, **changes: Any) -> Decision:
    facts = case_facts(named=named, **changes)
    assert facts.case
    return on_command(facts, facts.case, agent(), [Given("merge", which)])


def test_the_case_ends_and_the_other_waits_for_its_agent_again() -> None:
    decision = merged("#5", case(number=5, status=Status.ANSWERED))
    assert decision.case and decision.beside
    assert decision.case.values["status"] is Status.CLOSED
    assert decision.case.values["merged_into"] == 5
    assert decision.reject_draft
    into = decision.beside.case
    assert (into.number, into.expected, into.values["status"]) == (5, Status.ANSWERED, Status.OPEN)
    assert [event.kind for event in decision.events] == [EventKind.MERGED]
    [event] = decision.beside.events
    assert (event.kind, event.actor) == (EventKind.TOOK_IN, AGENT)


def test_a_case_without_an_open_draft_can_be_merged_too() -> None:
    assert not merged("5", case(number=5), draft=None).reject_draft


@pytest.mark.parametrize(
    ("which", "named", "code"),
    [
        ("99", (), "no-such-case"),
        ("the other one", (case(number=5),), "no-such-case"),
        ("5", (case(number=5, merged_into=3, status=Status.CLOSED),), "no-such-case"),
        ("7", (case(),), "merge-with-itself"),
        ("5", (case(number=5, customer=STRANGER),), "merge-of-two-customers"),
        ("5", (case(number=5, status=Status.RESOLVED),), "merge-into-ended"),
        ("5", (case(number=5, status=Status.CLOSED),), "merge-into-ended"),
    ],
)
def test_what_can_not_be_merged_is_refused(which: str, named: tuple[Case, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        merged(which, *named)
    assert refused.value.say.code == code


@pytest.mark.parametrize("other", ["approve", "reject", "assign", "resolve"])
def test_merge_stands_alone(other: str) -> None:
    facts = case_facts(named=(case(number=5),))
    assert facts.case
    with pytest.raises(Refusal) as refused:
        on_command(facts, facts.case, agent(), [Given("merge", "5"), Given(other, "")])
    assert refused.value.say.code == "conflict"


def test_numbers_are_found_in_any_digits_and_only_a_few() -> None:
    assert numbers_in("merge #۱۰۴۲") == (1042,)
    assert numbers_in("no number") == ()
    assert len(numbers_in(" ".join(map(str, range(100))))) == 5
