"""Statements that are compiled once and then run straight on the driver: this is on the way of every mail.

SQLAlchemy writes the SQL and says how values travel to and from each database; what it does again for every
single execution (building, cache keys, result objects, the identity map) is what these leave out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Generic, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Enum, Table, select
from sqlalchemy import insert as core_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from store.models import Noun, plain

Built = ClauseElement | Callable[[str], ClauseElement]
"""A Core statement, or what builds it for a dialect's name."""
Row = tuple[Any, ...]
Process = Callable[[Any], Any] | None

_WAY = "peygir_way"


@dataclass(slots=True)
class _Bind:
    """One parameter: given by name at each execution, or the same in all of them."""

    name: str
    process: Process
    given: bool
    constant: Any


@dataclass(slots=True)
class _Ready:
    """A statement in one dialect."""

    sql: str
    binds: list[_Bind]
    positional: bool
    types: list[Any]
    """Of the columns that come back."""
    results: list[tuple[int, Callable[[Any], Any]]] | None = None
    """Which columns of a row have to be read, and how; known when the first rows have come."""

    def parameters(self, values: Mapping[str, Any]) -> Any:
        if self.positional:
            return [_value(bind, values) for bind in self.binds]
        return {bind.name: _value(bind, values) for bind in self.binds}


def _value(bind: _Bind, values: Mapping[str, Any]) -> Any:
    if not bind.given:
        return bind.constant
    value = values[bind.name]
    return bind.process(value) if bind.process else value


class _Way:
    """A session's connection, as the driver knows it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
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


_READY: WeakKeyDictionary[Dialect, dict[Statement, _Ready]] = WeakKeyDictionary()


def _way(session: Session) -> _Way:
    connection = session.connection()
    way = session.info.get(_WAY)
    if way is None or way.connection is not connection:
        way = session.info[_WAY] = _Way(connection)
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

    def _execute(self, way: _Way, ready: _Ready, values: Mapping[str, Any]) -> Any:
        try:
            return way.driver.execute(ready.sql, ready.parameters(values))
        except way.errors as error:
            raise way.explained(error, ready.sql) from error

    def _ready(self, way: _Way) -> _Ready:
        ready = way.ready.get(self)
        if ready is None:
            ready = way.ready[self] = self._compile(way.dialect)
        return ready

    def _compile(self, dialect: Dialect) -> _Ready:
        built = self._built if isinstance(self._built, ClauseElement) else self._built(dialect.name)
        compiled: Any = built.compile(dialect=dialect, column_keys=self._columns)
        binds = {name: _bind(name, bind, dialect) for bind, name in compiled.bind_names.items()}
        order = compiled.positiontup or list(binds)
        back = getattr(built, "exported_columns", None) or ()
        types = [column.type.dialect_impl(dialect) for column in back]
        return _Ready(str(compiled), [binds[name] for name in order], compiled.positiontup is not None, types)


def _bind(name: str, bind: Any, dialect: Dialect) -> _Bind:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if process and isinstance(bind.type, UTCDateTime | Enum):
        # The same moment and the same few words stand in most rows of a mail.
        process = lru_cache(256)(process)
    if bind.required:
        return _Bind(name, process, True, None)
    value = bind.effective_value
    return _Bind(name, None, False, process(value) if process else value)


def _read(ready: _Ready, cursor: Any, way: _Way) -> list[Row]:
    try:
        rows: list[Row] = cursor.fetchall()
    except way.errors as error:
        raise way.explained(error, ready.sql) from error
    if ready.results is None:
        ready.results = _results(ready.types, cursor.description or (), way.dialect)
    return [_processed(row, ready.results) for row in rows] if ready.results else rows


def _processed(row: Row, results: list[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for place, process in results:
        values[place] = process(values[place])
    return tuple(values)


def _results(
    types: Sequence[Any], description: Sequence[Any], dialect: Dialect
) -> list[tuple[int, Callable[[Any], Any]]]:
    processes = (
        (place, kind.result_processor(dialect, column[1]))
        for place, (kind, column) in enumerate(zip(types, description, strict=True))
    )
    return [(place, process) for place, process in processes if process is not None]


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
