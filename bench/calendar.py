"""What arithmetic in working time costs: a deadline is computed on the way of every acknowledgement.

.venv/bin/python -m bench.calendar

The first line of each calendar is what a year costs once; all others are the median of many calls.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from cases.calendar import after, before, between, closed_until, working_days_until
from cases.rules.calendars import CalendarFile
from cases.rules.durations import Duration, Unit
from cases.rules.working_time import Calendar

ROUNDS, CALLS = 30, 500
NOW = datetime(2026, 3, 18, 13, 21, 7, tzinfo=UTC)
CALENDARS = {
    "UTC, no holidays": {},
    "Tehran, holidays of Iran": {"time_zone": "Asia/Tehran", "weekend": ["friday"], "holidays_of": ["IR"]},
    "Berlin, holidays of Germany": {"time_zone": "Europe/Berlin", "holidays_of": ["DE"]},
}


def main() -> None:
    """Print microseconds a call, for a few calendars."""
    for name, says in CALENDARS.items():
        began = time.perf_counter()
        calendar = CalendarFile.model_validate(says).compiled()
        print(f"{name}\n  {'read and compiled, once':<36}{(time.perf_counter() - began) * 1e3:>9.2f} ms")
        began = time.perf_counter()
        calendar.year(NOW.year)
        print(f"  {'a year worked out, once':<36}{(time.perf_counter() - began) * 1e3:>9.2f} ms")
        for what, call in _calls(calendar):
            print(f"  {what:<36}{_microseconds(call):>9.2f} µs")


def _calls(calendar: Calendar) -> list[tuple[str, Callable[[], object]]]:
    soon, late = NOW + timedelta(days=3), NOW + timedelta(days=400)
    waits = [
        Duration(2, Unit.WORKING_DAYS),
        Duration(30, Unit.WORKING_HOURS),
        Duration(400, Unit.WORKING_HOURS),
    ]
    return [
        *((f"after {wait}", lambda wait=wait: after(NOW, wait, calendar)) for wait in waits),
        ("before 4 working hours", lambda: before(NOW, Duration(4, Unit.WORKING_HOURS), calendar)),
        ("between, three days", lambda: between(NOW, soon, calendar)),
        ("between, four hundred days", lambda: between(NOW, late, calendar)),
        ("closed until", lambda: closed_until(NOW, calendar)),
        ("working days until", lambda: working_days_until(NOW, soon, calendar)),
    ]


def _microseconds(call: Callable[[], object]) -> float:
    call()
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(CALLS):
            call()
        rounds.append((time.perf_counter() - began) / CALLS)
    return median(rounds) * 1e6


if __name__ == "__main__":
    main()
