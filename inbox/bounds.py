"""Cuts a mail to what Python's e-mail parser can bear, before it sees it (promise 5).

That parser is recursive in depth and quadratic in several headers. So the mail is scanned here in linear time
and written anew: only the fields that the parser is asked about, only as deep and as many parts as the limits
allow, and large attachments as their size alone.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from dataclasses import dataclass, field
from typing import NamedTuple

from inbox.headers import Head, media_type, parameters, split_head

SIZE = "x-peygir-size"
"""On a part whose content was left out: how many bytes it has."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mail is read."""

    header_bytes: int = 256 * 1024
    field_bytes: int = 2 * 1024
    """Of an address field or the raw subject."""
    other_field_bytes: int = 16 * 1024
    fields: int = 2000
    depth: int = 20
    parts: int = 200
    text_characters: int = 200_000
    text_part_bytes: int = 1024 * 1024
    """Of one text part, still encoded."""
    attachment_bytes: int = 16 * 1024
    """A larger attachment's content stays out of the parser."""


class Bounded(NamedTuple):
    """A mail that is safe to parse, and what was left out of it, in words."""

    data: bytes
    damage: tuple[str, ...]


class _Delimiter(NamedTuple):
    start: int
    end: int
    level: int
    closes: bool


_PART_FIELDS = re.compile(r"content-(?:type|transfer-encoding|disposition|id|description)\Z")
_NESTED_FIELDS = frozenset({"from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"})
_TOP_FIELDS = frozenset({"date", "mime-version"})
_LOST_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\nContent-", re.IGNORECASE | re.MULTILINE)
_ENCODING = re.compile(rb"[\w-]+")
_MESSAGE = frozenset({"message/rfc822", "message/global"})
_READ_WHOLE = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/global-headers",
        "text/calendar",
    }
)
_CANDIDATES = 200_000
_DATE_BYTES = 200


@dataclass(slots=True)
class _Scan:
    raw: bytes
    limits: Limits
    out: list[bytes] = field(default_factory=list)
    stack: list[bytes] = field(default_factory=list)
    """The boundaries of the multiparts around the current place; b"" for a nested message."""
    damage: dict[str, None] = field(default_factory=dict)
    parts: int = 0
    candidates: int = 0

    def run(self, head: Head) -> None:
        """Writes the whole mail, part by part."""
        place = self.entity(head, _TOP_FIELDS)
        while (found := self.next_delimiter(place)) is not None:
            del self.stack[found.level + (not found.closes) :]
            self.out.append(self.raw[found.start : found.end].strip() + b"\n")
            place = found.end
            if found.closes:
                continue
            self.parts += 1
            if self.parts > self.limits.parts:
                self.damage[f"only the first {self.limits.parts} parts were read"] = None
                return
            head = split_head(self.raw, found.end, self.limits.other_field_bytes, stop=self.after(found.end))
            place = self.entity(head, frozenset())

    def entity(self, head: Head, wanted: frozenset[str]) -> int:
        """Writes a part's fields, and its content when it is a leaf; returns where to look on."""
        declared = head.first("content-type")
        kind = media_type(declared)
        encoding = _encoding(head)
        if kind.startswith("multipart/") or (not declared and wanted is _TOP_FIELDS):
            boundary = self.boundary(head, declared)
            if boundary:
                return self.container(head, wanted, kind or "multipart/mixed", boundary)
            kind = "text/plain" if kind.startswith("multipart/") else kind
        if kind in _MESSAGE and encoding in (b"", b"7bit", b"8bit", b"binary"):
            return self.nested(head, wanted)
        self.fields(head, wanted, kind if kind != media_type(declared) else "")
        return self.leaf(head, kind, encoding)

    def boundary(self, head: Head, declared: bytes) -> bytes:
        """The boundary that separates the parts: the declared one if it occurs, else the first that does."""
        name = parameters(declared).get("boundary", "").rstrip().encode()
        if name and self.raw.find(b"\n--" + name, head.end - 1) >= 0:
            return name
        # Without any Content-Type a plain bounce may hold another mail's parts further down.
        found = _LOST_BOUNDARY.search(self.raw, head.end, head.end + (64 * 1024 if declared else 200))
        if found and found[1] not in self.stack:
            self.damage["the mail does not say where its parts begin; that was guessed"] = None
            return found[1]
        if declared:
            self.damage["the mail's parts could not be told apart"] = None
        return b""

    def container(self, head: Head, wanted: frozenset[str], kind: str, boundary: bytes) -> int:
        """A multipart: its preamble is dropped, its parts follow at their delimiters."""
        if len(self.stack) >= self.limits.depth:
            self.damage[f"what is nested deeper than {self.limits.depth} parts was not read"] = None
            self.out.append(b"\n")
            return self.after(head.end)
        quoted = boundary.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        self.fields(head, wanted, f"{kind}; boundary=".encode() + b'"' + quoted + b'"')
        self.out.append(b"\n")
        self.stack.append(boundary)
        return head.end

    def nested(self, head: Head, wanted: frozenset[str]) -> int:
        """A message inside the message: its fields and parts follow, up to the next delimiter around it."""
        end = self.after(head.end)
        if len(self.stack) >= self.limits.depth:
            self.damage[f"what is nested deeper than {self.limits.depth} parts was not read"] = None
            self.out.append(b"\n")
            return end
        self.fields(head, wanted, "", size=len(self.raw[head.end : end].rstrip(b"\r\n")))
        self.out.append(b"\n")
        self.stack.append(b"")
        inner = split_head(self.raw, head.end, self.limits.other_field_bytes, stop=end, top=True)
        return self.entity(inner, _NESTED_FIELDS)

    def fields(self, head: Head, wanted: frozenset[str], kind: str | bytes, size: int | None = None) -> None:
        """Writes the fields that the parser is asked about."""
        for one in head.fields:
            if one.name == "content-type" and kind:
                continue
            value = _encoding(head) if one.name == "content-transfer-encoding" else one.value
            if _PART_FIELDS.match(one.name) or one.name in wanted:
                longest = _DATE_BYTES if one.name == "date" else self.limits.other_field_bytes
                self.out.append(one.name.encode() + b": " + value[:longest] + b"\n")
        if kind:
            self.out.append(b"content-type: " + (kind if isinstance(kind, bytes) else kind.encode()) + b"\n")
        if size is not None:
            self.out.append(f"{SIZE}: {size}\n".encode())

    def leaf(self, head: Head, kind: str, encoding: bytes) -> int:
        """Writes a part's content: text up to the limit, attachments when they are small."""
        end = self.after(head.end)
        content = memoryview(self.raw)[head.end : end]
        is_text = _is_text(kind, head) or not self.stack
        left_out = kind not in _READ_WHOLE and len(content) > self.limits.attachment_bytes
        if left_out and not is_text:
            self.out.append(f"{SIZE}: {decoded_size(content, encoding)}\n\n".encode())
            return end
        if len(content) > self.limits.text_part_bytes:
            self.out.append(f"{SIZE}: {decoded_size(content, encoding)}\n".encode())
            content = content[: self.limits.text_part_bytes]
            self.damage[f"only the first {self.limits.text_part_bytes // 1024} kB of a text were read"] = None
        self.out += [b"\n", bytes(content)]
        if self.stack and content and content[-1] != 10:
            self.out.append(b"\n")
        return end

    def after(self, place: int) -> int:
        found = self.next_delimiter(place)
        return found.start if found else len(self.raw)

    def next_delimiter(self, place: int) -> _Delimiter | None:
        """The next line that is a delimiter of a multipart around this place."""
        if not any(self.stack):
            return None
        start = place if self.raw.startswith(b"--", place) and self.raw[place - 1 : place] == b"\n" else -1
        while True:
            if start < 0:
                start = self.raw.find(b"\n--", max(0, place - 1)) + 1
                self.candidates += 1
                if not start or self.candidates > _CANDIDATES:
                    return None
            end = self.raw.find(b"\n", start, start + 1000) + 1 or min(len(self.raw), start + 1000)
            token = self.raw[start + 2 : end].rstrip()
            for closes, name in ((False, token), (True, token.removesuffix(b"--"))):
                if name and name in self.stack:
                    return _Delimiter(start, end, self.stack.index(name), closes and name != token)
            place, start = end, -1


def _is_text(kind: str, head: Head) -> bool:
    """Whether a part's content is read as part of the mail's text."""
    if head.first("content-disposition").lower().startswith(b"attachment"):
        return False
    return kind in ("", "text/plain", "text/html", "text/enriched", "text/richtext")


def _encoding(head: Head) -> bytes:
    """The transfer encoding's bare name, as Python's parser wants it."""
    found = _ENCODING.search(head.first("content-transfer-encoding"))
    name = found[0].lower() if found else b""
    return {b"qp": b"quoted-printable", b"quoted": b"quoted-printable", b"b64": b"base64"}.get(name, name)


def decoded_size(content: memoryview, encoding: bytes) -> int:
    """How many bytes the content has once decoded, without decoding base64."""
    data = bytes(content)
    if encoding == b"base64":
        letters = len(data) - sum(data.count(space) for space in (b"\n", b"\r", b" ", b"\t", b"="))
        return letters * 3 // 4
    data = data.removesuffix(b"\n").removesuffix(b"\r")
    return len(a2b_qp(data)) if encoding == b"quoted-printable" else len(data)


def bound(raw: bytes, head: Head, limits: Limits) -> Bounded:
    """The mail, small and shallow enough for the parser; linear in the input."""
    scan = _Scan(raw, limits)
    scan.run(head)
    return Bounded(b"".join(scan.out), tuple(scan.damage))
