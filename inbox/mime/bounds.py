"""Cuts a mail to what Python's e-mail parser can bear, and mends its structure first (promise 5).

That parser is recursive in depth and quadratic in several headers, and it believes what a mail says.
So the mail is scanned here in linear time and written anew: only as deep and as many parts as the limits
allow, their fields and contents beside (inbox.rewriting), large attachments as their size alone, with
delimiters that no part can hold, and what is wrapped in an S/MIME signature, or in an encoding that RFC 2045
forbids, unwrapped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from inbox.content import cms
from inbox.header.block import Head, split_head
from inbox.header.parameters import parameters
from inbox.mime import kinds, transfer
from inbox.mime.delimiters import Delimiter, Delimiters, Level, is_delimited, lost_boundary
from inbox.mime.limits import Limits
from inbox.mime.media import Media, media_of
from inbox.mime.rewriting import CARRIED, KEPT, PART_FIELDS, SIZE, Beside, Rewriting

__all__ = ["KEPT", "SIZE", "Bounded", "Limits", "bound"]

_NESTED_FIELDS = CARRIED | {"from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"}
_TOP_FIELDS = CARRIED | {"mime-version"}
_BLANKS = re.compile(rb"\n(?:[ \t]*\r?\n){2,}")
_BOUNDARY_ALONE = re.compile(rb"(?i:;\s*boundary)=\"([\w'()+,./:=-]+)\"")
"""As most programs write it."""
_MARK = "peygirs-own-part"
"""In the boundaries that are written: the same in every mail, so that mails of one build look alike."""
_GUESSED_FROM = 64 * 1024
"""Bytes of a multipart that are searched for a boundary that it does not tell."""


class Bounded(NamedTuple):
    """A mail that is safe to parse, and what was left out of it, in words."""

    data: bytes
    damage: tuple[str, ...]
    kept: tuple[bytes, ...] = ()
    """The decoded contents of the winmail.dat parts."""
    beside: tuple[Beside, ...] = ()
    """What the parser is not told of the parts, by their numbers."""
    charsets: tuple[bytes, ...] = ()
    """Every charset that the mail names somewhere."""
    is_bare: bool = False
    """Whether `data` tells where parts stand and holds no word of the mail."""


@dataclass(slots=True)
class _Scan:
    """Goes through one stretch of bytes: the mail, or what was unwrapped inside it."""

    raw: bytes
    new: Rewriting
    above: int = 0
    """How deep what is scanned stands already."""
    places: Delimiters = field(init=False)

    def __post_init__(self) -> None:
        self.places = Delimiters(self.raw)

    def run(self, head: Head, wanted: frozenset[str]) -> None:
        """Writes the whole stretch, part by part."""
        limits = self.new.limits
        place = self.entity(head, wanted)
        while (found := self.places.next(place)) is not None:
            self.leave(found)
            place = found.end
            if found.closes:
                continue
            self.new.parts += 1
            if self.new.parts > limits.parts:
                self.new.note(f"only the first {limits.parts} parts were read")
                break
            level = self.places.levels[found.level]
            self.new.delimiter(level.name)
            stop = self.places.after(found.end)
            head = split_head(self.raw, found.end, limits.other_field_bytes, stop=stop)
            place = self.entity(head, CARRIED, "message/rfc822" if level.is_digest else "")
        self.pop(0, len(self.raw))

    def leave(self, found: Delimiter) -> None:
        """Ends the levels inside the one whose delimiter was found, and that one too when it closes."""
        self.pop(found.level + 1, found.start)
        level = self.places.levels[found.level]
        if found.closes:
            level.closed_at = found.end if level.closed_at < 0 else level.closed_at
        elif level.closed_at >= 0:
            level.closed_at = -1
            self.new.note("a part stands behind the end of the mail's parts; it was read all the same")

    def pop(self, level: int, place: int) -> None:
        """Writes the ends of all levels from `level` on, with the text that stands behind their parts."""
        for one in reversed(self.places.levels[level:]):
            if one.boundary is not None and one.closed_at >= 0:
                self.new.close_delimiter(one.name)
                self.new.aside(self.raw, one.closed_at, place)
        self.places.drop(level)

    def entity(self, head: Head, wanted: frozenset[str], default: str = "") -> int:
        """Writes a part's fields, and its content when it is a leaf; returns where to look on."""
        media = media_of(list(head.values("content-type")))
        if not media.kind and default:
            media = Media(default, media.parameters)
        boundary = self.boundary(head, media, wanted)
        if boundary is not None:
            return self.container(head, wanted, media, boundary)
        encoding = self.encoding(head)
        if (media.kind in kinds.TOLD_BY_NAME or not media.kind.startswith("text/")) and (
            end := self.wrapped(head, wanted, media, encoding)
        ):
            return end
        if media.kind in kinds.MESSAGE:
            return self.nested(head, wanted, media)
        if media.kind.startswith("multipart/"):
            self.new.note("the mail's parts could not be told apart")
            media = Media("text/plain")
        return self.leaf(head, wanted, media, encoding)

    def encoding(self, head: Head) -> bytes:
        """The transfer encoding; of several that contradict each other the one that the content is in."""
        values = list(head.values("content-transfer-encoding"))
        if not values:
            return b""
        encoding, damage = transfer.encoding_of(values)
        if damage:
            self.new.note(damage)
        if len(values) > 1:
            named = [transfer.encoding_of([value])[0] for value in values[:4]]
            if len(set(named)) > 1:
                stop = min(self.places.after(head.end), head.end + _GUESSED_FROM)
                return transfer.which(self.raw[head.end : stop], named)
        return encoding

    def boundary(self, head: Head, media: Media, wanted: frozenset[str]) -> bytes | None:
        """The boundary that separates the parts: the declared one if it occurs, else the first that does.

        None when no parts can be told apart.
        """
        is_multipart = media.kind.startswith("multipart/")
        told = b"boundary" in media.parameters.lower() and not media.kind.startswith("message/")
        if not (is_multipart or told or (not media.kind and wanted is _TOP_FIELDS)):
            return None
        name = _declared(media) if told else b""
        stop = self.places.after(head.end)
        if any(name == level.boundary for level in self.places.levels):
            # Some programs use one boundary for a multipart and the one in it.
            stop = len(self.raw) if not self.raw[head.end : stop].strip() else stop
        if name and is_delimited(self.raw, head.end, stop, name, with_fields=not is_multipart):
            return name
        if media.kind and not is_multipart:
            return None
        # Without any Content-Type a plain bounce may hold another mail's parts further down.
        found = lost_boundary(
            self.raw, head.end, min(stop, head.end + (_GUESSED_FROM if is_multipart else 200))
        )
        if found is not None:
            self.new.note("the mail does not say where its parts begin; that was guessed")
        return found

    def is_too_deep(self) -> bool:
        """Whether the limit of depth is reached; if so an empty part is written."""
        if self.above + len(self.places.levels) < self.new.limits.depth:
            return False
        self.new.note(f"what is nested deeper than {self.new.limits.depth} parts was not read")
        self.new.end_of_fields()
        return True

    def container(self, head: Head, wanted: frozenset[str], media: Media, boundary: bytes) -> int:
        """A multipart: its parts follow at their delimiters."""
        if self.is_too_deep():
            return self.places.after(head.end)
        kind = media.kind if media.kind.startswith("multipart/") else "multipart/mixed"
        name = self.new.new_boundary()
        others = re.sub(rb"(?i)boundary", b"declared", media.parameters)
        own = b'; boundary="' + name + b'"'
        self.new.fields(head, wanted, Media(kind, own + others), shape=b"multipart/mixed" + own)
        self.new.end_of_fields()
        self.places.push(Level(boundary, name, kind == "multipart/digest"))
        self.new.aside(self.raw, head.end, self.places.after(head.end))
        return head.end

    def nested(self, head: Head, wanted: frozenset[str], media: Media) -> int:
        """A message inside the message: its fields and parts follow, up to the next delimiter around it."""
        end = self.places.after(head.end)
        if self.is_too_deep():
            return end
        last = end
        while last > head.end and self.raw[last - 1] in b"\r\n":
            last -= 1
        self.new.fields(head, wanted, media, size=last - head.end, shape=b"message/rfc822")
        self.new.end_of_fields()
        self.places.push(Level())
        inner = split_head(self.raw, head.end, self.new.limits.other_field_bytes, stop=end, top=True)
        return self.entity(inner, _NESTED_FIELDS)

    def wrapped(self, head: Head, wanted: frozenset[str], media: Media, encoding: bytes) -> int:
        """Writes a part that has to be decoded before its structure can be seen; 0 when it is none."""
        kind = media.kind
        if kind == "message/partial" and not self.places.levels and not self.above:
            return self.partial(head, wanted, encoding)
        if kind in kinds.MESSAGE and encoding:
            return self.encoded_message(head, wanted, media, encoding)
        if kind.startswith("multipart/") and encoding:
            return self.encoded_multipart(head, wanted, media, encoding)
        if kind in kinds.SIGNED or (kind in kinds.TOLD_BY_NAME and b".p7m" in kinds.names(head)):
            return self.signed(head, wanted, encoding)
        return 0

    def encoded_message(self, head: Head, wanted: frozenset[str], media: Media, encoding: bytes) -> int:
        data, end = self.opened(head, encoding)
        if not data or data == self.raw[head.end : end] or self.is_too_deep():
            return 0 if data else self.leaf(head, wanted, media, encoding)
        self.new.fields(head, wanted, media, size=len(data), shape=b"message/rfc822")
        self.new.end_of_fields()
        inner = split_head(data, 0, self.new.limits.other_field_bytes, top=True)
        self.inside(data, inner, _NESTED_FIELDS)
        return end

    def encoded_multipart(self, head: Head, wanted: frozenset[str], media: Media, encoding: bytes) -> int:
        data, end = self.opened(head, encoding)
        boundary = _declared(media)
        if not boundary or not is_delimited(data, 0, len(data), boundary) or self.is_too_deep():
            return 0
        plain = tuple(one for one in head.fields if one.name != "content-transfer-encoding")
        self.inside(data, Head(plain, 0), wanted)
        return end

    def signed(self, head: Head, wanted: frozenset[str], encoding: bytes) -> int:
        data, end = self.opened(head, encoding)
        found = cms.read(data, self.new.limits.container_bytes) if data else cms.Cms()
        if found.damage:
            self.new.note(found.damage)
        if not found.content or self.above + len(self.places.levels) >= self.new.limits.depth:
            return 0
        self.in_place(found.content, head, wanted)
        return end

    def partial(self, head: Head, wanted: frozenset[str], encoding: bytes) -> int:
        """One piece of a mail that was sent in several (RFC 2046, section 5.2.2): what it holds is read."""
        self.new.note("this is one piece of a mail that was sent in several; the others are not in it")
        if parameters(head.first("content-type")).get("number", "") == "1" and not encoding:
            self.in_place(self.raw[head.end :], head, wanted)
            return len(self.raw)
        return self.leaf(head, wanted, Media("text/plain"), encoding)

    def in_place(self, data: bytes, head: Head, wanted: frozenset[str]) -> None:
        """Writes the part that `data` holds in the place of the one around it."""
        inner = split_head(data, 0, self.new.limits.other_field_bytes)
        if not any(one.name in PART_FIELDS or one.name == "mime-version" for one in inner.fields):
            inner = Head((), 0)
        outer = (one for one in head.fields if one.name in wanted and one.name not in PART_FIELDS)
        own = (one for one in inner.fields if one.name in PART_FIELDS)
        self.inside(data, Head((*outer, *own), inner.end), wanted)

    def inside(self, data: bytes, head: Head, wanted: frozenset[str]) -> None:
        _Scan(data, self.new, self.above + len(self.places.levels) + 1).run(head, wanted)

    def opened(self, head: Head, encoding: bytes) -> tuple[bytes, int]:
        """A part's decoded bytes, none when they are too many to be opened, and where the part ends."""
        end = self.places.after(head.end)
        size = transfer.decoded_size(memoryview(self.raw)[head.end : end], encoding)
        if self.new.opened + size > self.new.limits.container_bytes:
            self.new.note("a part that has to be opened to be read is too large")
            return b"", end
        self.new.opened += size
        return transfer.decoded(self.raw[head.end : end], encoding), end

    def leaf(self, head: Head, wanted: frozenset[str], media: Media, encoding: bytes) -> int:
        """Writes a part's content: text up to the limit, attachments when they are small."""
        limits, kind = self.new.limits, media.kind
        if kind in kinds.TNEF or (kind in kinds.TOLD_BY_NAME and b"winmail.dat" in kinds.names(head)):
            return self.keep(head, wanted, media, encoding)
        end = self.places.after(head.end)
        view = memoryview(self.raw)[head.end : end]
        is_text = kinds.is_text(kind, head) or (not self.places.levels and kind in kinds.TEXTS)
        left = limits.content_bytes - self.new.written
        if (
            len(view) > min(limits.attachment_bytes, left) and kind not in kinds.READ_WHOLE and not is_text
        ) or left <= 0:
            if is_text and view:
                self.new.note(f"only the first {limits.content_bytes // 2**20} MB of the texts were read")
            self.new.fields(head, wanted, media, size=transfer.decoded_size(view, encoding))
            self.new.end_of_fields()
            return end
        size = None
        if len(view) > min(limits.text_part_bytes, left):
            size = transfer.decoded_size(view, encoding)
            view = view[: min(limits.text_part_bytes, left)]
            self.new.note(f"only the first {-(-len(view) // 1024)} kB of a text were read")
        ends_line = bool(self.above or self.places.levels)
        if kind.startswith("message/"):
            self.new.fields(head, wanted, media, size=size, shape=kind.encode())
            self.new.content(self.report(bytes(view), kind, encoding), ends_line=ends_line)
            return end
        content, encoding, damage = transfer.repaired(bytes(view), encoding, is_text=is_text)
        if damage and size is None:
            self.new.note(damage)
        self.new.fields(head, wanted, media, size=size)
        self.new.content_beside(content, encoding, ends_line=ends_line)
        return end

    def report(self, content: bytes, kind: str, encoding: bytes) -> bytes:
        """A report's content: never encoded, for the parser looks into it."""
        content = transfer.decoded(content, encoding)
        if kind in kinds.STATUS:
            longest = self.new.limits.status_bytes
            if len(content) > longest:
                self.new.note(f"only the first {longest // 1024} kB of a delivery status were read")
            content = _BLANKS.sub(b"\n\n", content[:longest])
        return content

    def keep(self, head: Head, wanted: frozenset[str], media: Media, encoding: bytes) -> int:
        """Hands a part's decoded content on beside the tree."""
        data, end = self.opened(head, encoding)
        size = len(data) or transfer.decoded_size(memoryview(self.raw)[head.end : end], encoding)
        self.new.fields(head, wanted, media, size=size)
        if data:
            self.new.beside[-1].fields.append((KEPT, str(len(self.new.kept)).encode()))
            self.new.kept.append(data)
        self.new.end_of_fields()
        return end


def _declared(media: Media) -> bytes:
    """The boundary that a Content-Type names; b"" when it names none."""
    if alone := _BOUNDARY_ALONE.fullmatch(media.parameters):
        return alone[1]
    return parameters(media.field).get("boundary", "").rstrip().encode()


def bound(raw: bytes, head: Head, limits: Limits, mark: str = _MARK) -> Bounded:
    """The mail, small and shallow enough for the parser; linear in the input.

    `mark` stands in the boundaries that are written; a mail that forges it gets one that it can't know.
    """
    new = Rewriting(limits, mark)
    _Scan(raw, new).run(head, _TOP_FIELDS)
    if new.is_forged:
        new = Rewriting(limits, sha256(raw).hexdigest()[:32])
        _Scan(raw, new).run(head, _TOP_FIELDS)
    return Bounded(
        b"".join(new.out),
        tuple(new.damage),
        tuple(new.kept),
        tuple(new.beside),
        tuple(new.charsets),
        is_bare=not new.holds_words,
    )
