"""The parts of a parsed mail → its text, what the sender's own part of it is, and its attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.errors import InvalidBase64LengthDefect
from email.message import Message as Part
from typing import cast

from inbox.bounds import SIZE, Limits
from inbox.charsets import decode
from inbox.headers import clean, parameters, text_of, unbased
from inbox.html import to_own_text, to_text
from store.values import Attachment

_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_UUENCODED = re.compile(
    r"^begin [0-7]{3,4} (\S[^\n]{0,200})\n((?:[ -`]{1,62}\n)+?)(?:`?\n)?end$", re.MULTILINE
)
_READ_ELSEWHERE = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification"}
)
_ENRICHED = re.compile(r"<param>[^<]*</param>|</?[A-Za-z][\w-]{0,60}>|<(<)")
_FULLER = 3


@dataclass(slots=True)
class Body:
    """What was read from the parts."""

    text: str = ""
    own: str = ""
    """The text to look for the sender's new words in: as `text`, but what HTML marks as quoted is cut."""
    attachments: tuple[Attachment, ...] = ()
    damage: tuple[str, ...] = ()


@dataclass(slots=True)
class _Text:
    text: str
    html: str = ""
    """The HTML it was made from."""


@dataclass(slots=True)
class _Reader:
    limits: Limits
    hints: Sequence[str]
    attachments: list[Attachment] = field(default_factory=list)
    damage: dict[str, None] = field(default_factory=dict)
    texts_read: int = 0

    def texts(self, part: Part) -> Iterator[_Text]:
        """The texts that a reader of this part would see, in order."""
        kind = part.get_content_type()
        if kind == "multipart/alternative":
            yield from self.alternative(part)
        elif kind.startswith("multipart/") and part.is_multipart():
            self.note(kind)
            for child in children(part):
                yield from self.texts(child)
        elif self.is_text(part, kind):
            yield from self.text(part, kind)
        elif kind not in _READ_ELSEWHERE:
            self.attach(part, kind)

    def note(self, kind: str) -> None:
        if kind == "multipart/encrypted":
            self.damage["the mail is encrypted and could not be read"] = None

    def alternative(self, part: Part) -> Iterator[_Text]:
        """The plain text of the alternatives, or the HTML when that says much more."""
        told = [text for child in children(part) for text in self.texts(child)]
        plain = [text for text in told if not text.html and text.text.strip()]
        rich = [text for text in told if text.html]
        if not plain or (rich and self.says_little(plain, rich)):
            for text in rich:
                text.text = text.text or to_text(text.html)
            yield from rich or told
        else:
            yield from plain

    def says_little(self, plain: list[_Text], rich: list[_Text]) -> bool:
        """Whether the plain text is a stub beside the HTML ("your program can't show HTML")."""
        length = sum(len(text.text.strip()) for text in plain)
        if length > 200 or sum(len(text.html) for text in rich) < _FULLER * length + 200:
            return False
        for text in rich:
            text.text = to_text(text.html)
        return sum(len(text.text) for text in rich) > _FULLER * length + 100

    def is_text(self, part: Part, kind: str) -> bool:
        """Whether a part is meant to be read rather than kept as a file."""
        if kind not in ("text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html"):
            return False
        value = raw_field(part, "content-disposition").lower()
        if value.startswith(b"attachment") or b"filename" in value:
            return False
        # A name alone makes no file of the first text: some programs name every part.
        named = self.texts_read and b"name" in raw_field(part, "content-type").lower()
        return bool(value) or not named

    def text(self, part: Part, kind: str) -> Iterator[_Text]:
        """One text part, decoded."""
        if kind == "text/x-amp-html":
            return
        self.texts_read += 1
        declared = parameters(raw_field(part, "content-type"))
        data = content_of(part)
        hints = list(self.hints)
        if kind == "text/html" and (meta := _META_CHARSET.search(data[:2000])):
            hints.insert(0, meta[1].decode("ascii"))
        text, note = decode(data, declared.get("charset", "") or (hints[0] if hints else ""), hints)
        if note:
            self.damage[note] = None
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        if kind == "text/html":
            yield _Text("", text[: self.limits.text_part_bytes])
        elif kind in ("text/enriched", "text/richtext"):
            yield _Text(_ENRICHED.sub(lambda found: found[1] or "", text))
        else:
            if declared.get("format", "").lower() == "flowed":
                text = unflowed(text, joined=declared.get("delsp", "").lower() == "yes")
            yield _Text(self.without_files(text))

    def without_files(self, text: str) -> str:
        """The text without uuencoded files, which become attachments."""
        if "\nend" not in text or "begin " not in text:
            return text
        for found in _UUENCODED.finditer(text):
            size = sum((ord(line[0]) - 32) & 63 for line in found[2].split("\n") if line)
            self.attachments.append(Attachment(clean(found[1]), "application/octet-stream", size))
        return _UUENCODED.sub("", text)

    def attach(self, part: Part, kind: str) -> None:
        """Takes a part as an attachment: its name, type and size; its bytes stay in the raw mail."""
        name = self.filename(part)
        if kind in ("application/ms-tnef", "application/vnd.ms-tnef"):
            self.damage["an attachment is in Outlook's own format (winmail.dat)"] = None
        if kind in ("message/rfc822", "message/global") and not name:
            inner = next(children(part), None)
            name = (
                f"{text_of(raw_field(inner, 'subject'), self.hints) or 'message'}.eml"
                if inner
                else "message.eml"
            )
        content_id = text_of(raw_field(part, "content-id")).strip("<> ")
        self.attachments.append(Attachment(name, kind, size_of(part), content_id))

    def filename(self, part: Part) -> str:
        """The name that the part gives itself; "" when it has none."""
        disposition = raw_field(part, "content-disposition")
        name = parameters(disposition, self.hints).get("filename", "") if disposition else ""
        return name or parameters(raw_field(part, "content-type"), self.hints).get("name", "")


def children(part: Part) -> Iterator[Part]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from cast(list[Part], payload)


def raw_field(part: Part, name: str) -> bytes:
    """A field's bytes as they came."""
    value = next((value for key, value in part.raw_items() if key.lower() == name), "")
    return str(value).encode("ascii", "surrogateescape")


def content_of(part: Part) -> bytes:
    """A leaf's bytes, its transfer encoding undone; damaged base64 as far as it goes."""
    data = cast(bytes, part.get_payload(decode=True) or b"")
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects):
        return unbased(data)
    return data


def size_of(part: Part) -> int:
    """How many bytes an attachment has."""
    told = str(part.get(SIZE, ""))
    if told.isdecimal() and len(told) < 16:
        return int(told)
    return 0 if part.is_multipart() else len(content_of(part))


def unflowed(text: str, *, joined: bool) -> str:
    """Lines that a format=flowed mail broke softly, put together again (RFC 3676)."""
    lines: list[list[str]] = []
    open_depth: str | None = None
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = line[: len(line) - len(content)]
        content = content.removeprefix(" ")
        soft = content.endswith(" ") and bool(content.strip()) and content != "-- "
        written = content[:-1] if soft and joined else content
        if open_depth == depth and content != "-- ":
            lines[-1].append(written)
        else:
            lines.append([depth, " ", written] if depth else [written])
        open_depth = depth if soft else None
    return "\n".join(map("".join, lines))


def read(message: Part, limits: Limits, hints: Sequence[str] = ()) -> Body:
    """The text and attachments of a parsed mail; quoted HTML told apart from the sender's own."""
    reader = _Reader(limits, hints)
    texts = list(reader.texts(message))
    if not texts and not message.is_multipart() and message.get_content_maintype() == "text":
        texts = list(reader.text(message, message.get_content_type()))
    for text in texts:
        if text.html and not text.text:
            text.text = to_text(text.html)
    whole = _join([text.text for text in texts])
    own = whole
    if any(text.html for text in texts):
        own = _join([to_own_text(text.html) if text.html else text.text for text in texts])
    if len(whole) > limits.text_characters:
        reader.damage[f"only the first {limits.text_characters} characters of the text are kept"] = None
    whole, own = (clean(text[: limits.text_characters]) for text in (whole, own))
    return Body(whole, own, tuple(reader.attachments), tuple(reader.damage))


def _join(texts: list[str]) -> str:
    return "\n".join(text.strip("\n") for text in texts if text.strip())
