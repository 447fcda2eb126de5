"""After a backup was put back: what it does not know of may have happened all the same.

Letters to customers that waited in it may have left since, so they are kept back until a person says so. Mail
that lies in a mailbox at the first look afterwards may have been answered. Agents' reply addresses end, and
no case number is given out that may have been given out before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import Session

from store import storable
from store.models import (
    TO_CUSTOMERS,
    EventKind,
    LetterState,
    Restore,
    TokenPurpose,
    plain,
)
from store.statements import Statement
from store.values import SOFTWARE
from store.writing import TABLES

KEPT_BACK = "kept back"
"""What the last error of a letter begins with that must not leave without a person's word."""
WHY = f"{KEPT_BACK}: a backup was put back, and it may have left before"
FEWEST = 1000
"""Numbers of cases that are left out at least."""
NEW_TO_US = timedelta(days=7)
"""For so long after a restore a mailbox that it did not know is looked at whole as well."""
AGENTS_OWN = (TokenPurpose.DRAFT, TokenPurpose.DESK, TokenPurpose.REQUEST)
_MANY = 500

_CASE, _COUNTER, _EVENT = TABLES["case"], TABLES["counter"], TABLES["event"]
_LETTER, _MAIL, _MAILBOX = TABLES["letter"], TABLES["mail"], TABLES["mailbox"]
_RESTORE, _TOKEN, _WORKER = TABLES["restore"], TABLES["token"], TABLES["worker"]
_LAST = Statement(select(_RESTORE).order_by(_RESTORE.c.id.desc()).limit(1))
_COLUMNS = [column.name for column in _RESTORE.columns]


def last(session: Session) -> Restore | None:
    """The last time that a backup was put back; None when none was."""
    row = _LAST.first(session)
    return None if row is None else plain(Restore, dict(zip(_COLUMNS, row, strict=True)))


def settle(session: Session, now: datetime) -> Restore:
    """Make a database that was a backup safe to work with. Run it before any worker does."""
    known = knows_until(session)
    kept = _keep_back(session, now)
    store = session.connection().execute
    store(delete(_WORKER))
    store(update(_MAILBOX).values(owner=None))
    revoked = (_TOKEN.c.used_at.is_(None), _TOKEN.c.revoked_at.is_(None), _TOKEN.c.purpose.in_(AGENTS_OWN))
    store(update(_TOKEN).where(*revoked).values(revoked_at=now))
    _leave_out_numbers(session, known, now)
    values = {"at": now, "knows_until": known, "kept_back": kept}
    store(insert(_RESTORE).values(values))
    return last(session) or plain(Restore, values)


def knows_until(session: Session) -> datetime | None:
    """When the last thing happened that the database knows of; None of an empty one."""
    store = session.connection().execute
    dates = [store(select(func.max(column))).scalar() for column in (_EVENT.c.at, _WORKER.c.heartbeat_at)]
    return max((at for at in dates if at is not None), default=None)


def _keep_back(session: Session, now: datetime) -> int:
    """Those to people of the firm leave: who is told something twice is not harmed."""
    store = session.connection().execute
    waits = (
        _LETTER.c.state.in_((LetterState.QUEUED, LetterState.SENDING)),
        _LETTER.c.kind.in_(TO_CUSTOMERS),
    )
    about = (_LETTER.c.case_number, _LETTER.c.kind, _LETTER.c.recipient, _LETTER.c.key)
    rows = store(select(*about).where(*waits).order_by(_LETTER.c.id)).all()
    store(update(_LETTER).where(*waits).values(state=LetterState.FAILED, owner=None, last_error=WHY))
    events: list[dict[str, Any]] = [
        {
            "at": now,
            "kind": EventKind.KEPT_BACK,
            "case_number": number,
            "actor": SOFTWARE,
            "text": storable.clean(f"{kind} to {recipient} is {WHY}"),
            "data": {"letter": key},
        }
        for number, kind, recipient, key in rows
    ]
    if events:
        store(insert(_EVENT), events)
    return len(events)


def _leave_out_numbers(session: Session, known: datetime | None, now: datetime) -> None:
    """Twice as many as were given out in as long a time before the backup as has passed since."""
    store = session.connection().execute
    lately = 0
    if known is not None and now > known:
        since = known - (now - known)
        lately = store(select(func.count()).select_from(_CASE).where(_CASE.c.opened_at > since)).scalar_one()
    further = max(FEWEST, 2 * lately)
    counted = update(_COUNTER).where(_COUNTER.c.name == "case").values(value=_COUNTER.c.value + further)
    store(counted)


# -- mailboxes


def to_recheck(session: Session, mailbox_id: int, now: datetime) -> Restore | None:
    """The restore since which this mailbox was not looked at whole; None when there is nothing to do.

    One that the backup did not know is looked at too, unless it was plainly made long after.
    """
    restore = last(session)
    if restore is None:
        return None
    asked = select(_MAILBOX.c.rechecked_at, _MAILBOX.c.last_poll_at).where(_MAILBOX.c.id == mailbox_id)
    [(checked, polled)] = session.connection().execute(asked).all()
    if checked is not None:
        return None if checked >= restore.at else restore
    return restore if (polled is not None and polled < restore.at) or now - restore.at < NEW_TO_US else None


def doubtful_upto(session: Session, mailbox_id: int, uidvalidity: int) -> int:
    """Up to which UID an older worker may have answered a mail; 0 when none."""
    wanted = select(_MAILBOX.c.doubtful_validity, _MAILBOX.c.doubtful_upto).where(_MAILBOX.c.id == mailbox_id)
    [(validity, upto)] = session.connection().execute(wanted).all()
    return int(upto or 0) if validity == uidvalidity else 0


def rechecked(session: Session, mailbox_id: int, uidvalidity: int, upto: int, now: datetime) -> None:
    """Note that a mailbox was looked at whole, and what lay in it."""
    values = {"rechecked_at": now, "doubtful_validity": uidvalidity, "doubtful_upto": upto}
    session.connection().execute(update(_MAILBOX).where(_MAILBOX.c.id == mailbox_id).values(values))


def unknown(session: Session, mails: Sequence[tuple[int, str, int]]) -> list[int]:
    """Of mails, as (UID, Message-ID, size), the UIDs of those that are not stored."""
    known: set[tuple[str, int]] = set()
    wanted = sorted({storable.key(message_id) for _, message_id, _ in mails if message_id})
    for start in range(0, len(wanted), _MANY):
        some = _MAIL.c.message_id.in_(wanted[start : start + _MANY])
        rows = session.connection().execute(select(_MAIL.c.message_id, _MAIL.c.size).where(some))
        known.update((message_id, size) for message_id, size in rows)
    return [uid for uid, message_id, size in mails if (storable.key(message_id), size) not in known]
