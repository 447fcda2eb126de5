"""What an archive is made of: an mbox (also packed with gzip), a Maildir, a folder of mails, one mail."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from inbox.archives import mbox
from inbox.archives.pieces import Piece
from language.trouble import Trouble

_MAILDIR = ("cur", "new")
_MAILS, _MBOXES = (".eml",), (".mbox", ".mbx")
_PACKED = b"\x1f\x8b"
_BLOCK = 2**20


class NoArchive(Trouble):
    """What was named holds no mail that can be read; the message says what would."""


class Archives:
    """Files and folders of old mail. What is packed is unpacked beside, into files that go at the end."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._unpacked: Path | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def pieces(self, path: Path) -> Iterator[Piece]:
        """The mails of what the user named. Raises NoArchive."""
        if not path.exists():
            raise NoArchive(f"there is no {path}")
        found = False
        for file in _files(path):
            for piece in self._of_file(file):
                found = True
                yield piece
        if not found and path.is_dir():
            what = "name an mbox, a Maildir (a folder with cur and new), or a folder of .eml files"
            raise NoArchive(f"{path} holds no mail; {what}")

    def _of_file(self, path: Path) -> Iterator[Piece]:
        with path.open("rb") as file:
            packed = file.read(len(_PACKED)) == _PACKED
        if packed:
            path = self._unpack(path)
        if mbox.is_mbox(path):
            yield from mbox.pieces(path)
        else:
            yield Piece(path, 0, path.stat().st_size)

    def _unpack(self, path: Path) -> Path:
        if self._unpacked is None:
            self._unpacked = Path(self._stack.enter_context(TemporaryDirectory(prefix="peygir-import-")))
        self._count += 1
        target = self._unpacked / f"{self._count}-{path.name}"
        try:
            with gzip.open(path, "rb") as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, _BLOCK)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise NoArchive(f"{path} can't be unpacked: {error}") from error
        return target


def _files(path: Path) -> Iterator[Path]:
    """The files that hold mail: what is named itself, or in a folder what plainly does."""
    if path.is_file():
        yield path
        return
    if all((path / name).is_dir() for name in _MAILDIR):
        for name in _MAILDIR:
            yield from sorted(one for one in (path / name).iterdir() if one.is_file())
    for one in sorted(path.iterdir()):
        if one.is_symlink():
            continue
        if one.is_dir() and one.name not in (*_MAILDIR, "tmp"):
            yield from _files(one)
        elif one.is_file() and one.name.lower().removesuffix(".gz").endswith((*_MAILS, *_MBOXES)):
            yield one
