"""A copy of a SQLite database that is in use, and a copy that becomes the database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from store.inventories import Inventory
from store.trouble import StoreDown
from store.whole_files import on_disk, whole_file

MAGIC = b"SQLite format 3\0"
PATIENCE = 30.0
"""Seconds that another program may keep the database locked."""
BESIDE = ("-wal", "-shm", "-journal")


def copied(source: Path, target: Path) -> Inventory:
    """Copy the database to `target`, as it is at one moment; what the copy holds.

    Whoever writes meanwhile is not kept waiting. The copy is one file, complete in itself, and was looked
    through before it gets its name. Raises StoreDown.
    """
    with whole_file(target) as part, _plainly(f"The database {source} can't be copied"):
        with closing(_opened(source, "ro")) as reading, closing(sqlite3.connect(part)) as copy:
            reading.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").close()
        return inventory(part)


def inventory(path: Path) -> Inventory:
    """What a file holds that is said to be a backup. Raises StoreDown when it is none, or is damaged."""
    what = f"{path} is no backup of Peygir"
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise StoreDown(f"{what}: it is not an SQLite database")
    with _plainly(f"{path} can't be read"), closing(_opened(path, "ro")) as connection:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
        if problems != ["ok"]:
            raise StoreDown(f"{path} is damaged ({'; '.join(problems)}); take another backup")
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"alembic_version", "case", "mail", "letter"} <= tables:
            raise StoreDown(f"{what}: it has other tables, or none")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreDown(f"{path} is damaged (it has rows that point nowhere); take another backup")
        [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        [cases] = connection.execute('SELECT count(*) FROM "case"').fetchone()
        [mails] = connection.execute("SELECT count(*) FROM mail").fetchone()
    return Inventory(cases, mails, path.stat().st_size, str(revision))


@contextmanager
def in_place_of(path: Path, backup: Path, aside: Path) -> Iterator[Path]:
    """A copy of the backup to be made ready; after the block it is the database.

    What was there before is kept under the name `aside`. There is a database at every moment: a kill leaves
    the old one or the new one, whole.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with whole_file(path) as part:
        shutil.copyfile(backup, part)
        yield part
        _into_one_file(part)
        _set_aside(path, aside)


def _into_one_file(path: Path) -> None:
    """Put the log of writes into the file, and leave no other beside it."""
    with _plainly(f"The copy {path} can't be completed"), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").close()
    for ending in BESIDE:
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _set_aside(path: Path, aside: Path) -> None:
    """Keep the old database; its log must not be taken for the new one's."""
    if not path.exists():
        for ending in BESIDE:
            Path(f"{path}{ending}").unlink(missing_ok=True)
        return
    _put_log_away(path)
    try:
        aside.hardlink_to(path)
    except OSError:  # not every file system can; renamed, there would be none for a moment
        with whole_file(aside) as part:
            shutil.copyfile(path, part)
    for ending in BESIDE:
        if (beside := Path(f"{path}{ending}")).exists():
            beside.replace(f"{aside}{ending}")
    on_disk(path.parent)


def _put_log_away(path: Path) -> None:
    """Let the old database be whole without its log, where it still can be."""
    with suppress(sqlite3.Error), closing(_opened(path, "rw")) as connection:
        connection.execute("PRAGMA busy_timeout = 1000")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", timeout=PATIENCE, uri=True)


@contextmanager
def _plainly(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreDown(f"{what}: {error}") from error
