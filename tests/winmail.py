"""Builds winmail.dat streams (TNEF, [MS-OXTNEF]) for the tests that read them."""

from __future__ import annotations

from struct import pack

MESSAGE, ATTACHMENT = 1, 2
CODEPAGE, SUBJECT, BODY, PROPERTIES = 0x00069007, 0x00018004, 0x0002800C, 0x00069003
RENDERING, TITLE, DATA, FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
STRING8, UNICODE, BINARY, OBJECT, LONG = 0x1E, 0x1F, 0x102, 0x0D, 0x03
HTML, RTF, CPID, LONG_NAME, METHOD, FILE_DATA, MIME = 0x1013, 0x1009, 0x3FDE, 0x3707, 0x3705, 0x3701, 0x370E


def attribute(level: int, number: int, value: bytes) -> bytes:
    """One attribute with its checksum."""
    return pack("<BII", level, number, len(value)) + value + pack("<H", sum(value) & 0xFFFF)


def prop(number: int, kind: int, value: bytes) -> bytes:
    """One MAPI property; strings and binaries are counted and filled up to four bytes."""
    if kind == LONG:
        return pack("<HH", kind, number) + value
    return pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def named(kind: int, value: bytes) -> bytes:
    """A property that is known by a name instead of a number."""
    name = "Keywords\0".encode("utf-16-le")
    return (
        pack("<HH", kind, 0x8001)
        + bytes(16)
        + pack("<II", 1, len(name))
        + name
        + b"\0" * (-len(name) % 4)
        + pack("<II", 1, len(value))
        + value
        + b"\0" * (-len(value) % 4)
    )


def properties(*each: bytes) -> bytes:
    """A list of properties."""
    return pack("<I", len(each)) + b"".join(each)


def unicode(text: str) -> bytes:
    return (text + "\0").encode("utf-16-le")


def stream(*attributes: bytes) -> bytes:
    """A whole stream."""
    version = attribute(MESSAGE, 0x00089006, pack("<I", 0x00010000))
    return pack("<IH", 0x223E9F78, 1) + version + b"".join(attributes)


def file(title: bytes, data: bytes, *each: bytes) -> bytes:
    """An attached file: its rendering data, title, bytes and properties."""
    parts = [attribute(ATTACHMENT, RENDERING, bytes(14)), attribute(ATTACHMENT, TITLE, title + b"\0")]
    parts += [attribute(ATTACHMENT, DATA, data)] if data else []
    parts += [attribute(ATTACHMENT, FILE_PROPERTIES, properties(*each))] if each else []
    return b"".join(parts)


def stored_rtf(rtf: bytes) -> bytes:
    """RTF in its container, not compressed."""
    return pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
