"""Regular jobs, whatever happens to the clock on the wall or to the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from structlog.testing import capture_logs

from engine import ticking
from engine.outage import Outage
from engine.ticking import Ticker
from store.database import StoreDown
from store.workers import Freed
from tests.journeys import Journey

START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def ticks(ticker: Ticker, clock: time_machine.Traveller, seconds: int) -> None:
    for _ in range(seconds):
        clock.shift(timedelta(seconds=1))
        ticker.tick()


def test_each_job_is_done_after_its_own_seconds() -> None:
    done: list[str] = []
    with time_machine.travel(START, tick=False) as clock:
        ticker = Ticker([(1, lambda: done.append("quick")), (5, lambda: done.append("slow"))])
        ticks(ticker, clock, 10)
    assert (done.count("quick"), done.count("slow")) == (10, 2)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-400), timedelta(seconds=-30)])
def test_a_clock_that_is_put_back_delays_no_job(jump: timedelta) -> None:
    done: list[str] = []
    with time_machine.travel(START, tick=False) as clock:
        ticker = Ticker([(1, lambda: done.append("quick")), (5, lambda: done.append("slow"))])
        ticks(ticker, clock, 3)
        clock.shift(jump)
        done.clear()
        ticks(ticker, clock, 11)
    assert (done.count("quick"), done.count("slow")) == (10, 2)


def test_a_clock_that_is_put_forward_floods_nobody() -> None:
    done: list[str] = []
    with time_machine.travel(START, tick=False) as clock:
        ticker = Ticker([(1, lambda: done.append("quick")), (5, lambda: done.append("slow"))])
        clock.shift(timedelta(hours=1))
        ticks(ticker, clock, 5)
    assert (done.count("quick"), done.count("slow")) == (5, 1)


def test_the_hour_that_comes_twice_in_autumn_delays_no_job() -> None:
    done: list[str] = []
    before = datetime(2026, 10, 25, 2, 59, 55, tzinfo=ZoneInfo("Europe/Berlin"))
    with time_machine.travel(before, tick=False) as clock:
        ticker = Ticker([(1, lambda: done.append("quick"))])
        ticks(ticker, clock, 30)
        assert datetime.now(before.tzinfo).hour == 2, "the hour came again"
    assert len(done) >= 29


def test_jobs_that_wait_for_the_database_say_so_once_in_all() -> None:
    answers = [StoreDown("the disk is full")] * 4 + [None, None]

    def job() -> None:
        if (trouble := answers.pop(0)) is not None:
            raise trouble

    outage = Outage()
    jobs = [ticking._Guarded(name, job, outage) for name in ("timers", "heartbeat")]
    with capture_logs() as said:
        for guarded in jobs * 3:
            guarded()
    assert [line["log_level"] for line in said] == ["error", "info"]
    assert said[0]["why"] == "the disk is full"


def test_a_heartbeat_wakes_the_senders_only_for_letters_that_a_dead_worker_left(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = quick_journey.worker.desk
    ticking.beat(desk)
    assert not desk.letters_wait.is_set()
    monkeypatch.setattr("engine.ticking.bury_the_dead", lambda session, now: Freed(("dead",), letters=1))
    ticking.beat(desk)
    assert desk.letters_wait.is_set()
