"""A whole mail whose bytes are no longer kept: its row stays, since others point to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlmodel import Session

from store import queries
from store.packing import packed
from store.statements import Statement
from store.writing import TABLES

GONE = packed(b"")
"""What stands in the place of the bytes; read, it is a mail of no bytes."""
_RAW = TABLES["raw"]
_DROP = Statement(update(_RAW).where(_RAW.c.id == bindparam("raw")).values(data=GONE))
_REPLACE = Statement(update(_RAW).where(_RAW.c.id == bindparam("raw")).values(data=bindparam("bytes")))


def whole(session: Session, raw_id: int) -> bytes | None:
    """A whole mail as it came; None where its bytes are no longer kept."""
    return queries.raw(session, raw_id) or None


def drop(session: Session, raw_ids: Iterable[int]) -> None:
    """Keep the bytes of these mails no longer."""
    _DROP.each(session, [{"raw": raw_id} for raw_id in raw_ids])


def replace(session: Session, raw_id: int, data: bytes) -> None:
    """Keep these bytes instead of a mail's own."""
    _REPLACE.run(session, raw=raw_id, bytes=packed(data))


def is_there(raw: Any) -> Any:
    """A condition: the table's bytes are still kept. It asks for their number alone."""
    return func.length(raw.c.data) > len(GONE)
