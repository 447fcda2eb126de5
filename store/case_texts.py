"""What of each case is searched: everything that was said on it, as one normalised text (L3).

Nothing on the way of a mail writes it. Whatever changes a case is an event, so the events since the last
round say whose text is old: `renew` writes those anew some time later, and until then a search reads the
cases themselves.

Who erases a customer holds their cases and deletes these rows in the same transaction. Nothing can bring the
words back: a text is only ever made of what is still stored, and of no case that somebody is erasing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select as Selection
from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from language.normalise import normalise
from store.models import FROM_CUSTOMERS, EventKind
from store.statements import upsert
from store.writing import TABLES

AT_ONCE = 200
"""Events of one round."""
SETTLES = timedelta(minutes=1)
"""How long an event may be in a transaction that nobody else sees yet; most of what happens to a case
happens together."""
LONGEST_MAIL, LONGEST = 20_000, 200_000
"""Characters of a mail, as many as the classifier reads, and of a whole case."""
_CHANGE_NO_WORDS = (
    EventKind.SENT,
    EventKind.SEND_FAILED,
    EventKind.IN_DOUBT,
    EventKind.KEPT_BACK,
    EventKind.LOOKED,
    EventKind.HELPED,
    EventKind.REFUSED,
    EventKind.ALERT,
    EventKind.ACKNOWLEDGED,
    EventKind.NOT_ACKNOWLEDGED,
    EventKind.DRAFTED,
    EventKind.TIMER_SKIPPED,
    EventKind.ORIGINALS_DROPPED,
)
_NAME = "searched"
"""The counter that says up to which event every text is renewed."""
_EVENT, _CASE, _MAIL = TABLES["event"].c, TABLES["case"].c, TABLES["mail"].c
_TEXT, _COUNTER = TABLES["case_text"], TABLES["counter"]


def texts_of(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """The text of each of these cases, as it is now."""
    said: dict[int, list[str]] = {}
    about = (_CASE.number, _CASE.subject, _CASE.customer, _CASE.customer_name, _CASE.told)
    for number, *own in session.execute(select(*about).where(_CASE.number.in_(numbers))):
        said[number] = [f"#{number}", *own]
    words = func.substr(_MAIL.words, 1, LONGEST_MAIL)
    mails = select(_MAIL.case_number, _MAIL.subject, _MAIL.sender, _MAIL.sender_name, words)
    of_these = mails.where(_MAIL.case_number.in_(numbers), _MAIL.kind.in_(FROM_CUSTOMERS)).order_by(_MAIL.id)
    for number, *texts in session.execute(of_these):
        said[number] += texts
    return {number: normalise("\n".join(dict.fromkeys(texts)))[:LONGEST] for number, texts in said.items()}


def old(session: Session) -> list[int]:
    """The cases whose text is not what was said on them any more, the newest first."""
    found = select(_EVENT.case_number).where(*_since(_upto(session))).distinct()
    return sorted(session.execute(found).scalars(), reverse=True)


def is_due(session: Session, now: datetime) -> bool:
    """Whether something has happened that `renew` has not looked at."""
    return _upto(session) < _settled(session, now)


def renew(session: Session, now: datetime, most: int = AT_ONCE) -> bool:
    """Write some texts that are old anew; whether there are more."""
    session.execute(_insert(session, _COUNTER).values(name=_NAME, value=0).on_conflict_do_nothing())
    upto, settled = _upto(session, lock=True), _settled(session, now)
    events = select(_EVENT.id, _EVENT.case_number).where(*_since(upto), _EVENT.id <= settled)
    rows = session.execute(events.order_by(_EVENT.id).limit(most)).all()
    write(session, {number for _, number in rows})
    more = len(rows) == most
    reached = rows[-1][0] if more else max(upto, settled)
    session.execute(update(_COUNTER).where(_COUNTER.c.name == _NAME).values(value=reached))
    return more


def drop(session: Session, numbers: Sequence[int]) -> None:
    """Forget the texts of these cases."""
    session.execute(delete(_TEXT).where(_TEXT.c.case_number.in_(numbers)))


def write(session: Session, numbers: Collection[int]) -> None:
    """Write the texts of these cases anew; one that is erased has none.

    Who erases a case holds it until that is done: a text is made of what is left then, or before that.
    """
    held = select(_CASE.number).where(_CASE.number.in_(numbers), _CASE.erased_at.is_(None))
    # In one order, so that nobody waits in a ring; other changes of the case need not wait for this.
    in_order = held.order_by(_CASE.number).with_for_update(read=True, key_share=True)
    left = list(session.execute(in_order).scalars())
    drop(session, sorted({*numbers} - {*left}))
    rows = [{"case_number": number, "text": text} for number, text in texts_of(session, left).items()]
    if rows:
        insert = _insert(session, _TEXT)
        session.execute(
            insert.on_conflict_do_update(index_elements=["case_number"], set_={"text": insert.excluded.text}),
            rows,
        )


def _upto(session: Session, *, lock: bool = False) -> int:
    found: Selection[tuple[int]] = select(_COUNTER.c.value).where(_COUNTER.c.name == _NAME)
    return session.execute(found.with_for_update() if lock else found).scalar() or 0


def _settled(session: Session, now: datetime) -> int:
    """The last event before which no other can appear any more."""
    lately = session.execute(select(func.min(_EVENT.id)).where(_EVENT.at > now - SETTLES)).scalar()
    return lately - 1 if lately else session.execute(select(func.max(_EVENT.id))).scalar() or 0


def _since(upto: int) -> Iterator[Any]:
    yield from (_EVENT.id > upto, _EVENT.case_number.is_not(None), _EVENT.kind.not_in(_CHANGE_NO_WORDS))


def _insert(session: Session, table: Any) -> Any:
    return upsert(table, session.get_bind().dialect.name)
