"""What a mail's way asks the database. Every query here goes through an index: none grows with the cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, or_, select, union_all
from sqlmodel import Session

from store import storable
from store import uids as uids_of
from store.models import (
    TO_CUSTOMERS,
    ArrivalState,
    Case,
    Draft,
    Event,
    EventKind,
    Letter,
    LetterKind,
    LetterState,
    Mail,
    Timer,
    TimerState,
    Token,
)
from store.packing import unpacked
from store.statements import Select, Statement
from store.values import canonical
from store.writing import TABLES

_COPIES = 10
"""Mails of one Message-ID that are looked at; a program that gives all its mails the same one sends many."""
_OF_SENDER = 50
"""Mails of one sender that are looked through for the same words."""
_THREAD = 100
"""Message-IDs of a thread that are looked up; a longer list is no honest mail's."""

_ARRIVAL, _CASE, _DRAFT, _EVENT = TABLES["arrival"], TABLES["case"], TABLES["draft"], TABLES["event"]
_LETTER, _MAIL, _PARTICIPANT = TABLES["letter"], TABLES["mail"], TABLES["participant"]
_RAW, _TALLY, _TIMER, _TOKEN = TABLES["raw"], TABLES["tally"], TABLES["timer"], TABLES["token"]
_COUNTER, _TOMBSTONE = TABLES["counter"], TABLES["tombstone"]

_UNFILED = Statement(
    select(_ARRIVAL.c.uid)
    .where(*uids_of.IN_THE_BOX, _ARRIVAL.c.filed.is_(False))
    .where(or_(_ARRIVAL.c.state == ArrivalState.STORED, _ARRIVAL.c.state == ArrivalState.DUPLICATE))
    .order_by(_ARRIVAL.c.uid)
)
_SAME_MAIL = Select(Mail, _MAIL.c.fingerprint == bindparam("fingerprint"))
_MET = Statement(
    union_all(
        select(_MAIL.c.fingerprint).where(_MAIL.c.fingerprint == bindparam("fingerprint")),
        select(_TOMBSTONE.c.fingerprint).where(_TOMBSTONE.c.fingerprint == bindparam("fingerprint")),
    )
)
_OF_ID = Select(Mail, _MAIL.c.message_id == bindparam("message_id"), order=[_MAIL.c.id.desc()], limit=_COPIES)
_MAIL_OF_ID = Select(Mail, _MAIL.c.id == bindparam("id"))
_SUBJECTS = Statement(
    select(_MAIL.c.id, _MAIL.c.subject, _MAIL.c.case_number)
    .where(_MAIL.c.sender == bindparam("sender"), _MAIL.c.received_at >= bindparam("since"))
    .order_by(_MAIL.c.received_at.desc())
    .limit(_OF_SENDER)
)
_CASE_OF = Select(Case, _CASE.c.number == bindparam("number"))
_CASE_HELD = Select(Case, _CASE.c.number == bindparam("number"), lock={})
_CASE_OF_TOKEN = Select(Case, _CASE.c.reply_token == bindparam("token"))
_OF_CUSTOMER = Select(
    Case, _CASE.c.customer == bindparam("customer"), order=[_CASE.c.number.desc()], limit=bindparam("most")
)
_EARLIER = Select(
    Case,
    _CASE.c.customer == bindparam("customer"),
    _CASE.c.number < bindparam("number"),
    order=[_CASE.c.number.desc()],
    limit=bindparam("most"),
)
# Our own letters win over mails that claim the same Message-ID, older mails over newer ones.
_ID = bindparam("message_id", type_=_MAIL.c.message_id.type)
_CASE_OF_LETTER = Statement(
    select(_LETTER.c.case_number).where(_LETTER.c.message_id == _ID, _LETTER.c.case_number.is_not(None))
)
_CASE_OF_MAIL = Statement(
    select(_MAIL.c.case_number)
    .where(_MAIL.c.message_id == _ID, _MAIL.c.case_number.is_not(None))
    .order_by(_MAIL.c.id)
    .limit(1)
)
_TIMER_WAITS = Statement(
    select(_TIMER.c.id)
    .where(_TIMER.c.key == bindparam("key"), _TIMER.c.state == TimerState.WAITING)
    .with_for_update()
)
_CAME = Statement(
    select(_EVENT.c.mail_id, _EVENT.c.data)
    .where(_EVENT.c.case_number == bindparam("number"))
    .where(or_(_EVENT.c.kind == EventKind.OPENED, _EVENT.c.kind == EventKind.CUSTOMER_WROTE))
)
_PARTICIPANTS = Statement(
    select(_PARTICIPANT.c.address).where(_PARTICIPANT.c.case_number == bindparam("number"))
)
_TOKEN_OF = Select(Token, _TOKEN.c.sha256 == bindparam("sha256"))
_LATEST_DRAFT = Select(
    Draft, _DRAFT.c.case_number == bindparam("number"), order=[_DRAFT.c.version.desc()], limit=1
)
_LETTER_OF_ID = Select(Letter, _LETTER.c.message_id == _ID)
_LETTER_TO = Select(
    Letter,
    _LETTER.c.recipient_key == bindparam("recipient"),
    _LETTER.c.kind == bindparam("kind"),
    _LETTER.c.state == LetterState.SENT,
    order=[_LETTER.c.created_at.desc(), _LETTER.c.id.desc()],
    limit=1,
)


_NEXT_NUMBER = Statement(select(_COUNTER.c.value).where(_COUNTER.c.name == "case").with_for_update())
_BYTES = Statement(select(_RAW.c.data).where(_RAW.c.id == bindparam("raw")))

_MAILS_OF = Select(Mail, _MAIL.c.case_number == bindparam("number"), order=[_MAIL.c.id])
_LETTERS_OF = Select(Letter, _LETTER.c.case_number == bindparam("number"), order=[_LETTER.c.id])
_EVENTS_OF = Select(Event, _EVENT.c.case_number == bindparam("number"), order=[_EVENT.c.id])
_DRAFTS_OF = Select(Draft, _DRAFT.c.case_number == bindparam("number"), order=[_DRAFT.c.version])
_TIMERS_OF = Select(Timer, _TIMER.c.case_number == bindparam("number"), order=[_TIMER.c.id])


def new_uids(session: Session, mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """Of these UIDs those that still have to be stored, in order (promise 2)."""
    stored = set()
    for some in uids_of.in_parts(uids):
        stored.update(_done(len(some)).scalars(session, **uids_of.given(mailbox_id, uidvalidity, some)))
    return sorted(set(uids) - stored)


def unfiled(session: Session, mailbox_id: int, uidvalidity: int) -> list[int]:
    """UIDs that are safely stored (or known already) and still lie in the folder."""
    return _UNFILED.scalars(session, mailbox=mailbox_id, validity=uidvalidity)


def is_new(session: Session, fingerprint: str) -> bool:
    """True when it is not stored (promise 3), nor was erased and must not come back (promise 24)."""
    return _MET.first(session, fingerprint=fingerprint) is None


def mail_by_fingerprint(session: Session, fingerprint: str) -> Mail | None:
    """The stored mail that is the same mail."""
    return _SAME_MAIL.one(session, fingerprint=fingerprint)


def mail_by_message_id(session: Session, message_id: str) -> list[Mail]:
    """Mails with this Message-ID, newest first; none for an empty one."""
    if not message_id:
        return []
    return _OF_ID.all(session, message_id=storable.key(message_id))


def mails_like(session: Session, sender: str, subject: str, since: datetime, most: int = 10) -> list[Mail]:
    """What a sender wrote under a subject since then and that belongs to a case, newest first."""
    wanted = storable.clean(subject)
    lately = _SUBJECTS.rows(session, sender=storable.key(sender), since=since)
    like = [mail_id for mail_id, said, number in lately if said == wanted and number is not None][:most]
    found = (_MAIL_OF_ID.one(session, id=mail_id) for mail_id in like)
    return [mail for mail in found if mail]


def case(session: Session, number: int, *, lock: bool = False) -> Case | None:
    """A case by its number; locked, no other worker changes it before this transaction ends."""
    return (_CASE_HELD if lock else _CASE_OF).one(session, number=number)


def case_by_reply_token(session: Session, token: str) -> Case | None:
    """The case whose own reply address carries this."""
    return _CASE_OF_TOKEN.one(session, token=storable.clean(token))


def case_of_thread(session: Session, message_ids: Sequence[str]) -> Case | None:
    """The case of the first of these Message-IDs that belongs to one; give the newest first.

    Our own letters win over mails that claim the same Message-ID, older mails over newer ones.
    """
    for message_id in message_ids[:_THREAD]:
        asked = storable.key(message_id)
        number = message_id and (
            _CASE_OF_LETTER.scalar(session, message_id=asked)
            or _CASE_OF_MAIL.scalar(session, message_id=asked)
        )
        if number:
            return case(session, number)
    return None


def participants(session: Session, number: int) -> frozenset[str]:
    """The addresses that may write into a case, in lower case."""
    return frozenset(_PARTICIPANTS.scalars(session, number=number))


def token(session: Session, sha256: str) -> Token | None:
    """The reply address that was given out with this hash, used, withdrawn or not."""
    return _TOKEN_OF.one(session, sha256=sha256)


def timer_waits(session: Session, key: str) -> bool:
    """Whether this timer has not been fired; held, so that it is not before this transaction ends."""
    return _TIMER_WAITS.first(session, key=key) is not None


def said_when_they_came(session: Session, number: int) -> dict[int, dict[str, Any]]:
    """What was noted of each of the customer's mails when it came, by the mail's id."""
    return {mail_id: about for mail_id, about in _CAME.rows(session, number=number) if mail_id is not None}


def latest_draft(session: Session, number: int) -> Draft | None:
    """The newest version of a case's draft, whatever became of it."""
    return _LATEST_DRAFT.one(session, number=number)


def letters_by_message_id(session: Session, message_ids: Sequence[str]) -> list[Letter]:
    """Letters of ours with these Message-IDs."""
    wanted = dict.fromkeys(storable.clean(one) for one in message_ids[:_THREAD] if one)
    found = (_LETTER_OF_ID.one(session, message_id=message_id) for message_id in wanted)
    return [letter for letter in found if letter]


def letter_to(session: Session, recipient: str, kinds: Sequence[LetterKind] = TO_CUSTOMERS) -> Letter | None:
    """The newest letter of these kinds that left for an address, for a bounce that names no Message-ID."""
    asked = storable.key(canonical(recipient))
    found = (_LETTER_TO.one(session, recipient=asked, kind=kind) for kind in kinds)
    return max((one for one in found if one), key=lambda one: (one.created_at, one.id), default=None)


def next_number(session: Session) -> int:
    """The number that the next case gets; held for this transaction, used up when the case is recorded."""
    return int(_NEXT_NUMBER.scalar(session))


def customer_cases(session: Session, address: str, limit: int = 20) -> list[Case]:
    """A customer's cases, newest first; none for an empty address, which many have."""
    if not address:
        return []
    return _OF_CUSTOMER.all(session, customer=storable.key(address), most=limit)


def earlier_cases(session: Session, address: str, number: int, limit: int = 20) -> list[Case]:
    """A customer's cases before this one, newest first; none for an empty address."""
    if not address:
        return []
    return _EARLIER.all(session, customer=storable.key(address), number=number, most=limit)


def mails_of(session: Session, number: int) -> list[Mail]:
    """The mails of a case as they came."""
    return _MAILS_OF.all(session, number=number)


def letters_of(session: Session, number: int) -> list[Letter]:
    """The letters of a case as they were written."""
    return _LETTERS_OF.all(session, number=number)


def events_of(session: Session, number: int) -> list[Event]:
    """What happened on a case, in order."""
    return _EVENTS_OF.all(session, number=number)


def drafts_of(session: Session, number: int) -> list[Draft]:
    """Every version of a case's draft, in order."""
    return _DRAFTS_OF.all(session, number=number)


def timers_of(session: Session, number: int) -> list[Timer]:
    """A case's timers in the order they were set."""
    return _TIMERS_OF.all(session, number=number)


def raw(session: Session, raw_id: int) -> bytes:
    """A whole mail as it came or left."""
    return unpacked(_BYTES.scalar(session, raw=raw_id))


@cache
def _done(count: int) -> Statement:
    """Those of so many UIDs that need nothing more."""
    done = _ARRIVAL.c.state != ArrivalState.TAKEN
    return Statement(select(_ARRIVAL.c.uid).where(*uids_of.IN_THE_BOX, uids_of.among(count), done))
