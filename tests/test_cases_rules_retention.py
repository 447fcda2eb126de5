"""cases.rules.retention: how long what customers wrote is kept, as an admin writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.rules.loading import load
from cases.rules.retention import Age, RetentionFile

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def told(text: str) -> list[str]:
    """The problems of the shipped rules with this retention.yaml."""
    names = ("agents.yaml", "calendar.yaml", "categories.yaml")
    files = {name: (ROOT / "rules" / name).read_text("utf-8") for name in names}
    _, problems = load(files | {"retention.yaml": text})
    return [str(one) for one in problems if one.file == "retention.yaml"]


@pytest.mark.parametrize(
    ("written", "months"),
    [("24 months", 24), ("1 month", 1), ("7 years", 84), (" 10  Years ", 120), ("never", None)],
)
def test_a_time_is_read_as_it_is_written(written: str, months: int | None) -> None:
    assert Age.parse(written).months == months


@pytest.mark.parametrize("written", ["", "24", "two years", "30 days", "0 months", "200 years", "-1 month"])
def test_a_wrong_time_says_what_to_write(written: str) -> None:
    with pytest.raises(ValueError, match=r"write"):
        Age.parse(written)


def test_months_are_counted_by_the_calendar() -> None:
    assert Age(1).before(NOW) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert Age(3).before(NOW) == datetime(2025, 12, 31, 12, tzinfo=UTC)
    assert Age(24).before(NOW) == datetime(2024, 3, 31, 12, tzinfo=UTC)
    assert Age(None).before(NOW) is None


def test_the_shipped_file_erases_nothing() -> None:
    assert told((ROOT / "rules" / "retention.yaml").read_text("utf-8")) == []
    assert RetentionFile().keeps_all


def test_a_cause_can_have_a_time_of_its_own() -> None:
    file = RetentionFile.model_validate({"closed_cases": "7 years", "categories": {"late": "never"}})
    assert (file.of("late").months, file.of("damaged").months, file.keeps_all) == (None, 84, False)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("closed_cases: 30 days", "24 months"),
        ("closed_case: 2 years", "closed_cases"),
        ("categories: {lat: 2 years}", "there is no category 'lat'"),
        ("whole_mails: 3 years\nclosed_cases: 2 years", "before their whole mails"),
        ("whole_mails: yes", "24 months"),
    ],
)
def test_a_wrong_line_is_told_with_what_to_write_instead(text: str, advice: str) -> None:
    [problem] = told(text)
    assert advice in problem
