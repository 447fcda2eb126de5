"""Telling admins about trouble: once for each key, and never a flood."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from cases import asks
from cases.facts import Facts
from cases.saying import Say
from engine.desk import Desk
from engine.finish import Finisher
from language.problem import Problem
from store import ledger, queries
from store.values import Recording

WINDOW = timedelta(hours=1)


def tell_admins(
    desk: Desk,
    session: Session,
    key: str,
    headline: Say,
    *,
    lines: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> int:
    """Queue an alert to every admin, once for the key and within the hourly limit; how many were wanted."""
    in_force, now = desk.files.current, desk.clock()
    facts = Facts(now=now, cause=key, rulebook=in_force.rulebook, policy=desk.policy)
    finisher = Finisher(desk.settings, in_force.letters)
    requests = [
        asks.admin_alert(facts, admin, headline, lines=lines, problems=problems)
        for admin in asks.admins(facts)
    ]
    wanted = [
        request
        for request in requests
        if queries.alerts_to(session, request.recipient.key, now - WINDOW) < desk.settings.ALERTS_PER_HOUR
    ]
    letters = tuple(finisher.letter(one, facts, "", lambda: None) for one in wanted)
    if letters:
        ledger.record(session, Recording(letters=letters), now=now)
        desk.letters_wait.set()
    return len(letters)
