"""Pictures that Chromium made, as plain grey values: what is needed to look at one, and no more."""

from __future__ import annotations

import struct
import zlib

_HEAD = b"\x89PNG\r\n\x1a\n"


def grey(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the brightness of each pixel of a PNG of 8 bits a colour, not interlaced."""
    assert png.startswith(_HEAD)
    width, height, depth, colour, *_, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    channels = {2: 3, 6: 4}[colour]
    assert (depth, interlaced) == (8, 0)
    data, row, found = zlib.decompress(_pixels(png)), bytes(width * channels), bytearray()
    for y in range(height):
        start = y * (width * channels + 1)
        row = _unfiltered(data[start], data[start + 1 : start + 1 + width * channels], row, channels)
        found += bytes(sum(row[at : at + 3]) // 3 for at in range(0, len(row), channels))
    return width, height, bytes(found)


def _pixels(png: bytes) -> bytes:
    at, found = len(_HEAD), b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            found += png[at + 8 : at + 8 + length]
        at += length + 12
    return found


def _unfiltered(how: int, line: bytes, above: bytes, step: int) -> bytes:
    """A row as it was before it was made small: PNG says of each value how far it is from its neighbours."""
    row = bytearray(line)
    for at in range(len(row)):
        left, over = row[at - step] if at >= step else 0, above[at]
        corner = above[at - step] if at >= step else 0
        expected = (0, left, over, (left + over) // 2, _nearest(left, over, corner))[how]
        row[at] = (row[at] + expected) & 255
    return bytes(row)


def _nearest(left: int, over: int, corner: int) -> int:
    guess = left + over - corner
    return min((left, over, corner), key=lambda one: abs(guess - one))
