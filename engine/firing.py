"""Timers that are due: decided in groups, soon, and yet after every acknowledgement (promise 9)."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from cases.facts import Facts
from cases.lifecycle import PAUSES
from cases.priorities import ACK_FIRST
from cases.requests import request_key
from cases.timers import on_timer
from engine import drafting, gather, gather_issues, gather_money, needs, scanning, telling_fixed, watching
from engine.desk import Desk
from engine.files import InForce
from engine.finish import Finisher, Original
from engine.gather_check_ins import willing
from engine.gather_watch import watched
from store import gone, ledger, queries, queue, restores, timers
from store.database import StoreDown
from store.models import Case, Timer, TimerKind, TimerState
from store.values import Recording

log = structlog.get_logger()

AT_ONCE = 50
A_TURN = 0.1
"""Seconds for which timers are decided in one transaction. Meanwhile no acknowledgement can be recorded."""
PACE = 1
"""Seconds after which a group of timers is decided, whatever else there is to do: some dozen drafts."""
ACKS_TAKE = 0.02
"""Seconds after which it is looked again whether all acknowledgements have been taken up."""
AGAIN_AFTER = timedelta(minutes=5)
AFTER_A_CONFLICT = timedelta(seconds=2)
ASKING = (TimerKind.CHECK_IN, TimerKind.CHECK_IN_REMINDER)
TO_AGENTS = (*PAUSES, TimerKind.WATCH, TimerKind.FILES)
"""The timers that may mail an agent about the case."""


def fire_soon(desk: Desk) -> None:
    """Decide one group of what is due, if nothing goes before it, and ask to be called again for the rest.

    Mail that is being taken in goes before, and so does an acknowledgement that waits to be sent.
    """
    desk.timers_wait.clear()
    if desk.somebody_reads:
        return  # who reads says when it has ended
    if _acknowledgements_wait(desk):
        desk.stop.wait(ACKS_TAKE)
        desk.timers_wait.set()
    else:
        fire_some(desk)


def fire_some(desk: Desk) -> int:
    """Decide one group of timers that are due, in one transaction of bounded length; how many."""
    with desk.database.read() as session:
        if not timers.timer_is_due(session, desk.clock()):
            return 0
    fired, end = 0, time.monotonic() + A_TURN
    with desk.database.write() as session:
        for timer in timers.due_timers(session, desk.clock(), AT_ONCE):
            _fire_or_put_off(desk, session, timer.id or 0, timer)
            fired += 1
            if time.monotonic() >= end:
                break
    if fired:
        desk.letters_wait.set()
        desk.timers_wait.set()  # there may be more
    return fired


def fire_all(desk: Desk) -> None:
    """Decide every timer that is due. Acknowledgements go before, but none is waited for beyond the pace."""
    more = True
    while more and not desk.stop.is_set():
        end = time.monotonic() + PACE
        while _acknowledgements_wait(desk) and time.monotonic() < end:
            desk.stop.wait(ACKS_TAKE)
        more = fire_some(desk) > 0


def _acknowledgements_wait(desk: Desk) -> bool:
    """Whether one could leave now; while the server takes no mail, none can."""
    ways = [one for one in desk.each_way_out if not one.way_out.trouble]
    if not ways:
        return False
    with desk.database.read() as session:
        return any(queue.is_due(session, ACK_FIRST, desk.clock(), one.lane) for one in ways)


def _fire_or_put_off(desk: Desk, session: Session, timer_id: int, timer: Timer) -> None:
    """One timer that fails stops no other: it is tried again later."""
    try:
        with ledger.alone(session):
            _fire(desk, session, timer)
    except StoreDown:
        raise
    except ledger.Conflict as conflict:
        log.info("a timer met another worker; it is tried again", timer=timer_id, why=str(conflict))
        timers.put_off_timer(session, timer_id, desk.clock() + AFTER_A_CONFLICT)
    except Exception:
        log.exception("a timer failed; it is tried again later", timer=timer_id)
        timers.put_off_timer(session, timer_id, desk.clock() + AGAIN_AFTER)


def _fire(desk: Desk, session: Session, timer: Timer) -> None:
    now = desk.clock()
    case = queries.case(session, timer.case_number, lock=True)
    if case is None:
        timers.timer_done(session, timer.id or 0, TimerState.CANCELLED, now)
        return
    desk = desk.of(case.mailbox)
    in_force = desk.files.current
    later = telling_fixed.put_off_to(session, timer, now, in_force.rulebook.issues.an_hour)
    if later is not None:
        timers.put_off_timer(session, timer.id or 0, later)
        return
    wait = scanning.put_off(desk, session, timer)
    if wait is not None:
        timers.put_off_timer(session, timer.id or 0, now + wait)
        return
    recording, facts = _decided(desk, session, timer, case, in_force, now)
    timers.timer_done(session, timer.id or 0, TimerState.FIRED, now)
    ledger.record(session, recording, now=now)
    scanning.tell_of_viruses(desk, session, recording, case)
    watching.arm(session, case.number, facts)
    log.info("timer", kind=str(timer.kind), case=case.number)


def _decided(
    desk: Desk, session: Session, timer: Timer, case: Case, in_force: InForce, now: datetime
) -> tuple[Recording, Facts]:
    finisher = Finisher(desk.settings, in_force.letters, desk.scans)
    if timer.kind is TimerKind.DRAFT:
        facts, original = drafting.for_draft(desk, session, case, in_force, now, timer.key)
        return finisher.finish(on_timer(facts, case, timer.kind), facts, original), facts
    facts = gather.for_case(session, case, in_force.rulebook, desk.policy, now, timer.key)
    if timer.kind is TimerKind.REQUEST:
        facts = gather_money.request_of_key(session, facts, request_key(timer.key))
    if timer.kind is TimerKind.WATCH:
        facts = watched(session, facts, case)
    if timer.kind is TimerKind.FIXED:
        facts = gather_issues.to_tell(session, facts, case)
    if timer.kind in ASKING:
        facts = willing(session, facts)
    gathered = needs.in_hand if timer.kind in TO_AGENTS else needs.facts_of_case
    facts = gathered(session, facts)
    before = _was_due_before_a_restore(session, timer)
    facts = replace(facts, presence=desk.attendance.look(session), before_restore=before)
    recording = finisher.finish(on_timer(facts, case, timer.kind), facts, _original(session, case, timer))
    return recording, facts


def _original(session: Session, case: Case, timer: Timer) -> Original:
    if timer.kind is not TimerKind.FILES:
        return lambda: gather.original(session, case)
    raw_id = scanning.held(session, timer.key)
    raw = gone.whole(session, raw_id) if raw_id is not None else None
    return lambda: (raw_id, raw) if raw else None


def _was_due_before_a_restore(session: Session, timer: Timer) -> bool:
    """Whether another worker may have done this, of which a backup that was put back since knows nothing."""
    restore = restores.last(session)
    return restore is not None and timer.due_at <= restore.at
