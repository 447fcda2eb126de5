"""The way in: UIDs that are taken, mails that are stored, UIDs that are done with (promises 1 to 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from store import storable
from store import uids as uids_of
from store.models import ArrivalState, Mail, MailKind, plain
from store.statements import Insert, Statement, upsert
from store.values import Message
from store.writing import TABLES, store_raw, unique


class Arrived(NamedTuple):
    """What became of a UID that was taken."""

    uid: int
    mail_id: int | None
    state: ArrivalState


_ARRIVAL = TABLES["arrival"]
_NEW_MAIL = Insert(TABLES["mail"], returning="id")
_THAT_ONE = update(_ARRIVAL).where(
    _ARRIVAL.c.mailbox_id == bindparam("mailbox"),
    _ARRIVAL.c.uidvalidity == bindparam("validity"),
    _ARRIVAL.c.uid == bindparam("one"),
)
_ARRIVED = Statement(_THAT_ONE.values(mail_id=bindparam("mail"), state=bindparam("now_is")))
_FILED = Statement(_THAT_ONE.values(filed=True))


def _taking(dialect: str) -> Any:
    """One attempt more, unless the UID is stored already."""
    first = {"state": ArrivalState.TAKEN, "attempts": bindparam("the_count"), "filed": False}
    named = ("mailbox_id", "uidvalidity", "uid", "taken_at")
    new = upsert(_ARRIVAL, dialect).values(first | {name: bindparam(f"the_{name}") for name in named})
    return new.on_conflict_do_update(
        index_elements=["mailbox_id", "uidvalidity", "uid"],
        set_={"attempts": _ARRIVAL.c.attempts + bindparam("the_count"), "taken_at": new.excluded.taken_at},
        where=_ARRIVAL.c.state == ArrivalState.TAKEN,
    )


_TAKE = Statement(_taking)


def take(
    session: Session,
    mailbox_id: int,
    uidvalidity: int,
    uids: Sequence[int],
    now: datetime,
    *,
    counts: bool = True,
) -> dict[int, int]:
    """Note that each UID is about to be read; how many attempts were counted on each (promise 4).

    A UID that is already stored is not counted and not in the answer. Without `counts` it is noted that
    these were begun, but no attempt is held against them: of many at once nobody knows which one did harm.
    """
    here = {"the_mailbox_id": mailbox_id, "the_uidvalidity": uidvalidity, "the_taken_at": now}
    here["the_count"] = int(counts)
    _TAKE.each(session, [{**here, "the_uid": uid} for uid in sorted(set(uids))])
    taken = dict[int, int]()
    for some in uids_of.in_parts(uids):
        rows = _taken(len(some)).rows(session, **uids_of.given(mailbox_id, uidvalidity, some))
        taken.update((uid, attempts) for uid, attempts in rows)
    return taken


@cache
def _taken(count: int) -> Statement:
    """Those of so many UIDs that were begun and are not stored, and how often."""
    begun = _ARRIVAL.c.state == ArrivalState.TAKEN
    which = (*uids_of.IN_THE_BOX, uids_of.among(count), begun)
    return Statement(select(_ARRIVAL.c.uid, _ARRIVAL.c.attempts).where(*which))


def what_it_says(message: Message, kind: MailKind) -> dict[str, Any]:
    """The columns of a mail that hold what was understood of it."""
    row = storable.row(
        {
            "kind": kind,
            "sender_name": message.sender.name,
            "subject": message.subject,
            "language": message.language,
            "words": message.reply_text,
            "signature": message.signature,
            "attachments": [one.filename for one in message.attachments],
            "damage": list(message.damage),
            "unparsed": message.unparsed,
            "sent_at": message.date,
        }
    )
    return row | {"message_id": storable.key(message.message_id), "sender": storable.key(message.sender.key)}


def store_mail(
    session: Session,
    message: Message,
    *,
    raw: bytes,
    kind: MailKind,
    now: datetime,
    case_number: int | None = None,
) -> Mail:
    """Store a mail whole. Raises Conflict when one with its fingerprint is there already."""
    row = what_it_says(message, kind)
    row |= {"fingerprint": message.fingerprint, "size": message.size, "received_at": now}
    row["case_number"] = case_number
    with unique("this mail was stored by another worker"):
        row["raw_id"] = store_raw(session, raw)
        row["id"] = _NEW_MAIL.row(session, row)
    return plain(Mail, row)


def arrived(
    session: Session,
    mailbox_id: int,
    uidvalidity: int,
    uid: int,
    *,
    mail_id: int | None,
    state: ArrivalState,
) -> None:
    """Say what became of a UID that was taken."""
    arrived_all(session, mailbox_id, uidvalidity, [Arrived(uid, mail_id, state)])


def arrived_all(session: Session, mailbox_id: int, uidvalidity: int, several: Sequence[Arrived]) -> None:
    """Say what became of UIDs that were taken."""
    here = {"mailbox": mailbox_id, "validity": uidvalidity}
    _ARRIVED.each(
        session, [{**here, "one": one.uid, "mail": one.mail_id, "now_is": one.state} for one in several]
    )


def filed(session: Session, mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> None:
    """Say that these UIDs left the mailbox's folder, or are flagged in it: they need no more work."""
    here = {"mailbox": mailbox_id, "validity": uidvalidity}
    _FILED.each(session, [{**here, "one": uid} for uid in uids])
