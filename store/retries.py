"""When a letter that could not be sent is tried again, and when no more (promise 7)."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)


def back_off(attempts: int, first: timedelta) -> timedelta:
    """How long to wait after so many attempts: the first wait, doubled each time, up to an hour."""
    doublings = min(max(attempts - 1, 0), 32)
    return min(first * int(2**doublings), max(first, LONGEST_WAIT))


def given_up(created_at: datetime, now: datetime) -> bool:
    """True when a letter has been tried for so long that it counts as refused (promise 7)."""
    return now - created_at >= GIVE_UP_AFTER
