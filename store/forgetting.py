"""Letters to agents carry reply addresses that command: once they have left, nobody needs their text.

Only the SHA-256 of a token is stored (promise 14), but the finished letter has it in plain; so does a copy of
the database. What was sent is not sent again, so its bytes are replaced. Letters to customers stay.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select as Selection
from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlmodel import Session

from store.models import LetterKind, LetterState
from store.packing import packed
from store.statements import Statement, upsert
from store.writing import TABLES

TO_AGENTS = (
    LetterKind.DRAFT,
    LetterKind.TRANSCRIPT,
    LetterKind.REQUEST,
    LetterKind.DIGEST,
    LetterKind.SIGNAL,
    LetterKind.FIGURES,
    LetterKind.FILES,
    LetterKind.ALERT,
)
NOTE = b"This letter has left. Its text is not kept, since it carried a reply address.\r\n"
AT_ONCE = 200
"""Letters of one turn."""
SETTLES = timedelta(hours=1)
"""How long a letter may be in a transaction that nobody else sees yet."""
_FORGOTTEN = packed(NOTE)
_LETTER, _RAW, _COUNTER = TABLES["letter"], TABLES["raw"], TABLES["counter"]
_NAME = "forgotten"
"""The counter that says up to which letter there is nothing left to forget."""

_BEGIN = Statement(
    lambda dialect: upsert(_COUNTER, dialect).values(name=_NAME, value=0).on_conflict_do_nothing()
)
_FROM = Statement(select(_COUNTER.c.value).where(_COUNTER.c.name == _NAME).with_for_update())
_UP_TO = Statement(update(_COUNTER).where(_COUNTER.c.name == _NAME).values(value=bindparam("id")))
_BACK_TO = Statement(
    update(_COUNTER)
    .where(_COUNTER.c.name == _NAME, _COUNTER.c.value > bindparam("id"))
    .values(value=bindparam("id"))
)
_IS_TO_AGENT = or_(*(_LETTER.c.kind == kind for kind in TO_AGENTS))
_BEHIND = (_LETTER.c.id >= bindparam("start"), _IS_TO_AGENT)
_LEFT = Statement(
    select(_LETTER.c.id, _LETTER.c.raw_id)
    .select_from(_LETTER.join(_RAW, _RAW.c.id == _LETTER.c.raw_id))
    .where(*_BEHIND, _LETTER.c.state == LetterState.SENT, _RAW.c.data != _FORGOTTEN)
    .order_by(_LETTER.c.id)
    .limit(AT_ONCE)
)
_FORGET = Statement(update(_RAW).where(_RAW.c.id == bindparam("raw")).values(data=_FORGOTTEN))


def _first(*where: object) -> Selection[tuple[int]]:
    return select(func.min(_LETTER.c.id)).where(_LETTER.c.id >= bindparam("start"), *where)  # type: ignore[arg-type]


_WAITING = and_(
    _IS_TO_AGENT,
    or_(_LETTER.c.state == LetterState.QUEUED, _LETTER.c.state == LetterState.SENDING),
)
_NOT_YET = Statement(
    select(
        _first(or_(_WAITING, _LETTER.c.created_at > bindparam("lately"))).scalar_subquery(),
        _first().with_only_columns(func.max(_LETTER.c.id)).scalar_subquery(),
    )
)


def forget(session: Session, now: datetime) -> int:
    """Forget the bytes of some letters to agents that have left; of how many."""
    _BEGIN.run(session)
    start = _FROM.scalar(session)
    left = _LEFT.rows(session, start=start)
    _FORGET.each(session, [{"raw": raw_id} for _, raw_id in left])
    if len(left) < AT_ONCE:
        _UP_TO.run(session, id=_settled(session, start, now))
    return len(left)


def look_again(session: Session, letter_id: int) -> None:
    """A letter that had been given up leaves after all: it is forgotten later."""
    _BACK_TO.run(session, id=letter_id)


def _settled(session: Session, start: int, now: datetime) -> int:
    """The first letter that may still have something to forget, now or later."""
    row = _NOT_YET.first(session, start=start, lately=now - SETTLES)
    waiting, newest = row or (None, None)
    return int(waiting or (newest + 1 if newest else start))
