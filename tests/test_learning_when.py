"""When it is worth learning anew."""

from __future__ import annotations

import pytest

from learning.when import Progress, is_due


def progress(**given: int | bool) -> Progress:
    plain: dict[str, int | bool] = {
        "made": True,
        "corrections": 60,
        "fresh": 0,
        "corrections_then": 60,
        "cases": 100,
        "cases_then": 100,
        "rules_changed": False,
    }
    return Progress(**{**plain, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({}, False),
        ({"fresh": 9}, False),
        ({"fresh": 10}, True),
        ({"fresh": 10, "corrections_then": 300}, False),
        ({"fresh": 30, "corrections_then": 300}, True),
        ({"rules_changed": True}, True),
        ({"rules_changed": True, "corrections": 0}, False),
        ({"cases": 149}, False),
        ({"cases": 150}, True),
        ({"cases": 30, "cases_then": 3}, False),
        ({"made": False, "corrections": 20, "cases": 20}, False),
        ({"made": False, "corrections": 50, "cases": 0}, True),
        ({"made": False, "corrections": 0, "cases": 300}, True),
    ],
)
def test_it_learns_when_it_would_know_more(given: dict[str, int | bool], due: bool) -> None:
    assert is_due(progress(**given)) is due
