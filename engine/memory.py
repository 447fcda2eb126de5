"""What was checked and compiled before, kept between starts in a folder that nobody else can write to.

It is only ever a saving: what is absent, old, damaged or in a folder that others may write to is made anew,
and a folder that can't be written to is no trouble. What is kept is code, as Python's own byte code is: it is
used only where the folder and the file belong to this very user.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pydantic

CHECKERS = ("cases", "cases/commands", "cases/rules", "cases/toning", "language", "outbox", "store")
"""The rooms whose code reads, checks and compiles what is kept."""
_HERE = Path(__file__).resolve().parent.parent
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_MAKE_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_KEY, _SUM = 32, 4


@dataclass(frozen=True, slots=True)
class Memory:
    """Keeps the newest data of each name. Without a folder it keeps nothing."""

    folder: Path | None = None

    @classmethod
    def at(cls, folder: str) -> Memory:
        """A memory in this folder, whose ~ is the user's home; one that keeps nothing where there is none."""
        try:
            return cls(Path(folder).expanduser() if folder else None)
        except RuntimeError:
            return cls()

    @property
    def keeps(self) -> bool:
        """Whether it is worth making what could be kept."""
        return self.folder is not None

    def recall(self, name: str, key: bytes) -> bytes | None:
        """What was kept under this name, if it was under this very key."""
        with suppress(OSError), self._opened() as folder:
            file = os.open(name, _OPEN_FILE, dir_fd=folder)
            with open(file, "rb") as opened:  # noqa: PTH123 - it is open already
                if os.fstat(file).st_uid == os.geteuid():
                    return _unsealed(opened.read(), key)
        return None

    def keep(self, name: str, key: bytes, data: bytes) -> None:
        """Keep this instead of what the name had before."""
        half = f"{name}.{os.getpid()}"
        with suppress(OSError):
            if self.folder is not None:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._opened() as folder:
                try:
                    with open(os.open(half, _MAKE_FILE, 0o600, dir_fd=folder), "wb") as made:  # noqa: PTH123
                        made.write(_sealed(key, data))
                    os.replace(half, name, src_dir_fd=folder, dst_dir_fd=folder)
                except OSError:
                    with suppress(FileNotFoundError):
                        os.unlink(half, dir_fd=folder)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The folder, held open so that it can't be exchanged. Raises OSError where it can't be trusted."""
        if self.folder is None:
            raise FileNotFoundError
        folder = os.open(self.folder, _OPEN_FOLDER)
        try:
            found = os.fstat(folder)
            if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
                raise PermissionError
            yield folder
        finally:
            os.close(folder)


def key_of(*parts: bytes) -> bytes:
    """A key that changes with any part, with Python, its libraries and the code that checks."""
    digest = hashlib.sha256(_code())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def name_of(what: str, folder: Path) -> str:
    """The name under which something about a folder is kept."""
    return f"{what}-{hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]}"


@lru_cache(1)
def _code() -> bytes:
    digest = hashlib.sha256(f"{sys.version} {sys.implementation.cache_tag}".encode())
    for room in CHECKERS:
        for path in sorted((_HERE / room).glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    # Each library's version stands in the name of a folder beside it.
    libraries = Path(pydantic.__file__).parent.parent
    digest.update("\n".join(sorted(path.name for path in libraries.glob("*-info"))).encode())
    return digest.digest()


def _sealed(key: bytes, data: bytes) -> bytes:
    return key + zlib.crc32(data).to_bytes(_SUM, "big") + data


def _unsealed(sealed: bytes, key: bytes) -> bytes | None:
    """The data, if it has this key and is as it was written."""
    data = sealed[_KEY + _SUM :]
    if sealed[:_KEY] != key or sealed[_KEY : _KEY + _SUM] != zlib.crc32(data).to_bytes(_SUM, "big"):
        return None
    return data
