"""How long it is until something is due, in working time."""

from datetime import UTC, datetime

import pytest

from cases.time_left import TimeLeft, time_left
from tests.facts_factory import rulebook

CALENDAR = rulebook().calendar
"""Monday to Friday, 09:00-17:00."""
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "left"),
    [
        (datetime(2026, 3, 2, 15, 30, tzinfo=UTC), TimeLeft(False, "hours", 5)),
        (datetime(2026, 3, 2, 10, 40, tzinfo=UTC), TimeLeft(False, "minutes", 40)),
        # 7 hours of Monday are left, and 3 of Tuesday: 10 of 8 a day.
        (datetime(2026, 3, 3, 12, 0, tzinfo=UTC), TimeLeft(False, "days", 1)),
        # Nobody works between Friday and Monday.
        (datetime(2026, 3, 9, 17, 0, tzinfo=UTC), TimeLeft(False, "days", 5)),
        # At night nothing passes.
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), TimeLeft(False, "hours", 7)),
        (datetime(2026, 3, 1, 12, 0, tzinfo=UTC), TimeLeft(True, "hours", 1)),
        (datetime(2026, 2, 26, 9, 0, tzinfo=UTC), TimeLeft(True, "days", 2)),
        (MONDAY, TimeLeft(False, "minutes", 0)),
    ],
)
def test_time_left_counts_working_time_alone(due: datetime, left: TimeLeft) -> None:
    assert time_left(MONDAY, due, CALENDAR) == left
