"""The parts of a parsed mail: their fields, bytes and sizes, which stood beside the parser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.message import Message as Part
from typing import cast

from inbox.mime.rewriting import KEPT, PART, SIZE, Beside
from inbox.mime.transfer import undone


def filled(part: Part, beside: Sequence[Beside], number: int | None = 0) -> Part:
    """The part, and all in it, with what stood beside the parser (`Bounded.beside`): fields and content.

    What the parser made is left as it is; parts that are none of ours (`Beside.is_leaf`) are taken over.
    """
    if number is None:
        return part
    told, new = beside[number], Part(part.policy)
    new.set_default_type(part.get_default_type())
    new.preamble, new.epilogue = part.preamble, part.epilogue
    for name, value in part.raw_items():
        if name.lower() not in ("content-type", PART):
            new.set_raw(name, value)
    for name, raw in told.fields:
        new.set_raw(name, raw.decode("ascii", "surrogateescape"))
    payload = part.get_payload()
    if told.content is not None:
        new.set_payload(undone(told.content + cast(str, payload).encode(), told.encoding))
    elif isinstance(payload, list) and not told.is_leaf:
        new.set_payload([filled(one, beside, _number(one, PART)) for one in cast(list[Part], payload)])
    else:
        new.set_payload(payload)
    return new


def children(part: Part) -> Iterator[Part]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from cast(list[Part], payload)


def raw_field(part: Part, name: str) -> bytes:
    """A field's bytes as they came."""
    for key, value in part.raw_items():
        if key == name or key.lower() == name:
            return str(value).encode("ascii", "surrogateescape")
    return b""


def content_of(part: Part) -> bytes:
    """A leaf's bytes, its transfer encoding undone."""
    data: object = part.get_payload()
    if not isinstance(data, bytes):
        # What the parser was to look into, such as a report's text.
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
