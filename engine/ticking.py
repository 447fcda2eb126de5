"""What happens by the clock: timers, reloading of edited files, heartbeats."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import schedule
import structlog

from engine import firing, room
from engine.alerts import files_key
from engine.alive import bury_the_dead, register
from engine.concerning import keep_issues
from engine.counters import Counters
from engine.desk import Desk
from engine.digesting import send_digests
from engine.figures_mail import send_figures
from engine.held import notice_held
from engine.outage import Outage
from engine.retaining import keep_no_longer
from engine.rule_files import WrongFiles
from engine.searchable import renew_texts
from engine.signalling import Signaller
from engine.teaching import Teacher
from engine.watching import Looks
from store import forgetting, workers
from store.database import StoreDown

log = structlog.get_logger()

TICK = 0.5
WRONG_FILES = "the last good ones stay in force until these are mended"
LOOK_AT_FILES = 2
"""Seconds; an edit is in force at the second look that finds it the same."""


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A job whose failure hurts no other job of the same tick."""

    name: str
    job: Callable[[], object]
    outage: Outage
    counters: Counters = field(default_factory=Counters)

    def __call__(self) -> None:
        try:
            self.job()
        except StoreDown as down:
            self.outage.met(self.name, down)
        except Exception:
            self.counters.trouble("job")
            log.exception("a regular job failed; it is tried again", job=self.name)
        else:
            self.outage.over(self.name)


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


def run(desk: Desk, teacher: Teacher, looks: Looks) -> None:
    """Tick until the desk stops."""
    signaller = Signaller(desk)
    ticker = Ticker(
        [
            (firing.PACE, _Guarded("timers", lambda: firing.fire_some(desk), desk.outage, desk.counters)),
            (LOOK_AT_FILES, _Guarded("files", lambda: refresh_files(desk), desk.outage, desk.counters)),
            (5, _Guarded("heartbeat", lambda: beat(desk), desk.outage, desk.counters)),
            (20, _Guarded("known issues", lambda: keep_issues(desk), desk.outage, desk.counters)),
            (5, _Guarded("watching", lambda: looks.look(desk), desk.outage, desk.counters)),
            (15, _Guarded("held", lambda: notice_held(desk), desk.outage, desk.counters)),
            (30, _Guarded("digests", lambda: send_digests(desk), desk.outage, desk.counters)),
            (30, _Guarded("figures", lambda: send_figures(desk), desk.outage, desk.counters)),
            (60, _Guarded("forgetting", lambda: forget_sent(desk), desk.outage, desk.counters)),
            (60, _Guarded("retention", lambda: keep_no_longer(desk), desk.outage, desk.counters)),
            (60, _Guarded("room on the disks", lambda: room.look(desk), desk.outage, desk.counters)),
            (10, _Guarded("searching", lambda: renew_texts(desk), desk.outage, desk.counters)),
            (3, _Guarded("models", teacher.renew, desk.outage, desk.counters)),
            (5, _Guarded("learning", teacher.attend, desk.outage, desk.counters)),
            (3, _Guarded("signals", signaller.tick, desk.outage, desk.counters)),
        ]
    )
    soon = _Guarded("timers", lambda: firing.fire_soon(desk), desk.outage, desk.counters)
    while not desk.stop.is_set():
        desk.pulse.beat()
        if desk.timers_wait.wait(TICK):
            soon()
        ticker.tick()


def keep_pace(desk: Desk, ended: threading.Event) -> None:
    """Fire timers now and then, however long something else takes."""
    timers = _Guarded("timers", lambda: firing.fire_some(desk), desk.outage, desk.counters)
    while not ended.wait(firing.PACE):
        timers()


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


def forget_sent(desk: Desk) -> None:
    """Drop the text of letters to agents that have left: their reply addresses command."""
    while not desk.stop.is_set():
        with desk.database.write() as session:
            if forgetting.forget(session, desk.clock()) < forgetting.AT_ONCE:
                return


def refresh_files(desk: Desk) -> None:
    """Put edited rules and templates in force; a wrong edit changes nothing and is mailed to the admins.

    Each mailbox with folders of its own has its own: a wrong edit of one leaves the others alone.
    """
    for one in desk.each_with_files:
        _refresh(one)


def _refresh(desk: Desk) -> None:
    alert = files_key(desk.settings.name)
    try:
        if desk.files.refresh():
            log.info("edited files are in force", version=desk.files.current.rulebook.version)
            desk.alerts.recovered(alert, desk.clock())
    except WrongFiles as wrong:
        log.error(
            "edited files are wrong; the last good ones stay in force",
            problems=[str(p) for p in wrong.problems],
        )
        desk.alerts.trouble(alert, WRONG_FILES, desk.clock(), wrong.problems)
