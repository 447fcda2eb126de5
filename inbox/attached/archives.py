"""What archives hold, unpacked in memory and only as far as the budget goes; nothing is ever written.

What an archive says of its own sizes is not believed: what is unpacked is counted.
"""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from inbox.attached.budget import Budget
from store.attached import Danger

_CHUNK, _WINDOW = 1 << 18, 1 << 16
_HEAD = 64 * 1024
"""Of a file in an archive that is looked at, unless it has to be opened itself."""
_RATIO, _LARGE = 200, 64 * 2**20
"""So many times larger unpacked, and at least so large: that is a bomb."""
_OPENED = (b"PK\3\4", b"PK\5\6", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\xd0\xcf\x11\xe0", b"{\\rt")
_STREAMS = {"gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7zXZ"}
_MEMORY = 64 * 2**20
_FLAG_ENCRYPTED = 1
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError,
    NotImplementedError, RuntimeError, KeyError, IndexError, OverflowError, RecursionError, UnicodeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive."""

    name: str
    size: int
    """As the archive says."""
    data: bytes
    """The start of it, or all."""
    whole: bool


@dataclass(slots=True)
class Unpacked:
    """What was found in an archive."""

    members: list[Member]
    dangers: tuple[Danger, ...] = ()


def unzipped(data: bytes, budget: Budget) -> Unpacked:
    """The members of a zip archive, as far as the budget goes, and what is wrong with it."""
    found = Unpacked([])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            found.dangers = _of_entries(entries, len(data), budget)
            if not found.dangers:
                found.members += _members(archive, entries, budget)
    except _BROKEN:
        found.dangers = (Danger.UNSEEN,)
    if budget.unpacked < 0:
        found.dangers = (Danger.BOMB,) if _looks_like_a_bomb(found, len(data)) else (Danger.UNSEEN,)
    return found


def _of_entries(entries: list[zipfile.ZipInfo], packed: int, budget: Budget) -> tuple[Danger, ...]:
    budget.members -= len(entries)
    if any(one.flag_bits & _FLAG_ENCRYPTED for one in entries):
        return (Danger.LOCKED,)
    size = sum(one.file_size for one in entries)
    if size > _LARGE and size > _RATIO * packed:
        return (Danger.BOMB,)
    if sum(one.compress_size for one in entries) > packed + len(entries) * 64 and size > _LARGE:
        return (Danger.BOMB,)  # its files share the same packed bytes
    return (Danger.UNSEEN,) if budget.members < 0 else ()


def _members(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], budget: Budget) -> Iterator[Member]:
    for one in entries:
        if one.is_dir():
            continue
        with archive.open(one) as stream:
            data = stream.read(_HEAD)
            if is_opened(one.filename, data):
                data += _rest(stream, budget)
        if not budget.take(len(data)):
            return
        yield Member(one.filename, one.file_size, data, len(data) == one.file_size)


def _rest(stream: IO[bytes], budget: Budget) -> bytes:
    pieces, size = [], 0
    while size < budget.unpacked and (piece := stream.read(_CHUNK)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def is_opened(name: str, head: bytes) -> bool:
    """Whether a file in an archive is read whole: to open it itself, or as its mark stands far behind."""
    if head.startswith(_OPENED):
        return True
    if name.lower().endswith((".rels", ".html", ".htm", ".svg", ".xhtml", ".tar", ".iso", ".img", ".pdf")):
        return True
    return head[257:262] == b"ustar" or head.lstrip()[:1] == b"<" or b"%PDF-" in head[:1024]


def _looks_like_a_bomb(found: Unpacked, packed: int) -> bool:
    size = sum(len(one.data) for one in found.members)
    return size > _LARGE // 8 and size > _RATIO * packed


def inflated(data: bytes, kind: str, budget: Budget) -> tuple[bytes, tuple[Danger, ...]]:
    """What a gz, bz2 or xz file holds, and what is wrong with it."""
    out: list[bytes] = []
    packed = io.BytesIO(data)
    try:
        # Several streams behind each other are one file.
        while data.startswith(_STREAMS[kind], packed.tell()):
            budget.members -= 1
            if budget.members < 0:
                return b"".join(out), (Danger.UNSEEN,)
            for piece in _pieces(_inflater(kind), packed):
                out.append(piece)
                if not budget.take(len(piece)):
                    bomb = sum(map(len, out)) > _RATIO * len(data)
                    return b"", (Danger.BOMB if bomb else Danger.UNSEEN,)
    except _BROKEN:
        return b"".join(out), (Danger.UNSEEN,)
    return b"".join(out), ()


def _inflater(kind: str) -> Any:
    if kind == "gz":
        return zlib.decompressobj(wbits=31)
    return bz2.BZ2Decompressor() if kind == "bz2" else lzma.LZMADecompressor(memlimit=_MEMORY)


def _pieces(inflater: Any, packed: io.BytesIO) -> Iterator[bytes]:
    """What a stream holds, a piece at a time; raises EOFError where it ends too early."""
    given, ended = b"", False
    while True:
        if not given and getattr(inflater, "needs_input", True):
            # Never all of it: what lies behind a stream is copied when that ends, and there may be many.
            given = packed.read(_WINDOW)
            ended = not given
        piece = inflater.decompress(given, _CHUNK)
        # zlib hands back what it did not take; the others keep it.
        given = getattr(inflater, "unconsumed_tail", b"")
        yield piece
        if inflater.eof:
            packed.seek(-len(inflater.unused_data), io.SEEK_CUR)
            return
        if ended and not piece and not given:
            raise EOFError("the archive ends too early")


def untarred(data: bytes, budget: Budget) -> Unpacked:
    """The members of a tar archive."""
    found = Unpacked([])
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for one in archive:
                budget.members -= 1
                if budget.members < 0:
                    found.dangers = (Danger.UNSEEN,)
                    break
                if one.issym() or one.islnk() or one.isdev():
                    found.dangers = (Danger.SHORTCUT,)
                    continue
                stream = archive.extractfile(one) if one.isfile() else None
                if stream is None:
                    continue
                # A sparse file is as large as it says, however little is packed.
                head = stream.read(_HEAD)
                head += _rest(stream, budget) if is_opened(one.name, head) else b""
                if one.issparse() and not budget.take(len(head)):
                    found.dangers = (Danger.BOMB,)
                    break
                found.members.append(Member(one.name, one.size, head, len(head) == one.size))
    except _BROKEN:
        found.dangers = (Danger.UNSEEN,)
    return found
