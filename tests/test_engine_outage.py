"""A database that is away, as the loops of one worker see it."""

from __future__ import annotations

from structlog.testing import capture_logs

from engine.outage import Outage
from store.database import StoreDown


def test_the_first_loop_that_meets_it_has_news_and_the_last_that_is_served() -> None:
    outage = Outage()
    assert not outage.ends("reader"), "there was none"
    assert [outage.begins(loop) for loop in ("reader", "sender", "reader")] == [True, False, False]
    assert not outage.ends("timers"), "it never met it"
    assert [outage.ends(loop) for loop in ("reader", "reader", "sender")] == [False, False, True]
    assert outage.begins("timers"), "another one"


def test_a_loop_that_is_served_ends_nothing_for_one_that_is_not() -> None:
    outage = Outage()
    with capture_logs() as said:
        outage.met("reader", StoreDown("the disk is full"))
        for _ in range(3):
            outage.met("sender", StoreDown("the disk is full"))
            outage.over("sender")
        outage.over("reader")
    assert [line["log_level"] for line in said] == ["error", "info"]
    assert said[0]["why"] == "the disk is full"
