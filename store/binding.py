"""A statement in one dialect: how values travel to the driver and back, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Enum
from sqlalchemy.engine import Dialect
from sqlmodel.sql.sqltypes import UTCDateTime

Row = tuple[Any, ...]
Process = Callable[[Any], Any] | None


@dataclass(slots=True)
class Ready:
    """A statement in one dialect."""

    sql: str
    names: list[str]
    """Of its parameters, in their order."""
    constants: Mapping[str, Any]
    """Those that are the same in all executions, as the driver takes them."""
    processes: list[tuple[Any, Callable[[Any], Any]]]
    """Which of the others have to be written in another way, by place or name, and how."""
    positional: bool
    types: list[Any]
    """Of the columns that come back."""
    results: list[tuple[int, Callable[[Any], Any]]] | None = None
    """Which columns of a row have to be read, and how; known when the first rows have come."""

    def parameters(self, values: Mapping[str, Any]) -> Any:
        if self.constants:
            values = {**values, **self.constants}
        given: Any = (
            [values[name] for name in self.names]
            if self.positional
            else {name: values[name] for name in self.names}
        )
        for place, process in self.processes:
            given[place] = process(given[place])
        return given

    def read(self, rows: list[Row], cursor: Any, dialect: Dialect) -> list[Row]:
        """What the driver gave, as it was written."""
        if self.results is None:
            # Only once: psycopg makes the description anew for whoever asks for it.
            self.results = _results(self.types, cursor.description or (), dialect)
        return [_processed(row, self.results) for row in rows] if self.results else rows


def compiled(statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> Ready:
    """A Core statement, made ready for a dialect."""
    made: Any = statement.compile(dialect=dialect, column_keys=columns)
    binds = {name: bind for bind, name in made.bind_names.items()}
    processes = {name: _process(bind.type, dialect) for name, bind in binds.items()}
    constants = {
        name: process(bind.effective_value) if (process := processes[name]) else bind.effective_value
        for name, bind in binds.items()
        if not bind.required
    }
    names, positional = list(made.positiontup or binds), made.positiontup is not None
    processed = [
        (place if positional else name, process)
        for place, name in enumerate(names)
        if name not in constants and (process := processes[name])
    ]
    back = getattr(statement, "exported_columns", None) or ()
    types = [column.type.dialect_impl(dialect) for column in back]
    return Ready(str(made), names, constants, processed, positional, types)


def _process(kind: Any, dialect: Dialect) -> Process:
    """How a value of this type travels to the database."""
    if isinstance(kind, UTCDateTime):
        return _of_moments(dialect)
    process: Process = kind.dialect_impl(dialect).bind_processor(dialect)
    if process and isinstance(kind, Enum):
        return lru_cache(256)(process)
    if process and isinstance(kind, JSON):
        return _mostly_empty(process)
    return process


@lru_cache(4)
def _of_moments(dialect: Dialect) -> Process:
    """The same moment stands in most rows of a mail."""
    process: Process = UTCDateTime().dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(256)(process) if process else None


def _mostly_empty(process: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Most lists and mappings are empty: those are written once."""
    empty: dict[type, Any] = {list: process([]), dict: process({})}
    return lambda value: (not value and empty.get(type(value))) or process(value)


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
