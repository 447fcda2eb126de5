"""`fact`: agents add what a mail did not tell, put right what it did, and take away what is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.facts import Facts
from cases.rules.extracting_values import LONGEST
from cases.saying import Refusal, Say
from store.models import EventKind
from store.values import Fact, NewRow, RowChange
from tests.extractors_factory import SHIPPED, extracting
from tests.facts_factory import AGENT, NOW, case_facts, rulebook
from tests.words_shipped import WORDS

MADE = extracting(SHIPPED)
RULES = replace(rulebook(), extracting=MADE, words=WORDS)
FOUND = Fact("order_number", "AB-4711", "ab-4711")
KETTLE = Fact("product", "kettle", "kettles")


def facts_of(*known: Fact, removed: tuple[Fact, ...] = ()) -> Facts:
    return case_facts(rulebook=RULES, case_facts=known, removed_facts=removed)


def given(facts: Facts, *texts: str) -> Decision:
    agent = facts.rulebook.agent(AGENT)
    assert facts.case
    assert agent
    return on_command(facts, facts.case, agent, [Given("fact", text) for text in texts])


def refused(facts: Facts, text: str) -> Say:
    with pytest.raises(Refusal) as why:
        given(facts, text)
    return why.value.say


def added(decision: Decision) -> list[tuple[str, str]]:
    assert all(one.table == "fact" for one in decision.rows)
    return [(one.values["name"], one.values["value"]) for one in decision.rows]


def changed(decision: Decision) -> list[tuple[str, bool]]:
    assert all(one.expected["removed"] is not one.values["removed"] for one in decision.changes)
    return [(one.key["value"], one.values["removed"]) for one in decision.changes]


def said(decision: Decision) -> tuple[Say, ...]:
    return tuple(decision.letters[-1].variables["lines"])


def test_a_fact_is_added_in_its_own_form_with_who_said_it() -> None:
    decision = given(facts_of(), "order_number #ab 4711")
    row = {"case_number": 7, "name": "order_number", "value": "AB-4711", "as_written": "#ab 4711"}
    assert decision.rows == (NewRow("fact", row | {"found_in": "", "said_by": AGENT}),)
    assert [(one.kind, one.text, one.actor) for one in decision.events] == [
        (EventKind.FACT, "order_number: AB-4711", AGENT)
    ]
    assert said(decision) == (
        Say("fact-set", {"name": "order_number", "kind": "number", "values": ("AB-4711",), "already": False}),
    )
    assert decision.case
    assert decision.case.values["seen_at"] == NOW


@pytest.mark.parametrize(
    "text",
    [
        "order number AB-4711",
        "Order-Number: AB-4711",
        "order_number = ab 4711",
        "شماره سفارش AB-۴۷۱۱",
        "מספר הזמנה AB-4711",
        "رقم الطلب: AB-٤٧١١",
    ],
)
def test_a_fact_is_named_in_any_language(text: str) -> None:
    assert added(given(facts_of(), text)) == [("order_number", "AB-4711")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("amount €1,250.50", "1250.50 EUR"),
        ("date 12 March 2026", "2026-03-12"),
        ("date yesterday", "2026-03-01"),
        ("date ۱۴۰۴/۱۲/۱۲", "2026-03-03"),
        ("place فرودگاه", "airport"),
        ("person Mrs. Smith", "Mrs. Smith"),
    ],
)
def test_a_value_is_read_by_its_kind(text: str, value: str) -> None:
    assert [one for _, one in added(given(facts_of(), text))] == [value]


def test_a_fact_that_has_one_value_gets_another_instead() -> None:
    decision = given(facts_of(KETTLE), "product lamp")
    assert added(decision) == [("product", "lamp")]
    assert changed(decision) == [("kettle", True)]


def test_a_fact_that_may_have_many_gets_one_more() -> None:
    decision = given(facts_of(FOUND), "order_number AB-4712")
    assert added(decision) == [("order_number", "AB-4712")]
    assert changed(decision) == []


def test_what_is_known_is_not_said_again() -> None:
    decision = given(facts_of(FOUND), "order_number ab-4711")
    assert (decision.rows, decision.changes, decision.events) == ((), (), ())
    assert [one.values["already"] for one in said(decision)] == [True]


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_takes_every_value_away(dash: str) -> None:
    other = Fact("order_number", "AB-4712")
    decision = given(facts_of(FOUND, other, KETTLE), f"order_number {dash}")
    assert changed(decision) == [("AB-4711", True), ("AB-4712", True)]
    assert [one.kind for one in decision.events] == [EventKind.NO_FACT]


def test_a_dash_and_a_value_take_that_one_away() -> None:
    decision = given(facts_of(FOUND, Fact("order_number", "AB-4712")), "order_number - ab 4712")
    assert changed(decision) == [("AB-4712", True)]
    assert decision.changes == (
        RowChange(
            "fact",
            {"case_number": 7, "name": "order_number", "value": "AB-4712"},
            {"removed": False},
            {"removed": True, "said_by": AGENT},
        ),
    )


def test_what_was_taken_away_comes_back_when_an_agent_says_so() -> None:
    decision = given(facts_of(removed=(FOUND,)), "order_number AB-4711")
    assert added(decision) == []
    assert changed(decision) == [("AB-4711", False)]


def test_several_facts_of_one_mail_are_obeyed_one_after_the_other() -> None:
    decision = given(
        facts_of(FOUND), "order_number -", "product kettle", "product lamp", "order_number AB-4711"
    )
    assert added(decision) == [("product", "kettle"), ("product", "lamp")]
    assert changed(decision) == [("AB-4711", True), ("kettle", True), ("AB-4711", False)]


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "unknown-value", {"written": "", "meant": ""}),
        ("ordernumber 4711", "unknown-value", {"written": "ordernumber", "meant": "order_number"}),
        ("colour red", "unknown-value", {"written": "colour", "meant": ""}),
        ("order_number", "needs-text", {"command": "fact", "usage": "fact NAME VALUE"}),
        ("order_number none", "fact-unreadable", {"written": "none", "kind": "number"}),
        ("order_number -", "no-such-fact", {"known": ()}),
        ("product - lamp", "no-such-fact", {"known": ("kettle",)}),
        ("product " + "a" * (LONGEST + 1), "fact-long", {"most": LONGEST}),
        ("amount 50", "money-currency", {}),
        ("amount 10%", "money-currency", {}),
        ("amount 50 EUR late", "money-unclear", {}),
        ("date 01/02/2026", "when-two-ways", {}),
        ("date soon", "when-unknown", {}),
        ("date in 3 hours", "when-unknown", {}),
    ],
)
def test_what_can_not_be_a_value_is_refused_with_what_to_write(
    text: str, code: str, values: dict[str, Any]
) -> None:
    why = refused(facts_of(KETTLE), text)
    assert why.code == code
    assert {name: why.values[name] for name in values} == values


def test_without_extractors_there_is_no_fact_to_say() -> None:
    assert refused(case_facts(), "order_number 4711").code == "no-facts"


def test_an_unknown_fact_is_told_which_there_are() -> None:
    assert refused(facts_of(), "colour red").values["known"] == tuple(MADE.names)
