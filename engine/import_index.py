"""What an archive holds, on disk: so that mails come in the order of time, whatever file they lie in.

Only headers are kept, and only for as long as the import lasts.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from inbox.archives.pieces import Piece
from inbox.header import dates
from inbox.header.block import ByName, in_single_bytes, split_head
from inbox.header.encoded_words import text_of
from inbox.header.identifiers import message_id, message_ids

HEAD = 64 * 2**10
MOST_IDS = 50
AT_ONCE = 1000
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
_TABLES = """
CREATE TABLE mail (id INTEGER PRIMARY KEY, path INT, start INT, length INT, escaped INT, came INT);
CREATE TABLE refers (said TEXT, mail INT, own TEXT);
CREATE TABLE path (id INTEGER PRIMARY KEY, path BLOB UNIQUE);
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a mail before it is read."""

    came: datetime | None
    """By its Date, or else by the archive; None where neither says."""
    own: str
    """Its Message-ID."""
    refers: tuple[str, ...]
    """The Message-IDs that it refers to."""


class Index:
    """The mails of an archive. Memory stays small however many there are."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._now = now
        self._store = sqlite3.connect(folder / "index.sqlite3", isolation_level=None)
        self._store.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES} BEGIN;")
        self._paths: dict[Path, int] = {}
        self.mails = self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()

    def add(self, piece: Piece) -> None:
        """Note a mail."""
        known = told_of(piece)
        came = known.came or self._now
        row = (self._number(piece.path), piece.start, piece.length, piece.escaped, int(came.timestamp()))
        add = "INSERT INTO mail (path, start, length, escaped, came) VALUES (?, ?, ?, ?, ?)"
        number = self._store.execute(add, row).lastrowid
        refers = ((said, number, known.own) for said in known.refers)
        self._store.executemany("INSERT INTO refers VALUES (?, ?, ?)", refers)
        self.mails += 1
        self.size += piece.length

    def ready(self) -> None:
        """Say that every mail is noted."""
        made = "CREATE INDEX by_time ON mail (came, id); CREATE INDEX by_id ON refers (said);"
        self._store.executescript(made)

    def in_order(self) -> Iterator[tuple[Piece, datetime]]:
        """Every mail with when it came, the oldest first."""
        paths = {
            number: Path(os.fsdecode(path))
            for number, path in self._store.execute("SELECT id, path FROM path")
        }
        rows = "SELECT path, start, length, escaped, came FROM mail ORDER BY came, id"
        with closing(self._store.execute(rows)) as found:
            while some := found.fetchmany(AT_ONCE):
                for path, start, length, escaped, came in some:
                    at = datetime.fromtimestamp(came, UTC)
                    yield Piece(paths[path], start, length, at, bool(escaped)), min(at, self._now)

    def replies_to(self, own: str) -> list[str]:
        """The Message-IDs of mails that refer to this one."""
        asked = "SELECT DISTINCT own FROM refers WHERE said = ? AND own != '' LIMIT ?"
        return [said for (said,) in self._store.execute(asked, (own, MOST_IDS))] if own else []

    def _number(self, path: Path) -> int:
        if path not in self._paths:
            self._paths.clear()  # a Maildir has a path for each mail
            name = os.fsencode(path)  # it may be no text
            self._store.execute("INSERT OR IGNORE INTO path (path) VALUES (?)", (name,))
            found = self._store.execute("SELECT id FROM path WHERE path = ?", (name,)).fetchone()
            self._paths[path] = int(found[0])
        return self._paths[path]


def told_of(piece: Piece) -> Told:
    """What the header of a mail says of its place among the others."""
    raw = in_single_bytes(piece.head(HEAD))
    named = ByName(split_head(raw, 0, HEAD, top=True).fields)
    refers = message_ids(_last([*named.values("references"), *named.values("in-reply-to")]))
    written = dates.read(text_of(named.first("date")[:200]))
    came = written if written and written >= EARLIEST else piece.at
    return Told(came, message_id(named.first("message-id")), refers[-MOST_IDS:])


def _last(values: Iterable[bytes]) -> list[bytes]:
    return [value[-8192:] for value in values]
