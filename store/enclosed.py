"""A letter that carries a stored mail: the same bytes whenever it is put together (promises 4 and 6)."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Iterator
from typing import Literal

_PIECE = 57 * 4096
"""Whole lines of base64, each of 57 bytes."""
How = Literal["7bit", "base64"]


def whole(data: bytes, at: int, how: How, original: bytes) -> bytes:
    """The finished letter: its own bytes with the encoded mail put in."""
    own = memoryview(data)
    return b"".join((own[:at], *_pieces(original, how), own[at:]))


def encoded(original: bytes, how: How) -> bytes:
    """A mail as it stands in the body of a part, with CRLF line ends."""
    return b"".join(_pieces(original, how))


def _pieces(original: bytes, how: How) -> Iterator[bytes]:
    # In pieces, so that a large mail is in memory once more and not three times.
    match how:
        case "7bit" if original.count(b"\n") == original.count(b"\r\n"):
            yield original
        case "7bit":
            yield original.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        case "base64":
            for start in range(0, len(original), _PIECE):
                yield encodebytes(original[start : start + _PIECE]).replace(b"\n", b"\r\n")
        case _:
            raise ValueError(f"there is no encoding {how!r}")
