"""What was given up and can be tried again: mails set aside or taken unread, letters that did not leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from store import forgetting
from store.arrivals import what_it_says
from store.models import (
    FOR_A_PERSON,
    GOES_ON,
    Arrival,
    ArrivalState,
    Case,
    Event,
    EventKind,
    Letter,
    LetterState,
    Mail,
    Mailbox,
    MailKind,
)
from store.restores import KEPT_BACK
from store.values import Message
from store.writing import TABLES

GIVEN_UP = "given up"
"""What a letter's last error begins with when its time was over; any other was a refusal."""
_ARRIVAL, _LETTER, _MAIL = TABLES["arrival"], TABLES["letter"], TABLES["mail"]
_AROUND = timedelta(minutes=10)
"""A mail's event is written when its last attempt ends, and no clock is all that steady."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A mail that could not even be recorded and waits in the mailbox."""

    arrival_id: int
    mailbox: str
    uidvalidity: int
    uid: int
    since: datetime
    sender: str = ""
    subject: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits to be replayed."""

    set_aside: int
    unread: int
    """Mails that could not be read, of cases that wait for a person."""
    unsent: int
    """Letters that were refused or given up, of cases that have not ended or of none."""


def waiting(session: Session) -> Waiting:
    """How much waits, for `status`."""
    return Waiting(
        set_aside=_count(session, Arrival, *_ASIDE),
        unread=_count(session, Mail, *_unread()),
        unsent=_count(session, Letter, *_unsent()),
    )


def set_aside(session: Session) -> list[SetAside]:
    """The mails that wait in a mailbox, oldest first, with what is known of each."""
    statement = (
        select(Arrival, Mailbox.name)
        .where(Arrival.mailbox_id == Mailbox.id, *_ASIDE)
        .order_by(col(Arrival.taken_at), col(Arrival.id))
    )
    found = session.exec(statement).all()
    told = _told(session, min(arrival.taken_at for arrival, _ in found)) if found else {}
    return [
        SetAside(
            arrival.id or 0,
            name,
            arrival.uidvalidity,
            arrival.uid,
            arrival.taken_at,
            **told.get((arrival.mailbox_id, arrival.uidvalidity, arrival.uid), {}),
        )
        for arrival, name in found
    ]


def give_back(session: Session, arrival_ids: Sequence[int]) -> int:
    """Let mails be taken in at the next look as if never tried; how many were still set aside."""
    if not arrival_ids:
        return 0
    still = (_ARRIVAL.c.id.in_(arrival_ids), _ARRIVAL.c.state == ArrivalState.SET_ASIDE)
    values = {"state": ArrivalState.TAKEN, "attempts": 0}
    return session.connection().execute(update(_ARRIVAL).where(*still).values(values)).rowcount


def unread(session: Session, number: int | None = None) -> list[Mail]:
    """Mails that could not be read: those of one case, or of every case that waits for a person."""
    wanted = select(Mail).where(*_unread(number)).order_by(col(Mail.id))
    return list(session.exec(wanted, execution_options={"populate_existing": True}))


def reread(session: Session, mail: Mail, message: Message, kind: MailKind) -> bool:
    """Fill in what a mail says now that it can be read. False: somebody has done so already."""
    values = what_it_says(message, kind) | {"unparsed": False}
    taken = select(Mail.id).where(Mail.fingerprint == message.fingerprint)
    if session.exec(taken).first() is None:
        values["fingerprint"] = message.fingerprint
    still = (_MAIL.c.id == mail.id, _MAIL.c.unparsed.is_(True))
    return session.connection().execute(update(_MAIL).where(*still).values(values)).rowcount == 1


def unsent(session: Session, number: int | None = None) -> list[Letter]:
    """Letters that were refused or given up: those of one case, or of all that has not ended."""
    wanted = select(Letter).where(*_unsent(number)).order_by(col(Letter.id))
    return list(session.exec(wanted, execution_options={"populate_existing": True}))


def letter(session: Session, letter_id: int) -> Letter | None:
    """A letter by its id."""
    wanted = select(Letter).where(Letter.id == letter_id)
    return session.exec(wanted, execution_options={"populate_existing": True}).first()


def was_refused(letter: Letter) -> bool:
    """Whether a server said that it will never take this letter that failed; else its time was over."""
    return not letter.last_error.startswith((GIVEN_UP, KEPT_BACK))


def is_kept_back(letter: Letter) -> bool:
    """Whether a letter that did not leave waits for a person's word, since it may have left before."""
    return letter.last_error.startswith(KEPT_BACK)


def queue_again(session: Session, letter_id: int, now: datetime) -> bool:
    """Let a failed letter leave once more, as it is. False: it has not failed (any more).

    Its five days begin anew; the number of its attempts never falls, since it is the fence.
    """
    failed = (_LETTER.c.id == letter_id, _LETTER.c.state == LetterState.FAILED)
    values = {"state": LetterState.QUEUED, "due_at": now, "created_at": now, "owner": None}
    queued = session.connection().execute(update(_LETTER).where(*failed).values(values)).rowcount == 1
    forgetting.look_again(session, letter_id)
    return queued


_ASIDE = (col(Arrival.filed).is_(False), Arrival.state == ArrivalState.SET_ASIDE)


def _unread(number: int | None = None) -> tuple[Any, ...]:
    # By way of the cases, of which few are open: the mails of all years have no index on this.
    waits = select(Case.number).where(col(Case.status).in_(FOR_A_PERSON))
    of = col(Mail.case_number).in_(waits) if number is None else col(Mail.case_number) == number
    return of, col(Mail.unparsed).is_(True)


def _unsent(number: int | None = None) -> tuple[Any, ...]:
    failed = Letter.state == LetterState.FAILED
    if number is not None:
        return failed, Letter.case_number == number
    ended = (
        select(Case.number).where(Case.number == Letter.case_number).where(col(Case.status).not_in(GOES_ON))
    )
    return failed, or_(col(Letter.case_number).is_(None), ~ended.exists())


def _told(session: Session, since: datetime) -> dict[tuple[int, int, int], dict[str, str]]:
    """What was said of each mail when it was set aside, the last time that it was."""
    wanted = select(Event).where(Event.kind == EventKind.SET_ASIDE, col(Event.at) >= since - _AROUND)
    return {
        (one.data["mailbox"], one.data["uidvalidity"], one.data["uid"]): {
            "sender": str(one.data.get("sender", "")),
            "subject": str(one.data.get("subject", "")),
            "why": one.text,
        }
        for one in session.exec(wanted.order_by(col(Event.id)))
    }


def _count(session: Session, table: type[Any], *conditions: Any) -> int:
    return session.exec(select(func.count()).select_from(table).where(*conditions)).one()
