"""Transfer encodings (RFC 2045, section 6) as they are really sent: misspelt, damaged, cut, with a footer.

A part is repaired before anybody reads it, so that every reader of it gets the same bytes.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from inbox.content.uuencode import unuued, uu_size
from inbox.header.encoded_words import unbased

BASE64, QUOTED, UU = b"base64", b"quoted-printable", b"x-uuencode"
_NAMES = {
    b"base64": BASE64, b"b64": BASE64, b"base-64": BASE64, b"base_64": BASE64, b"x-base64": BASE64,
    b"base": BASE64, b"quoted-printable": QUOTED, b"quoted_printable": QUOTED, b"quotedprintable": QUOTED,
    b"quoted": QUOTED, b"quote-printable": QUOTED, b"quoted-printeable": QUOTED, b"qp": QUOTED,
    b"x-uuencode": UU, b"uuencode": UU, b"x-uue": UU, b"uue": UU, b"x-uu": UU, b"uuencoded": UU,
    b"7bit": b"", b"8bit": b"", b"binary": b"", b"7-bit": b"", b"8-bit": b"", b"7": b"", b"8": b"",
    b"none": b"", b"us-ascii": b"", b"utf-8": b"", b"utf8": b"", b"text": b"", b"plain": b"",
}  # fmt: skip
_TOKEN = re.compile(rb"[\w-]{1,40}")
_COMMENT = re.compile(rb"\([^()]{0,200}\)")
_SPACE = b" \t\r\n"
_LETTERS = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_LONG_LINE = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\s]")
_ESCAPE = re.compile(rb"=[0-9A-Fa-f]{2}|=[ \t]{0,80}\r?\n")
_SOFT_BREAK = re.compile(rb"=[ \t]*(?:\r+\n|\r|\n)|=[ \t]+\Z")
_ODD_BREAK = (b"= ", b"=\t", b"=\r\r")
_CHUNK = 3 << 18


class Repaired(NamedTuple):
    """A part's content as it can be read without loss."""

    content: bytes
    encoding: bytes
    damage: str = ""
    """What was wrong, in words."""


def encoding_of(values: list[bytes]) -> tuple[bytes, str]:
    """The transfer encoding that the fields name, b"" for none, and what had to be guessed, in words."""
    known: list[bytes] = []
    for value in values[:4]:
        found, unknown = _named(value[:400])
        if unknown:
            return b"", f"the transfer encoding {unknown} is not known; the part was read as it stands"
        known.append(found)
    return next(filter(None, known), b""), ""


@lru_cache(maxsize=256)
def _named(value: bytes) -> tuple[bytes, str]:
    """The transfer encoding that a field names, b"" for none, or else the name that is not known."""
    tokens = _TOKEN.findall(_COMMENT.sub(b"", value.lower()))
    found = next((_NAMES[token] for token in tokens if token in _NAMES), None)
    if found is None and tokens:
        return b"", tokens[0].decode("ascii", "replace")
    return found or b"", ""


def which(content: bytes, named: list[bytes]) -> bytes:
    """Of several encodings that a part names, the one that its content is in."""
    if BASE64 in named and _LETTERS.fullmatch(content.translate(None, _SPACE)):
        return BASE64
    if QUOTED in named and _ESCAPE.search(content):
        return QUOTED
    return b""


def decoded(content: bytes, encoding: bytes) -> bytes:
    """The bytes that the content stands for, as far as they can be had."""
    if encoding == BASE64:
        letters = content.translate(None, _SPACE)
        if len(letters) % 4 == 0 and _LETTERS.fullmatch(letters):
            return a2b_base64(letters)
        return _salvaged(content)[0]
    if encoding == QUOTED:
        return a2b_qp(_mended(content))
    if encoding == UU:
        found = unuued(content)
        return content if found is None else found
    return content


def repaired(content: bytes, encoding: bytes, *, is_text: bool = False) -> Repaired:
    """The content with its damage mended; of a text also the plain footer behind its base64 is kept."""
    if encoding == BASE64:
        return _repaired_base64(content, is_text=is_text)
    if encoding == QUOTED:
        return Repaired(_mended(content), QUOTED)
    if encoding == UU:
        data = unuued(content)
        if data is None:
            return Repaired(
                content, b"", "a part is declared to be uuencoded and is not; it was read as it is"
            )
        return Repaired(encodebytes(data), BASE64)
    if is_text and _is_undeclared_base64(content):
        return Repaired(content, BASE64, "a text did not say that it is base64; that was guessed")
    return Repaired(content, encoding)


def undone(content: bytes, encoding: bytes) -> bytes:
    """The bytes that a repaired content stands for."""
    if encoding == BASE64:
        return a2b_base64(content)
    return a2b_qp(content) if encoding == QUOTED else content


def _repaired_base64(content: bytes, *, is_text: bool) -> Repaired:
    letters = content.translate(None, _SPACE)
    if len(letters) % 4 == 0 and _LETTERS.fullmatch(letters):
        return Repaired(content, BASE64)
    data, footer, is_base64 = _salvaged(content)
    if not is_base64:
        return Repaired(content, b"", "a part is declared to be base64 and is not; it was read as it is")
    if is_text and footer:
        data += b"\n" + footer
    said = "" if footer and is_text else "the base64 of a part is damaged; it was read as far as it goes"
    return Repaired(encodebytes(data), BASE64, said)


def _salvaged(content: bytes) -> tuple[bytes, bytes, bool]:
    """What damaged base64 holds, the plain text behind it, and whether there was any base64 at all."""
    kept: list[bytes] = []
    strange: list[bytes] = []
    for line in content.split(b"\n"):
        bare = line.strip()
        if strange or (bare and _is_prose(bare)):
            if _LONG_LINE.fullmatch(bare):
                strange.clear()
                kept.append(bare)
            else:
                strange.append(line)
        elif bare:
            kept.append(bare)
    pieces = re.split(rb"=+", b"".join(kept))
    data = b"".join(map(unbased, pieces))
    return data or content, b"\n".join(strange).strip(b"\r\n"), bool(kept)


def _is_prose(line: bytes) -> bool:
    """Whether a line was written by a person or a list's software rather than by an encoder."""
    words = line.split()
    if len(words) > 1 and max(map(len, words)) < 30:
        return True
    strange = len(_FOREIGN.findall(line))
    return strange * 2 >= len(line) or (strange >= 3 and strange * 6 > len(line))


def _is_undeclared_base64(content: bytes) -> bool:
    """Whether a text that names no encoding is base64 and nothing else, and stands for text."""
    end = content.find(b"\n", 0, 100)
    first = content[:end].rstrip()
    if end < 60 or len(first) % 4 or b" " in first or not _LETTERS.fullmatch(first):
        return False
    letters = content.translate(None, _SPACE)
    if len(letters) < 120 or len(letters) % 4 or not _LETTERS.fullmatch(letters):
        return False
    try:
        text = a2b_base64(letters).decode()
    except ValueError:
        return False
    return text.replace("\r", "").replace("\n", "").replace("\t", "").isprintable()


def _mended(content: bytes) -> bytes:
    """Quoted-printable whose soft line breaks are where Python looks for them."""
    if any(odd in content for odd in _ODD_BREAK) or content.count(b"=\r") != content.count(b"=\r\n"):
        return _SOFT_BREAK.sub(b"=\n", content)
    return content


def decoded_size(content: memoryview, encoding: bytes) -> int:
    """How many bytes a large content has once decoded, without holding a copy of it."""
    if encoding == UU:
        return sum(uu_size(line) for chunk in _lines(content) for line in chunk.split(b"\n"))
    if encoding == BASE64:
        return sum(len(chunk.translate(None, _SPACE + b"=")) for chunk in _chunks(content)) * 3 // 4
    last = bytes(content[-2:])
    ending = 2 if last == b"\r\n" else 1 if last.endswith(b"\n") else 0
    content = content[: len(content) - ending]
    if encoding == QUOTED:
        return sum(len(a2b_qp(_mended(chunk))) for chunk in _lines(content))
    return len(content)


def _chunks(content: memoryview) -> Iterator[bytes]:
    for place in range(0, len(content), _CHUNK):
        yield bytes(content[place : place + _CHUNK])


def _lines(content: memoryview) -> Iterator[bytes]:
    """The content in pieces that end with a line, so that no escape is cut."""
    rest = b""
    for chunk in _chunks(content):
        whole, end, cut = chunk.rpartition(b"\n")
        if not end and len(rest) < 4 * _CHUNK:
            rest += chunk
            continue
        yield rest + whole + end
        rest = cut
    yield rest
