"""From every released version of the tables to the newest, on both databases: nothing stored is lost.

A database of each version is filled with rows for every table and column that it had; after the upgrade each
value is still there, wherever no migration says that it means something else now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, DateTime, Float, Integer, LargeBinary, MetaData, Table, func, select
from sqlalchemy import text as words
from sqlmodel import Session

from store import inventories, queries
from store.database import Database, StoreDown
from store.tables import newest
from tests.hosts import EmbeddedHost
from tests.journeys import Journey
from tests.store_samples import NOW, a_case
from tests.test_store_migrations import MIGRATIONS, made_at

REVISIONS = sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
RELEASED = [one for one in REVISIONS if one != newest()]
ROWS = 3
REWRITTEN = {("compensation", "customer")}
"""What a migration means to change; a test of its own looks at it."""
WORDS = {
    ("case", "status"): "open",
    ("case", "kind"): "complaint",
    ("case", "severity"): "high",
    ("case", "fault"): "ours",
    ("case", "language"): "fa",
    ("mail", "kind"): "customer",
    ("letter", "kind"): "ack",
    ("letter", "state"): "sent",
    ("draft", "state"): "superseded",
    ("arrival", "state"): "stored",
    ("timer", "kind"): "close",
    ("timer", "state"): "fired",
    ("token", "purpose"): "draft",
    ("event", "kind"): "opened",
    ("promise", "state"): "kept",
    ("compensation", "state"): "paid",
    ("compensation", "amount"): "12.50",
    ("compensation", "currency"): "EUR",
    ("request", "kind"): "authority",
    ("request", "state"): "granted",
    ("signal", "kind"): "growth",
    ("known_issue", "state"): "open",
    ("commitment", "state"): "open",
    ("tally", "kind"): "ack",
    ("correction", "kind"): "complaint",
}


def reflected(session: Session) -> dict[str, Table]:
    """The tables as the database has them, those first that others point to."""
    metadata = MetaData()
    metadata.reflect(session.connection())
    return {table.name: table for table in metadata.sorted_tables if table.name != "alembic_version"}


def filled(session: Session, tables: Mapping[str, Table]) -> dict[str, list[dict[str, Any]]]:
    """Rows for every table, with a value in each column; what was there by itself stays."""
    made: dict[str, list[dict[str, Any]]] = {}
    for name, table in tables.items():
        made[name] = [values_for(table, number) for number in range(1, ROWS + 1)]
        session.connection().execute(table.insert(), made[name])
    return made


def values_for(table: Table, number: int) -> dict[str, Any]:
    """A value for each column, but for numbers that the database counts by itself: they come out the same."""
    counted = [
        column for column in table.columns if "nextval" in str(getattr(column.server_default, "arg", ""))
    ]
    return {
        column.name: value_for(table, column, number) for column in table.columns if column not in counted
    }


def value_for(table: Table, column: Any, number: int) -> Any:
    if known := WORDS.get((table.name, column.name)):
        return known
    if column.foreign_keys:  # all that rows point to is counted like this
        return number
    values: tuple[tuple[Any, Any], ...] = (
        (Boolean, number % 2 == 0),
        (DateTime, NOW + timedelta(hours=number)),
        (Integer, number),
        (Float, number / 4),
        (LargeBinary, b"bytes %d" % number),
        (JSON, json_for(column.name, number)),
    )
    other = f"{table.name} {column.name} {number} سلام"
    return next((value for kind, value in values if isinstance(column.type, kind)), other)


def json_for(name: str, number: int) -> Any:
    lists = {"mentions", "cases", "told", "terms", "verbs", "attachments", "damage", "given", "why"}
    return [] if name in lists else {"n": str(number)}


def plain(value: Any) -> Any:
    """A value as both dialects and both kinds of reflection give it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, str) and value[:1] in "[{":
        return json.loads(value)
    return value


def lost(session: Session, before: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    """What of these rows is not there as it was."""
    now = reflected(session)
    for name, rows in before.items():
        table = now[name]
        stored = [dict(row._mapping) for row in session.connection().execute(select(table))]
        kept = [column for column in rows[0] if column in table.c and (name, column) not in REWRITTEN]
        seen = [{column: plain(row[column]) for column in kept} for row in stored]
        for row in rows:
            wanted = {column: plain(row[column]) for column in kept}
            if wanted not in seen:
                yield f"{name}: {wanted} is not among {seen}"
        if gone := [column for column in rows[0] if column not in table.c]:
            yield f"{name}: no column {gone} any more"


@pytest.mark.parametrize("revision", RELEASED)
def test_a_database_of_each_released_version_keeps_all_that_it_holds(
    database_url: str, revision: str
) -> None:
    with closing(made_at(database_url, revision)) as database:
        with database.write() as session:
            before = filled(session, reflected(session))
        database.migrate()
        with database.write() as session:
            assert list(lost(session, before)) == []
            assert inventories.of(session).cases == ROWS
            # It is one that can be worked with.
            number, _ = a_case(session, "new")
            assert queries.case(session, number) is not None
        with database.read() as session:
            assert session.connection().execute(
                words("SELECT version_num FROM alembic_version")
            ).scalars().all() == [newest()]


def test_the_tables_are_the_same_whether_made_or_brought_up(database_url: str, tmp_path: Path) -> None:
    with closing(made_at(database_url, REVISIONS[0])) as database:
        database.migrate()
        with database.read() as session:
            brought_up = shape(session)
    made = f"sqlite:///{tmp_path / 'made.sqlite3'}"
    with closing(Database(made)) as database:
        database.migrate()
        with database.read() as session:
            assert shape(session) == brought_up


def shape(session: Session) -> dict[str, list[tuple[str, bool]]]:
    """Every table with its columns, and whether each may be empty."""
    return {
        name: sorted((column.name, bool(column.nullable)) for column in table.columns)
        for name, table in reflected(session).items()
    }


def test_every_released_version_is_looked_at() -> None:
    assert RELEASED[0] == "0001" and len(RELEASED) >= 9


def test_a_worker_refuses_a_database_of_a_newer_version_in_one_sentence(
    embedded_host: EmbeddedHost, database_url: str, tmp_path: Path
) -> None:
    journey = Journey(embedded_host, database_url, tmp_path)
    with closing(Database(database_url)) as database:
        database.migrate()
        with database.write() as session:
            session.connection().execute(words("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreDown, match="newer version of Peygir") as refused:
            journey.work()
        assert "run that version, or restore a backup from before it" in str(refused.value)
        with database.read() as session:
            assert (
                session.connection().execute(select(func.count()).select_from(words('"case"'))).scalar() == 0
            )
