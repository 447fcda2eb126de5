"""The database: opened safely, migrated once, all or nothing, and plain words for trouble."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, col, select

from store import database as database_module
from store import queries
from store.database import Database, opened
from store.models import Counter, Raw
from store.trouble import StoreDown

ROOT = Path(__file__).parent.parent
MIGRATE = "import sys; from store.database import Database; d = Database(sys.argv[1]); d.migrate(); d.close()"
HALF_A_WRITE = """
import os, sys
from store.database import Database
from store.models import Raw
database = Database(sys.argv[1])
with database.write() as session:
    for _ in range(500):
        session.add(Raw(data=b"half" * 1000))
        session.flush()
    print("in the middle", flush=True)
    sys.stdin.read()
"""


def python(code: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_several_processes_may_migrate_at_once(database_url: str) -> None:
    processes = [python(MIGRATE, database_url) for _ in range(3)]
    assert [process.communicate(timeout=60)[1] for process in processes] == ["", "", ""]
    with closing(Database(database_url)) as database, database.write() as session:
        assert queries.next_number(session) == 1001


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreDown, match=r"newer version of Peygir \(it stands at 9999\)"):
            database.migrate()


def test_tables_that_are_missing_are_named_as_that(database_url: str) -> None:
    with (
        closing(Database(database_url)) as database,
        pytest.raises(StoreDown, match="its tables are missing"),
        database.read() as session,
    ):
        session.exec(select(Counter)).all()


def test_sqlite_keeps_what_is_committed_and_what_is_private(tmp_path: Path) -> None:
    path = tmp_path / "made" / "for it" / "peygir.sqlite3"
    with opened(f"sqlite:///{path}") as database, database.read() as session:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        held = [session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
        assert held == ["wal", 2, 1, 10_000]
        files = list(path.parent.iterdir())
        assert {file.name for file in files} >= {"peygir.sqlite3", "peygir.sqlite3-wal"}
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_foreign_keys_hold_again_after_a_migration(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'x'}") as database:
        for _ in range(3):
            with database.write() as session:
                assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_pragma_that_does_not_hold_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        with pytest.raises(StoreDown, match="SQLite answers foreign_keys = 0 where 1 is needed"):
            database_module._hold(connection, "foreign_keys = ON", 1)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "DATABASE_URL is not a database's address"),
        ("mysql://root@127.0.0.1/x", "DATABASE_URL is not a database's address"),
        ("sqlite://", "DATABASE_URL names no file"),
        ("sqlite:///:memory:", "DATABASE_URL names no file"),
        ("postgresql://me:hidden@127.0.0.1:1/peygir", "database peygir on 127.0.0.1:1: it can't be reached"),
    ],
)
def test_an_address_that_can_not_work_is_refused_in_plain_words(url: str, words: str) -> None:
    with pytest.raises(StoreDown, match=words) as refused:
        Database(url)
    assert "hidden" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreDown, match="can't be opened for writing"):
        Database(f"sqlite:///{tmp_path / 'file' / 'x.sqlite3'}")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all, this is not a database at all. " * 50)
    with pytest.raises(StoreDown, match="it is not an SQLite database"):
        Database(f"sqlite:///{tmp_path / 'letter.txt'}")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_that_may_forget_a_commit_is_refused(database_url: str) -> None:
    mark = "&" if "?" in database_url else "?"
    with pytest.raises(StoreDown, match="synchronous_commit = off, so a commit may be lost"):
        Database(f"{database_url}{mark}options=-c%20synchronous_commit%3Doff")


def test_a_locked_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    with (
        opened(f"sqlite:///{tmp_path / 'x'}") as database,
        closing(sqlite3.connect(tmp_path / "x", isolation_level=None)) as other,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreDown, match="it is locked by another program"), database.write():
            pass


def test_a_full_disk_says_so_and_undoes_the_transaction(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'x'}") as database:
        with pytest.raises(StoreDown, match="the disk is full; make room"), database.write() as session:
            pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
            session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
            session.add_all([Raw(data=b"small"), Raw(data=os.urandom(100_000))])
        with database.read() as session:
            assert session.exec(select(Raw)).all() == []


def test_a_write_that_fails_leaves_nothing(database_url: str) -> None:
    with opened(database_url) as database:
        with pytest.raises(RuntimeError), database.write() as session:
            session.add(Raw(data=b"gone"))
            session.flush()
            raise RuntimeError
        with database.read() as session:
            assert session.exec(select(Raw)).all() == []


def test_what_is_written_can_be_used_after_the_transaction(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            raw = Raw(data=b"kept")
            session.add(raw)
        assert raw.data == b"kept"


def test_a_reader_sees_nothing_that_is_not_committed(database_url: str) -> None:
    with opened(database_url) as database, database.write() as writing:
        writing.add(Raw(data=b"soon"))
        writing.flush()
        with database.read() as reading:
            assert reading.exec(select(Raw)).all() == []


def test_threads_that_write_at_once_wait_for_each_other(database_url: str) -> None:
    def count(session: Session) -> None:
        number = queries.next_number(session)
        session.connection().execute(
            update(Counter).where(col(Counter.name) == "case").values(value=number + 1)
        )

    def often() -> None:
        for _ in range(20):
            with database.write() as session:
                count(session)

    with opened(database_url) as database:
        threads = [threading.Thread(target=often) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.write() as session:
            assert queries.next_number(session) == 1001 + 80


def test_a_kill_in_the_middle_of_a_write_leaves_nothing_half_written(database_url: str) -> None:
    with opened(database_url) as database:
        process = python(HALF_A_WRITE, database_url)
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "in the middle\n"
            process.send_signal(signal.SIGKILL)
        with database.write() as session:
            assert session.exec(select(Raw)).all() == []
            session.add(Raw(data=b"the next one works"))
