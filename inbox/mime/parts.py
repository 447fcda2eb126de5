"""The parts of a parsed mail: their fields, bytes and sizes, which stood beside the parser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.message import Message as Part
from functools import cached_property
from typing import cast

from inbox.mime.rewriting import KEPT, PART, SIZE, Beside
from inbox.mime.transfer import undone


class Filled(Part):
    """A part with what stood beside the parser; its kind and content are kept, for they are read often."""

    def __init__(self, made: Part, told: Beside) -> None:
        super().__init__(made.policy)
        self.kind = told.kind or made.get_default_type()
        self._told, self._made = told, made
        self.preamble, self.epilogue = made.preamble, made.epilogue
        for name, value in made.raw_items():
            if name.lower() not in ("content-type", PART):
                self.set_raw(name, value)
        for name, raw in told.fields:
            self.set_raw(name, raw.decode("ascii", "surrogateescape"))

    @cached_property
    def content(self) -> bytes | None:
        """A leaf's bytes, its transfer encoding undone, which costs most; None where the parser has them."""
        if self._told.content is None:
            return None
        return undone(self._told.content + cast(str, self._made.get_payload()).encode(), self._told.encoding)

    def get_content_type(self) -> str:
        return self.kind


def filled(made: Part, beside: Sequence[Beside], number: int | None = 0) -> Part:
    """The part, and all in it, with what stood beside the parser (`Bounded.beside`): fields and content.

    What the parser made is left as it is; parts that are none of ours (`Beside.is_leaf`) are taken over.
    """
    if number is None:
        return made
    told = beside[number]
    new = Filled(made, told)
    if told.content is not None:
        return new
    payload = made.get_payload()
    if isinstance(payload, list) and not told.is_leaf:
        payload = [filled(one, beside, _number(one, PART)) for one in cast(list[Part], payload)]
    new.set_payload(payload)
    return new


def children(part: Part) -> Iterator[Part]:
    if part.is_multipart():
        yield from cast(list[Part], part.get_payload())


def raw_field(part: Part, name: str) -> bytes:
    """A field's bytes as they came."""
    for key, value in part.raw_items():
        if key == name or key.lower() == name:
            return str(value).encode("ascii", "surrogateescape")
    return b""


def content_of(part: Part) -> bytes:
    """A leaf's bytes, its transfer encoding undone."""
    if isinstance(part, Filled) and part.content is not None:
        return part.content
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
    payload = None if part.is_multipart() else part.get_payload()
    for text in (part.preamble, part.epilogue, payload if isinstance(payload, str) else ""):
        if text and text.strip():
            yield text


def _number(part: Part, name: str) -> int | None:
    told = raw_field(part, name)
    return int(told) if told.isdigit() and len(told) < 16 else None
