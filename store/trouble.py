"""What can go wrong with the database, in words that say what to do."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, OperationalError

from language.trouble import Trouble

_NO_TABLES = "its tables are missing or old; start `worker.py run` once, which makes them"
_BY_ITSELF = "nothing is lost, and work goes on by itself"
_LOCKED = f"it is locked by another program; {_BY_ITSELF} when that one has finished"
_FULL = f"disk is full; make room, {_BY_ITSELF}"
_RACES = {"40001", "40P01"}
_POSTGRESQL = {
    "42P01": _NO_TABLES,
    "42703": _NO_TABLES,
    "25006": "it can only be read, as a standby; name the primary in DATABASE_URL, or let it be promoted",
    "53100": f"its {_FULL}",
    "53200": f"it is out of memory; {_BY_ITSELF} when it has some",
    "53300": f"it lets nobody else in; raise its max_connections, or end what else uses it; {_BY_ITSELF}",
    "55000": f"it lets nobody in at the moment; {_BY_ITSELF} when it does",
    "55P03": _LOCKED,
    "58030": "its disk answers with an error; look at the system's log before anything else",
    "28P01": "the password was refused; correct DATABASE_URL",
    "28000": "the login was refused; correct DATABASE_URL",
    "3D000": "there is no such database; create it with: createdb NAME",
    "42501": "this user may not do that; grant it the database's tables",
}
_SQLITE = {
    "SQLITE_FULL": f"the {_FULL}",
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": "it can't be written; give this user the right to write the file and its folder",
    "SQLITE_CANTOPEN": "it can't be opened; give this user the right to write the file and its folder",
    "SQLITE_IOERR": "the disk answers with an error; look at the system's log before anything else",
    "SQLITE_NOTADB": "it is not an SQLite database; DATABASE_URL names another kind of file",
    "SQLITE_CORRUPT": "it is damaged; restore a backup (and look at the disk's health)",
}
_UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"}


class StoreDown(Trouble):
    """The database can't be used; the message says what to do. What was not committed is undone."""


class NotThere(StoreDown):
    """There is no database yet, and whoever asks makes none."""


class Conflict(Trouble):
    """Somebody else was faster: the decision was made on facts that no longer hold. Decide again."""

    advice = "nothing is lost: start worker.py again"


def is_duplicate(error: IntegrityError) -> bool:
    """True when a unique key is taken; any other broken constraint is a mistake of ours."""
    return _code(error) in _UNIQUE


def is_race(error: DBAPIError) -> bool:
    """True when PostgreSQL gave up this transaction for another's sake: it may simply be tried again."""
    return _code(error) in _RACES


def raise_plainly(error: DBAPIError, where: str) -> None:
    """Raise Conflict or StoreDown when it is one; come back when it is a mistake of ours instead."""
    if is_race(error):
        raise Conflict("another worker changed the same rows at the same time") from error
    if words := plain_words(error, where):
        raise StoreDown(words) from error


def assure(session: Any) -> None:
    """Raise StoreDown when the transaction ended unasked, as by a full disk or a lost connection.

    SQLite would go on without one, and a commit would then say that all is well.
    """
    try:
        driver = session.connection().connection.driver_connection
    except (InvalidRequestError, DBAPIError) as error:
        raise StoreDown(
            f"the database broke off in the middle of the work; see that it runs: {_BY_ITSELF}"
        ) from error
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        words = "the database gave up the work in the middle, as it does when the disk is full"
        raise StoreDown(f"{words}: if it is, make room; {_BY_ITSELF}")


def plain_words(error: DBAPIError, where: str) -> str | None:
    """One line: which database, what is wrong, what to do. None when it is a mistake of ours instead."""
    said = " ".join(str(error.orig).split())
    advice = _advice(error, said)
    return f"{where}: {advice} ({said})" if advice else None


def _advice(error: DBAPIError, said: str) -> str | None:
    code = _code(error)
    if said.startswith(("no such table", "no such column")):
        return _NO_TABLES
    if not code and isinstance(error, OperationalError):
        return "it can't be reached; start it, or correct DATABASE_URL"
    if code.startswith(("08", "57P", "25P03")):
        return f"the connection broke; {_BY_ITSELF} when it is back"
    return _POSTGRESQL.get(code) or _SQLITE.get("_".join(code.split("_")[:2]))


def _code(error: DBAPIError) -> str:
    origin = error.orig
    return getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None) or ""
