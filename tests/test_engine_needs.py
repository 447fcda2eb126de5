"""What is gathered for which commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest
from sqlmodel import Session

from cases.commands.grammar import Given
from cases.commands.registry import COMMANDS
from cases.facts import Facts
from engine import gather_money, needs
from store.models import Request, RequestKind, RequestState, TokenPurpose
from tests.facts_factory import NOW, agent, command_facts, facts, token

NOBODY = cast(Session, None)
"""No gatherer here asks a database."""


class Asked:
    """A gatherer that remembers what it was asked for."""

    def __init__(self, **fills: Any) -> None:
        self.given: list[tuple[Given, ...]] = []
        self._fills = fills

    def __call__(self, session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
        self.given.append(tuple(given))
        for name, value in self._fills.items():
            object.__setattr__(facts, name, value)
        return facts


@pytest.fixture
def gatherers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Asked]:
    made = {name: Asked() for name in ("always", "merge", "show", "both")}
    monkeypatch.setattr(needs, "OF_EVERY_COMMAND", (made["always"],))
    table = {"merge": (made["merge"], made["both"]), "show": (made["show"], made["both"])}
    monkeypatch.setattr(needs, "NEEDS", table)
    return made


def test_each_part_is_gathered_once_for_the_commands_that_need_it(gatherers: dict[str, Asked]) -> None:
    given = (Given("merge", "7"), Given("note", "x"), Given("show", "8"))
    needs.gathered(NOBODY, command_facts(), given)
    assert gatherers["always"].given == [given]
    assert gatherers["merge"].given == [(given[0],)]
    assert gatherers["show"].given == [(given[2],)]
    assert gatherers["both"].given == [(given[0], given[2])]


def test_what_no_command_needs_is_not_gathered(gatherers: dict[str, Asked]) -> None:
    needs.gathered(NOBODY, command_facts(), (Given("note", "x"),))
    assert [len(gatherers[name].given) for name in ("always", "merge", "show", "both")] == [1, 0, 0, 0]


def test_a_customers_mail_comes_to_no_gatherer(gatherers: dict[str, Asked]) -> None:
    for mail in (facts(), facts(agent=agent()), facts(token=token())):
        assert needs.gathered(NOBODY, mail, ()) is mail
    assert needs.gathered(NOBODY, facts(), (Given("merge", "7"),)).named == ()
    assert not any(one.given for one in gatherers.values())


def test_an_agent_whose_commands_cant_be_read_is_told_how_the_case_stands(
    gatherers: dict[str, Asked],
) -> None:
    needs.gathered(NOBODY, command_facts(), ())
    assert gatherers["always"].given == [()]


def test_a_yes_needs_what_the_commands_need_that_it_lets_happen(
    gatherers: dict[str, Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(
        key="r",
        kind=RequestKind.CHALLENGE,
        agent="sara@example.com",
        given=[["merge", "7"]],
        state=RequestState.WAITING,
        made_at=NOW,
        expires_at=NOW,
    )
    monkeypatch.setattr(needs, "NEEDS", {"yes": (Asked(request=request),), "merge": (gatherers["merge"],)})
    needs.gathered(NOBODY, command_facts(), (Given("yes"),))
    assert gatherers["merge"].given == [(Given("merge", "7"),)]


def test_a_slip_in_answer_to_a_request_needs_the_request(
    gatherers: dict[str, Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked()
    monkeypatch.setattr(gather_money, "request", asked)
    answered = token(purpose=TokenPurpose.REQUEST, request_key="r")
    needs.gathered(NOBODY, command_facts(token=answered), ())
    needs.gathered(NOBODY, command_facts(), ())
    assert asked.given == [()]


def test_the_table_names_commands() -> None:
    assert set(needs.NEEDS) <= set(COMMANDS)
