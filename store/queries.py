"""What a mail's way asks the database. Every query here goes through an index: none grows with the cases.

Objects are refreshed when they are read again in the same session, since the ledger writes beside it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from store import storable
from store.models import (
    Arrival,
    ArrivalState,
    Case,
    Counter,
    Draft,
    Event,
    Letter,
    LetterKind,
    LetterState,
    Mail,
    Participant,
    Raw,
    Timer,
    Token,
    Tombstone,
)
from store.values import canonical

_AT_ONCE = 500
_THREAD = 100
"""Message-IDs of a thread that are looked up; a longer list is no honest mail's."""
_TO_CUSTOMERS = (LetterKind.ACK, LetterKind.ANSWER, LetterKind.CHECK_IN)
Row = TypeVar("Row")

# Built once: every mail asks these.
_SAME_MAIL = select(Mail.id).where(Mail.fingerprint == bindparam("fingerprint"))
_ERASED = select(Tombstone.fingerprint).where(Tombstone.fingerprint == bindparam("fingerprint"))
_LETTERS_MADE = (
    select(func.count())
    .select_from(Letter)
    .where(Letter.kind == bindparam("kind"), Letter.created_at >= bindparam("since"))
)
_LETTERS_TO = _LETTERS_MADE.where(Letter.recipient_key == bindparam("recipient"))
_LATELY = (
    select(Mail.id)
    .where(Mail.sender == bindparam("sender"), Mail.received_at >= bindparam("since"))
    .limit(bindparam("most"))
)
_NEXT_NUMBER = select(Counter.value).where(Counter.name == "case").with_for_update()


def new_uids(session: Session, mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """Of these UIDs those that still have to be stored, in order (promise 2)."""
    done: set[int] = set()
    for some in _in_parts(uids):
        statement = _of(mailbox_id, uidvalidity, some).where(col(Arrival.state) != ArrivalState.TAKEN)
        done.update(session.exec(statement))
    return sorted(set(uids) - done)


def begun(session: Session, mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> set[int]:
    """Of these UIDs those that were taken before and never stored: one may have killed a worker."""
    found: set[int] = set()
    for some in _in_parts(uids):
        statement = _of(mailbox_id, uidvalidity, some).where(col(Arrival.state) == ArrivalState.TAKEN)
        found.update(session.exec(statement))
    return found


def unfiled(session: Session, mailbox_id: int, uidvalidity: int) -> list[int]:
    """UIDs that are safely stored (or known already) and still lie in the folder."""
    statement = (
        select(Arrival.uid)
        .where(Arrival.mailbox_id == mailbox_id, Arrival.uidvalidity == uidvalidity)
        .where(col(Arrival.filed).is_(False))
        .where(col(Arrival.state).in_((ArrivalState.STORED, ArrivalState.DUPLICATE)))
        .order_by(col(Arrival.uid))
    )
    return list(session.exec(statement))


def mail_by_fingerprint(session: Session, fingerprint: str) -> Mail | None:
    """The stored mail that is the same mail."""
    found = session.connection().execute(_SAME_MAIL, {"fingerprint": fingerprint}).scalar()
    return None if found is None else _first(session, select(Mail).where(Mail.id == found))


def is_erased(session: Session, fingerprint: str) -> bool:
    """True when this mail was erased and must not come back (promise 24)."""
    return session.connection().execute(_ERASED, {"fingerprint": fingerprint}).first() is not None


def mail_by_message_id(session: Session, message_id: str) -> list[Mail]:
    """Mails with this Message-ID, newest first; none for an empty one."""
    if not message_id:
        return []
    wanted = select(Mail).where(Mail.message_id == storable.key(message_id))
    return _all(session, wanted.order_by(col(Mail.id).desc()))


def mails_lately(session: Session, sender: str, since: datetime, most: int) -> int:
    """How many mails came from a sender since then, counted up to `most`."""
    asked = {"sender": storable.key(sender), "since": since, "most": most}
    return len(session.connection().execute(_LATELY, asked).all())


def mails_like(session: Session, sender: str, subject: str, since: datetime, most: int = 10) -> list[Mail]:
    """What a sender wrote under a subject since then and that belongs to a case, newest first."""
    statement = (
        select(Mail)
        .where(Mail.sender == storable.key(sender), Mail.received_at >= since)
        .where(Mail.subject == storable.clean(subject), col(Mail.case_number).is_not(None))
        .order_by(col(Mail.received_at).desc())
        .limit(most)
    )
    return _all(session, statement)


def case(session: Session, number: int, *, lock: bool = False) -> Case | None:
    """A case by its number; locked, no other worker changes it before this transaction ends."""
    statement = select(Case).where(Case.number == number)
    return _first(session, statement.with_for_update() if lock else statement)


def case_by_reply_token(session: Session, token: str) -> Case | None:
    """The case whose own reply address carries this."""
    return _first(session, select(Case).where(Case.reply_token == storable.clean(token)))


def case_of_thread(session: Session, message_ids: Sequence[str]) -> Case | None:
    """The case of the first of these Message-IDs that belongs to one; give the newest first.

    Our own letters win over mails that claim the same Message-ID, older mails over newer ones.
    """
    wanted = [storable.key(one) for one in message_ids[:_THREAD] if one]
    if not wanted:
        return None
    cases: dict[str, int | None] = {}
    mails = select(Mail.message_id, Mail.case_number).where(col(Mail.message_id).in_(wanted))
    letters = select(Letter.message_id, Letter.case_number).where(col(Letter.message_id).in_(wanted))
    cases.update(_with_case(session, mails.order_by(col(Mail.id).desc())))
    cases.update(_with_case(session, letters))
    number = next((cases[one] for one in wanted if one in cases), None)
    return None if number is None else case(session, number)


def participants(session: Session, number: int) -> frozenset[str]:
    """The addresses that may write into a case, in lower case."""
    return frozenset(session.exec(select(Participant.address).where(Participant.case_number == number)))


def token(session: Session, sha256: str) -> Token | None:
    """The reply address that was given out with this hash, used, withdrawn or not."""
    return _first(session, select(Token).where(Token.sha256 == sha256))


def latest_draft(session: Session, number: int) -> Draft | None:
    """The newest version of a case's draft, whatever became of it."""
    drafts = select(Draft).where(Draft.case_number == number)
    return _first(session, drafts.order_by(col(Draft.version).desc()).limit(1))


def letters_by_message_id(session: Session, message_ids: Sequence[str]) -> list[Letter]:
    """Letters of ours with these Message-IDs."""
    wanted = [storable.clean(one) for one in message_ids[:_THREAD] if one]
    return _all(session, select(Letter).where(col(Letter.message_id).in_(wanted))) if wanted else []


def letter_to(session: Session, recipient: str, kinds: Sequence[LetterKind] = _TO_CUSTOMERS) -> Letter | None:
    """The newest letter of these kinds that left for an address, for a bounce that names no Message-ID."""
    statement = (
        select(Letter)
        .where(Letter.recipient_key == storable.key(canonical(recipient)), col(Letter.kind).in_(kinds))
        .where(Letter.state == LetterState.SENT)
        .order_by(col(Letter.created_at).desc(), col(Letter.id).desc())
        .limit(1)
    )
    return _first(session, statement)


def acks_to(session: Session, address: str, since: datetime) -> int:
    """Acknowledgements to an address since then; its +tags count as the same address (promise 12)."""
    return _letters_to(session, LetterKind.ACK, address, since)


def alerts_to(session: Session, address: str, since: datetime) -> int:
    """Alerts to an address since then (promise 17)."""
    return _letters_to(session, LetterKind.ALERT, address, since)


def acks_in_all(session: Session, since: datetime) -> int:
    """Acknowledgements to anyone since then."""
    counted = {"kind": LetterKind.ACK, "since": since}
    return int(session.connection().execute(_LETTERS_MADE, counted).scalar_one())


def next_number(session: Session) -> int:
    """The number that the next case gets; held for this transaction, used up when the case is recorded."""
    return int(session.connection().execute(_NEXT_NUMBER).scalar_one())


def customer_cases(session: Session, address: str, limit: int = 20) -> list[Case]:
    """A customer's cases, newest first."""
    theirs = select(Case).where(Case.customer == storable.key(address))
    return _all(session, theirs.order_by(col(Case.number).desc()).limit(limit))


def mails_of(session: Session, number: int) -> list[Mail]:
    """The mails of a case as they came."""
    return _all(session, select(Mail).where(Mail.case_number == number).order_by(col(Mail.id)))


def letters_of(session: Session, number: int) -> list[Letter]:
    """The letters of a case as they were written."""
    return _all(session, select(Letter).where(Letter.case_number == number).order_by(col(Letter.id)))


def events_of(session: Session, number: int) -> list[Event]:
    """What happened on a case, in order."""
    return _all(session, select(Event).where(Event.case_number == number).order_by(col(Event.id)))


def drafts_of(session: Session, number: int) -> list[Draft]:
    """Every version of a case's draft, in order."""
    return _all(session, select(Draft).where(Draft.case_number == number).order_by(col(Draft.version)))


def timers_of(session: Session, number: int) -> list[Timer]:
    """A case's timers in the order they were set."""
    return _all(session, select(Timer).where(Timer.case_number == number).order_by(col(Timer.id)))


def raw(session: Session, raw_id: int) -> bytes:
    """A whole mail as it came or left."""
    return zlib.decompress(session.exec(select(Raw.data).where(Raw.id == raw_id)).one())


def _of(mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> Any:
    here = (Arrival.mailbox_id == mailbox_id, Arrival.uidvalidity == uidvalidity)
    return select(Arrival.uid).where(*here, col(Arrival.uid).in_(uids))


def _in_parts(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(uids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _with_case(session: Session, statement: Any) -> dict[str, int]:
    return {message_id: number for message_id, number in session.exec(statement) if number is not None}


def _letters_to(session: Session, kind: LetterKind, address: str, since: datetime) -> int:
    counted = {"recipient": storable.key(canonical(address)), "kind": kind, "since": since}
    return int(session.connection().execute(_LETTERS_TO, counted).scalar_one())


def _first(session: Session, statement: SelectOfScalar[Row]) -> Row | None:
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def _all(session: Session, statement: SelectOfScalar[Row]) -> list[Row]:
    return list(session.exec(statement, execution_options={"populate_existing": True}).all())
