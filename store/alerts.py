"""Alerts as they are kept: which troubles there are, what was told of them, and mails that still leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, or_, select, update
from sqlmodel import Session

from store import storable
from store.models import Alert, AlertState, Telling, plain
from store.statements import Insert, Select, Statement
from store.writing import TABLES

_ALERT, _TELLING = TABLES["alert"], TABLES["alert_telling"]
TAKEN = timedelta(minutes=3)
"""How long whoever took a mail has to send it, until another worker may."""
AT_ONCE = 20
_LASTS = timedelta(days=1)
"""A mail that could not leave for so long tells nothing new."""
_BY_KEY = _ALERT.c.key == bindparam("named")
_GOES_ON = or_(_ALERT.c.state == AlertState.OPEN, _ALERT.c.state == AlertState.ENDED)
_ONE = Select(Alert, _BY_KEY)
_HELD = Select(Alert, _BY_KEY, lock={})
_IN_HAND = Select(Alert, _GOES_ON, order=[_ALERT.c.since, _ALERT.c.key], lock={"skip_locked": True})
_ACTIVE = Select(Alert, _ALERT.c.state == AlertState.OPEN, order=[_ALERT.c.since, _ALERT.c.key])
_ANY = Statement(select(exists().where(_GOES_ON) | exists().where(_TELLING.c.mail.is_not(None))))
_NEW = Insert(_ALERT, ignore=True)
_CHANGE = Statement(
    update(_ALERT)
    .where(_BY_KEY)
    .values({name: bindparam(f"the_{name}") for name in Alert.model_fields if name != "key"})
)
_FORGET = Statement(
    delete(_ALERT).where(_ALERT.c.state == AlertState.OVER, _ALERT.c.ended_at < bindparam("before"))
)
_NEW_TELLING = Insert(_TELLING, returning="id")
_TOLD = Statement(select(_TELLING.c.at).where(_TELLING.c.at >= bindparam("since")))
_WAITS = (
    _TELLING.c.mail.is_not(None),
    func.coalesce(_TELLING.c.taken_until, _TELLING.c.at) <= bindparam("now"),
)
_UNSENT = Select(Telling, *_WAITS, order=[_TELLING.c.id], limit=AT_ONCE, lock={"skip_locked": True})
_TAKE = Statement(
    update(_TELLING)
    .where(_TELLING.c.id == bindparam("telling"))
    .values(taken_until=bindparam("until"), tries=_TELLING.c.tries + 1)
)
_LEFT = Statement(update(_TELLING).where(_TELLING.c.id == bindparam("telling")).values(mail=None))
_DROP = Statement(update(_TELLING).where(_TELLING.c.at < bindparam("before")).values(mail=None))
_FORGET_TOLD = Statement(delete(_TELLING).where(_TELLING.c.at < bindparam("before")))


def alert(session: Session, key: str, *, lock: bool = False) -> Alert | None:
    """The alert of a key; a locked one is changed by nobody else until the transaction ends."""
    return (_HELD if lock else _ONE).one(session, named=storable.key(key))


def keep(session: Session, known: Alert | None, values: Mapping[str, Any]) -> None:
    """Write what an alert has become. One that somebody else made at the same moment stays theirs."""
    row = storable.row(values)
    if known is None:
        _NEW.add(session, row | {"key": storable.key(row["key"])})
        return
    whole = known.model_dump(exclude={"key"}) | row
    whole.pop("key", None)
    _CHANGE.run(session, named=known.key, **{f"the_{name}": value for name, value in whole.items()})


def any_in_hand(session: Session) -> bool:
    """Whether there is any that goes on, or whose end is not told, or a mail about one that still waits."""
    return bool(_ANY.scalar(session))


def in_hand(session: Session) -> list[Alert]:
    """All that go on or whose end is not told, and that no other worker is telling of at this moment."""
    return _IN_HAND.all(session)


def active(session: Session) -> list[Alert]:
    """All that go on, the oldest first."""
    return _ACTIVE.all(session)


def told_since(session: Session, since: datetime) -> list[datetime]:
    """When mails about alerts were made."""
    return _TOLD.scalars(session, since=since)


def add_telling(session: Session, keys: Sequence[str], mail: bytes | None, now: datetime) -> None:
    """Note a mail about alerts; the bytes are what leaves by the second server."""
    _NEW_TELLING.row(session, {"at": now, "keys": list(keys), "mail": mail, "tries": 0})


def take_unsent(session: Session, now: datetime) -> list[Telling]:
    """Mails for the second server, which nobody else sends for a while."""
    found = _UNSENT.all(session, now=now)
    _TAKE.each(session, [{"telling": one.id, "until": now + TAKEN} for one in found])
    return found


def left(session: Session, telling_id: int) -> None:
    """This mail has left by the second server."""
    _LEFT.run(session, telling=telling_id)


def forget(session: Session, now: datetime, kept: timedelta) -> None:
    """Drop what is long over, and mails that no longer say anything new."""
    _DROP.run(session, before=now - _LASTS)
    _FORGET.run(session, before=now - kept)
    _FORGET_TOLD.run(session, before=now - kept)


def made(values: Mapping[str, Any]) -> Alert:
    """An alert that no database knows yet."""
    return plain(Alert, values)
