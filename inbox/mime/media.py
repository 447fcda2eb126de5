"""Content-Type (RFC 2045, section 5) as it is really written: misspelt, doubled, without its subtype."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_TYPE = re.compile(rb"[\s\"';]*([\w.+-]{1,80})\s{0,20}/\s{0,20}([\w.+-]{1,120})")
_WORD = re.compile(rb"[\s\"']*([A-Za-z]{1,40})[\"']?\s*(?=;|\Z)")
_BARE = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}
_MEANT = {
    "plain/text": "text/plain", "text/text": "text/plain", "text/txt": "text/plain",
    "text/ascii": "text/plain", "text/us-ascii": "text/plain", "text/utf-8": "text/plain",
    "text/unicode": "text/plain",
    "text/plan": "text/plain", "text/plain-text": "text/plain", "html/text": "text/html",
    "text/htm": "text/html", "text/xhtml": "text/html", "plain/html": "text/html",
    "message/rfc-822": "message/rfc822", "message/rfc2822": "message/rfc822",
    "multipart/alternate": "multipart/alternative", "multipart/alternatives": "multipart/alternative",
}  # fmt: skip


_SHORT = 64
UNTOLD = "text/plain"
"""What a part is that does not tell it (RFC 2045, section 5.2)."""


class Media(NamedTuple):
    """What a part says that it is."""

    kind: str
    """type/subtype in lower case; "" when it says nothing that can be understood."""
    parameters: bytes = b""
    """As they came, with the semicolon before them; "" when there are none."""

    @property
    def field(self) -> bytes:
        """The value of a Content-Type field that any parser understands."""
        return (self.kind or UNTOLD).encode() + self.parameters


def media_of(values: Sequence[bytes]) -> Media:
    """What a part's Content-Type fields say together: the first multipart, else the first that is one."""
    if len(values) < 2:
        return _media(values[0]) if values else Media("")
    told = [media for value in values[:4] if (media := _media(value)).kind]
    several = (media for media in told if media.kind.startswith("multipart/") and b"=" in media.parameters)
    return next(several, told[0] if told else Media(""))


def _media(value: bytes) -> Media:
    return _usual(value) if len(value) <= _SHORT else _read(value)


def _read(value: bytes) -> Media:
    found = _TYPE.match(value)
    if found:
        kind = f"{found[1].decode('ascii', 'ignore')}/{found[2].decode('ascii', 'ignore')}".lower()
    else:
        found = _WORD.match(value)
        kind = _BARE.get(found[1].decode().lower(), "") if found else ""
    rest = value[found.end() :].lstrip(b" \t\r\n\"',/") if found else value
    if b"=" not in rest:
        rest = b""
    elif not rest.startswith(b";"):
        rest = b"; " + rest
    return Media(_MEANT.get(kind, kind), rest)


_usual = lru_cache(maxsize=256)(_read)
"""Most parts are texts in a handful of charsets."""
