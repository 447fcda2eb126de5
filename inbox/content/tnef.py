"""winmail.dat: what Outlook wraps a mail in (TNEF, [MS-OXTNEF]). Every length is checked; nothing raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from
from typing import NamedTuple

from inbox.charsets.decoding import codec, decode
from inbox.content.rtf import BadRtf, decompressed
from inbox.content.rtf import read as read_rtf
from inbox.mime.naming import from_subject

_SIGNATURE = 0x223E9F78
_MESSAGE_LEVEL, _ATTACHMENT_LEVEL = 1, 2
_BODY, _PROPERTIES, _CODEPAGE, _SUBJECT = 0x0002800C, 0x00069003, 0x00069007, 0x00018004
_NEW_ATTACHMENT, _TITLE, _DATA, _ATTACHMENT = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML, _P_CODEPAGE = 0x0037, 0x1000, 0x1009, 0x1013, 0x3FDE
_P_NAME, _P_DATA, _P_SHORT, _P_METHOD, _P_LONG = 0x3001, 0x3701, 0x3704, 0x3705, 0x3707
_P_MIME, _P_CONTENT_ID = 0x370E, 0x3712
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_MULTIPLE = 0x1000
_WIDTHS = {
    0x01: 0,
    0x02: 4,
    0x03: 4,
    0x04: 4,
    0x05: 8,
    0x06: 8,
    0x07: 8,
    0x0A: 4,
    0x0B: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
}
_EMBEDDED = 5
_MOST_PROPERTIES = 5000
_MOST_ATTACHMENTS = 200
_DEPTH = 5
_RTF_BYTES = 1024 * 1024
_MESSAGE_KIND = "application/vnd.ms-outlook"


class File(NamedTuple):
    """A file that was in it."""

    name: str
    content_type: str
    size: int
    content_id: str = ""
    data: bytes | memoryview = b""


@dataclass(slots=True)
class Tnef:
    """What was read."""

    text: str = ""
    html: str = ""
    subject: str = ""
    files: list[File] = field(default_factory=list)
    is_whole: bool = True
    """False when it ended too early or could not be understood."""


class _Bad(ValueError):
    """A length reaches beyond the end."""


class _Property(NamedTuple):
    number: int
    kind: int
    value: bytes


@dataclass(slots=True)
class _File:
    title: str = ""
    size: int = 0
    data: bytes | memoryview = b""
    properties: dict[int, _Property] = field(default_factory=dict)


class _Cursor:
    """Reads on from a place, never past the end."""

    def __init__(self, data: bytes | memoryview) -> None:
        self.data = memoryview(data)
        self.place = 0

    def take(self, length: int) -> memoryview:
        if length > len(self.data) - self.place:
            raise _Bad
        self.place += length
        return self.data[self.place - length : self.place]

    def number(self, width: int = 4) -> int:
        return int.from_bytes(self.take(width), "little")

    def padded(self, length: int) -> bytes:
        """A value that is filled up to a multiple of four bytes; the last one may lack its filling."""
        value = bytes(self.take(length))
        self.place = min(len(self.data), self.place + -length % 4)
        return value


def read(data: bytes, depth: int = 0) -> Tnef:
    """Body, subject and files, as far as they can be read."""
    reader = _Reader(depth)
    try:
        for level, attribute, value in _attributes(_Cursor(data)):
            reader.attribute(level, attribute, value)
    except _Bad:
        reader.found.is_whole = False
    return reader.finished()


def _attributes(cursor: _Cursor) -> Iterator[tuple[int, int, memoryview]]:
    if cursor.number() != _SIGNATURE:
        raise _Bad
    cursor.number(2)
    while len(cursor.data) - cursor.place >= 9:
        level, attribute = cursor.number(1), cursor.number()
        value = cursor.take(cursor.number())
        cursor.place = min(len(cursor.data), cursor.place + 2)
        yield level, attribute, value


class _Reader:
    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.found = Tnef()
        self.charset = "cp1252"
        self.body = b""
        self.subject = b""
        self.properties: dict[int, _Property] = {}
        self.files: list[_File] = []

    def attribute(self, level: int, attribute: int, value: memoryview) -> None:
        """Takes one attribute; unknown ones are passed over."""
        if attribute == _CODEPAGE and len(value) >= 4:
            self.charset = _charset(unpack_from("<I", value)[0]) or self.charset
        elif attribute == _BODY:
            self.body = bytes(value)
        elif attribute == _SUBJECT:
            self.subject = bytes(value)
        elif attribute == _PROPERTIES and level == _MESSAGE_LEVEL:
            self.properties.update(_properties(value))
        elif attribute == _NEW_ATTACHMENT:
            if len(self.files) >= _MOST_ATTACHMENTS:
                raise _Bad
            self.files.append(_File())
        elif level == _ATTACHMENT_LEVEL and self.files:
            self.of_file(self.files[-1], attribute, value)

    def of_file(self, file: _File, attribute: int, value: memoryview) -> None:
        if attribute == _TITLE:
            file.title = self.string(bytes(value))
        elif attribute == _DATA:
            file.size, file.data = len(value), value
        elif attribute == _ATTACHMENT:
            file.properties.update(_properties(value))

    def finished(self) -> Tnef:
        """What was read, the strings decoded now that the code page is known."""
        found = self.found
        internet = self.properties.get(_P_CODEPAGE)
        html_charset = _charset(int.from_bytes(internet.value[:4], "little")) if internet else ""
        found.subject = self.of(self.properties, _P_SUBJECT) or self.string(self.subject)
        found.text = self.of(self.properties, _P_BODY) or self.string(self.body)
        if html := self.properties.get(_P_HTML):
            found.html = decode(html.value, html_charset)[0] if html.kind == _BINARY else self.value(html)
        rtf = self.properties.get(_P_RTF)
        if rtf and not (found.html or found.text or self.depth):
            self.rich(rtf.value)
        found.files += [self.file(one) for one in self.files]
        return found

    def rich(self, value: bytes) -> None:
        """Takes the body from its compressed RTF."""
        try:
            text, is_html = read_rtf(decompressed(value, _RTF_BYTES), self.charset)
        except BadRtf:
            self.found.is_whole = False
            return
        if is_html:
            self.found.html = text
        else:
            self.found.text = text

    def file(self, file: _File) -> File:
        properties = file.properties
        method = properties.get(_P_METHOD)
        data = properties.get(_P_DATA)
        name = self.of(properties, _P_LONG) or self.of(properties, _P_SHORT)
        content_id = self.of(properties, _P_CONTENT_ID).strip("<> ")
        if (
            method
            and int.from_bytes(method.value[:4], "little") == _EMBEDDED
            and data
            and self.depth < _DEPTH
        ):
            # Sixteen bytes of interface identifier stand before the embedded stream.
            inner = read(data.value[16:], self.depth + 1)
            title = inner.subject or name or self.of(properties, _P_NAME) or file.title or "message"
            self.found.is_whole = self.found.is_whole and inner.is_whole
            name = from_subject(title.removesuffix(".msg"), ".msg")
            return File(name, _MESSAGE_KIND, len(data.value) - 16, data=data.value[16:])
        kind = self.of(properties, _P_MIME).lower() or "application/octet-stream"
        size = len(data.value) if data and not file.size else file.size
        held = file.data if file.size or not data else data.value
        return File(name or file.title or self.of(properties, _P_NAME), kind, size, content_id, held)

    def of(self, properties: dict[int, _Property], number: int) -> str:
        found = properties.get(number)
        return self.value(found) if found else ""

    def value(self, found: _Property) -> str:
        if found.kind == _UNICODE:
            return found.value.decode("utf-16-le", "replace").split("\0", 1)[0]
        return self.string(found.value) if found.kind == _STRING8 else ""

    def string(self, value: bytes) -> str:
        return decode(value.split(b"\0", 1)[0], self.charset)[0]


def _charset(codepage: int) -> str:
    name = {65001: "utf-8", 28598: "iso8859-8", 20866: "koi8-r", 50220: "iso-2022-jp", 20127: "ascii"}.get(
        codepage
    )
    name = name or (f"iso8859-{codepage - 28590}" if 28590 < codepage < 28606 else f"cp{codepage}")
    return name if codec(name) else ""


def _properties(value: memoryview) -> dict[int, _Property]:
    """The properties of an encapsulated list; of a cut list those that came whole."""
    cursor = _Cursor(value)
    found: dict[int, _Property] = {}
    try:
        for _ in range(min(cursor.number(), _MOST_PROPERTIES)):
            one = _property(cursor)
            found.setdefault(one.number, one)
    except _Bad:
        return found
    return found


def _property(cursor: _Cursor) -> _Property:
    kind, number = cursor.number(2), cursor.number(2)
    if number >= 0x8000:
        cursor.take(16)
        if cursor.number():
            cursor.padded(cursor.number())
        else:
            cursor.number()
        number = -1
    plain = kind & ~_MULTIPLE
    if plain in (_STRING8, _UNICODE, _OBJECT, _BINARY):
        values = [cursor.padded(cursor.number()) for _ in range(min(cursor.number(), _MOST_PROPERTIES))]
        return _Property(number, plain, values[0] if values else b"")
    if plain not in _WIDTHS:
        raise _Bad
    count = min(cursor.number(), _MOST_PROPERTIES) if kind & _MULTIPLE else 1
    return _Property(number, plain, b"".join(bytes(cursor.take(_WIDTHS[plain])) for _ in range(count))[:64])
