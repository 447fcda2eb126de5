"""A database filled by SQL alone, so that there are many cases before anything is measured."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from store.database import Database

CASES = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
"""A number for each case."""


def empty(database: Database) -> str:
    """A stored mail without a word."""
    return "x'789c030000000001'" if database.dialect == "sqlite" else "'\\x789c030000000001'"


def run(
    database: Database, url: str, statements: Sequence[str], numbered: Sequence[str] = (), upto: int = 0
) -> None:
    """Run them, quickly; in `numbered` tables the next id is the one after `upto`."""
    if database.dialect == "sqlite":
        with closing(sqlite3.connect(Path(url.removeprefix("sqlite:///")))) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA cache_size = -400000")
            for statement in statements:
                connection.execute(statement)
                connection.commit()
        return
    with database.write() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement.replace("%", "%%"))
        for table in numbered:
            next_id = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {upto} + 1)"
            session.connection().execute(text(next_id))
    with database.write() as session:
        session.connection().execute(text("ANALYZE"))
