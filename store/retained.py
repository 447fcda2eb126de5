"""What has been kept for as long as the rules say, some at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, not_, or_, select, update
from sqlmodel import Session

from store import gone
from store.erasing import ERASED
from store.models import CommitmentState, CompensationState, LetterState, PromiseState, Status
from store.statements import upsert
from store.writing import TABLES

AT_ONCE = 100
_CASE, _MAIL, _RAW, _EVENT = TABLES["case"], TABLES["mail"], TABLES["raw"], TABLES["event"]
_LETTER, _COUNTER = TABLES["letter"], TABLES["counter"]
_NAME = "retained"
"""The counter that says on which day, counted from 1970 on, the last round was done."""
_OWED = (
    (TABLES["promise"], PromiseState.OPEN),
    (TABLES["compensation"], CompensationState.OFFERED),
    (TABLES["commitment"], CommitmentState.OPEN),
)


def day_done(session: Session) -> int:
    """The day of the last whole round."""
    return int(session.execute(select(_COUNTER.c.value).where(_COUNTER.c.name == _NAME)).scalar() or 0)


def set_day_done(session: Session, day: int) -> None:
    """Say that a day's round is done."""
    new = upsert(_COUNTER, session.get_bind().dialect.name).values(name=_NAME, value=day)
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value}))


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Whose cases are meant: those of these mailboxes, or of all but these."""

    names: frozenset[str] = frozenset()
    but: bool = True

    @property
    def fit(self) -> tuple[Any, ...]:
        """Conditions on a case."""
        if not self.names:
            return ()
        named = _CASE.c.mailbox.in_(sorted(self.names))
        return (not_(named) if self.but else named,)


EVERY = Mailboxes()


def cases_over(
    session: Session,
    before: datetime | None,
    by_category: Mapping[str, datetime | None],
    of: Mailboxes = EVERY,
) -> list[int]:
    """Cases that have been closed since before these moments, on which nothing is owed, the oldest first."""
    ends = [
        and_(_CASE.c.category == name, _CASE.c.closed_at < end) for name, end in by_category.items() if end
    ]
    if before:
        ends.append(and_(_CASE.c.category.not_in(list(by_category)), _CASE.c.closed_at < before))
    if not ends:
        return []
    closed = (_CASE.c.status == Status.CLOSED, _CASE.c.erased_at.is_(None), or_(*ends), *of.fit)
    owed = [
        exists().where(table.c.case_number == _CASE.c.number, table.c.state == state)
        for table, state in _OWED
    ]
    wanted = select(_CASE.c.number).where(*closed, *(not_(one) for one in owed))
    return list(session.execute(wanted.order_by(_CASE.c.number).limit(AT_ONCE)).scalars())


def loose_mails(before: datetime) -> tuple[Any, ...]:
    """Conditions: mails of no case that came before a moment."""
    return _MAIL.c.case_number.is_(None), _MAIL.c.received_at < before


def loose_events(before: datetime) -> Any:
    """A condition: what was written into the log before a moment."""
    return _EVENT.c.at < before


def whole_mails_over(session: Session, before: datetime, after: int, of: Mailboxes = EVERY) -> list[Any]:
    """Some mails after an id whose bytes are still kept, though they came before a moment and their case, if
    they have one, is closed: id, raw_id and case_number. Those of no case are nobody's but the main one's."""
    goes_on = exists().where(_CASE.c.number == _MAIL.c.case_number, _CASE.c.status != Status.CLOSED)
    enclosed = exists().where(
        _LETTER.c.case_number == _MAIL.c.case_number,
        _LETTER.c.state != LetterState.SENT,
        _LETTER.c.encloses_raw_id == _MAIL.c.raw_id,
    )
    wanted = (
        select(_MAIL.c.id, _MAIL.c.raw_id, _MAIL.c.case_number)
        .join(_RAW, _RAW.c.id == _MAIL.c.raw_id)
        .where(_MAIL.c.received_at < before, _MAIL.c.id > after, gone.is_there(_RAW))
        .where(_MAIL.c.fingerprint.not_like(f"{ERASED}%"), not_(goes_on), not_(enclosed))
    )
    if of.fit:
        theirs = exists().where(_CASE.c.number == _MAIL.c.case_number, *of.fit)
        wanted = wanted.where(or_(_MAIL.c.case_number.is_(None), theirs) if of.but else theirs)
    return list(session.execute(wanted.order_by(_MAIL.c.id).limit(AT_ONCE)))


def drop_whole_mails(session: Session, mails: Sequence[Any]) -> None:
    """Keep the bytes of these mails no longer; what was read of them stays."""
    gone.drop(session, [one.raw_id for one in mails])
    _readable(session, [one.id for one in mails])


def _readable(session: Session, mails: Collection[int]) -> None:
    """A mail that could not be read can't be read again from bytes that are gone."""
    unread = (_MAIL.c.id.in_(mails), _MAIL.c.unparsed.is_(True))
    session.execute(update(_MAIL).where(*unread).values(unparsed=False))
