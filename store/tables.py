"""The tables of a database, made or brought up to this version in one transaction."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from store.trouble import StoreDown
from store.writing import TABLES

_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSIONS = _MIGRATIONS / "versions"
_STANDS_AT = "alembic_version"
_LOCK = 7_309_457_216
"""Any number that no other program asks PostgreSQL's advisory locks for."""
_FIRST_CASE = 1001
ASIDE = "peygir_before_"
"""What the schemas are called that old tables were put into; they are in no backup."""
UNFINISHED = "_unfinished"
"""How the name of such a schema ends while a restore is at work; one that was broken off leaves it so."""


def newest() -> str:
    """The revision of this version's tables: the highest number that a migration's file begins with."""
    return max(path.name for path in _VERSIONS.glob("[0-9]*.py")).partition("_")[0]


def unfinished_restore(connection: Connection) -> str:
    """The schema of PostgreSQL where a restore that was broken off keeps the tables from before; "" if none.

    What stands in their place is half of a backup, or one that nobody has seen to yet.
    """
    if connection.dialect.name != "postgresql":
        return ""
    found = sorted(inspect(connection).get_schema_names())
    return next((one for one in found if one.startswith(ASIDE) and one.endswith(UNFINISHED)), "")


def assure_restored(connection: Connection, where: str) -> None:
    """Raise StoreDown where a restore was broken off."""
    if kept := unfinished_restore(connection):
        raise StoreDown(
            f"{where}: a restore is at work, or was broken off; let it end, or run it again. To go back to "
            f'what was there before: DROP SCHEMA public CASCADE; ALTER SCHEMA "{kept}" RENAME TO public'
        )


class Standing(Enum):
    """How the tables of a database stand to this version."""

    NONE = "none"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def standing(connection: Connection) -> Standing:
    """How the tables stand to this version."""
    if not inspect(connection).has_table(_STANDS_AT):
        return Standing.NONE
    found = connection.exec_driver_sql(f"SELECT version_num FROM {_STANDS_AT}").scalars().all()  # noqa: S608
    if found == [newest()]:
        return Standing.CURRENT
    known = {path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py")}
    return Standing.OLDER if known.issuperset(found) else Standing.NEWER


def is_known(revision: str) -> bool:
    """Whether this version can bring tables of that revision up to date."""
    return any(path.name.partition("_")[0] == revision for path in _VERSIONS.glob("[0-9]*.py"))


def up_to_date(connection: Connection) -> bool:
    """Whether the tables are this version's."""
    return standing(connection) is Standing.CURRENT


def settle(connection: Connection, where: str) -> None:
    """Make the tables of an empty database, or migrate those that are there.

    Other processes may be at it too. Raises StoreDown when a newer version has already changed the tables;
    `where` is what it calls the database.
    """
    if connection.dialect.name == "postgresql":
        # Another process may be at it for longer than any other lock is worth waiting for.
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    if inspect(connection).get_table_names():
        _upgrade(connection, where)
    else:
        _make(connection)


def _make(connection: Connection) -> None:
    """What all migrations together come to, without loading alembic: a fifth of a first start."""
    SQLModel.metadata.create_all(connection)
    connection.execute(TABLES["counter"].insert(), {"name": "case", "value": _FIRST_CASE})
    if connection.dialect.name == "postgresql":
        # The bytes are compressed when they come: spare the server from trying again.
        connection.exec_driver_sql("ALTER TABLE raw ALTER COLUMN data SET STORAGE EXTERNAL")
    connection.exec_driver_sql(
        f"CREATE TABLE {_STANDS_AT} (\n"
        f"version_num VARCHAR(32) NOT NULL,\nCONSTRAINT {_STANDS_AT}_pkc PRIMARY KEY (version_num)\n)"
    )
    connection.exec_driver_sql(f"INSERT INTO {_STANDS_AT} (version_num) VALUES ('{newest()}')")  # noqa: S608


def _upgrade(connection: Connection, where: str) -> None:
    # Only here: alembic would be a fifth of every start, and almost none has anything to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    stands_at = set(MigrationContext.configure(connection).get_current_heads())
    if stands_at == set(scripts.get_heads()):
        return
    if unknown := stands_at - {script.revision for script in scripts.walk_revisions()}:
        raise StoreDown(
            f"{where} was made by a newer version of Peygir (it stands at {', '.join(unknown)}); "
            "run that version, or restore a backup from before it"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreDown(f"{where}: this migration would leave rows that point nowhere")
