"""The mail as it is written anew for the e-mail parser, and what was left out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from inbox.headers import Head
from inbox.limits import Limits
from inbox.media import Media

SIZE = "x-peygir-size"
"""On a part whose content was left out: how many bytes it has."""
KEPT = "x-peygir-kept"
"""On a part whose content is handed on beside the tree: its number there."""
PART_FIELDS = frozenset(
    f"content-{name}"
    for name in ("type", "transfer-encoding", "disposition", "id", "description", "location")
)
_WRITTEN_HERE = ("content-type", "content-transfer-encoding")
_DATE_BYTES = 200
_ASIDE_BYTES = 64 * 1024
"""Of the text before the first part and after the last."""
_BOILERPLATE = re.compile(rb"[^\n]{0,400}(?:\n[^\n]{0,200}){0,2}?(?:mime|multi-?part)", re.IGNORECASE)


@dataclass(slots=True)
class Rewriting:
    """What is written, by every scan of one mail."""

    limits: Limits
    mark: str
    """A string that the mail can't hold."""
    out: list[bytes] = field(default_factory=list)
    damage: dict[str, None] = field(default_factory=dict)
    kept: list[bytes] = field(default_factory=list)
    opened: int = 0
    """Bytes that were decoded to look into them."""
    written: int = 0
    """Bytes of content."""
    parts: int = 0
    levels: int = 0

    def note(self, damage: str) -> None:
        """Says what was left out or guessed."""
        self.damage[damage] = None

    def new_boundary(self) -> bytes:
        """A boundary that stands nowhere in the mail."""
        self.levels += 1
        return f"=_{self.levels}_{self.mark}".encode()

    def fields(
        self, head: Head, wanted: frozenset[str], media: Media, encoding: bytes = b"", size: int | None = None
    ) -> None:
        """Writes the fields that the parser is asked about."""
        longest = self.limits.other_field_bytes
        for one in head.fields:
            name = one.name
            if name in wanted or (name in PART_FIELDS and name not in _WRITTEN_HERE):
                value = one.value[: _DATE_BYTES if name == "date" else longest]
                self.out += [name.encode(), b": ", value, b"\n"]
        if media.kind or media.parameters:
            self.out += [b"content-type: ", media.field[:longest], b"\n"]
        if encoding:
            self.out += [b"content-transfer-encoding: ", encoding, b"\n"]
        if size is not None:
            self.out.append(f"{SIZE}: {size}\n".encode())

    def end_of_fields(self) -> None:
        self.out.append(b"\n")

    def delimiter(self, name: bytes) -> None:
        self.out += [b"--", name, b"\n"]

    def close_delimiter(self, name: bytes) -> None:
        self.out += [b"--", name, b"--\n"]

    def aside(self, raw: bytes, start: int, stop: int) -> None:
        """Writes text that stands outside the parts: it is all there is when they hold none."""
        text = raw[start : min(stop, start + _ASIDE_BYTES)].strip()
        if text and not (len(text) < 600 and _BOILERPLATE.match(text)):
            self.out += [text, b"\n"]

    def content(self, content: bytes, *, ends_line: bool) -> None:
        """Writes a part's content; `ends_line`: so that what follows begins on its own line."""
        self.written += len(content)
        self.out += [b"\n", content]
        if ends_line and not content.endswith(b"\n"):
            self.out.append(b"\n")
