"""Whether a customer is asked if a solved case is solved, as agents say it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.facts import Willing
from cases.saying import Refusal, Say
from store.models import CaseKind, EventKind, Status, TimerKind
from tests.facts_factory import AGENT, NOW, case_facts

IN, OUT = Willing(), Willing(opted_out=NOW - timedelta(days=9))


def given(*commands: str, willing: Willing = IN, **of: Any) -> Decision:
    facts = case_facts({"status": Status.ANSWERED} | of, willing=willing)
    who = facts.rulebook.agent(AGENT)
    assert facts.case
    assert who
    named = [Given(name, argument) for name, _, argument in (one.partition(" ") for one in commands)]
    return on_command(facts, facts.case, who, named)


def said(decision: Decision) -> list[Say]:
    return list(decision.letters[-1].variables["lines"])


@pytest.mark.parametrize(
    ("word", "willing", "kind"),
    [("off", IN, EventKind.OPTED_OUT), ("on", OUT, EventKind.OPTED_IN)],
)
def test_an_agent_writes_down_what_the_customer_wants(word: str, willing: Willing, kind: EventKind) -> None:
    decision = given(f"checkins {word}", willing=willing, customer="ann+shop@example.org")
    assert [(event.kind, event.actor) for event in decision.events] == [(kind, AGENT)]
    (row,) = decision.rows
    assert row.table == "opt_out"
    assert row.values == {
        "address": "ann@example.org",
        "at": NOW,
        "case_number": 7,
        "asked_again": word == "on",
    }


@pytest.mark.parametrize(("word", "willing"), [("on", IN), ("off", OUT)])
def test_what_is_so_already_is_said(word: str, willing: Willing) -> None:
    decision = given(f"checkins {word}", willing=willing)
    assert (decision.rows, decision.events) == ((), ())
    assert said(decision) == [Say("already-so", {"command": "checkins", "value": word})]


@pytest.mark.parametrize(
    ("command", "of", "code"),
    [
        ("checkins maybe", {}, "unknown-value"),
        ("checkins", {}, "unknown-value"),
        ("checkins off", {"customer": ""}, "no-customer"),
    ],
)
def test_what_can_not_be_is_refused(command: str, of: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as why:
        given(command, **of)
    assert why.value.say.code == code


@pytest.mark.parametrize(
    ("willing", "of", "because"),
    [
        (OUT, {}, "opted-out"),
        (Willing(unreached=True), {}, "unreached"),
        (IN, {"kind": CaseKind.PRAISE}, "kind"),
        (IN, {"kind": CaseKind.OTHER}, "kind"),
    ],
)
def test_who_will_not_be_asked_is_named_when_the_case_is_solved(
    willing: Willing, of: dict[str, Any], because: str
) -> None:
    decision = given("resolve", willing=willing, **of)
    (timer,) = decision.timers
    assert (timer.kind, timer.due_at) == (TimerKind.CLOSE, NOW + timedelta(days=7))
    assert said(decision)[0].values == {"check_in": None, "because": because}


def test_what_stands_above_in_the_mail_counts_already() -> None:
    assert [one.kind for one in given("checkins off", "resolve").timers] == [TimerKind.CLOSE]
    assert [one.kind for one in given("checkins on", "resolve", willing=OUT).timers] == [TimerKind.CHECK_IN]
