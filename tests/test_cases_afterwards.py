"""The queue in a mail whose other commands change it."""

from __future__ import annotations

from typing import Any

import pytest

from cases import listing
from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.facts import Listing
from cases.saying import Say
from store.models import Status
from tests.facts_factory import NOW, agent, case, case_facts, rulebook

ANOTHER = case(number=8, assignee="dana@example.com")


def shown(*texts: str, of: dict[str, Any] | None = None) -> Listing:
    """What `queue` and `mine` show behind other commands."""
    mine = case(**(of or {}))
    waiting = listing.queue((mine, ANOTHER), 2, rulebook(), NOW)
    own = listing.mine((mine,), 1, NOW)
    facts = case_facts(of, found={("queue", ""): waiting, ("mine", ""): own})
    given = [Given(name, rest) for name, _, rest in (text.partition(" ") for text in texts)]
    found: Listing = on_command(facts, facts.case, agent(), given).letters[-1].variables["lists"][-1]
    return found


def numbers(found: Listing) -> list[Any]:
    return [row[0].values["number"] for row in found.rows if isinstance(row[0], Say)]


@pytest.mark.parametrize("text", ["snooze 2026-03-05", "resolve", "close", "spam"])
def test_a_case_that_waits_no_more_is_not_in_the_queue(text: str) -> None:
    found = shown(text, "queue")
    assert numbers(found) == [8]
    assert found.title.values == {"count": 1, "shown": 1}


def test_the_queue_above_the_other_command_is_as_it_was() -> None:
    assert numbers(shown("queue", "snooze 2026-03-05")) == [7, 8]


def test_a_case_in_other_hands_is_shown_so_and_is_not_mine() -> None:
    found = shown("assign dana", "queue")
    assert Say("cell-agent", {"agent": "Dana Levi"}) in found.rows[0]
    assert numbers(shown("assign dana", "mine")) == []


def test_another_urgency_is_shown() -> None:
    assert Say("cell-severity", {"severity": "urgent"}) in shown("severity urgent", "queue").rows[0]


def test_a_case_that_is_not_in_the_list_changes_nothing() -> None:
    waiting = listing.queue((ANOTHER,), 1, rulebook(), NOW)
    facts = case_facts({"status": Status.ANSWERED}, found={("queue", ""): waiting})
    letter = on_command(facts, facts.case, agent(), [Given("resolve"), Given("queue")]).letters[-1]
    assert letter.variables["lists"] == (waiting,)


def test_a_case_that_becomes_mine_is_mine_already() -> None:
    facts = case_facts({"assignee": ""}, found={("mine", ""): listing.mine((ANOTHER,), 1, NOW)})
    letter = on_command(facts, facts.case, agent(), [Given("take"), Given("mine")]).letters[-1]
    [found] = letter.variables["lists"]
    assert numbers(found) == [7, 8]
    assert found.title.values == {"count": 2, "shown": 2}
