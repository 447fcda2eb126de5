"""How rows are written: directly, since this is on the way of every mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

import store.models  # noqa: F401  (it fills the metadata)
from store.packing import packed
from store.statements import Insert
from store.trouble import Conflict, is_duplicate

TABLES = SQLModel.metadata.tables
_NEW_RAW = Insert(TABLES["raw"], returning="id")


def store_raw(session: Session, data: bytes) -> int:
    """Keep a whole mail; its id."""
    return _NEW_RAW.row(session, {"data": packed(data)})


@contextmanager
def unique(otherwise: str) -> Iterator[None]:
    """A unique key that is taken means that somebody was faster: Conflict, in these words."""
    try:
        yield
    except IntegrityError as error:
        if is_duplicate(error):
            raise Conflict(otherwise) from error
        raise
