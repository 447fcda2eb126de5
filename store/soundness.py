"""What the doctor asks of a database: whether it is whole, how full, and who else is there."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, text

from store.database import Database

MOST_DAMAGE = 3


@dataclass(frozen=True, slots=True)
class OfSqlite:
    """A file, as it is now."""

    damage: str
    """What is wrong inside it; "" where it is whole."""
    size: int
    log: int


@dataclass(frozen=True, slots=True)
class OfPostgresql:
    """A server, as it is now."""

    version: int
    commits: str
    used: int
    most: int
    between: bool
    """Whether it sees another client than us: a pooler, or a network that rewrites addresses."""
    may_make: bool
    clock: datetime


def of_sqlite(database: Database) -> OfSqlite:
    """Look at the whole file; that takes as long as reading it."""
    with database.read() as session:
        told = session.connection().exec_driver_sql(f"PRAGMA quick_check({MOST_DAMAGE})").scalars().all()
        place = Path(session.connection().exec_driver_sql("PRAGMA database_list").all()[0][2])
    damage = "; ".join(" ".join(str(line).split()) for line in told if line != "ok")
    return OfSqlite(damage, _length(place), _length(Path(f"{place}-wal")))


def _length(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def of_postgresql(database: Database) -> OfPostgresql:
    """Ask the server; nothing that needs more rights than the worker has."""
    with database.read() as session:

        def told(sql: str) -> str:
            return str(session.connection().execute(text(sql)).scalar())

        clock: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
        return OfPostgresql(
            version=int(told("SHOW server_version_num")) // 10000,
            commits=told("SHOW synchronous_commit"),
            used=int(told("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")),
            most=int(told("SHOW max_connections")),
            between=_between(session, told("SELECT inet_client_port()")),
            may_make=told("SELECT has_schema_privilege(current_schema(), 'CREATE')") == "True",
            clock=clock,
        )


def _between(session: Session, seen: str) -> bool:
    """Whether the port that the server sees is not ours; over a local socket there is none."""
    driver = session.connection().connection.driver_connection
    with suppress(OSError, ValueError, AttributeError):
        line = socket.socket(fileno=driver.pgconn.socket)  # type: ignore[union-attr]
        try:
            ours = line.getsockname()
            return isinstance(ours, tuple) and str(ours[1]) != seen
        finally:
            line.detach()
    return False
