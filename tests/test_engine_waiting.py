"""`worker.py queue` for a terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine import waiting
from tests.facts_factory import AGENT, NOW, rulebook


def row(**changes: Any) -> dict[str, Any]:
    given = {
        "waits": waiting.CASE,
        "number": 1001,
        "severity": "high",
        "assignee": AGENT,
        "category": "late",
        "deadline": (NOW + timedelta(hours=2)).isoformat(),
        "customer": "ann@example.com",
        "subject": "Late",
        "note": "",
    }
    return given | changes


def test_an_empty_queue_says_so() -> None:
    assert waiting.text([], NOW, rulebook()) == "nothing waits for a person"


def test_people_are_told_by_name_and_times_as_a_clock_shows_them() -> None:
    names, told = waiting.text([row()], NOW, rulebook()).splitlines()
    assert names.split() == ["number", "severity", "assignee", "category", "deadline", "customer", "subject"]
    assert "Sara Ahmadi" in told
    assert f"{NOW + timedelta(hours=2):%a %d %b %H:%M}  " in told


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"deadline": (NOW - timedelta(minutes=1)).isoformat()}, ", overdue"),
        ({"assignee": ""}, "nobody"),
        ({"assignee": "gone@example.com"}, "gone@example.com"),
    ],
)
def test_what_a_person_must_see_stands_in_the_row(changes: dict[str, Any], words: str) -> None:
    assert words in waiting.text([row(**changes)], NOW, rulebook())


def test_without_right_rules_the_queue_is_shown_all_the_same() -> None:
    assert AGENT in waiting.text([row()], NOW, None)
