"""Whose a mail is where there are several mailboxes: its case's, else the one that it is written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from cases.facts import Facts
from cases.people import mailbox_of
from engine import gather
from engine.desk import Desk
from engine.files import InForce
from engine.understanding import Understood
from store.values import Message


def gathered(
    desk: Desk, session: Session, message: Message, read: Understood, in_force: InForce, now: datetime
) -> tuple[Desk, InForce, Facts]:
    """The facts for a mail, with the desk and the files by which it is decided.

    A mail to two of our addresses is the first one's, whichever of the two copies is read first. What joins a
    case belongs to the case's mailbox, wherever it came.
    """
    if not desk.several:
        return desk, in_force, _at_home(desk, session, message, read, in_force, now)
    meant = desk.of(mailbox_of(message, desk.policy))
    in_force, facts = _facts(desk, meant, session, message, read, in_force, now)
    home = desk.of(facts.case.mailbox) if facts.case else meant
    if home is not meant:
        in_force, facts = _facts(desk, home, session, message, read, in_force, now)
    return home, in_force, facts


def _facts(
    came_to: Desk,
    home: Desk,
    session: Session,
    message: Message,
    read: Understood,
    in_force: InForce,
    now: datetime,
) -> tuple[InForce, Facts]:
    if home is came_to:
        return in_force, _at_home(home, session, message, read, in_force, now)
    theirs = home.files.current
    # Whether the mail is genuine, the border says that it came through. A reply address alone is enough only
    # where it is so for the case's own mailbox too.
    alone = home.policy.token_only and not home.policy.trusted_authserv_id
    policy = replace(
        home.policy,
        trusted_authserv_id=came_to.policy.trusted_authserv_id,
        token_only=came_to.policy.token_only and alone,
    )
    return theirs, gather.for_mail(session, message, theirs.rulebook, policy, now, None, theirs.answers)


def _at_home(
    desk: Desk, session: Session, message: Message, read: Understood, in_force: InForce, now: datetime
) -> Facts:
    rules, answers = in_force.rulebook, in_force.answers
    return gather.for_mail(session, message, rules, desk.policy, now, read.verdict, answers, read.facts)
