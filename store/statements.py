"""Statements that are compiled once and then run straight on the driver: this is on the way of every mail.

SQLAlchemy writes the SQL and says how values travel to and from each database; what it does again for every
single execution (building, cache keys, result objects, the identity map) is what these leave out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Generic, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Table, select
from sqlalchemy import insert as core_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.sql import ClauseElement
from sqlmodel import Session, SQLModel

from store.binding import Ready, Row, compiled
from store.models import Noun, plain

Built = ClauseElement | Callable[[str], ClauseElement]
"""A Core statement, or what builds it for a dialect's name."""
_WAY = "peygir_way"


class _Way:
    """A session's connection, as the driver knows it."""

    def __init__(self, connection: Connection, transaction: SessionTransaction | None) -> None:
        self.connection, self.transaction = connection, transaction
        self.dialect: Dialect = connection.dialect
        self.driver: Any = connection.connection.dbapi_connection
        self.errors: type[Exception] = cast(Any, self.dialect).loaded_dbapi.Error
        self.ready = _READY.setdefault(self.dialect, {})

    def say(self, sql: str) -> None:
        """Give the driver a command that takes nothing and returns nothing."""
        try:
            self.driver.execute(sql)
        except self.errors as error:
            raise self.explained(error, sql) from error

    def explained(self, error: Exception, sql: str) -> BaseException:
        """The driver's error as SQLAlchemy's own; a connection that broke is not used again."""
        if self.dialect.is_disconnect(cast(Any, error), cast(Any, self.driver), None):
            self.connection.invalidate(error)
        return DBAPIError.instance(sql, None, error, self.errors, hide_parameters=True, dialect=self.dialect)


_READY: WeakKeyDictionary[Dialect, dict[Statement, Ready]] = WeakKeyDictionary()


def _way(session: Session) -> _Way:
    way = session.info.get(_WAY)
    # A session keeps its connection as long as a transaction lasts; to ask it each time costs as much as most
    # statements.
    if way is None or way.transaction is not session.get_transaction():
        connection = session.connection()
        way = session.info[_WAY] = _Way(connection, session.get_transaction())
    return cast(_Way, way)


class Statement:
    """One statement. What it is executed with are its `bindparam`s by name."""

    def __init__(self, built: Built, *, columns: Sequence[str] | None = None) -> None:
        self._built, self._columns = built, columns

    def rows(self, session: Session, **values: Any) -> list[Row]:
        """Every row that comes back."""
        way = _way(session)
        ready = self._ready(way)
        return _read(ready, self._execute(way, ready, values), way)

    def first(self, session: Session, **values: Any) -> Row | None:
        """The first row; None when there is none."""
        return next(iter(self.rows(session, **values)), None)

    def scalar(self, session: Session, **values: Any) -> Any:
        """The first column of the first row; None when there is none."""
        row = self.first(session, **values)
        return row[0] if row else None

    def scalars(self, session: Session, **values: Any) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.rows(session, **values)]

    def run(self, session: Session, **values: Any) -> int:
        """How many rows it changed."""
        way = _way(session)
        return int(self._execute(way, self._ready(way), values).rowcount)

    def each(self, session: Session, several: Iterable[Mapping[str, Any]]) -> None:
        """Run it once with each of these."""
        way = _way(session)
        ready = self._ready(way)
        parameters = [ready.parameters(values) for values in several]
        try:
            if len(parameters) == 1:
                way.driver.execute(ready.sql, parameters[0])
            elif parameters:
                way.driver.cursor().executemany(ready.sql, parameters)
        except way.errors as error:
            raise way.explained(error, ready.sql) from error

    def rows_of_each(self, session: Session, several: Iterable[Mapping[str, Any]]) -> list[Row]:
        """What comes back when it is run once with each of these, in order."""
        return [row for values in several for row in self.rows(session, **values)]

    def _execute(self, way: _Way, ready: Ready, values: Mapping[str, Any]) -> Any:
        try:
            return way.driver.execute(ready.sql, ready.parameters(values))
        except way.errors as error:
            raise way.explained(error, ready.sql) from error

    def _ready(self, way: _Way) -> Ready:
        ready = way.ready.get(self)
        if ready is None:
            ready = way.ready[self] = self._compile(way.dialect)
        return ready

    def _compile(self, dialect: Dialect) -> Ready:
        built = self._built if isinstance(self._built, ClauseElement) else self._built(dialect.name)
        return compiled(built, self._columns, dialect)


def _read(ready: Ready, cursor: Any, way: _Way) -> list[Row]:
    try:
        rows: list[Row] = cursor.fetchall()
    except way.errors as error:
        raise way.explained(error, ready.sql) from error
    return ready.read(rows, cursor, way.dialect)


class Insert(Statement):
    """One new row of a table. A column that is not named gets its default."""

    def __init__(self, table: Table, *, ignore: bool = False, returning: str = "") -> None:
        automatic = table.autoincrement_column
        columns = [column for column in table.columns if column is not automatic]
        self._defaults = {
            column.name: cast(Any, column.default).arg if column.default is not None else None
            for column in columns
            if column.nullable or (column.default is not None and column.default.is_scalar)
        }

        def built(dialect: str) -> ClauseElement:
            made: Any = upsert(table, dialect) if ignore else core_insert(table).inline()
            made = made.on_conflict_do_nothing() if ignore else made
            # SQLite knows a row's id by itself; asked in SQL, it would also look for what points to the row.
            back = [table.c[returning]] if returning and dialect != "sqlite" else []
            return cast(ClauseElement, made.returning(*back) if back else made)

        super().__init__(built, columns=[column.name for column in columns])

    def row(self, session: Session, values: Mapping[str, Any]) -> int:
        """Insert one row; its id."""
        way = _way(session)
        cursor = self._execute(way, self._ready(way), {**self._defaults, **values})
        return int(cursor.lastrowid if way.dialect.name == "sqlite" else cursor.fetchone()[0])

    def add(self, session: Session, *rows: Mapping[str, Any]) -> None:
        """Insert rows."""
        self.each(session, [{**self._defaults, **row} for row in rows])


class Select(Statement, Generic[Noun]):
    """Whole rows of a table as its plain objects, which belong to no session."""

    def __init__(
        self,
        kind: type[Noun],
        *conditions: Any,
        order: Sequence[Any] = (),
        limit: Any = None,
        lock: Any = None,
    ) -> None:
        table = SQLModel.metadata.tables[cast(str, kind.__tablename__)]
        built = select(table).where(*conditions).order_by(*order).limit(limit)
        super().__init__(built if lock is None else built.with_for_update(**lock))
        self._kind = kind
        self._names = [column.name for column in table.columns]

    def one(self, session: Session, **values: Any) -> Noun | None:
        """The first of them; None when there is none."""
        row = self.first(session, **values)
        return None if row is None else self._object(row)

    def all(self, session: Session, **values: Any) -> list[Noun]:
        """All of them."""
        return [self._object(row) for row in self.rows(session, **values)]

    def _object(self, row: Row) -> Noun:
        return plain(self._kind, dict(zip(self._names, row, strict=True)))


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """What an exception in the block undoes; the rest of the transaction stays."""
    way = _way(session)
    way.say("SAVEPOINT peygir")
    try:
        yield
    except BaseException:
        if way.connection is session.connection():
            way.say("ROLLBACK TO SAVEPOINT peygir")
            way.say("RELEASE SAVEPOINT peygir")
        raise
    way.say("RELEASE SAVEPOINT peygir")


def upsert(table: Table, dialect: str) -> Any:
    """An INSERT that may say what to do ON CONFLICT."""
    # Only the one in use: each loads a package of its own at every start.
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
