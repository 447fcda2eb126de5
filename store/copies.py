"""Letters that left and whose copy belongs into the mailbox's folder for sent mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from store.enclosed import How, whole
from store.models import LetterState
from store.packing import Damaged, unpacked
from store.statements import Statement
from store.writing import TABLES

_LETTER, _RAW = TABLES["letter"], TABLES["raw"]
_THIS = _LETTER.c.id == bindparam("letter")
_DUE = Statement(
    select(
        _LETTER.c.id,
        _LETTER.c.message_id,
        _LETTER.c.sent_at,
        _LETTER.c.copy_tries,
        _LETTER.c.raw_id,
        _LETTER.c.encloses_at,
        _LETTER.c.encloses_how,
        _LETTER.c.encloses_raw_id,
    )
    .where(
        _LETTER.c.copy_at <= bindparam("now"),
        _LETTER.c.state == LetterState.SENT,
        _LETTER.c.mailbox == bindparam("mailbox"),
    )
    .order_by(_LETTER.c.copy_at)
    .limit(bindparam("most"))
)
_BYTES = Statement(select(_RAW.c.data).where(_RAW.c.id == bindparam("raw")))
_TAKE = Statement(
    update(_LETTER)
    .where(_THIS, _LETTER.c.copy_tries == bindparam("tries"), _LETTER.c.copy_at.is_not(None))
    .values(copy_tries=_LETTER.c.copy_tries + 1, copy_at=bindparam("until"))
)
_LATER = Statement(
    update(_LETTER).where(_THIS, _LETTER.c.copy_at.is_not(None)).values(copy_at=bindparam("at"))
)
_DONE = Statement(update(_LETTER).where(_THIS).values(copy_at=None))


@dataclass(frozen=True, slots=True)
class Copy:
    """A letter as it left."""

    letter: int
    message_id: str
    sent_at: datetime
    tries: int
    """Attempts before: after one, a copy may be there already."""
    raw_id: int
    encloses: tuple[int, How, int] | None


def due(session: Session, mailbox: str, now: datetime, most: int) -> list[Copy]:
    """Those whose copy is still to be made, the longest due first."""
    rows = _DUE.rows(session, mailbox=mailbox, now=now, most=most)
    return [
        Copy(letter, message_id, sent_at, tries, raw_id, None if at is None else (at, how, encloses))
        for letter, message_id, sent_at, tries, raw_id, at, how, encloses in rows
    ]


def take(session: Session, copy: Copy, until: datetime) -> bool:
    """Count an attempt before it begins; nobody else makes this copy until then. False when somebody does."""
    return _TAKE.run(session, letter=copy.letter, tries=copy.tries, until=until) == 1


def data(session: Session, copy: Copy) -> bytes:
    """The letter's bytes; none where they are no longer kept."""
    try:
        own = unpacked(_BYTES.scalar(session, raw=copy.raw_id))
        if copy.encloses is None or not own:
            return own
        at, how, raw_id = copy.encloses
        return whole(own, at, how, unpacked(_BYTES.scalar(session, raw=raw_id)))
    except Damaged:
        return b""


def done(session: Session, letters: Sequence[int]) -> None:
    """They need no copy any more."""
    _DONE.each(session, [{"letter": letter} for letter in letters])


def later(session: Session, letter: int, at: datetime) -> None:
    """Try again from then on."""
    _LATER.run(session, letter=letter, at=at)
