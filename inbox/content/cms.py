"""What an S/MIME part holds (RFC 8551; CMS, RFC 5652): what is signed or compressed is read.

Nothing is verified here: a signature proves nothing to the reader of the text, and From never authorises.
The reader takes DER and BER, with indefinite lengths and octet strings in pieces, and trusts no length.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = bytes.fromhex("2a864886f70d010703")
_DATA = bytes.fromhex("2a864886f70d010701")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_ENCRYPTED = frozenset(
    {_ENVELOPED, bytes.fromhex("2a864886f70d010706"), bytes.fromhex("2a864886f70d0109100117")}
)
_OID, _OCTETS, _SEQUENCE, _SET, _EXPLICIT = 0x06, 0x04, 0x30, 0x31, 0xA0
_CONSTRUCTED = 0x20
_DEPTH = 30
_VALUES = 100_000
_ENCRYPTED_SAID = "the mail is encrypted and could not be read"
_UNREADABLE = "an S/MIME part could not be read"


class Cms(NamedTuple):
    """The content of an S/MIME part; `damage` says why there is none, or not all of it."""

    content: bytes = b""
    damage: str = ""


class _Bad(ValueError):
    """The bytes are no BER."""


class _Value(NamedTuple):
    tag: int
    start: int
    end: int
    """Of the content; an indefinite one ends before its end mark."""
    after: int


def read(data: bytes, limit: int) -> Cms:
    """The content, at most `limit` bytes of it."""
    try:
        return _Reader(data, limit).message()
    except _Bad:
        return Cms(damage=_UNREADABLE)


class _Reader:
    def __init__(self, data: bytes, limit: int) -> None:
        self.data = data
        self.limit = limit
        self.read = 0

    def message(self, start: int = 0, depth: int = 0) -> Cms:
        """A ContentInfo, and the one in it when it is signed twice."""
        outer = self.children(self.value(start, len(self.data)))
        kind = self.bytes_of(self.expect(next(outer, None), _OID))
        if kind in _ENCRYPTED:
            return Cms(damage=_ENCRYPTED_SAID)
        if kind not in (_SIGNED, _COMPRESSED):
            return Cms(damage=_UNREADABLE)
        body = self.expect(next(self.children(self.expect(next(outer, None), _EXPLICIT)), None), _SEQUENCE)
        inner_kind, content = self.encapsulated(body)
        damage = ""
        if kind == _COMPRESSED:
            content = _inflated(content, self.limit)
            if len(content) >= self.limit:
                damage = f"only the first {self.limit // 2**20} MB of a compressed S/MIME part were read"
        if inner_kind != _DATA and content.startswith(b"\x30") and depth < 3:
            return _Reader(content, self.limit).message(0, depth + 1)
        return Cms(content, damage if content else _UNREADABLE)

    def encapsulated(self, body: _Value) -> tuple[bytes, bytes]:
        """The kind and bytes of the EncapsulatedContentInfo.

        It is the first sequence of an identifier and an explicit value; version and algorithms come first.
        """
        for value in self.children(body):
            if value.tag != _SEQUENCE:
                continue
            inside = self.children(value)
            first, second = next(inside, None), next(inside, None)
            if first and first.tag == _OID and second and second.tag == _EXPLICIT:
                wrapped = next(self.children(second), None)
                return self.bytes_of(first), b"".join(self.octets(wrapped)) if wrapped else b""
        return b"", b""

    def octets(self, value: _Value, depth: int = 0) -> Iterator[bytes]:
        """The pieces of an octet string."""
        if not value.tag & _CONSTRUCTED:
            yield self.bytes_of(value)
        elif depth < _DEPTH:
            for piece in self.children(value):
                yield from self.octets(piece, depth + 1)

    def expect(self, value: _Value | None, tag: int) -> _Value:
        if value is None or value.tag != tag:
            raise _Bad
        return value

    def bytes_of(self, value: _Value) -> bytes:
        return self.data[value.start : value.end]

    def children(self, value: _Value) -> Iterator[_Value]:
        place = value.start
        while place < value.end:
            child = self.value(place, value.end)
            yield child
            place = child.after

    def value(self, place: int, stop: int, depth: int = 0) -> _Value:
        """The tag-length-value that begins at `place` and must end by `stop`."""
        self.read += 1
        if self.read > _VALUES or depth > _DEPTH or place + 2 > stop:
            raise _Bad
        tag, length = self.data[place], self.data[place + 1]
        if tag & 0x1F == 0x1F:
            raise _Bad
        place += 2
        if length == 0x80:
            return self.indefinite(tag, place, stop, depth)
        if length > 0x80:
            count = length - 0x80
            if count > 4 or place + count > stop:
                raise _Bad
            length = int.from_bytes(self.data[place : place + count], "big")
            place += count
        # A part that was cut on its way still gives what there is of it.
        end = min(place + length, stop)
        return _Value(tag, place, end, end)

    def indefinite(self, tag: int, place: int, stop: int, depth: int) -> _Value:
        """A value whose end is marked by two zero bytes."""
        start = place
        while place + 2 <= stop:
            if self.data[place : place + 2] == b"\0\0":
                return _Value(tag, start, place, place + 2)
            place = self.value(place, stop, depth + 1).after
        return _Value(tag, start, stop, stop)


def _inflated(data: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, limit)
    except zlib.error:
        return b""
