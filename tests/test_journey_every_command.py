"""Every command over real IMAP and SMTP: what it does, in each language, and how it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from cases.commands.registry import COMMANDS
from tests.desk_plan import Lane, Step
from tests.desk_refusals import refusals
from tests.desk_story import story
from tests.desk_week import Desk, Week
from tests.hosts import Host
from tests.journeys import ROOT

AGENTS = {"embedded": ("sam", "sara"), "dovecot": ("noa", "layla")}
"""One for each language of the letters, by the mail host where they work: each does every command."""
REFUSAL = re.compile(r'(?:Refusal|Unclear|_Stop)\(\s*"([a-z-]+)"')
ELSEWHERE = {
    "draft-after-approve": "test_cases_commands_situation.py",
    "issue-of-file": "test_cases_commands_issues.py",
    "erased-case": "test_cases_commands_obey.py",
    "giver-gone": "test_cases_commands_answering.py",
    "no-facts": "test_cases_commands_facts.py",
    "nobody-may-grant": "test_cases_commands_consent.py",
    "not-looked-up": "test_cases_commands_desk.py",
    "second-case": "test_cases_commands_answering.py",
}
"""Refusals that need other people, or that no mail leads to while commands exclude each other before."""


@pytest.fixture
def desk(mail_host: Host, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(mail_host, tmp_path)
    yield made
    made.stop()


def steps_of(lanes: Iterable[Lane]) -> list[Step]:
    return [step for lane in lanes for step in lane.steps]


def test_every_command_does_what_it_promises_in_the_agents_language(desk: Desk) -> None:
    week = Week(desk, [lane for agent in AGENTS[desk.host.kind] for lane in story(agent)])
    week.run()
    assert week.wrong == []


def test_every_refusal_says_why_changes_nothing_and_can_be_answered(desk: Desk) -> None:
    week = Week(desk, refusals())
    week.run()
    assert week.wrong == []


@pytest.mark.parametrize("agent", [agent for agents in AGENTS.values() for agent in agents])
def test_no_command_is_without_a_journey(agent: str) -> None:
    done = {name for step in steps_of(story(agent)) for name in re.findall(r"{([a-z]+)}", step.words)}
    assert set(COMMANDS) - done == set()


def test_no_command_is_without_a_refusal() -> None:
    lines = [line for step in steps_of(refusals()) if step.refused for line in step.words.splitlines()]
    refused = {line.partition(" ")[0] for line in lines}
    assert set(COMMANDS) - refused == set()


def test_no_refusal_is_without_a_journey() -> None:
    files = [path for room in ("cases", "language") for path in (ROOT / room).rglob("*.py")]
    written = "\n".join(path.read_text("utf-8") for path in files)
    known = set(REFUSAL.findall(written))
    refused = {code for step in steps_of(refusals()) if step.refused for code in step.said.split()}
    assert known - refused - set(ELSEWHERE) == set()
    assert set(ELSEWHERE) & refused == set()
    for code, file in ELSEWHERE.items():
        assert f'"{code}"' in (ROOT / "tests" / file).read_text("utf-8")
