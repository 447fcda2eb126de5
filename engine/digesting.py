"""Digests: for each agent who wants one, when its time has come."""

from __future__ import annotations

import structlog
from sqlmodel import Session

from cases.digest import Slot, Waiting, digest, key_of, last_slot
from cases.facts import Facts
from cases.rules.types import Agent
from engine.desk import Desk
from engine.finish import Finisher
from store import digests, issues, ledger, lists, queries, threads
from store.models import Case, DraftState
from store.values import Recording

log = structlog.get_logger()

MOST = 200
"""Cases of one agent that are looked at; nobody has so many waiting for long."""


def send_digests(desk: Desk) -> int:
    """Queue every digest whose time has come and that was not made yet; how many."""
    made, now = 0, desk.clock()
    for theirs, agent in desk.people:
        if not agent.digest:
            continue
        slot = last_slot(agent.digest, now, theirs.files.current.rulebook.calendar_of(agent))
        if slot:
            made += _made(theirs, agent, slot)
    if made:
        desk.letters_wait.set()
    return made


def _made(desk: Desk, agent: Agent, slot: Slot) -> bool:
    with desk.database.read() as session:
        if digests.was_made(session, key_of(agent, slot)):
            return False
        if not digests.waiting_for(session, agent.address, desk.clock(), 1):
            return False
    try:
        with desk.database.write() as session:
            return _record(desk, session, agent, slot)
    except ledger.Conflict:
        log.info("another worker made this digest", agent=agent.address)
        return False


def _record(desk: Desk, session: Session, agent: Agent, slot: Slot) -> bool:
    in_force, now = desk.files.current, desk.clock()
    facts = Facts(now=now, cause=key_of(agent, slot), rulebook=in_force.rulebook, policy=desk.policy)
    cases = lists.queue_of_cases(session, now, MOST, assignee=agent.address)
    made = [one for one in issues.open_commitments(session) if one.made_by == agent.address]
    request = digest(facts, agent, slot, [_waiting(session, case) for case in cases], made)
    if request is None:
        return False
    letter = Finisher(desk.settings, in_force.letters).letter(request, facts)
    ledger.record(session, Recording(letters=(letter,)), now=now)
    return True


def _waiting(session: Session, case: Case) -> Waiting:
    draft, last = queries.latest_draft(session, case.number), threads.last_mail(session, case.number)
    return Waiting(
        case=case,
        words=last.words if last else case.told,
        since=max(draft.created_at if draft else case.opened_at, case.snoozed_until or case.opened_at),
        has_draft=draft is not None and draft.state is DraftState.OPEN,
    )
