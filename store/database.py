"""The database: one transaction at a time, on disk when it is committed, in plain words when it fails."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from store import tables
from store.sqlite_file import Mark, SqliteFile, keep_to_the_owner
from store.tables import Standing
from store.trouble import NotThere, StoreDown, assure, raise_plainly
from store.turns import Turns

__all__ = ["Database", "NotThere", "Standing", "StoreDown", "opened", "understood"]

BUSY_SECONDS = 10
NOTICED = {"keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 35_000}
"""By what our side of a PostgreSQL connection finds that the network is lost: seconds, and milliseconds."""
FROZEN_SECONDS = 15
"""Less than it takes until a worker without a heartbeat is buried."""
WHY_NOT = {
    Standing.NONE: "it has no tables yet; start `worker.py run` once, which makes them",
    Standing.OLDER: "its tables are an older version's; start `worker.py run` once, which mends that",
    Standing.NEWER: "a newer version of Peygir made its tables; run that one, or restore an older backup",
}
"""What is to be done where the tables are not this version's."""
_ON_DISK = {"on", "remote_apply"}
_NOT_AN_ADDRESS = (
    "DATABASE_URL is not a database's address; write sqlite:///peygir.sqlite3 "
    "or postgresql+psycopg://user:password@host/name"
)


class Database:
    """SQLite or PostgreSQL. Safe to share between threads; each transaction has a Session of its own."""

    def __init__(self, url: str, *, make: bool = True) -> None:
        """Open it. Raises StoreDown when it can't be reached or would not keep what is committed.

        Without `make`, NotThere where there is no file yet: nothing is made of what is only looked at.
        """
        self._url = understood(url)
        self.dialect = self._url.get_backend_name()
        self.where = _where(self._url)
        """What and where it is, without the password."""
        self._writing = Turns()
        self._file: SqliteFile | None = None
        if self.dialect == "sqlite":
            _prepare_file(self._url.database, make=make)
            self._file = SqliteFile(self._url.database or "")
        self._engine = _engine(self._url)
        self._writer = self._engine.execution_options(peygir_writes=True)
        try:
            with self._trouble(), self._engine.connect():
                pass
        except StoreDown:
            self.close()
            raise

    def migrate(self, *, restoring: bool = False) -> None:
        """Bring the tables up to this version. Any number of processes may do so at once.

        Raises StoreDown when a newer version has already changed the tables, and where a restore was broken
        off, unless it is that restore which asks.
        """
        with self._trouble(), self._engine.connect() as connection:
            if not restoring:
                tables.assure_restored(connection, self.where)
            if tables.up_to_date(connection):
                return
        with self._trouble(), self._alone(), self._writer.connect() as connection:
            if self.dialect == "sqlite":
                _foreign_keys(connection, on=False)
            try:
                with connection.begin():
                    tables.settle(connection, self.where)
            finally:
                if self.dialect == "sqlite":
                    _foreign_keys(connection, on=True)

    def standing(self) -> Standing:
        """How its tables stand to this version."""
        with self._trouble(), self._engine.connect() as connection:
            return tables.standing(connection)

    def assure_tables(self) -> None:
        """Raise StoreDown when its tables are not this version's; nothing is changed."""
        with self._trouble(), self._engine.connect() as connection:
            tables.assure_restored(connection, self.where)
        if (found := self.standing()) is not Standing.CURRENT:
            raise StoreDown(f"{self.where}: {WHY_NOT[found]}")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A Session on one consistent view of the data; whatever it changes is rolled back."""
        self._still_there()
        with self._trouble(), Session(self._engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A Session in one transaction: durable on disk after the block, or undone by an exception in it."""
        opened = self._still_there()
        with self._trouble(), self._alone(), Session(self._writer, expire_on_commit=False) as session:
            session.connection()  # takes the turn now, not at the first statement
            yield session
            assure(session)
            session.commit()
        self._still_there(opened)

    def tidy(self) -> None:
        """Keep SQLite's log of writes short; for every few seconds."""
        with self._alone():
            if self._file:
                self._file.cut_log()

    def scour(self) -> str:
        """Let nothing of what was deleted be left in its files; what keeps it from that, "" when it is done.

        Nobody writes meanwhile: about a quarter of a minute for each gigabyte.
        """
        with self._alone():
            if self._file:
                return self._file.scour()
        # Not in a transaction: VACUUM refuses to be in one.
        with self._trouble(), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM (SKIP_LOCKED)")
        return ""

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # SQLite lets a waiting writer sleep and poll; a lock hands the turn over at once, and in order.
        if self.dialect != "sqlite":
            yield
            return
        # Whoever waits for another program does so in SQLite: it says so first, for it knows more than we do.
        seconds = BUSY_SECONDS + 1
        if not self._writing.acquire(timeout=seconds):
            raise StoreDown(f"{self.where} is locked: another thread has been writing for {seconds} s")
        try:
            yield
        finally:
            self._writing.release()

    def _still_there(self, opened: Mark = None) -> Mark:
        """Raise StoreDown when SQLite's file is gone: what was committed to it is not kept by anybody."""
        return self._file.assure(self.where, opened, self._engine.dispose) if self._file else None

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise_plainly(error, self.where)
            raise
        except PoolTimeout as error:
            raise StoreDown(f"{self.where}: every connection is in use; try again") from error


@contextmanager
def opened(url: str, *, make: bool = True) -> Iterator[Database]:
    """A database whose tables are this version's: made or brought up to date, or StoreDown without `make`."""
    with closing(Database(url, make=make)) as database:
        if make:
            database.migrate()
        else:
            database.assure_tables()
        yield database


def understood(url: str) -> URL:
    """A database's address; raises StoreDown for what is none."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreDown(_NOT_AN_ADDRESS) from error
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise StoreDown(_NOT_AN_ADDRESS)
    if parsed.get_backend_name() == "sqlite" and (parsed.database or ":memory:") == ":memory:":
        raise StoreDown("DATABASE_URL names no file, and memory forgets; write sqlite:///peygir.sqlite3")
    return parsed


def _where(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"The database {url.database} on {url.host or 'the local socket'}{port}"


def _prepare_file(name: str | None, *, make: bool) -> None:
    # SQLite would create it readable by everyone; it gives its -wal and -shm the mode of this file.
    path = Path(name or "")
    try:
        # One that exists is not opened: to close it again would take from every connection of this process
        # the locks that it holds on it (POSIX), and another process would delete the log they write to.
        if path.exists():
            keep_to_the_owner(path)
            if not os.access(path, os.R_OK | os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        elif not make:
            _assure_room(path)
            raise NotThere(
                f"The database {path} is not there yet; start `worker.py run` once, which makes it, or "
                "correct DATABASE_URL (or STATE_DIR)"
            )
        else:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreDown(
            f"The database {path} can't be opened for writing: {error.strerror}; "
            "DATABASE_URL must name a file in a folder that this user may write to"
        ) from error


def _assure_room(path: Path) -> None:
    """Raise OSError when the file could not be made; the file that is tried with never has a name."""
    folder = next(each for each in path.absolute().parents if each.exists())
    with tempfile.TemporaryFile(dir=folder):
        pass


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            connect_args={"timeout": BUSY_SECONDS},
            hide_parameters=True,  # they are customers' words, and errors are logged
            pool_size=8,
            max_overflow=16,
            pool_timeout=BUSY_SECONDS,
        )
        event.listen(engine, "connect", _ready_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        connect_args={"connect_timeout": BUSY_SECONDS, **NOTICED},
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=16,
        pool_timeout=BUSY_SECONDS,
    )
    event.listen(engine, "connect", _ready_postgresql)
    return engine


def _ready_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # The driver's own transactions begin too late and without IMMEDIATE: ours are begun by hand.
    connection.isolation_level = None
    for pragma, wanted in (
        (f"busy_timeout = {BUSY_SECONDS * 1000}", BUSY_SECONDS * 1000),
        ("journal_mode = WAL", "wal"),
        ("synchronous = FULL", 2),
        ("foreign_keys = ON", 1),
        ("secure_delete = ON", 1),  # what was erased is overwritten, not only given free
        ("temp_store = MEMORY", 2),  # savepoints would keep what they can undo in a file
    ):
        _hold(connection, pragma, wanted)


def _hold(connection: sqlite3.Connection, pragma: str, wanted: object) -> None:
    name = pragma.split(maxsplit=1)[0]
    if connection.execute(f"PRAGMA {name}").fetchone()[0] == wanted:
        return
    connection.execute(f"PRAGMA {pragma}").close()
    if (held := connection.execute(f"PRAGMA {name}").fetchone()[0]) != wanted:
        raise StoreDown(
            f"The database can't be made safe: SQLite answers {name} = {held} where {wanted} is needed; "
            "keep its file on a local disk, not on a network share"
        )


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("peygir_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    # Tables are remade by copying on SQLite; the pragma only works outside a transaction.
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _ready_postgresql(connection: Any, _: Any) -> None:
    held = connection.execute("SHOW synchronous_commit").fetchone()[0]
    if held not in _ON_DISK:
        connection.close()
        raise StoreDown(
            f"PostgreSQL answers synchronous_commit = {held}, so a commit may be lost; "
            "switch it on for this user: ALTER ROLE … SET synchronous_commit = on"
        )
    connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    # A worker that was stopped, or whose machine is gone, must not hold rows that all others need.
    connection.execute(f"SET idle_in_transaction_session_timeout = '{FROZEN_SECONDS}s'")
    for option, seconds in (("tcp_keepalives_idle", 20), ("tcp_keepalives_interval", 5)):
        connection.execute(f"SET {option} = {seconds}")
    connection.execute("SET tcp_keepalives_count = 3")
    connection.commit()
