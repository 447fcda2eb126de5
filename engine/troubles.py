"""Telling admins about trouble: once for each key, and never a flood."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlmodel import Session

from cases import agent_mail
from cases.facts import Facts
from cases.saying import Say
from engine.desk import Desk
from engine.finish import Finisher
from language.problem import Problem
from store import ledger, limits
from store.database import StoreDown
from store.models import ArrivalState, EventKind
from store.values import SOFTWARE, NewEvent, Recording

log = structlog.get_logger()

WINDOW = timedelta(hours=1)


def set_aside(
    desk: Desk,
    session: Session,
    place: tuple[int, int, int],
    why: str,
    *,
    sender: str = "",
    subject: str = "",
) -> None:
    """Let no mail stop the others: this one waits in its mailbox, and a person is told.

    `place` is the mailbox's id, its UIDVALIDITY and the UID. `worker.py replay` lets it be tried again.
    """
    mailbox_id, uidvalidity, uid = place
    ledger.arrived(session, mailbox_id, uidvalidity, uid, mail_id=None, state=ArrivalState.SET_ASIDE)
    data = {
        "mailbox": mailbox_id,
        "uidvalidity": uidvalidity,
        "uid": uid,
        "sender": sender,
        "subject": subject,
    }
    event = NewEvent(EventKind.SET_ASIDE, why, SOFTWARE, data)
    now = desk.clock()
    ledger.record(session, Recording(events=(event,)), now=now)
    # Set aside again after a replay, it is told again.
    key = f"set-aside/{mailbox_id}/{uidvalidity}/{uid}/{now:%Y%m%dT%H%M%S}"
    lines = tuple(line for line in (why, sender, subject) if line)
    try:
        with ledger.alone(session):
            tell_admins(desk, session, key, Say("set-aside", {"uid": uid}), lines=lines)
    except StoreDown:
        raise
    except Exception:
        # What keeps the mail from being recorded may keep this from being written; the queue shows it.
        log.exception("nobody could be told of a mail that was set aside", uid=uid)


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
        agent_mail.admin_alert(facts, admin, headline, lines=lines, problems=problems)
        for admin in agent_mail.admins(facts)
    ]
    wanted = [
        request
        for request in requests
        if limits.alerts_to(session, request.recipient.key, now - WINDOW) < desk.settings.ALERTS_PER_HOUR
    ]
    letters = tuple(finisher.letter(one, facts) for one in wanted)
    if letters:
        ledger.record(session, Recording(letters=letters), now=now)
        desk.letters_wait.set()
    return len(letters)
