"""How rows are written: directly, since this is on the way of every mail."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

import store.models  # noqa: F401  (it fills the metadata)
from store.trouble import Conflict, is_duplicate

TABLES = SQLModel.metadata.tables


def insert_row(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert one row; its new id."""
    made = connection.execute(insert(table), dict(row)).inserted_primary_key
    assert made is not None  # noqa: S101 - every table that is filled so has an id
    return int(made[0])


def upsert(connection: Connection, table: Table) -> Any:
    """An INSERT that may say what to do ON CONFLICT."""
    return sqlite_insert(table) if connection.dialect.name == "sqlite" else postgresql_insert(table)


def store_raw(connection: Connection, data: bytes) -> int:
    """Keep a whole mail, compressed; its id."""
    return insert_row(connection, TABLES["raw"], {"data": zlib.compress(data, 1)})


@contextmanager
def unique(otherwise: str) -> Iterator[None]:
    """A unique key that is taken means that somebody was faster: Conflict, in these words."""
    try:
        yield
    except IntegrityError as error:
        if is_duplicate(error):
            raise Conflict(otherwise) from error
        raise
