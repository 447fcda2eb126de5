"""SQLite's files on the disk: gone, replaced, and a log of writes that stays short."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from store import sqlite_file
from store.database import Database, opened
from store.models import Raw
from store.sqlite_file import SqliteFile
from store.trouble import NotThere, StoreDown

ROOT = Path(__file__).parent.parent
LOOK = "import sys; from store.database import Database; d = Database(sys.argv[1]); d.migrate(); d.close()"


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'x.sqlite3'}"


def add(database: Database, data: bytes = b"kept") -> None:
    with database.write() as session:
        session.add(Raw(data=data))


def count(database: Database) -> int:
    with database.read() as session:
        return session.exec(select(func.count()).select_from(Raw)).one()


def away(folder: Path) -> Path:
    """Move the database's files out of the way."""
    aside = folder / "aside"
    aside.mkdir()
    for path in folder.glob("x.sqlite3*"):
        path.rename(aside / path.name)
    return aside


def test_what_is_written_to_a_file_that_is_gone_is_not_called_kept(tmp_path: Path) -> None:
    with opened(url(tmp_path)) as database:
        add(database)
        away(tmp_path)
        with pytest.raises(StoreDown, match="was deleted or moved away"):
            add(database)
        with pytest.raises(StoreDown, match="was deleted or moved away"):
            count(database)
        assert list(tmp_path.glob("x.sqlite3*")) == [], "no empty one takes its place"


def test_nor_when_it_goes_in_the_middle_of_a_write(tmp_path: Path) -> None:
    with (
        opened(url(tmp_path)) as database,
        pytest.raises(StoreDown, match="was deleted or moved away"),
        database.write() as session,
    ):
        session.add(Raw(data=b"lost"))
        away(tmp_path)


def test_when_the_file_is_back_all_goes_on(tmp_path: Path) -> None:
    with opened(url(tmp_path)) as database:
        add(database)
        aside = away(tmp_path)
        with pytest.raises(StoreDown):
            add(database)
        for path in aside.iterdir():
            path.rename(tmp_path / path.name)
        add(database)
        assert count(database) == 2


def test_a_backup_that_is_put_in_its_place_is_used_from_then_on(tmp_path: Path) -> None:
    with opened(url(tmp_path)) as database:
        add(database, b"old")
    shutil.copy(tmp_path / "x.sqlite3", tmp_path / "backup")
    with opened(url(tmp_path)) as database:
        add(database, b"newer")
        away(tmp_path)
        shutil.copy(tmp_path / "backup", tmp_path / "x.sqlite3")
        with pytest.raises(StoreDown, match="was replaced by another one"):
            add(database)
        add(database, b"after")
        with database.read() as session:
            assert session.exec(select(Raw.data).order_by(col(Raw.id))).all() == [b"old", b"after"]


def test_a_write_that_began_before_the_file_was_replaced_is_not_called_kept(tmp_path: Path) -> None:
    with opened(url(tmp_path)) as database:
        add(database, b"old")
    shutil.copy(tmp_path / "x.sqlite3", tmp_path / "backup")
    with opened(url(tmp_path)) as database:
        with pytest.raises(StoreDown, match="was replaced"), database.write() as session:
            session.add(Raw(data=b"lost"))
            away(tmp_path)
            shutil.copy(tmp_path / "backup", tmp_path / "x.sqlite3")
            with pytest.raises(StoreDown, match="was replaced"):
                count(database)  # another thread meets the new file first
        assert count(database) == 1


def test_a_second_connection_of_the_process_takes_no_lock_from_the_first(tmp_path: Path) -> None:
    with opened(url(tmp_path)) as database:
        add(database)
        with closing(Database(url(tmp_path))):
            pass
        # A process that believed to be the last one would delete the log that the first still writes to.
        subprocess.run([sys.executable, "-c", LOOK, url(tmp_path)], cwd=ROOT, check=True)
        add(database)
        with closing(Database(url(tmp_path))) as other:
            assert count(other) == 2


@contextmanager
def readers(database: Database) -> Iterator[None]:
    """Readers whose turns overlap, so that there is no moment without one."""
    over, first = threading.Event(), threading.Barrier(4)

    def read(offset: float) -> None:
        first.wait()
        over.wait(offset)
        while not over.is_set():
            with database.read() as session:
                session.exec(select(func.count()).select_from(Raw)).one()
                over.wait(0.02)

    threads = [threading.Thread(target=read, args=(number * 0.006,)) for number in range(3)]
    for thread in threads:
        thread.start()
    first.wait()
    yield
    over.set()
    for thread in threads:
        thread.join()


def log_size(folder: Path) -> int:
    return (folder / "x.sqlite3-wal").stat().st_size


def test_the_log_of_writes_stays_short_however_many_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "LONGEST_LOG", 2 * 2**20)
    with opened(url(tmp_path)) as database:
        longest = []
        with readers(database):
            for _ in range(5):
                for _ in range(30):
                    add(database, os.urandom(100_000))
                longest.append(log_size(tmp_path))
                database.tidy()
        assert max(longest) < 15 * 2**20 * 0.6, "15 MB were written; each tidying starts from nothing"
        assert count(database) == 150


def test_a_reader_that_takes_long_lets_the_log_grow_only_until_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "LONGEST_LOG", 2**20)
    monkeypatch.setattr(sqlite_file, "PATIENCE", 0.05)
    with opened(url(tmp_path)) as database:
        with database.read() as session:
            session.exec(select(Raw)).all()
            for _ in range(30):
                add(database, os.urandom(100_000))
            database.tidy()
            assert log_size(tmp_path) > 3_000_000
            add(database)
        database.tidy()
        assert log_size(tmp_path) == 0
        assert count(database) == 31


def test_a_short_log_is_left_alone(tmp_path: Path) -> None:
    with opened(url(tmp_path)) as database:
        add(database)
        size = log_size(tmp_path)
        database.tidy()
        assert log_size(tmp_path) == size > 0
        assert not SqliteFile(str(tmp_path / "none")).cut_log()


def test_a_database_without_such_files_has_nothing_to_tidy(database_url: str) -> None:
    with opened(database_url) as database:
        database.tidy()
        add(database)
        assert count(database) == 1


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o640])
def test_a_file_that_others_could_read_is_its_owners_alone_once_it_is_opened(
    tmp_path: Path, mode: int
) -> None:
    with opened(url(tmp_path)) as database:
        add(database)
        left = [tmp_path / f"x.sqlite3{end}" for end in ("", "-wal", "-shm")]
        for path in left:
            path.chmod(mode)
        Database(url(tmp_path), make=False).close()
        assert {path.stat().st_mode & 0o777 for path in left} == {0o600}
        add(database)
        assert count(database) == 2


def test_a_folder_that_is_made_for_it_is_its_owners_alone(tmp_path: Path) -> None:
    with opened(url(tmp_path / "state")) as database:
        add(database)
        assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_what_only_looks_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match=r"x\.sqlite3 is not there yet; start `worker\.py run` once"):
        Database(url(tmp_path / "state"), make=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreDown, match="can't be opened for writing"):
        Database("sqlite:////proc/none/x.sqlite3", make=False)
