"""The parts of a parsed mail → its text, what the sender's own part of it is, and its attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message as Part
from html import unescape
from urllib.parse import unquote

from inbox.charsets.decoding import decode
from inbox.content import calendar, pgp, tnef
from inbox.content.enriched import from_enriched, from_richtext
from inbox.content.flowed import unflowed
from inbox.content.uuencode import files_in
from inbox.header.encoded_words import clean, text_of
from inbox.header.parameters import parameters
from inbox.mime.limits import Limits
from inbox.mime.naming import from_subject, safe, usual
from inbox.mime.parts import asides, children, content_of, kept_of, raw_field, size_of
from inbox.mime.texts import Text, join, says_little, without_twins
from store.values import Attachment

__all__ = ["Body", "children", "raw_field", "read"]

_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]{1,900})>")
_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_OTHER_FORMS = frozenset({"text/x-amp-html", "text/watch-html"})
"""Of a text that is there in HTML as well: for programs that show more, or less."""
_FILES = frozenset(
    f"text/{sub}"
    for sub in [
        "calendar",
        "vcard",
        "x-vcard",
        "directory",
        "css",
        "javascript",
        "rtf",
        "rfc822-headers",
        "x-javascript",
        "xsl",
    ]
)
"""Texts that were written by no person."""
_READ_ELSEWHERE = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification"}
)
_MESSAGES = frozenset({"message/rfc822", "message/global"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_HTML_BEGINNINGS = ("<!doctype html", "<html")


@dataclass(slots=True)
class Body:
    """What was read from the parts."""

    text: str = ""
    own: str = ""
    """The text to look for the sender's new words in: as `text`, but what HTML marks as quoted is cut."""
    attachments: tuple[Attachment, ...] = ()
    damage: tuple[str, ...] = ()
    forwarded: tuple[str, ...] = ()
    """Message-IDs of the mails among the attachments."""


@dataclass(slots=True)
class _Spare:
    """A text part that was taken as an attachment, and is the mail's text when there is no other."""

    part: Part
    kind: str
    attachment: Attachment
    is_inline: bool


@dataclass(slots=True)
class _Reader:
    limits: Limits
    hints: Sequence[str]
    kept: Sequence[bytes]
    attachments: list[Attachment] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)
    damage: dict[str, None] = field(default_factory=dict)
    texts_read: int = 0
    html_read: int = 0
    wrapped: list[Text] = field(default_factory=list)
    """Texts from winmail.dat."""
    spare: list[_Spare] = field(default_factory=list)
    invitations: list[Part] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)

    def texts(self, part: Part) -> Iterator[Text]:
        """The texts that a reader of this part would see, in order."""
        kind = part.get_content_type()
        if kind.startswith("multipart/"):
            self.asides += asides(part)
            if kind == "multipart/alternative":
                yield from self.alternative(part)
            elif kind == "multipart/related":
                yield from self.related(part)
            else:
                if kind == "multipart/encrypted":
                    self.damage["the mail is encrypted and could not be read"] = None
                for child in children(part):
                    yield from self.texts(child)
        elif self.is_text(part, kind):
            yield from self.text(part, kind)
        elif kind not in _READ_ELSEWHERE:
            self.attach(part, kind)

    def alternative(self, part: Part) -> Iterator[Text]:
        """The plain text of the alternatives, or the HTML when that says much more."""
        each = [list(self.texts(child)) for child in children(part)]
        rich = [texts for texts in each if any(text.html for text in texts)]
        plain = [texts for texts in each if texts not in rich and any(text.text.strip() for text in texts)]
        chosen = [texts for texts in plain if all(text.plain for text in texts)] or plain[-1:]
        if len(rich) > 1:
            rich.sort(key=lambda texts: len("".join(text.shown() for text in texts).strip()))
        if rich and (not plain or says_little(chosen, rich[-1])):
            yield from rich[-1]
        else:
            said: set[str] = set()
            for text in (text for texts in chosen for text in texts):
                words = "".join(text.text.split()) if len(chosen) > 1 else ""
                if not words or words not in said:
                    said.add(words)
                    yield text

    def related(self, part: Part) -> Iterator[Text]:
        """The root's text (RFC 2387); parts that it refers to are files, whatever they hold."""
        parts = list(children(part))
        start = parameters(raw_field(part, "content-type")).get("start", "").strip("<> ")
        root = next((one for one in parts if start and self.content_id(one) == start), None)
        if root is None:
            readable = (one for one in parts if one.get_content_maintype() in ("text", "multipart"))
            root = next(readable, None)
        others: list[Text] = []
        for one in parts:
            kind = one.get_content_type()
            if one is root:
                others[:0] = list(self.texts(one))
            elif kind.startswith("text/") and (
                raw_field(one, "content-id") or raw_field(one, "content-location")
            ):
                self.attach(one, kind)
            else:
                others += self.texts(one)
        yield from others

    def is_text(self, part: Part, kind: str) -> bool:
        """Whether a part is meant to be read rather than kept as a file."""
        if kind not in _TEXTS:
            return False
        value = raw_field(part, "content-disposition").lower()
        if value.startswith(b"attachment") or b"filename" in value:
            return False
        # A name alone makes no file of the first text: some programs name every part.
        named = self.texts_read and b"name" in raw_field(part, "content-type").lower()
        return bool(value) or not named

    def text(self, part: Part, kind: str) -> Iterator[Text]:
        """One text part, decoded."""
        self.texts_read += 1
        declared = parameters(raw_field(part, "content-type"))
        text = self.decoded(part, kind, declared.get("charset", ""))
        if kind == "text/html" or kind in _OTHER_FORMS:
            yield Text("", self.bounded(text)) if "<" in text else Text(unescape(text))
        elif kind == "text/enriched":
            yield Text(from_enriched(text))
        elif kind == "text/richtext":
            yield Text(from_richtext(text))
        elif text[:200].lstrip()[:14].lower().startswith(_HTML_BEGINNINGS):
            yield Text("", self.bounded(text))
        else:
            yield Text(self.plain(text, declared), plain=True)

    def decoded(self, part: Part, kind: str, charset: str) -> str:
        """What the bytes of a part say, its lines ended by LF."""
        data = content_of(part)
        hints = list(self.hints)
        start = data[:2000] if kind == "text/html" else b""
        if b"<meta" in start.lower() and (meta := _META_CHARSET.search(start)):
            hints.insert(0, meta[1].decode("ascii"))
        text, note = decode(data, charset or (hints[0] if hints else ""), hints)
        if note:
            self.damage[note] = None
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        return text[: self.limits.text_part_bytes]

    def bounded(self, html: str) -> str:
        """HTML as far as what is read of it in one mail goes: many pages take as long as their sum."""
        most = self.limits.text_part_bytes
        left = most - self.html_read
        if len(html) > left:
            self.damage[f"only the first {most // 1024} kB of the HTML were read"] = None
        self.html_read += min(len(html), left)
        return html[:left]

    def plain(self, text: str, declared: dict[str, str]) -> str:
        """Plain text without the files and armour that stand in it, its soft line breaks joined."""
        text, files = files_in(text)
        self.attachments += [Attachment(safe(name), "application/octet-stream", size) for name, size in files]
        if "-----BEGIN PGP " in text:
            if pgp.is_encrypted(text):
                self.damage["the text is encrypted (PGP) and could not be read"] = None
            text = pgp.readable(text)
        if declared.get("format", "").lower() == "flowed":
            text = unflowed(text, joined=declared.get("delsp", "").lower() == "yes")
        return text

    def attach(self, part: Part, kind: str) -> None:
        """Takes a part as an attachment: its name, type and size; its bytes stay in the raw mail."""
        if kept_of(part) is not None and self.unwrap(part):
            return
        inner = next(children(part), None) if kind in _MESSAGES else None
        name = self.filename(part)
        given = bool(name)
        if kind in _MESSAGES:
            subject = text_of(raw_field(inner, "subject"), self.hints) if inner else ""
            name = name or from_subject(subject, ".eml")
            self.forwarded += [f"<{one}>" for one in _ids(inner)] if inner else []
        name = name or self.usual(part, kind)
        attachment = Attachment(name, kind, size_of(part), self.content_id(part))
        if kind in _CALENDARS:
            self.invitations.append(part)
        disposition = raw_field(part, "content-disposition").lower()
        is_inline = not disposition.startswith(b"attachment")
        if kind in _OTHER_FORMS and not given:
            self.spare.append(_Spare(part, kind, attachment, is_inline))
            return
        if kind.startswith("text/") and kind not in _FILES and (is_inline or not given):
            self.spare.append(_Spare(part, kind, attachment, is_inline))
        self.attachments.append(attachment)

    def unwrap(self, part: Part) -> bool:
        """Takes what is in a winmail.dat; False when nothing could be read of it."""
        found = tnef.read(self.kept[kept_of(part) or 0])
        if not found.is_whole:
            self.damage[
                "an attachment in Outlook's own format (winmail.dat) could not be read to its end"
            ] = None
        for one in found.files:
            self.attachments.append(Attachment(safe(one.name), one.content_type, one.size, one.content_id))
        text = found.text.replace("\r\n", "\n").replace("\r", "\n")
        if text.strip() or found.html:
            self.wrapped.append(Text(text) if text.strip() else Text("", self.bounded(found.html)))
        return found.is_whole or bool(found.files or text or found.html)

    def filename(self, part: Part) -> str:
        """The name that the part gives itself; "" when it has none."""
        disposition = raw_field(part, "content-disposition")
        name = parameters(disposition, self.hints).get("filename", "") if disposition else ""
        return safe(name or parameters(raw_field(part, "content-type"), self.hints).get("name", ""))

    def usual(self, part: Part, kind: str) -> str:
        """A name for a part that gives itself none."""
        fields = (
            text_of(raw_field(part, f"content-{name}"), self.hints).strip("<> ")
            for name in ("id", "location", "description")
        )
        return usual(kind, *(unquote(value) for value in fields))

    @staticmethod
    def content_id(part: Part) -> str:
        return text_of(raw_field(part, "content-id")).strip("<> ")

    def instead(self) -> list[Text]:
        """The text of a mail whose text parts say nothing: the first of these places that says something."""
        for texts in (
            self.wrapped,
            self.spared(),
            [Text(calendar.describe(self.decoded(one, "", "utf-8"))) for one in self.invitations[:1]],
            [Text(self.aside(one)) for one in self.asides],
        ):
            if any(text.shown().strip() for text in texts):
                return texts
        return []

    def spared(self) -> list[Text]:
        """The texts of parts that were taken for attachments; those without a name are none then."""
        texts: list[Text] = []
        for one in self.spare:
            is_alone = self.attachments == [one.attachment]
            if one.is_inline or (is_alone and one.kind in _TEXTS):
                texts += self.text(one.part, one.kind)
                if one.attachment in self.attachments and not self.filename(one.part):
                    self.attachments.remove(one.attachment)
        return texts

    def aside(self, text: str) -> str:
        """What stands outside the parts, decoded."""
        # Python puts U+FFFD where the whole part claims a charset of its own.
        raw = text.encode("utf-8", "surrogateescape")
        return decode(raw, "", self.hints)[0].replace("\r\n", "\n").replace("\r", "\n")


def _ids(message: Part) -> list[str]:
    return _ID.findall(text_of(raw_field(message, "message-id")))[:1]


def read(message: Part, limits: Limits, hints: Sequence[str] = (), kept: Sequence[bytes] = ()) -> Body:
    """The text and attachments of a parsed mail; quoted HTML told apart from the sender's own.

    `kept` are the contents that stand beside the tree (`Bounded.kept`).
    """
    reader = _Reader(limits, hints, kept)
    texts = list(reader.texts(message))
    kind = message.get_content_type()
    if not texts and kind in _TEXTS:
        # The only part there is: what it is called does not matter.
        texts = list(reader.text(message, kind))
        reader.attachments = [one for one in reader.attachments if one.filename]
    if not any(text.shown().strip() for text in texts):
        texts = reader.instead() or texts
    texts = without_twins(texts)
    whole = join([text.shown() for text in texts])
    own = whole
    if any(text.html for text in texts):
        own = join([text.own() for text in texts])
    if len(whole) > limits.text_characters:
        reader.damage[f"only the first {limits.text_characters} characters of the text are kept"] = None
    shown = clean(whole[: limits.text_characters])
    own = shown if own is whole else clean(own[: limits.text_characters])
    attachments, damage = tuple(reader.attachments), tuple(reader.damage)
    return Body(shown, own, attachments, damage, tuple(dict.fromkeys(reader.forwarded)))
