"""The parts of a parsed mail: their fields, bytes and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message as Part
from typing import cast

from inbox.rewriting import KEPT, SIZE


def children(part: Part) -> Iterator[Part]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from cast(list[Part], payload)


def raw_field(part: Part, name: str) -> bytes:
    """A field's bytes as they came."""
    for key, value in part.raw_items():
        if key.lower() == name:
            return str(value).encode("ascii", "surrogateescape")
    return b""


def content_of(part: Part) -> bytes:
    """A leaf's bytes, its transfer encoding undone."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def size_of(part: Part) -> int:
    """How many bytes an attachment has."""
    told = _number(part, SIZE)
    if told is not None:
        return told
    return 0 if part.is_multipart() else len(content_of(part))


def kept_of(part: Part) -> int | None:
    """The number of the part's content in what is handed on beside the tree."""
    return _number(part, KEPT)


def asides(part: Part) -> Iterator[str]:
    """What stands in a multipart, but in none of its parts."""
    payload = part.get_payload()
    for text in (part.preamble, part.epilogue, payload if isinstance(payload, str) else ""):
        if text and text.strip():
            yield text


def _number(part: Part, name: str) -> int | None:
    told = str(part.get(name, ""))
    return int(told) if told.isdecimal() and len(told) < 16 else None
