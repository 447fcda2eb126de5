"""What happens by the clock: timers, reloading of edited files, heartbeats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import schedule
import structlog
from sqlmodel import Session

from cases.saying import Say
from cases.timers import on_timer
from engine import gather
from engine.alive import bury_the_dead, register
from engine.desk import Desk
from engine.files import WrongFiles
from engine.finish import Finisher
from engine.troubles import tell_admins
from store import ledger, queries, queue, workers
from store.database import StoreDown
from store.models import Timer, TimerState

log = structlog.get_logger()

TIMERS_AT_ONCE = 50
TICK = 0.5
AGAIN_AFTER = timedelta(minutes=5)


@dataclass(slots=True)
class _Guarded:
    """A job whose failure hurts no other job of the same tick, and is said once."""

    name: str
    job: Callable[[], object]
    waits: bool = False
    """It waits for the database."""

    def __call__(self) -> None:
        try:
            self.job()
        except StoreDown as down:
            if not self.waits:
                log.error("a regular job waits for the database", job=self.name, why=str(down))
            self.waits = True
        except Exception:
            log.exception("a regular job failed; it is tried again", job=self.name)
        else:
            if self.waits:
                log.info("a regular job goes on", job=self.name)
            self.waits = False


class Ticker:
    """Regular jobs, each after so many seconds whatever somebody does to the clock."""

    def __init__(self, jobs: Sequence[tuple[int, Callable[[], None]]]) -> None:
        self._jobs = jobs
        self._longest = max(seconds for seconds, _ in jobs)
        self._scheduler = self._scheduled()

    def tick(self) -> None:
        """Do what is due."""
        # `schedule` goes by the clock on the wall. No job is further off than its own seconds, unless that
        # clock was put back, in autumn for example; what is planned then would rest for as long.
        if (self._scheduler.idle_seconds or 0) > self._longest:
            log.warning("the clock was put back; regular jobs go on")
            self._scheduler = self._scheduled()
        self._scheduler.run_pending()

    def _scheduled(self) -> schedule.Scheduler:
        scheduler = schedule.Scheduler()
        for seconds, job in self._jobs:
            scheduler.every(seconds).seconds.do(job)
        return scheduler


def run(desk: Desk) -> None:
    """Tick until the desk stops."""
    ticker = Ticker(
        [
            (1, _Guarded("timers", lambda: fire_timers(desk))),
            (2, _Guarded("files", lambda: refresh_files(desk))),
            (5, _Guarded("heartbeat", lambda: beat(desk))),
        ]
    )
    while not desk.stop.wait(TICK):
        ticker.tick()


def beat(desk: Desk) -> None:
    """Say that this worker lives, and free what dead ones held."""
    at = desk.clock()
    with desk.database.write() as session:
        lives = workers.beat(session, desk.worker_id, at)
        if not lives:
            log.warning("this worker was taken for dead; it begins again")
            register(session, desk.worker_id, at)
    desk.lease.renew(at, begun_again=not lives)
    # Apart: a row that is held by a worker in trouble must not keep this one from being seen alive.
    with desk.database.write() as session:
        freed = bury_the_dead(session, desk.clock())
    if freed.letters:
        desk.letters_wait.set()
    desk.database.tidy()


def fire_timers(desk: Desk) -> int:
    """Decide every timer that is due; how many."""
    with desk.database.read() as session:
        if not queue.due_timers(session, desk.clock(), 1):
            return 0
    with desk.database.write() as session:
        timers = queue.due_timers(session, desk.clock(), TIMERS_AT_ONCE)
        for timer in timers:
            _fire_or_put_off(desk, session, timer.id or 0, timer)
    desk.letters_wait.set()
    return len(timers)


def _fire_or_put_off(desk: Desk, session: Session, timer_id: int, timer: Timer) -> None:
    """One timer that fails stops no other: it is tried again later."""
    try:
        with ledger.alone(session):
            _fire(desk, session, timer)
    except StoreDown:
        raise
    except Exception:
        log.exception("a timer failed; it is tried again later", timer=timer_id)
        queue.put_off_timer(session, timer_id, desk.clock() + AGAIN_AFTER)


def _fire(desk: Desk, session: Session, timer: Timer) -> None:
    now, in_force = desk.clock(), desk.files.current
    case = queries.case(session, timer.case_number, lock=True)
    if case is None:
        queue.timer_done(session, timer.id or 0, TimerState.CANCELLED, now)
        return
    facts = gather.for_case(session, case, in_force.rulebook, desk.policy, now, timer.key)
    decision = on_timer(facts, case, timer.kind)
    recording = Finisher(desk.settings, in_force.letters).finish(decision, facts)
    ledger.record(session, recording, now=now)
    queue.timer_done(session, timer.id or 0, TimerState.FIRED, now)
    log.info("timer", kind=str(timer.kind), case=case.number)


def refresh_files(desk: Desk) -> None:
    """Put edited rules and templates in force; a wrong edit changes nothing and is mailed to the admins."""
    try:
        if desk.files.refresh():
            log.info("edited files are in force", version=desk.files.current.rulebook.version)
    except WrongFiles as wrong:
        log.error(
            "edited files are wrong; the last good ones stay in force",
            problems=[str(p) for p in wrong.problems],
        )
        with desk.database.write() as session:
            key = f"files/{desk.clock():%Y%m%dT%H%M%S%f}"
            tell_admins(desk, session, key, Say("files-wrong"), problems=tuple(wrong.problems))
