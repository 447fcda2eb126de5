"""The UIDs of a Maildir's mails: a file beside them, as Dovecot keeps one.

A mail's name is the same as long as it lies there, whatever flags are written behind it. Each name gets the
next number once, and the numbers are on the disk before anybody hears of them. A list that is lost or damaged
begins anew under another UIDVALIDITY, and what was taken in before is known by its fingerprint (promise 3).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

LIST, LOCK = "peygir-uids", "peygir-uids.lock"
_FIRST_LINE = "peygir-uids 1"
_SAFE = "=,+@~!"
_GONE_AT_LEAST = 200
"""So many that are gone make it worth to write the list anew."""


class Uids:
    """The list of one Maildir. Several processes may use it at the same time."""

    def __init__(self, folder: Path) -> None:
        self._path, self._lock = folder / LIST, folder / LOCK
        self._by_name: dict[bytes, int] = {}
        self._read_at: tuple[int, int] | None = None
        self._next = 1
        self.validity = 0

    def of(self, names: Sequence[bytes]) -> dict[bytes, int]:
        """The UID of each of these mails, in this order for those that are new."""
        with self._locked():
            self._read()
            new = [name for name in names if name not in self._by_name]
            if new:
                self._add(new)
        return {name: self._by_name[name] for name in names}

    def forget(self, present: Collection[bytes]) -> None:
        """Write the list anew without those that are gone, once there are many."""
        with self._locked():
            self._read()
            gone = self._by_name.keys() - present
            if len(gone) >= max(_GONE_AT_LEAST, len(present)):
                for name in gone:
                    del self._by_name[name]
                self._write()

    def names(self, uids: Collection[int]) -> dict[int, bytes]:
        """The mails with these UIDs, as far as they were told here."""
        wanted = set(uids)
        return {uid: name for name, uid in self._by_name.items() if uid in wanted}

    # -- the file

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _read(self) -> None:
        """What the file says, if it is another than at the last look; a new list where there is none."""
        try:
            stat = self._path.stat()
            if (stat.st_ino, stat.st_size) == self._read_at:
                return
            data = self._path.read_bytes()
        except FileNotFoundError:
            data = b""
        if not self._understood(data):
            self._by_name, self._next = {}, 1
            self._write(anew=True)

    def _understood(self, data: bytes) -> bool:
        """Take over what the file says; a last line that was cut off was told to nobody."""
        lines = data.split(b"\n")[:-1]
        head = lines[0].decode("ascii", "replace").rsplit(" ", 2) if lines else []
        if len(head) != 3 or head[0] != _FIRST_LINE or not (head[1] + head[2]).isdecimal():
            return False
        by_name: dict[bytes, int] = {}
        last = 0
        for line in lines[1:]:
            number, _, name = line.partition(b" ")
            if not number.isdigit() or int(number) <= last or not name:
                return False
            last = int(number)
            by_name[unquote_to_bytes(name)] = last
        self.validity, self._by_name = int(head[1]), by_name
        self._next = max(int(head[2]), last + 1)
        if not data.endswith(b"\n"):
            self._write()
        else:
            self._seen()
        return True

    def _add(self, names: Sequence[bytes]) -> None:
        new = dict(zip(names, range(self._next, self._next + len(names)), strict=True))
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        size = os.fstat(handle).st_size
        try:
            _write_all(handle, b"".join(_line(uid, name) for name, uid in new.items()))
            os.fsync(handle)
        except OSError:
            # What is not on the disk for certain is told to nobody: another mail may get these numbers.
            self._read_at = None
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
        finally:
            os.close(handle)
        self._by_name.update(new)
        self._next += len(new)
        self._seen()

    def _write(self, *, anew: bool = False) -> None:
        """Write the whole list: the old one stays as it is until the new one is on the disk."""
        new = self._path.with_name(f"{LIST}.new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            if anew:
                # To the nanosecond: no list that was lost a moment ago had it.
                self.validity = max(os.fstat(handle).st_mtime_ns, self.validity + 1)
            head = f"{_FIRST_LINE} {self.validity} {self._next}\n".encode("ascii")
            rows = sorted(self._by_name.items(), key=lambda row: row[1])
            _write_all(handle, head + b"".join(_line(uid, name) for name, uid in rows))
            os.fsync(handle)
        finally:
            os.close(handle)
        new.replace(self._path)
        sync(self._path.parent)
        self._seen()

    def _seen(self) -> None:
        stat = self._path.stat()
        self._read_at = stat.st_ino, stat.st_size


def sync(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _line(uid: int, name: bytes) -> bytes:
    return f"{uid} {quote_from_bytes(name, safe=_SAFE)}\n".encode("ascii")


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]
