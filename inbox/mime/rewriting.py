"""The mail as it is written anew for the e-mail parser, and what was left out of it.

The parser is told where parts and messages begin and end. The rest, which it would only carry along, stands
beside, and inbox.mime.parts gives it back to the parts that the parser made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from inbox.header.block import Head
from inbox.mime.limits import Limits
from inbox.mime.media import UNTOLD, Media

SIZE = "x-peygir-size"
"""On a part whose content was left out: how many bytes it has."""
KEPT = "x-peygir-kept"
"""On a part whose content is handed on beside the tree: its number there."""
PART = "x-peygir-part"
"""On every part but the first: the number of what stands beside it."""
PART_FIELDS = frozenset(
    f"content-{name}"
    for name in ("type", "transfer-encoding", "disposition", "id", "description", "location")
)
CARRIED = PART_FIELDS - {"content-type", "content-transfer-encoding"}
"""The fields of any part that are not written anew."""
_ASIDE_BYTES = 64 * 1024
"""Of the text before the first part and after the last."""
_BOILERPLATE = re.compile(rb"[^\n]{0,400}(?:\n[^\n]{0,200}){0,2}?(?:mime|multi-?part)", re.IGNORECASE)
_NAMED = re.compile(rb"\s*=\s*[\"']?([\w.:-]{2,40})")
"""What stands behind the word charset."""
_LOOKED_AT = 64 * 1024
"""Bytes that are searched for the charsets that a mail names."""


@dataclass(slots=True)
class Beside:
    """What the parser is not told of a part."""

    fields: list[tuple[str, bytes]]
    content: bytes | None = None
    """Still encoded; its last line end is left to the parser, which knows whether a delimiter took it."""
    encoding: bytes = b""
    is_leaf: bool = False
    """Whether the parts that the parser may see in it are none of ours."""
    kind: str = ""
    """type/subtype in lower case; "" where the part has the one that is usual in its place."""


@dataclass(slots=True)
class Rewriting:
    """What is written, by every scan of one mail."""

    limits: Limits
    mark: str
    """In every boundary that is written."""
    out: list[bytes] = field(default_factory=list)
    damage: dict[str, None] = field(default_factory=dict)
    kept: list[bytes] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    charsets: list[bytes] = field(default_factory=list)
    """Every charset that the mail names somewhere."""
    looked_at: int = 0
    opened: int = 0
    """Bytes that were decoded to look into them."""
    written: int = 0
    """Bytes of content."""
    holds_words: bool = False
    """Whether any text of the mail's own was written, for the parser to look into."""
    is_forged: bool = False
    """Whether that text holds the mark, and so may pass for a boundary."""
    parts: int = 0
    levels: int = 0

    def note(self, damage: str) -> None:
        """Says what was left out or guessed."""
        self.damage[damage] = None

    def new_boundary(self) -> bytes:
        """A boundary that stands nowhere in what is written, or the mail `is_forged`."""
        self.levels += 1
        return f"=_{self.levels}_{self.mark}".encode()

    def fields(
        self, head: Head, wanted: frozenset[str], media: Media, *, size: int | None = None, shape: bytes = b""
    ) -> None:
        """Puts the wanted fields of a part beside it; writes the `shape`, a type that the parser acts on."""
        longest = self.limits.other_field_bytes
        told = [(name, value[:longest]) for name, value in head.fields if name in wanted]
        kind = (media.kind or UNTOLD) if media.kind or media.parameters else ""
        if kind:
            told.append(("content-type", media.field[:longest]))
        self.name_charsets(b"\n".join([value for _, value in told]))
        if size is not None:
            told.append((SIZE, str(size).encode()))
        if shape:
            self.out += [b"content-type: ", shape, b"\n"]
        if self.beside:
            self.out.append(f"{PART}: {len(self.beside)}\n".encode())
        self.beside.append(Beside(told, kind=kind))

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
            self.name_charsets(text)
            self.words(text)
            self.out += [text, b"\n"]

    def content(self, content: bytes, *, ends_line: bool) -> None:
        """Writes the content of a part that the parser is to look into.

        `ends_line`: so that what follows begins on its own line.
        """
        self.written += len(content)
        self.name_charsets(content)
        self.beside[-1].is_leaf = True
        self.words(content)
        self.out += [b"\n", content]
        if ends_line and not content.endswith(b"\n"):
            self.out.append(b"\n")

    def content_beside(self, content: bytes, encoding: bytes, *, ends_line: bool) -> None:
        """Puts a part's content beside it."""
        self.written += len(content)
        self.name_charsets(content)
        line_end = b""
        if ends_line:
            content = content if content.endswith(b"\n") else content + b"\n"
            line_end = b"\r\n" if content.endswith(b"\r\n") else b"\n"
            content = content[: -len(line_end)]
        beside = self.beside[-1]
        beside.content, beside.encoding, beside.is_leaf = content, encoding, True
        self.out += [b"\n", line_end]

    def words(self, text: bytes) -> None:
        """Notes that a text of the mail's own is written."""
        self.holds_words = True
        self.is_forged = self.is_forged or self.mark.encode() in text

    def name_charsets(self, text: bytes) -> None:
        """Notes the charsets that a text names, as long as enough of the mail was not looked at."""
        if text and self.looked_at < _LOOKED_AT:
            text = text[: _LOOKED_AT - self.looked_at]
            self.looked_at += len(text)
            lowered = text.lower()
            place = lowered.find(b"charset")
            while place >= 0:
                place += len(b"charset")
                if found := _NAMED.match(text, place):
                    self.charsets.append(found[1])
                place = lowered.find(b"charset", place)
