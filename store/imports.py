"""What an import of old mail asks: what is there already, and whose hands a case is in."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlmodel import Session

from store import tombstones
from store.models import EventKind
from store.statements import Statement
from store.writing import TABLES

_EVENT, _LETTER, _MAIL = TABLES["event"], TABLES["letter"], TABLES["mail"]
_TOMBSTONE = TABLES["tombstone"]
_KNOWN = Statement(select(_MAIL.c.id).where(_MAIL.c.fingerprint == bindparam("mark")))
_ERASED = Statement(select(_TOMBSTONE.c.at).where(_TOMBSTONE.c.fingerprint == bindparam("mark")))
_ANSWERED = Statement(select(_LETTER.c.id).where(_LETTER.c.key == bindparam("key")))
_SENT = Statement(select(_LETTER.c.id).where(_LETTER.c.message_id == bindparam("message_id")))
_OTHERS = Statement(
    select(_EVENT.c.id)
    .where(_EVENT.c.case_number == bindparam("number"), _EVENT.c.kind != EventKind.IMPORTED)
    .limit(1)
)


def key_of(mark: str) -> str:
    """The key of an answer of ours that was imported."""
    return f"imported/{mark}"


def is_known(session: Session, mark: str) -> bool:
    """Whether a mail is there, as one that came or as an answer of ours."""
    found = _KNOWN.first(session, mark=mark) or _ANSWERED.first(session, key=key_of(mark))
    return found is not None


def is_erased(session: Session, mark: str) -> bool:
    """Whether a mail was erased and must not come back (promise 24)."""
    return _ERASED.first(session, mark=mark) is not None


def is_sent(session: Session, message_id: str) -> bool:
    """Whether a letter of ours has this Message-ID, or had it before it was erased."""
    if not message_id:
        return False
    known = _SENT.first(session, message_id=message_id) is not None
    return known or tombstones.is_erased(session, tombstones.of_letter(message_id))


def is_untouched(session: Session, number: int) -> bool:
    """Whether only imports have had to do with a case."""
    return _OTHERS.first(session, number=number) is None
