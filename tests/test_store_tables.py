"""Tables: made at once in an empty database, migrated in an old one, the same in the end."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import SQLModel, select

from store import queries, tables
from store.database import Database, opened
from store.models import Raw
from store.trouble import StoreDown

ROOT = Path(__file__).parent.parent
MIGRATE = (
    "import sys; from store.database import Database; d = Database(sys.argv[1]); d.migrate(); d.close(); "
    "print(*sorted({'alembic', 'sqlalchemy.dialects.postgresql'} & set(sys.modules)))"
)
OF_POSTGRESQL = """
SELECT c.relname, a.attname, concat_ws(a.attnotnull::text, format_type(a.atttypid, a.atttypmod), a.attstorage)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE n.nspname = 'public' AND a.attnum > 0
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "store" / "migrations"))
    return config


def migrated_from_the_first(url: str) -> Database:
    """A database that began with the oldest tables."""
    database = Database(url)
    config = alembic_config()
    with database._writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    database.migrate()
    return database


def definitions(database: Database) -> set[tuple[str, ...]]:
    """Every column, check and index, in no order."""
    with database.read() as session:
        run = session.connection().exec_driver_sql
        if database.dialect == "postgresql":
            return {tuple(str(one) for one in row) for row in run(OF_POSTGRESQL)}
        rows = [(name, sql) for name, sql in run("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL")]
    # A column that came later stands behind the last one, on its line; a copied table's name is quoted.
    columns = ((name, one) for name, sql in rows for one in re.split(r"\n|, (?=[a-z_]+ [A-Z])", sql))
    return {(name, one.strip(" \t,").replace(f'"{name}"', name)) for name, one in columns}


def emptied(url: str) -> str:
    """The address of a database that has nothing in it any more."""
    if url.startswith("sqlite"):
        return f"{url}-other"
    with closing(Database(url)) as database, database.write() as session:
        session.connection().execute(text("DROP SCHEMA public CASCADE"))
        session.connection().execute(text("CREATE SCHEMA public"))
    return url


def test_a_new_database_gets_the_tables_that_all_migrations_come_to(database_url: str) -> None:
    with opened(database_url) as new:
        made = definitions(new)
    with closing(migrated_from_the_first(emptied(database_url))) as old:
        assert made == definitions(old)


def test_the_migrations_make_exactly_the_tables_of_the_models(database_url: str) -> None:
    with closing(migrated_from_the_first(database_url)) as database, database.write() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_cases_are_counted_alike_whichever_way_the_tables_came(database_url: str) -> None:
    with opened(database_url) as new, new.write() as session:
        first = queries.next_number(session)
    with closing(migrated_from_the_first(emptied(database_url))) as old, old.write() as session:
        assert queries.next_number(session) == first == 1001


def test_migrating_again_changes_nothing(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            session.add(Raw(data=b"kept"))
        database.migrate()
        with database.read() as session:
            assert session.exec(select(Raw.data)).one() == b"kept"


def test_the_newest_migration_is_known_by_its_file_as_alembic_knows_it() -> None:
    assert [tables.newest()] == ScriptDirectory.from_config(alembic_config()).get_heads()


def test_only_what_a_database_needs_is_loaded(tmp_path: Path) -> None:
    """Each of these is much of a start."""

    def loaded(url: str) -> str:
        command = [sys.executable, "-c", MIGRATE, url]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        return told.stdout.strip() or told.stderr

    old = f"sqlite:///{tmp_path / 'old'}"
    with closing(Database(old)) as database, database._writer.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    new = f"sqlite:///{tmp_path / 'new'}"
    assert "alembic" in loaded(old)
    assert [loaded(old), loaded(new), loaded(new)] == ["", "", ""]


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreDown, match=r"newer version of Peygir \(it stands at 9999\)"):
            database.migrate()


def test_a_database_of_something_else_gets_its_own_tables_beside_ours(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        with database.write() as session:
            session.connection().execute(text("CREATE TABLE somebody_elses (id INTEGER)"))
        database.migrate()
        with database.write() as session:
            assert queries.next_number(session) == 1001
