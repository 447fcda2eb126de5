"""Watching what the database is asked, at the driver: nothing that anybody runs on a connection is missed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlmodel import Session

GROWING = {
    "arrival", "case", "commitment", "compensation", "concerned", "draft", "event", "fact", "letter", "mail",
    "participant", "promise", "raw", "request", "timer", "token", "tombstone"
}  # fmt: skip
"""Tables that get longer with every mail; a look through any other costs what it costs on the first day."""
PARTIAL = {"arrival_unfiled", "case_erased"}
"""Indexes that hold little, whatever is read of them."""
_ASKS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
_SQLITE_SCAN = re.compile(r"^SCAN (\w+)")

Seen = dict[str, Any]
"""Each statement once, with the parameters that it had."""


@contextmanager
def watched() -> Iterator[Seen]:
    """Every statement on every connection that is opened in the block."""
    seen: Seen = {}

    def opened(driver: Any, _: Any) -> None:
        _watch(driver, seen)

    event.listen(Engine, "connect", opened)
    try:
        yield seen
    finally:
        event.remove(Engine, "connect", opened)


def _watch(driver: Any, seen: Seen) -> None:
    def note(statement: str, parameters: Any = None) -> None:
        if _ASKS.match(statement):
            seen.setdefault(statement, parameters)

    if isinstance(driver, sqlite3.Connection):
        driver.set_trace_callback(note)  # it says each statement with its values in it
        return

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            note(str(query), params)
            return super().execute(query, params, **options)

        def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
            several = list(params_seq)
            note(str(query), several[0])
            super().executemany(query, several, **options)

    driver.cursor_factory = Noting


def full_scans(session: Session, seen: Seen) -> list[str]:
    """The statements that read a whole table of those that grow, with their plans."""
    driver: Any = session.connection().connection.dbapi_connection
    if isinstance(driver, sqlite3.Connection):
        driver.set_trace_callback(None)
        return [found for statement in seen if (found := _sqlite_scan(driver, statement))]
    # What has an index uses it then, however few rows there are.
    driver.execute("SET LOCAL enable_seqscan = off")
    return [
        found for statement, values in seen.items() if (found := _postgresql_scan(driver, statement, values))
    ]


def _sqlite_scan(driver: sqlite3.Connection, statement: str) -> str | None:
    plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
    scanned = {match[1] for line in plan if (match := _SQLITE_SCAN.match(line))}
    return "\n".join([statement, *plan]) if scanned & GROWING else None


def _postgresql_scan(driver: psycopg.Connection[Any], statement: str, values: Any) -> str | None:
    asked = f"EXPLAIN (FORMAT JSON) {statement}"
    plan = driver.cursor().execute(asked, values).fetchone()[0][0]["Plan"]  # type: ignore[arg-type, index, unused-ignore]
    return f"{statement}\n{plan}" if any(_reads_all(*one) for one in _nodes(plan)) else None


def _nodes(plan: dict[str, Any], table: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Every step of a plan, with the table that it reads."""
    table = plan.get("Relation Name", table)
    yield plan, table
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner, table)


def _reads_all(step: dict[str, Any], table: str) -> bool:
    """A whole table, or a whole index without any condition on it."""
    if table not in GROWING or "Index Cond" in step:
        return False
    index = step.get("Index Name")
    return step["Node Type"] == "Seq Scan" or (index is not None and index not in PARTIAL)
