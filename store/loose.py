"""What is kept of a person outside of cases: mails that opened none, the log of them, and bare addresses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session

from store import erasing
from store.models import EventKind
from store.naming_them import Naming
from store.whose import is_of, is_to
from store.writing import TABLES

_MAIL, _LETTER, _EVENT = TABLES["mail"], TABLES["letter"], TABLES["event"]
_OPT_OUT, _PARTICIPANT, _COMPENSATION = TABLES["opt_out"], TABLES["participant"], TABLES["compensation"]


def erase_mails(session: Session, address: str, now: datetime) -> int:
    """Erase some of the mails of an address that are of no case; how many."""
    found = erasing.mails_where(session, is_of(_MAIL.c.sender, address), _MAIL.c.case_number.is_(None))
    _blank_their_events(session, [one.id for one in found])
    erasing.blank_mails(session, found, now)
    return len(found)


def erase_letters(session: Session, address: str, now: datetime) -> int:
    """Erase some of the letters to a customer that are about no case; how many."""
    found = erasing.letters_where(session, *is_to(address), _LETTER.c.case_number.is_(None))
    erasing.blank_letters(session, found, now)
    return len(found)


def erase_events(session: Session, naming: Naming, agents: Collection[str]) -> None:
    """Events of no case that name the person lose their words. What was set aside unread is done with."""
    named = or_(*(naming.in_column(_EVENT.c[name]) for name in ("actor", "text", "data")))
    aside = select(_EVENT.c.data).where(named, _EVENT.c.kind == EventKind.SET_ASIDE)
    places = [
        (data["mailbox"], data["uidvalidity"], data["uid"])
        for data in session.execute(aside).scalars()
        if naming.names(str(data.get("sender", "")))
    ]
    erasing.close_set_aside(session, places)
    columns = (_EVENT.c.id, _EVENT.c.actor, _EVENT.c.text, _EVENT.c.data)
    rows = session.execute(select(*columns).where(named, _EVENT.c.case_number.is_(None))).all()
    theirs = [row.id for row in rows if naming.names([row.actor, row.text, row.data])]
    for start in range(0, len(theirs), erasing.AT_ONCE):
        some = _EVENT.c.id.in_(theirs[start : start + erasing.AT_ONCE])
        erasing.blank_events(session, None, 0, agents, some)


def erase_addresses(session: Session, address: str) -> None:
    """The bare address goes where it stands by itself: also the wish not to be asked."""
    session.execute(delete(_OPT_OUT).where(is_of(_OPT_OUT.c.address, address)))
    session.execute(delete(_PARTICIPANT).where(is_of(_PARTICIPANT.c.address, address)))
    theirs = is_of(_COMPENSATION.c.customer, address)
    session.execute(update(_COMPENSATION).where(theirs).values(customer="", reason=""))


def _blank_their_events(session: Session, mails: Collection[int]) -> None:
    """What the log says of these mails: a mail that opened no case has its subject there alone."""
    if mails:
        of_them = (_EVENT.c.case_number.is_(None), _EVENT.c.mail_id.in_(mails))
        values = {"actor": erasing.SOMEBODY, "text": "", "data": {}}
        session.execute(update(_EVENT).where(*of_them).values(values))
