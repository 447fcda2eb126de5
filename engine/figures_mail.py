"""The figures by mail, for each agent who wants them, when their time has come (D24)."""

from __future__ import annotations

from datetime import date

import structlog
from sqlmodel import Session

from cases.facts import Facts
from cases.figures import Told, key_of, letter
from cases.regular import Regular, Slot, days_told, last_slot
from cases.rules.types import MAY_SEE_AGENTS, Agent
from cases.told_agents import people_in
from engine import figures_told
from engine.desk import Desk
from engine.finish import Finisher
from store import causes, ledger
from store.values import Recording

log = structlog.get_logger()


def send_figures(desk: Desk) -> int:
    """Queue the figures whose time has come and that were not looked at yet; how many."""
    made, now = 0, desk.clock()
    for theirs, agent in desk.people:
        for regular in agent.figures:
            slot = last_slot(regular, now, theirs.files.current.rulebook.calendar_of(agent))
            if slot:
                made += _made(theirs, agent, regular, slot)
    if made:
        desk.letters_wait.set()
    return made


def _made(desk: Desk, agent: Agent, regular: Regular, slot: Slot) -> bool:
    """Look at the figures of a slot, once and for all workers; whether there was something to say."""
    counter, now = f"figures/{regular.span}/{agent.address}", desk.clock()
    calendar = desk.files.current.rulebook.calendar_of(agent)
    with desk.database.read() as session:
        looked = causes.counter(session, counter)
        if looked is not None and slot.day.toordinal() <= looked <= now.date().toordinal() + 1:
            return False
        # One that lies ahead was written under a clock that went wrong; it tells nothing.
        since = date.fromordinal(looked) if looked and looked < slot.day.toordinal() else None
        first, last = days_told(regular, slot, calendar, since)
        names_people = bool(MAY_SEE_AGENTS & set(agent.roles))
        people = people_in(desk.files.current.rulebook)
        found = figures_told.told(
            session, first, last, calendar.zone, now, names_people=names_people, people=people
        )
    with desk.database.write() as session:
        if not causes.advance(session, counter, looked, slot.day.toordinal()):
            log.info("another worker made these figures", agent=agent.address)
            return False
        return _record(desk, session, agent, regular, slot, found)


def _record(desk: Desk, session: Session, agent: Agent, regular: Regular, slot: Slot, found: Told) -> bool:
    in_force, now = desk.files.current, desk.clock()
    cause = key_of(agent, regular, slot)
    facts = Facts(now=now, cause=cause, rulebook=in_force.rulebook, policy=desk.policy)
    request = letter(facts, agent, regular, slot, found)
    if request is None:
        return False
    finished = Finisher(desk.settings, in_force.letters).letter(request, facts)
    try:
        with ledger.alone(session):
            ledger.record(session, Recording(letters=(finished,)), now=now)
    except ledger.Conflict:
        log.info("these figures were mailed before", key=cause)
        return False
    return True
