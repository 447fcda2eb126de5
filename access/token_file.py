"""The refresh token on disk: whole or not at all, for its owner alone, one writer at a time.

A provider may give a new refresh token each time it is asked, and the old one is then worth nothing. So the
file is written before anything that came with the new one is used.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from access.trouble import NoAccess

LOCK_WAIT, STEP = 90.0, 0.05
"""Seconds that another worker may take over asking; and between two looks."""
ROOM = 2**15
"""Bytes that are put by before asking, so that a full disk is found out while nothing is lost."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a consent left: enough to get access tokens for as long as it holds."""

    refresh_token: str = field(repr=False)
    consent: str
    """Which consent it is, however often the refresh token was changed since."""
    user: str = ""
    scope: str = ""
    since: str = ""
    """When somebody consented (ISO 8601)."""
    ends: str = ""
    """When the consent ends by itself, where the provider says so (ISO 8601)."""


class TokenFile:
    """One file that all workers of a mailbox share."""

    def __init__(self, path: Path, command: str = "worker.py auth") -> None:
        self.path, self._command = path, command
        self._new = path.with_name(f"{path.name}.new")
        self._lock = path.with_name(f"{path.name}.lock")

    def stamp(self) -> tuple[int, int, int]:
        """Changes whenever the file does; zeros while there is none."""
        try:
            now = self.path.stat()
        except OSError:
            return 0, 0, 0
        return now.st_ino, now.st_ctime_ns, now.st_size

    def read(self) -> Kept:
        """What the file holds. Raises NoAccess."""
        try:
            with self.path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                raw = file.read(ROOM)
        except FileNotFoundError:
            words = f"nobody has consented yet: there is no {self.path}; run {self._command}"
            raise NoAccess(words, error="no_consent") from None
        except OSError as error:
            raise NoAccess(
                f"{self.path} can't be read: {error.strerror}; check its owner and folder"
            ) from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise NoAccess(f"others than its owner may read or write {self.path}: chmod 600 {self.path}")
        return self._kept(raw)

    def _kept(self, raw: bytes) -> Kept:
        try:
            told: Any = json.loads(raw)
        except (ValueError, RecursionError):
            told = None
        token = told.get("refresh_token") if isinstance(told, dict) else None
        if not isinstance(token, str) or not token:
            raise NoAccess(f"{self.path} holds no refresh token; run {self._command}")
        rest = {name: str(told.get(name) or "") for name in ("consent", "user", "scope", "since", "ends")}
        rest["consent"] = rest["consent"] or hashlib.sha256(token.encode()).hexdigest()[:16]
        return Kept(token, **rest)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else asks or writes meanwhile. Raises NoAccess."""
        with self._plainly(), _opened(self._lock) as lock:
            end = time.monotonic() + LOCK_WAIT
            while not _taken(lock):
                if time.monotonic() > end:
                    words = f"another process has held {self._lock} for more than {LOCK_WAIT:.0f} seconds"
                    raise NoAccess(f"{words}; is a worker stopped, not ended?", lasting=False)
                time.sleep(STEP)
            yield

    def make_room(self) -> None:
        """Find out that the file can be written, before the provider gives what must not be lost."""
        with self._plainly(), _written(self._new) as file:
            file.write(b" " * ROOM)
            file.flush()
            os.fsync(file.fileno())

    def write(self, kept: Kept) -> None:
        """Put it in the file's place; what stood there is whole until that moment. Raises NoAccess."""
        told = {name: getattr(kept, name) for name in Kept.__slots__}
        with self._plainly():
            with _written(self._new) as file:
                file.write(json.dumps(told, indent=1).encode() + b"\n")
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
            self._new.replace(self.path)
            _sync(self.path.parent)

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            words = f"the token file {self.path} can't be written: {error.strerror}"
            advice = "give the worker's user a folder that it may write to (OAUTH_TOKEN_FILE), and room"
            raise NoAccess(f"{words}; {advice}") from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def _written(path: Path) -> Iterator[Any]:
    """A file for its owner alone, over what a killed worker left of it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b") as file:
        os.fchmod(handle, 0o600)
        yield file


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
