"""What happens by the clock: timers, reloading of edited files, heartbeats."""

from __future__ import annotations

from collections.abc import Callable
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


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A job whose failure is logged and hurts no other job of the same tick."""

    name: str
    job: Callable[[], object]

    def __call__(self) -> None:
        try:
            self.job()
        except StoreDown as down:
            log.error("a regular job waits for the database", job=self.name, why=str(down))
        except Exception:
            log.exception("a regular job failed; it is tried again", job=self.name)


def run(desk: Desk) -> None:
    """Tick until the desk stops."""
    clock = schedule.Scheduler()
    clock.every(1).seconds.do(_Guarded("timers", lambda: fire_timers(desk)))
    clock.every(2).seconds.do(_Guarded("files", lambda: refresh_files(desk)))
    clock.every(5).seconds.do(_Guarded("heartbeat", lambda: beat(desk)))
    while not desk.stop.wait(TICK):
        clock.run_pending()


def beat(desk: Desk) -> None:
    """Say that this worker lives, and free what dead ones held."""
    with desk.database.write() as session:
        if not workers.beat(session, desk.worker_id, desk.clock()):
            log.warning("this worker was taken for dead; it begins again")
            register(session, desk.worker_id, desk.clock())
        bury_the_dead(session, desk.clock())
    desk.letters_wait.set()


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
