"""SQLite's files on the disk: whether the database is still the one that was opened, how long its log is."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from store.trouble import StoreDown

LONGEST_LOG = 16 * 2**20
"""Bytes that the log of writes may have grown to when it is looked at."""
PATIENCE = 0.5
"""Seconds that the log waits for those who read in it; nobody writes meanwhile."""

LONG, TRIES = 10.0, 3
"""Seconds that writing it anew waits for others each time, and how often."""

Mark = tuple[int, int] | None
"""Device and number of a file: another one of the same name has others."""


def keep_to_the_owner(path: Path) -> tuple[Path, ...]:
    """Take from everybody but the owner the right to read a database; the files whose rights were wider.

    Who does not own them can't: the doctor tells it then. Nothing is opened (see `Database`).
    """
    mended = []
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), Path(f"{path}-journal")):
        with suppress(OSError):
            mode = stat.S_IMODE(each.stat().st_mode)
            if mode & 0o077:
                each.chmod(mode & 0o700)
                mended.append(each)
    return tuple(mended)


class SqliteFile:
    """The file of a database. What is written to one that was deleted is lost, and SQLite does not say so."""

    def __init__(self, path: str) -> None:
        self._path = Path(path).absolute()
        self._log = Path(f"{self._path}-wal")
        self._mark = self._marks()

    def assure(self, where: str, opened: Mark = None, reopen: Callable[[], object] = bool) -> Mark:
        """The mark of the file that is there. Raises StoreDown when it is not the one that was opened, or not
        the one with the mark `opened`; when another one has taken its place, that is what `reopen` is for.
        """
        mark, now = self._mark, self._marks()
        if now is None:
            words = "its file was deleted or moved away; all waits until it, or a backup of it, is back"
            raise StoreDown(f"{where}: {words}")
        if now != mark:
            # In this order: who finds the new mark must find the new file behind it.
            reopen()
            self._mark = now
        if now != mark or opened not in (None, now):
            raise StoreDown(f"{where}: its file was replaced by another one, which is used from now on")
        return now

    def cut_log(self) -> bool:
        """Begin the log of writes anew when it has grown long; whether that was done.

        SQLite does so by itself only at a moment when nobody reads. Where readers overlap there is none, and
        the log would grow for ever. One who reads for long is waited for at the next call.
        """
        try:
            if self._log.stat().st_size <= LONGEST_LOG:
                return False
        except FileNotFoundError:
            return False
        try:
            with closing(
                sqlite3.connect(f"{self._path.as_uri()}?mode=rw", timeout=PATIENCE, uri=True)
            ) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise StoreDown(f"The log of the database {self._path} can't be put away: {error}") from error
        return not busy

    def scour(self) -> str:
        """Write the file anew without what was deleted, and empty the log; what keeps it from that, or ""."""
        try:
            with closing(
                sqlite3.connect(f"{self._path.as_uri()}?mode=rw", timeout=LONG, uri=True)
            ) as connection:
                connection.isolation_level = None
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("VACUUM")
                for _ in range(TRIES):
                    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                    if not busy:
                        return ""
        except sqlite3.Error as error:
            return f"{self._path} can't be written anew now ({error})"
        return f"somebody has been reading {self._path} for {int(LONG * TRIES)} seconds"

    def _marks(self) -> Mark:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
