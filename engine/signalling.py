"""Causes that grow are looked for and told (D23): when something happened, and every hour.

The work of one look is done in small parts, between which the worker does what else is due. When nothing
happened it costs one question to the database. Whichever worker tells a signal first, no other does.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from cases.facts import Facts
from cases.signals import standing
from cases.signals.causes import Seen
from cases.signals.standing import Candidate
from cases.signals.telling import MOST_SHOWN, Sample, recipients, told
from engine.desk import Desk
from engine.finish import Finisher
from engine.signal_history import Days, Texts, seen_of
from engine.signal_work import Found, Job, Work
from store import causes, ledger, signals
from store.learned import minute

log = structlog.get_logger()

EVERY = 60
"""Seconds between two looks."""
A_TURN = 0.2
"""Seconds of work at a time; timers and letters wait meanwhile."""
SWEEP = 60
"""Minutes after which everything that came within a day is looked at, whatever happened."""
READ_AGAIN = timedelta(minutes=10)
"""After which the words of new mails are compared again."""
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
MOST_CASES = 5_000
"""Cases of one look, the newest."""
MOST_AN_HOUR = 10
"""Signals that one agent is mailed within an hour; what is more is told when the hour is over."""


@dataclass(slots=True)
class _Look:
    """One look: up to which event, what is still to be counted, and what was found."""

    at: datetime
    looked: int | None
    newest: int
    sweeps: bool
    swept: int | None
    jobs: deque[Job]
    grown: list[Candidate] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def take(self, found: Found) -> None:
        self.grown += found.grown
        self.ended += found.ended


class Signaller:
    """Looks for causes that grow. Used by one thread."""

    def __init__(self, desk: Desk, wait: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._ticks = desk, wait
        self._days, self._texts = Days("UTC"), Texts()
        self._look: _Look | None = None
        self._looked_at = -float("inf")
        self._read_at: datetime | None = None

    def tick(self) -> None:
        """Begin a look when it is time for one, and do a part of its work."""
        if self._look is None:
            if self._ticks() - self._looked_at < EVERY:
                return
            self._looked_at = self._ticks()
            self._look = self._begun()
        look, self._look = self._look, None  # one that fails is begun anew
        if look is not None and not self._works(look):
            self._look = look

    def look(self) -> None:
        """A whole look, at once."""
        look = self._begun()
        while look is not None and not self._desk.stop.is_set():
            if self._works(look):
                return

    def _begun(self) -> _Look | None:
        """What there is to count; None where nothing happened."""
        desk, now = self._desk, self._desk.clock()
        rulebook = desk.files.current.rulebook
        with desk.database.read() as session:
            looked = causes.counter(session, causes.LOOKED)
            newest = causes.newest_event(session, looked or 0)
            swept = causes.counter(session, causes.SWEPT)
            sweeps = swept is None or abs(minute(now) - swept) >= SWEEP
            if newest == (looked or 0) and not sweeps:
                return None
            cases = self._cases(session, looked, newest, now, sweeps=sweeps)
            told = signals.open_ones(session) if sweeps else []
        if self._days.zone != rulebook.calendar.time_zone:
            self._days = Days(rulebook.calendar.time_zone)
        self._days.tidy()
        work = Work(rulebook, now, self._days, self._texts)
        jobs = work.jobs(cases, told, with_texts=sweeps or self._may_read(work, cases, now))
        return _Look(now, looked, newest, sweeps, swept, deque(jobs))

    def _cases(
        self, session: Session, looked: int | None, newest: int, now: datetime, *, sweeps: bool
    ) -> list[Seen]:
        """The cases that may make a cause grow: what something happened to, and in a sweep the newest."""
        found: dict[int, causes.Counted] = {}
        many = looked is None or newest - looked > causes.MOST_AT_ONCE
        if looked is not None and not many:
            numbers = causes.touched(session, looked, newest)
            found = {one.number: one for one in causes.seen(session, numbers[-MOST_CASES:])}
        if sweeps or many:
            found |= {one.number: one for one in causes.lately(session, now - A_DAY, MOST_CASES)}
        return [seen_of(one) for one in found.values()]

    def _may_read(self, work: Work, cases: Sequence[Seen], now: datetime) -> bool:
        """Whether words are compared: when new ones came, now and then, by who has read the older ones."""
        if self._texts.is_empty or not any(case.category in work.unnamed for case in cases):
            return False
        due = self._read_at is None or abs(now - self._read_at) >= READ_AGAIN
        if due:
            self._read_at = now
        return due

    def _works(self, look: _Look) -> bool:
        """Do a part of the work; whether all is done."""
        end = self._ticks() + A_TURN
        with self._desk.database.read() as session:
            while look.jobs and self._ticks() < end:
                job = look.jobs.popleft()
                found = job(session)
                if found is None:
                    look.jobs.append(job)  # there is more of it
                else:
                    look.take(found)
        if look.jobs:
            return False
        self._tell(look)
        return True

    def _tell(self, look: _Look) -> None:
        """Tell what is news, and write down how far it was looked."""
        desk = self._desk
        with desk.database.write() as session:
            if not causes.advance(session, causes.LOOKED, look.looked, look.newest):
                log.info("another worker looked for signals meanwhile")
                return
            if look.sweeps:
                causes.advance(session, causes.SWEPT, look.swept, minute(look.at))
            for name in look.ended:
                signals.end(session, name, look.at)
            count = self._tell_some(session, look)
        if count:
            desk.letters_wait.set()
            log.info("signals", told=count)

    def _tell_some(self, session: Session, look: _Look) -> int:
        now = self._desk.clock()
        mailed = signals.letters_since(session, now - AN_HOUR)
        earlier = signals.clusters_since(session, now - standing.CLUSTER_LASTS)
        grown = [standing.under_its_name(one, earlier) for one in look.grown]
        wanted = standing.to_tell(grown, signals.open_ones(session), now)
        return sum(self._tell_one(session, one, mailed, now) for one in wanted)

    def _tell_one(self, session: Session, one: Candidate, mailed: dict[str, int], now: datetime) -> bool:
        last = signals.last_of(session, one.name)
        if not standing.is_news(one, last):
            return False
        in_force = self._desk.files.current
        agents = recipients(one.to, in_force.rulebook)
        # It waits for all of them: who were left out now would never hear of it.
        if not agents or any(mailed.get(agent.address, 0) >= MOST_AN_HOUR for agent in agents):
            return False
        facts = Facts(now=now, cause=one.name, rulebook=in_force.rulebook, policy=self._desk.policy)
        samples = [
            Sample(shown.number, shown.subject, shown.words, shown.at)
            for shown in causes.words_of(session, one.numbers[:MOST_SHOWN])
        ]
        decision = told(facts, one, last, agents, samples)
        finisher = Finisher(self._desk.settings, in_force.letters)
        try:
            with ledger.alone(session):
                ledger.record(session, finisher.finish(decision, facts), now=now)
        except ledger.Conflict:
            log.info("another worker told this signal", kind=str(one.kind))
            return False
        for agent in agents:
            mailed[agent.address] = mailed.get(agent.address, 0) + 1
        return True
