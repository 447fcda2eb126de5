"""The way in: UIDs that are taken, mails that are stored, UIDs that are done with (promises 1 to 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session

from store import storable
from store.models import ArrivalState, Mail, MailKind
from store.values import Message
from store.writing import TABLES, insert_row, store_raw, unique, upsert

_ARRIVAL, _MAIL = TABLES["arrival"], TABLES["mail"]
_THAT_ONE = update(_ARRIVAL).where(
    _ARRIVAL.c.mailbox_id == bindparam("mailbox"),
    _ARRIVAL.c.uidvalidity == bindparam("validity"),
    _ARRIVAL.c.uid == bindparam("one"),
)
_ARRIVED = _THAT_ONE.values(mail_id=bindparam("mail_id"), state=bindparam("state"))
_FILED = _THAT_ONE.values(filed=bindparam("filed"))


def take(
    session: Session, mailbox_id: int, uidvalidity: int, uids: Sequence[int], now: datetime
) -> dict[int, int]:
    """Count an attempt on each UID before it is read; how many there were by UID (promise 4).

    A UID that is already stored is not counted and not in the answer.
    """
    if not uids:
        return {}
    connection = session.connection()
    found = {"mailbox_id": mailbox_id, "uidvalidity": uidvalidity, "taken_at": now, "attempts": 1}
    statement = (
        upsert(connection, _ARRIVAL)
        .on_conflict_do_update(
            index_elements=["mailbox_id", "uidvalidity", "uid"],
            set_={"attempts": _ARRIVAL.c.attempts + 1, "taken_at": now},
            where=_ARRIVAL.c.state == ArrivalState.TAKEN,
        )
        .returning(_ARRIVAL.c.uid, _ARRIVAL.c.attempts)
    )
    rows = [{**found, "uid": uid, "state": ArrivalState.TAKEN} for uid in sorted(set(uids))]
    return {row.uid: row.attempts for row in connection.execute(statement, rows)}


def store_mail(session: Session, message: Message, *, raw: bytes, kind: MailKind, now: datetime) -> Mail:
    """Store a mail whole. Raises Conflict when one with its fingerprint is there already."""
    connection = session.connection()
    row = storable.row(
        {
            "fingerprint": message.fingerprint,
            "size": message.size,
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
            "received_at": now,
        }
    )
    row["message_id"] = storable.key(message.message_id)
    row["sender"] = storable.key(message.sender.key)
    with unique("this mail was stored by another worker"):
        row["raw_id"] = store_raw(connection, raw)
        row["id"] = insert_row(connection, _MAIL, row)
    return Mail(**row)


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
    here = {"mailbox": mailbox_id, "validity": uidvalidity, "one": uid}
    session.connection().execute(_ARRIVED, {**here, "mail_id": mail_id, "state": state})


def filed(session: Session, mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> None:
    """Say that these UIDs left the mailbox's folder, or are flagged in it: they need no more work."""
    if not uids:
        return
    here = {"mailbox": mailbox_id, "validity": uidvalidity, "filed": True}
    session.connection().execute(_FILED, [{**here, "one": uid} for uid in uids])
