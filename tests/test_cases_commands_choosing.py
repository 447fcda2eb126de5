"""Arguments that are one of a few."""

from __future__ import annotations

import pytest

from cases.commands.choosing import agent_before, agent_called, chosen, meant
from cases.rules.types import Agent
from cases.saying import Refusal
from language.words import Words
from store.models import Fault, Severity
from tests import shipped
from tests.facts_factory import AGENT, COLLEAGUE, rulebook

CHOICES = Words(language="fa", name="فارسی", choices={"high": ("مهم",), "third-party": ("شخص ثالث",)})


@pytest.mark.parametrize(
    ("written", "value"),
    [("high", "high"), ("  HIGH. ", "high"), ("مهم", "high"), ("urgent!", "urgent"), ("low", "low")],
)
def test_a_value_is_known_in_any_case_and_language(written: str, value: str) -> None:
    assert chosen("severity", written, list(Severity), [CHOICES]) == value


@pytest.mark.parametrize("written", ["third-party", "third party", "Third_Party", "شخص ثالث"])
def test_spaces_hyphens_and_underscores_are_one(written: str) -> None:
    assert chosen("fault", written, list(Fault), [CHOICES]) == "third-party"


@pytest.mark.parametrize(
    ("written", "near"), [("hihg", "high"), ("nrmal", "normal"), ("مهمم", "مهم"), ("xyz", ""), ("ours", "")]
)
def test_a_slip_is_told_what_was_meant_and_all_there_are(written: str, near: str) -> None:
    with pytest.raises(Refusal) as refused:
        chosen("severity", written, list(Severity), [CHOICES])
    say = refused.value.say
    assert (say.code, say.values["meant"]) == ("unknown-value", near)
    assert say.values["known"] == ("low", "normal", "high", "urgent")


@pytest.mark.parametrize("who", [COLLEAGUE, "Dana Levi", "dana", "DANA", "levi"])
def test_an_agent_is_called_by_address_name_or_first_name(who: str) -> None:
    assert agent_called(who, rulebook().agents).address == COLLEAGUE


def test_a_mistyped_agent_is_told_who_was_meant() -> None:
    with pytest.raises(Refusal) as refused:
        agent_called("Dnaa", rulebook().agents)
    assert refused.value.say.values == {
        "who": "Dnaa",
        "meant": "Dana",
        "known": ("Sara Ahmadi", "Dana Levi", "Ada"),
    }


def test_a_name_that_two_agents_have_names_neither() -> None:
    dana = rulebook().agents[1]
    twin = Agent.model_validate({"address": "dana2@example.com", "name": "Dana Cohen"})
    with pytest.raises(Refusal) as refused:
        agent_called("Dana", [dana, twin])
    assert (refused.value.say.code, refused.value.say.values["meant"]) == ("unknown-agent", "")


def test_the_longest_name_at_the_beginning_is_the_agent() -> None:
    found = agent_before("Sara Ahmadi: she asks for the manager", rulebook().agents)
    assert found
    assert (found[0].address, found[1]) == (AGENT, "she asks for the manager")
    assert agent_before("somebody else", rulebook().agents) is None


def test_nothing_near_is_no_guess() -> None:
    assert meant("zzzz", ["high", "low"]) == ""
    assert meant("", []) == ""


def test_the_shipped_words_mean_one_value_of_a_command_each() -> None:
    rules = shipped.rules()
    languages = [one.language for one in rules.words]
    for values in (list(Severity), list(Fault), languages, ["approver", "admin", "owner"]):
        every = [
            (alias, value) for value in values for one in rules.words for alias in one.choices.get(value, ())
        ]
        for alias, value in every:
            assert chosen("any", alias, values, rules.words) == value, alias
