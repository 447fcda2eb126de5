"""Header fields from raw bytes: splitting, unfolding, encoded words (RFC 2047) and parameters (RFC 2231)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from inbox.charsets import decode

_NAME = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|content-type|reply-to|delivered-to"
    rb"|sender|dkim-signature|x-[a-z-]{2,40})[ \t]*:",
    re.IGNORECASE,
)
_MBOX = re.compile(rb">?From [^\n]*\d\d:\d\d[^\n]*\n")
_BLANK = re.compile(rb"[ \t\r\n\x00]*\n|\xef\xbb\xbf")
_HEAD_END = re.compile(rb"\n[ \t]*\r?(?:\n|\Z)")
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_CONTROL = {code: None for code in (*range(32), *range(127, 160)) if code not in (9, 10)}
_CONTROL.update(dict.fromkeys((0xFEFF, *range(0xD800, 0xE000))))
_PARAMETER = re.compile(rb";\s*([!-:<-~]{1,60}?)\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
_MEDIA_TYPE = re.compile(rb"\s*\"?[\w.+-]{1,80}/[\w.+-]{1,120}")


@dataclass(frozen=True, slots=True)
class Field:
    """One header field as it came: its value still folded and encoded."""

    name: str
    """In lower case."""
    value: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The header block of a mail or part."""

    fields: tuple[Field, ...]
    end: int
    """Where the body begins."""
    cut: bool = False

    def values(self, name: str) -> Iterator[bytes]:
        return (field.value for field in self.fields if field.name == name)

    def first(self, name: str) -> bytes:
        return next(self.values(name), b"")


def split_head(raw: bytes, start: int, limit: int, *, stop: int | None = None, top: bool = False) -> Head:
    """The fields that begin at `start` and end before `stop`, read to at most `limit` bytes; linear.

    At the top of a mail an mbox line, blank lines and junk before the first field are passed over.
    """
    if top:
        start = _skip_lead(raw, start)
    if raw.startswith((b"\n", b"\r\n"), start):
        return Head((), start + (2 if raw.startswith(b"\r") else 1))
    stop = len(raw) if stop is None else stop
    found = _HEAD_END.search(raw, start, stop)
    end, body = (found.start() + 1, found.end()) if found else (stop, stop)
    block = raw[start : min(end, start + limit)]
    if b"\r" in block or b"\x00" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b" ").replace(b"\x00", b"")
    fields, stray = _fields(block.split(b"\n"))
    if stray is not None:
        body = _place_of(raw, start, stray)
    return Head(tuple(fields), body, cut=end - start > limit)


def _skip_lead(raw: bytes, start: int) -> int:
    """Past what stands before the first field."""
    for lead in (_BLANK, _MBOX, _BLANK):
        while (found := lead.match(raw, start)) and found.end() > start:
            start = found.end()
    if _NAME.match(raw, start):
        return start
    place = start
    for _ in range(10):
        place = raw.find(b"\n", place, place + 2000) + 1
        if not place:
            return start
        if _KNOWN.match(raw, place):
            return place
    return start


def _fields(lines: list[bytes]) -> tuple[list[Field], int | None]:
    """The fields, and the number of the line where the body begins without a blank line before it."""
    fields: list[Field] = []
    name, value = "", [b""]
    last_known = -1
    for number, line in enumerate(lines):
        start = _NAME.match(line)
        if start is None or line[:1] in (b" ", b"\t"):
            if line[:1] not in (b" ", b"\t", b"") and number > last_known:
                last_known = _last_known(lines, number)
                if last_known < number:
                    return _with(fields, name, value), number
            value.append(line)
            continue
        fields = _with(fields, name, value)
        name, value = start[1].decode("ascii", "replace").lower(), [line[start.end() :]]
    return _with(fields, name, value), None


def _with(fields: list[Field], name: str, value: list[bytes]) -> list[Field]:
    if name:
        fields.append(Field(name, b"\n".join(value).strip()))
    return fields


def _last_known(lines: Sequence[bytes], after: int) -> int:
    """The last line that is surely a header field, so that damage before it is no end of the headers."""
    return next((n for n in range(len(lines) - 1, after, -1) if _KNOWN.match(lines[n])), -1)


def _place_of(raw: bytes, start: int, line: int) -> int:
    """Where a line of the block begins in the raw mail."""
    for _ in range(line):
        start = raw.find(b"\n", start) + 1
    return start


def clean(text: str) -> str:
    """Real Unicode, NFC, without control characters other than tab and newline."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_CONTROL)
    return normalize("NFC", text.translate(_CONTROL))


def text_of(value: bytes, hints: Iterable[str] = ()) -> str:
    """A field's value as a person reads it, on one line: encoded words and raw 8-bit decoded."""
    if b"=?" not in value:
        return " ".join(clean(decode(value, "", hints)[0].replace("\t", " ")).split())
    return " ".join(clean("".join(_decoded(value.decode("latin-1"), list(hints)))).split())


def charsets_in(value: bytes) -> list[str]:
    """The charsets that a value's encoded words declare."""
    return [word[0] for word in _ENCODED.findall(value.decode("latin-1"))] if b"=?" in value else []


def _decoded(value: str, hints: list[str]) -> Iterator[str]:
    """Pieces of text. Neighbouring words of one charset are joined first: some split a character."""
    place, charset, waiting = 0, "", b""
    for word in _ENCODED.finditer(value):
        between = value[place : word.start()]
        if waiting and (word[1].lower() != charset or between.strip()):
            yield decode(waiting, charset, hints)[0]
            waiting = b""
        if between.strip() or not place:
            yield decode(between.encode("latin-1"), "", hints)[0]
        place, charset = word.end(), word[1].lower()
        waiting += _bytes_of(word[2], word[3])
    yield decode(waiting, charset, hints)[0]
    yield decode(value[place:].encode("latin-1"), "", hints)[0]


def _bytes_of(encoding: str, encoded: str) -> bytes:
    """What one encoded word holds; damaged base64 as far as it goes."""
    if encoding in "qQ":
        plain = encoded.replace("_", " ").replace("\n", "").encode("latin-1")
        return binascii.a2b_qp(plain)
    return unbased(encoded.encode("latin-1"))


def unbased(encoded: bytes) -> bytes:
    """What base64 holds, as far as it goes: signs that don't belong and a cut end do no harm."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", encoded)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def media_type(value: bytes) -> str:
    """The type/subtype of a Content-Type, in lower case; "" when it names none."""
    found = _MEDIA_TYPE.match(value)
    return found[0].strip(b' \t\r\n"').decode("ascii").lower() if found else ""


def parameters(value: bytes, hints: Iterable[str] = ()) -> dict[str, str]:
    """The parameters of a MIME field: RFC 2231 pieces joined, encoded words and raw 8-bit read as well."""
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for found in _PARAMETER.finditer(value):
        name, number, extended = _piece(found[1].decode("ascii").lower())
        same = pieces.setdefault(name, {})
        if number not in same or (extended and not same[number][1]):
            same[number] = (_unquoted(found[2]), extended)
    return {name: _joined(parts, list(hints)) for name, parts in pieces.items()}


def _piece(name: str) -> tuple[str, int, bool]:
    """`title*1*` → title, 1, True."""
    extended = name.endswith("*")
    name, _, number = name.rstrip("*").partition("*")
    return name, int(number) if number.isdecimal() and len(number) < 4 else -1, extended


def _unquoted(value: bytes) -> bytes:
    if not value.startswith(b'"'):
        return value.strip()
    value = value[1:-1] if value.endswith(b'"') and len(value) > 1 else value[1:]
    return re.sub(rb"\\([\"\\])", rb"\1", value)


def _joined(parts: dict[int, tuple[bytes, bool]], hints: list[str]) -> str:
    """One parameter from its pieces; the extended form wins over a plain one beside it."""
    numbered = [parts[number] for number in sorted(parts) if number >= 0]
    pieces = numbered or [parts[-1]]
    if not any(extended for _, extended in pieces):
        return text_of(b"".join(piece for piece, _ in pieces), hints)
    charset, data = "", b""
    for place, (piece, extended) in enumerate(pieces):
        if place == 0 and extended and piece.count(b"'") >= 2:
            declared, _, piece = piece.split(b"'", 2)  # noqa: PLW2901
            charset = declared.decode("latin-1")
        data += _unescaped(piece) if extended else piece
    return " ".join(clean(decode(data, charset, hints)[0]).split())


def _unescaped(piece: bytes) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), piece)
