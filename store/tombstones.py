"""What keeps erased mails and letters away: no word can be read of it (promise 24)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session

from store.statements import Statement, upsert
from store.writing import TABLES

IMPORTED = "imported/"
"""What the key of an imported answer begins with, before the answer's own fingerprint."""
_TOMBSTONE = TABLES["tombstone"]
_IS_THERE = Statement(
    select(_TOMBSTONE.c.fingerprint).where(_TOMBSTONE.c.fingerprint == bindparam("fingerprint"))
)


def leave(session: Session, fingerprints: Iterable[str], now: datetime) -> None:
    """Let what has these fingerprints never come back."""
    rows = [{"fingerprint": one, "at": now} for one in fingerprints]
    if rows:
        new = upsert(_TOMBSTONE, session.get_bind().dialect.name).on_conflict_do_nothing()
        session.execute(new, rows)


def is_erased(session: Session, fingerprint: str) -> bool:
    """Whether what has this fingerprint was erased and must not come back."""
    return _IS_THERE.first(session, fingerprint=fingerprint) is not None


def of_letter(message_id: str) -> str:
    """The fingerprint of a letter of ours: a copy of it, from a folder of sent mail, has its Message-ID."""
    return hashlib.sha256(f"letter {message_id}".encode()).hexdigest()


def of_key(key: str, message_id: str) -> tuple[str, ...]:
    """Every fingerprint by which a letter may be brought back."""
    imported = (key.removeprefix(IMPORTED),) if key.startswith(IMPORTED) else ()
    return (of_letter(message_id), *imported)
