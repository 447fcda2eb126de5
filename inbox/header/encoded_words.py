"""A header field's bytes → the text that a person reads: encoded words (RFC 2047), raw 8-bit, folding."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import normalize

from inbox.charsets.decoding import decode
from inbox.charsets.names import codec

_START = re.compile(r"=\?[ \t]{0,3}([^?\s=\"<>]{1,60})[ \t]{0,3}\?[ \t]{0,3}([bBqQ])[ \t]{0,3}\?")
_END_OF_Q = re.compile(r"\?=(?![0-9A-F]{2})|\?=(?=[0-9A-F]{2}[^?]*\Z)")
"""A question mark in plain sight may be followed by an escape: `Where??=` ends, `Where?=20is` does not."""
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_WHOLE_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_BASE64_STRETCH = re.compile(rb"[A-Za-z0-9+/]+")
_IN_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_QUOTED_PRINTABLE = re.compile(r"(?:=[0-9A-Fa-f]{2}){2}")
_CONTROL = {code: None for code in (*range(32), *range(127, 160)) if code not in (9, 10)}
_CONTROL.update(dict.fromkeys((0xFEFF, *range(0xD800, 0xE000))))
_NOT_SHOWN = (
    _CONTROL | {9: " ", 10: " ", 13: " "} | dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
"""In one line also what turns the direction of the text after it. The marks and joiners that Persian,
Arabic and Hebrew need (LRM, RLM, ZWNJ, ZWJ) stay."""
_HAS_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_HAS_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ufeff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_TWICE = 2


def clean(text: str) -> str:
    """Real Unicode, NFC, without control characters other than tab and newline."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_CONTROL)
    return normalize("NFC", text.translate(_CONTROL) if _HAS_CONTROL.search(text) else text)


def on_one_line(text: str) -> str:
    """A name, subject or file name as it may be shown: no line ends, no controls, no turning of direction."""
    shown = text.translate(_NOT_SHOWN) if _HAS_NOT_SHOWN.search(text) else text
    return " ".join(normalize("NFC", shown).split())


def text_of(value: bytes, hints: Iterable[str] = ()) -> str:
    """A field's value as a person reads it, on one line: encoded words and raw 8-bit decoded."""
    if value.isascii() and b"=?" not in value:
        text = value.decode("ascii")
        if b"\n" in value or b"  " in value or value[:1] == b" " or value[-1:] == b" ":
            text = " ".join(text.split())
        if text.isprintable():
            return text
    return on_one_line(unencoded(value, list(hints)))


def unencoded(value: bytes, hints: Sequence[str] = ()) -> str:
    """The value with its encoded words and raw bytes decoded, still with its spaces and controls."""
    if b"=?" not in value:
        return decode(value, "", hints)[0]
    text = value.decode("latin-1")
    for _ in range(_TWICE):
        starts = list(_START.finditer(text))
        if not starts:
            break
        declared = [start[1] for start in starts[:10]]
        result = "".join(_decoded(text, starts, [*declared, *hints]))
        if "=?" not in result or not _START.search(result):
            return result
        # Some programs encode what is encoded already.
        text, hints = result.encode("utf-8", "replace").decode("latin-1"), ("utf-8",)
    return decode(text.encode("latin-1"), "", hints)[0]


def charsets_in(value: bytes) -> list[str]:
    """The charsets that a value's encoded words declare."""
    return [start[1] for start in _START.finditer(value.decode("latin-1"))] if b"=?" in value else []


def _decoded(value: str, starts: list[re.Match[str]], hints: Sequence[str]) -> Iterator[str]:
    """Pieces of text. Neighbouring words of one charset are joined first: some split a character."""
    place, charset = 0, ""
    waiting: list[bytes] = []
    opened = False
    for number, start in enumerate(starts):
        between = value[place : start.start()]
        stop = starts[number + 1].start() if number + 1 < len(starts) else len(value)
        if opened and between.startswith("?="):
            between, opened = between[2:], False
        if waiting and (between.strip() or not _same(start[1], charset)):
            yield _text(waiting, charset, hints)
            waiting = []
        if between and (between.strip() or not place):
            yield decode(between.encode("latin-1"), "", hints)[0]
        content, place = _content(value, start, stop)
        opened = opened or (place == stop and not content and stop < len(value))
        charset = start[1]
        waiting.append(content)
    yield _text(waiting, charset, hints)
    rest = value[place:].removeprefix("?=" if opened else "")
    if rest:
        yield decode(rest.encode("latin-1"), "", hints)[0]


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower() or codec(one) == codec(other)


def _text(pieces: list[bytes], charset: str, hints: Sequence[str]) -> str:
    return decode(b"".join(pieces), charset, hints)[0]


def _content(value: str, start: re.Match[str], stop: int) -> tuple[bytes, int]:
    """What one encoded word holds, and where it ends; a word without an end goes as far as it can."""
    begin = start.end()
    if start[2] in "qQ":
        found = _END_OF_Q.search(value, begin, stop)
        inside = value[begin : found.start() if found else stop]
        return _from_q(inside if found else inside.rstrip().removesuffix("?")), found.end() if found else stop
    end = value.find("?=", begin, stop)
    if end >= 0:
        return _from_b(value[begin:end]), end + 2
    stretch = _IN_BASE64.match(value, begin, stop)
    end = stretch.end() if stretch else stop
    return _from_b(value[begin:end]), end + (value[end : end + 1] == "?")


def _from_q(inside: str) -> bytes:
    """The bytes of a Q-encoded text; a fold in it is a space only where it has plain spaces."""
    if "\n" in inside or "\r" in inside:
        folds = _FOLD.sub("\n", inside)
        inside = folds.replace("\n", " " if " " in folds else "")
    return binascii.a2b_qp(inside.replace("_", " ").encode("latin-1"))


def _from_b(inside: str) -> bytes:
    """The bytes of a B-encoded text; what is plainly not base64 as it is or as Q."""
    if not inside.isascii():
        return inside.encode("latin-1")
    if "=" in inside and _QUOTED_PRINTABLE.search(inside):
        return _from_q(inside)
    return unbased(inside.encode("ascii"))


def unbased(encoded: bytes) -> bytes:
    """What base64 holds, as far as it goes: odd signs, padding inside and a cut end do no harm."""
    if len(encoded) % 4 == 0 and _WHOLE_BASE64.fullmatch(encoded):
        return binascii.a2b_base64(encoded)
    if (b"-" in encoded or b"_" in encoded) and b"+" not in encoded and b"/" not in encoded:
        encoded = encoded.replace(b"-", b"+").replace(b"_", b"/")
    letters = re.sub(rb"[^A-Za-z0-9+/=]", b"", encoded)
    return b"".join(map(_stretch, _BASE64_STRETCH.findall(letters)))


def _stretch(letters: bytes) -> bytes:
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
