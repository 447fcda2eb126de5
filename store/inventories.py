"""What a database holds, at one moment; and PostgreSQL's schemas, that old tables are kept in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import func, inspect, select
from sqlmodel import Session

from store import tables
from store.database import Database
from store.writing import TABLES

_CASE, _MAIL = TABLES["case"], TABLES["mail"]


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a database or a backup of it holds."""

    cases: int
    mails: int
    size: int = 0
    """Bytes of the backup."""
    revision: str = ""

    def sized(self, size: int) -> Self:
        """The same, in so many bytes."""
        return replace(self, size=size)


def of(session: Session) -> Inventory:
    """What is there."""
    store = session.connection().execute
    cases, mails = (store(select(func.count()).select_from(one)).scalar_one() for one in (_CASE, _MAIL))
    return Inventory(cases, mails)


def is_empty(session: Session) -> bool:
    """Whether no case and no mail was ever stored."""
    store = session.connection().execute
    columns = (_CASE.c.number, _MAIL.c.id)
    return not any(store(select(column).limit(1)).first() for column in columns)


def has_tables(session: Session, schema: str | None = None) -> bool:
    """Whether there is any table, whatever made it."""
    return bool(inspect(session.connection()).get_table_names(schema))


@contextmanager
def unchanging(database: Database) -> Iterator[Session]:
    """A Session that sees everything as it is at its first question, however long it is used."""
    with database.read() as session:
        if database.dialect == "postgresql":
            say = session.connection().exec_driver_sql
            say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            say("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield session


def snapshot(session: Session) -> str:
    """The name of what an unchanging Session of PostgreSQL sees, for a program that is to see the same."""
    return str(session.connection().exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())


def unfinished(session: Session) -> str:
    """The schema that a restore has put the tables from before into, and was broken off; "" when none was."""
    return tables.unfinished_restore(session.connection())


def empty_schema(session: Session, name: str) -> None:
    """Drop all that is in a schema."""
    say = session.connection().exec_driver_sql
    say(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
    say(f'CREATE SCHEMA "{name}"')


def call_schema(session: Session, name: str, new: str) -> None:
    """Give a schema another name."""
    session.connection().exec_driver_sql(f'ALTER SCHEMA "{name}" RENAME TO "{new}"')


def rename_schema(session: Session, name: str, new: str) -> None:
    """Keep all tables of PostgreSQL under another name, and make an empty place for others."""
    say = session.connection().exec_driver_sql
    call_schema(session, name, new)
    say(f'CREATE SCHEMA IF NOT EXISTS "{name}"')


def put_back_schema(session: Session, kept: str, name: str) -> None:
    """Drop what is there, and let what was kept under another name be there again."""
    say = session.connection().exec_driver_sql
    say(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
    call_schema(session, kept, name)
