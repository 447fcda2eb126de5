"""The database: whether it is whole, this version's, and as safe as it must be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.doctor.finding import Finding, note, right, wrong
from engine.doctor.machine import size
from settings import Settings
from store import soundness
from store.database import WHY_NOT, Database, NotThere, Standing

LONG_LOG = 128 * 2**20
OLDEST_POSTGRESQL = 13
FEW_LEFT = 30
"""Connections that one worker may open, and a few for people."""
CLOCKS = timedelta(seconds=5)


def look(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Everything about the database. Raises StoreDown where it can't be used."""
    try:
        database = Database(settings.DATABASE_URL, make=False)
    except NotThere:
        yield note("there is no database yet; the worker makes it when it starts", "worker.py run")
        return
    try:
        yield from _tables(database)
        if database.dialect == "sqlite":
            yield from _sqlite(database)
        else:
            yield from _postgresql(database, now)
    finally:
        database.close()


def place_of(settings: Settings) -> Path | None:
    """SQLite's file, where there is one."""
    _, sqlite, path = settings.DATABASE_URL.partition("sqlite:///")
    return Path(path) if sqlite else None


def _tables(database: Database) -> Iterator[Finding]:
    found = database.standing()
    if found is Standing.CURRENT:
        yield right(f"{database.where} has this version's tables")
    elif found is Standing.NEWER:
        yield wrong(f"{database.where}: {WHY_NOT[found]}")
    else:
        yield note(f"{database.where}: {WHY_NOT[found]}")


def _sqlite(database: Database) -> Iterator[Finding]:
    seen = soundness.of_sqlite(database)
    if seen.damage:
        yield wrong(
            f"it is damaged: {seen.damage}",
            "stop the worker, restore the last good backup (worker.py restore), look at the disk's health",
        )
    else:
        yield right(f"it is whole ({size(seen.size)})")
    words = f"its log of writes is {size(seen.log)}"
    if seen.log > LONG_LOG:
        yield note(
            words, "a program reads in it for very long; end that one, and the log becomes short again"
        )
    else:
        yield right(words)


def _postgresql(database: Database, now: datetime) -> Iterator[Finding]:
    # It answered, so commits are kept: the connection is refused otherwise (store/database.py).
    seen = soundness.of_postgresql(database)
    if seen.version < OLDEST_POSTGRESQL:
        yield wrong(
            f"PostgreSQL {seen.version} is too old",
            f"upgrade it to {OLDEST_POSTGRESQL} or newer; PostgreSQL itself mends no older ones any more",
        )
    else:
        yield right(f"PostgreSQL {seen.version}; commits are on disk (synchronous_commit = {seen.commits})")
    left = seen.most - seen.used
    words = f"{seen.used} of {seen.most} connections are in use"
    if left < FEW_LEFT:
        yield note(words, f"raise max_connections, or end what else uses it: a worker opens up to {FEW_LEFT}")
    else:
        yield right(words)
    if seen.between:
        yield note(
            "something stands between here and PostgreSQL, such as pgbouncer",
            "a pooler must give each client a connection of its own (pool_mode = session): worker.py sets "
            "time-outs for the whole connection",
        )
    if not seen.may_make:
        yield wrong(
            "its user may not make tables in it",
            "GRANT CREATE ON SCHEMA public TO that user; the worker keeps its tables up to date itself",
        )
    apart = abs(now - seen.clock.astimezone(UTC))
    if apart > CLOCKS:
        yield wrong(
            f"the database's clock and this machine's differ by {apart.total_seconds():.0f} s",
            "set both by the network (timedatectl set-ntp true): workers judge each other by the clock",
        )
