"""A case whose words are erased: its frame stays, for figures count it, and tells of nobody (promise 24).

What happens to each column stands in store/fates.py. Each step here can be done again, and none brings back
what another one took.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, literal, or_, select, update
from sqlmodel import Session

from store import gone, learned, tombstones
from store.fates import GO_WITH_A_CASE, OF_A_CASE, blanks
from store.models import ArrivalState, EventKind, LetterState, MailKind, RequestState
from store.writing import TABLES

AT_ONCE = 200
"""Mails, letters or events of one transaction."""
ERASED = "erased/"
"""What a unique column begins with once its value is gone."""
SOMEBODY = "somebody"
"""Who did something, where that was a person who is erased."""
_CASE, _MAIL, _LETTER, _EVENT = TABLES["case"], TABLES["mail"], TABLES["letter"], TABLES["event"]
_TOKEN, _REQUEST = TABLES["token"], TABLES["request"]
_ARRIVAL, _DRAFT = TABLES["arrival"], TABLES["draft"]
_NUMBERS_ONLY = re.compile(r"(#\d+|version \d+|number \d+|[1-5] of 5|score [1-5])?")
"""An event's text that is kept: other parts of the software read numbers in it."""
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,40}|\d{4}-\d\d-\d\d(T[\d:.+]+)?")
OF_ERASING = (EventKind.ERASED, EventKind.ERASED_IN_PART, EventKind.ORIGINALS_DROPPED)
"""The events that say that something was erased: when, by whom, how much."""
_CODES = ("deadline", "by", "until", "command")
"""What of an event's data may be a word: of a closed list, or a time."""


def hold(session: Session, number: int) -> bool:
    """Nobody else writes to this case before the transaction ends; whether there is such a case."""
    found = select(_CASE.c.number).where(_CASE.c.number == number).with_for_update()
    return session.execute(found).first() is not None


# -- mails


def mails_of_case(session: Session, number: int) -> list[Any]:
    """Some of the mails of a case that are not erased yet: also commands that were given about it."""
    about = select(_EVENT.c.mail_id).where(_EVENT.c.case_number == number, _EVENT.c.mail_id.is_not(None))
    also = _MAIL.c.id.in_(about) & or_(_MAIL.c.kind == MailKind.COMMAND, _MAIL.c.case_number.is_(None))
    return mails_where(session, or_(_MAIL.c.case_number == number, also))


def mails_where(session: Session, *conditions: Any, most: int = AT_ONCE) -> list[Any]:
    """Some of the mails that fit and are not erased yet: id, raw_id and fingerprint."""
    wanted = select(_MAIL.c.id, _MAIL.c.raw_id, _MAIL.c.fingerprint)
    left = wanted.where(*conditions, _MAIL.c.fingerprint.not_like(f"{ERASED}%"))
    return list(session.execute(left.order_by(_MAIL.c.id).limit(most)))


def blank_mails(session: Session, mails: Collection[Any], now: datetime) -> None:
    """Erase these mails; their fingerprints stay, so that no fetch revives them."""
    if not mails:
        return
    tombstones.leave(session, [one.fingerprint for one in mails], now)
    ids = [one.id for one in mails]
    values = {**blanks("mail"), "unparsed": False, "sent_at": None}
    _set_each(session, _MAIL, ids, values, fingerprint=ERASED)
    gone.drop(session, [one.raw_id for one in mails])
    learned.forget(session, mails=ids)


def close_set_aside(session: Session, places: Collection[tuple[int, int, int]]) -> None:
    """Mails that were set aside unread are done with: they are not taken in again."""
    for mailbox_id, validity, uid in places:
        there = (_ARRIVAL.c.mailbox_id == mailbox_id, _ARRIVAL.c.uidvalidity == validity)
        aside = (_ARRIVAL.c.uid == uid, _ARRIVAL.c.state == ArrivalState.SET_ASIDE)
        session.execute(update(_ARRIVAL).where(*there, *aside).values(state=ArrivalState.DUPLICATE))


# -- letters


def letters_where(session: Session, *conditions: Any, most: int = AT_ONCE) -> list[Any]:
    """Some of the letters that fit and are not erased yet."""
    named = (_LETTER.c.key, _LETTER.c.message_id)
    wanted = select(_LETTER.c.id, _LETTER.c.raw_id, _LETTER.c.state, *named)
    left = wanted.where(*conditions, _LETTER.c.message_id.not_like(f"{ERASED}%"))
    return list(session.execute(left.order_by(_LETTER.c.id).limit(most)))


def letters_of_case(session: Session, number: int) -> list[Any]:
    """Some of the letters about a case that are not erased yet."""
    return letters_where(session, _LETTER.c.case_number == number)


def blank_letters(session: Session, letters: Collection[Any], now: datetime) -> None:
    """Withdraw what has not left, and blank what has: it is counted, and says nothing."""
    marks = [mark for one in letters for mark in tombstones.of_key(one.key, one.message_id)]
    tombstones.leave(session, marks, now)
    sent = [one.id for one in letters if one.state is LetterState.SENT]
    unsent = [one.id for one in letters if one.state is not LetterState.SENT]
    # One that is being sent at this moment may arrive; its sender finds that it is no longer theirs.
    session.execute(delete(_LETTER).where(_LETTER.c.id.in_(unsent)))
    if sent:
        values = {**blanks("letter"), "copy_at": None, "encloses_at": None, "encloses_raw_id": None}
        _set_each(session, _LETTER, sent, values, key=ERASED, message_id=ERASED)
    gone.drop(session, [one.raw_id for one in letters])


# -- events


def blank_events(
    session: Session, number: int | None, after: int, agents: Collection[str], *conditions: Any
) -> int | None:
    """Blank some events after an id, of a case or of none; the last one's id, None when there are none."""
    columns = (_EVENT.c.id, _EVENT.c.kind, _EVENT.c.actor, _EVENT.c.text, _EVENT.c.data)
    of_it = _EVENT.c.case_number.is_(None) if number is None else _EVENT.c.case_number == number
    wanted = select(*columns).where(of_it, _EVENT.c.id > after, *conditions)
    rows = session.execute(wanted.order_by(_EVENT.c.id).limit(AT_ONCE)).all()
    for row in rows:
        values = blank_event(row, agents)
        if values != {"actor": row.actor, "text": row.text, "data": row.data}:
            session.execute(update(_EVENT).where(_EVENT.c.id == row.id).values(values))
    return rows[-1].id if rows else None


def blank_event(row: Any, agents: Collection[str]) -> dict[str, Any]:
    """What an event says without words: who of the firm, and the numbers in it."""
    if row.kind in OF_ERASING:
        return {"actor": row.actor, "text": row.text, "data": row.data}
    actor = row.actor if "@" not in row.actor or row.actor in agents else SOMEBODY
    text = row.text if _NUMBERS_ONLY.fullmatch(row.text) else ""
    return {"actor": actor, "text": text, "data": _numbers(row.kind, row.data or {})}


def _numbers(kind: EventKind, data: Mapping[str, Any]) -> dict[str, Any]:
    names = (*_CODES, "from", "to") if kind is EventKind.CORRECTED else _CODES
    return {
        name: value
        for name, value in data.items()
        if _is_number(value)
        or (isinstance(value, list) and all(map(_is_number, value)))
        or (name in names and isinstance(value, str) and _CODE.fullmatch(value))
    }


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float)


def agents_of(session: Session, number: int) -> frozenset[str]:
    """The agents who had to do with a case, whether they are in the rules still or not."""
    columns = (
        select(_TOKEN.c.agent).where(_TOKEN.c.case_number == number),
        select(_DRAFT.c.agent).where(_DRAFT.c.case_number == number),
        select(_CASE.c.assignee).where(_CASE.c.number == number),
    )
    return frozenset(agent for one in columns for agent in session.execute(one.distinct()).scalars() if agent)


# -- the case itself


def blank_rows(session: Session, number: int, now: datetime) -> None:
    """What stands beside a case: drafts, money, promises, facts, who may write, what was learned from it."""
    for name in OF_A_CASE:
        table = TABLES[name]
        session.execute(update(table).where(table.c.case_number == number).values(dict(blanks(name))))
    for name in GO_WITH_A_CASE:
        table = TABLES[name]
        session.execute(delete(table).where(table.c.case_number == number))
    waits = (_REQUEST.c.case_number == number, _REQUEST.c.state == RequestState.WAITING)
    session.execute(update(_REQUEST).where(*waits).values(state=RequestState.EXPIRED, decided_at=now))
    good = (_TOKEN.c.case_number == number, _TOKEN.c.used_at.is_(None), _TOKEN.c.revoked_at.is_(None))
    session.execute(update(_TOKEN).where(*good).values(revoked_at=now))
    learned.forget(session, cases=[number])


def blank_case(session: Session, number: int) -> None:
    """The case's own words, last of all: by them it is found when erasing begins again."""
    why = session.execute(select(_CASE.c.why).where(_CASE.c.number == number)).scalar() or []
    values = {
        **blanks("case"),
        "reply_token": f"{ERASED}{number}",
        "why": [_wordless(hit) for hit in why],
    }
    session.execute(update(_CASE).where(_CASE.c.number == number).values(values))


def _wordless(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A reason without the words of the mail that it hit."""
    return {**hit, "words": []}


def _set_each(
    session: Session, table: Any, ids: Sequence[int], values: Mapping[str, Any], **anew: str
) -> None:
    """Set these columns of rows; those that are unique get a value of their own that begins so."""
    own = {name: literal(begins) + cast(table.c.id, String) for name, begins in anew.items()}
    session.execute(update(table).where(table.c.id.in_(ids)).values({**values, **own}))


def drop_rows(session: Session, table: str, ids: Iterable[Any]) -> None:
    """Rows of a table that go, by their first key."""
    [key] = TABLES[table].primary_key.columns
    session.execute(delete(TABLES[table]).where(key.in_(list(ids))))
