"""The way in: UIDs that are taken, mails that are stored, UIDs that are done with (promises 1 to 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session

from store import storable
from store.models import ArrivalState, Mail, MailKind, plain
from store.statements import Insert, Statement, upsert
from store.values import Message
from store.writing import TABLES, store_raw, unique

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
    again = new.on_conflict_do_update(
        index_elements=["mailbox_id", "uidvalidity", "uid"],
        set_={"attempts": _ARRIVAL.c.attempts + bindparam("the_count"), "taken_at": new.excluded.taken_at},
        where=_ARRIVAL.c.state == ArrivalState.TAKEN,
    )
    return again.returning(_ARRIVAL.c.uid, _ARRIVAL.c.attempts)


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
    rows = _TAKE.rows_of_each(session, [{**here, "the_uid": uid} for uid in sorted(set(uids))])
    return dict(rows)


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
    _ARRIVED.run(session, mailbox=mailbox_id, validity=uidvalidity, one=uid, mail=mail_id, now_is=state)


def filed(session: Session, mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> None:
    """Say that these UIDs left the mailbox's folder, or are flagged in it: they need no more work."""
    here = {"mailbox": mailbox_id, "validity": uidvalidity}
    _FILED.each(session, [{**here, "one": uid} for uid in uids])
