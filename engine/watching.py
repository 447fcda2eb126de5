"""Every case that is not ended is watched: the one place that arms its next look, after every decision.

It is armed by what is stored once the decision is recorded, in the same transaction. A new complaint costs
nothing: it is armed when its first draft is made.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from cases.facts import Facts
from cases.watching.watch import armed
from engine.desk import Desk
from engine.gather_watch import watched
from store import ledger, queries, watching
from store.models import TO_CUSTOMERS, TimerKind
from store.queue import CLOCKS_DIFFER
from store.values import Recording


def look_ahead(session: Session, recording: Recording, facts: Facts) -> None:
    """Arm the next look at each case that this recording changed; none for a case that has just come."""
    for number in _changed(recording):
        arm(session, number, facts)


def arm(session: Session, number: int, facts: Facts) -> None:
    """Let the case be looked at when it is next worth it, and at no other time."""
    case = queries.case(session, number)
    if case is None:
        return
    timer = armed(watched(session, facts, case), case)
    waiting = watching.looks_ahead(session, number)
    timers = (timer,) if timer else ()
    if waiting == [one.due_at for one in timers]:
        return
    cancelled = (TimerKind.WATCH,) if waiting else ()
    ledger.record(
        session,
        Recording(case_number=number, timers=timers, cancel_timers=cancelled),
        now=facts.now,
    )


class Looks:
    """Has cases looked at of which no decision says so: all of them when the rules have changed or the clock
    was put back, and those that are not watched when a worker begins.
    """

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._rules = ""

    def look(self, desk: Desk) -> None:
        """Costs nothing as long as nothing has happened."""
        now, rules = desk.clock(), desk.files.current.rulebook.version
        begins, changed = self._last is None, bool(self._rules) and rules != self._rules
        back = self._last is not None and now < self._last - CLOCKS_DIFFER
        if begins or changed or back:
            with desk.database.write() as session:
                _look_anew(session, now, everywhere=changed or back)
            desk.timers_wait.set()
        self._last, self._rules = now, rules


def _look_anew(session: Session, now: datetime, *, everywhere: bool) -> None:
    if everywhere or watching.was_ahead(session, now + CLOCKS_DIFFER):
        watching.hasten(session, now)
    watching.watch_all(session, uuid.uuid4().hex, now)


def _changed(recording: Recording) -> Iterator[int]:
    """The cases that may have something else to wait for now."""
    number = recording.case.number if recording.case else recording.case_number
    opens = recording.case is not None and recording.case.expected is None
    if number is not None and not opens and _touches(recording):
        yield number
    if recording.beside:
        yield recording.beside.case.number


def _touches(recording: Recording) -> bool:
    told = any(letter.kind in TO_CUSTOMERS for letter in recording.letters)
    return bool(recording.case or recording.changes or recording.rows or recording.undelivered or told)
