"""Header fields of a letter in ASCII: folded, encoded (RFC 2047, RFC 2231), and safe from injection."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote

from cases.sendable import ATEXT, sendable
from language.direction import printable
from store.values import Address

_LINE = 76
_PIECE = 50
_LONGEST_ID = 900
_MOST_REFERENCES = 20
_PHRASE = re.compile(rf"[{ATEXT}]+(?: [{ATEXT}]+)*")
_ID = re.compile(r"<[!-;=?-~]+>")
_ENCODED_WORD = "=?utf-8?b?{}?="
_ENCODED_ROOM = len(_ENCODED_WORD.format(""))


def address_spec(address: str) -> str:
    """A plain local@domain in ASCII (the domain in IDNA). Raises ValueError for anything else."""
    if spec := sendable(address):
        return spec
    shown = printable(address)[:200]
    raise ValueError(f"“{shown}” is no address that mail can be sent to; it must read name@domain")


def unstructured(name: str, value: str) -> str:
    """A field of free text, such as Subject: one logical line, whatever the value holds."""
    text = printable(value)
    if text.isascii() and "=?" not in text and all(len(word) < _LINE for word in text.split(" ")):
        return _folded(name, text.split(" "))
    return f"{name}: " + "\r\n ".join(_encoded_words(text, len(name) + 2))


@lru_cache(maxsize=256)
def mailbox(name: str, address: Address) -> str:
    """A field of one address with its name. Raises ValueError for an address that is none."""
    spec = address_spec(address.address)
    shown = printable(address.name)
    if not shown:
        return f"{name}: {spec}"
    if shown.isascii() and len(shown) < _LINE - len(name) and "=?" not in shown:
        phrase = shown if _PHRASE.fullmatch(shown) else _quoted(shown)
        return _folded(name, [phrase, f"<{spec}>"])
    words = "\r\n ".join(_encoded_words(shown, len(name) + 2))
    return f"{name}: {words}\r\n <{spec}>"


def message_ids(texts: Iterable[str]) -> list[str]:
    """The <id> tokens of the texts, each once, in order; anything else in them is dropped."""
    found = (token for text in texts for token in _ID.findall(text))
    return list(dict.fromkeys(token for token in found if len(token) <= _LONGEST_ID))


def references(ids: list[str]) -> str:
    """A References field, one id a line; of a long thread the first and the latest (RFC 5322, 3.6.4)."""
    kept = ids if len(ids) <= _MOST_REFERENCES else [ids[0], *ids[1 - _MOST_REFERENCES :]]
    return "References: " + "\r\n ".join(kept)


def filename(name: str) -> str:
    """The parameter of an attachment's name, on lines of its own where it has to be encoded (RFC 2231)."""
    shown = printable(name)
    if shown.isascii() and len(shown) < _LINE - len(' filename=""'):
        return f" filename={_quoted(shown)}"
    encoded = [quote(char, safe="", errors="replace") for char in shown]
    pieces = [""]
    for char in encoded:
        if len(pieces[-1]) + len(char) > _PIECE:
            pieces.append("")
        pieces[-1] += char
    charset = ["utf-8''", *[""] * (len(pieces) - 1)]
    return ";\r\n".join(f" filename*{n}*={charset[n]}{piece}" for n, piece in enumerate(pieces))


def _encoded_words(text: str, used: int) -> Iterator[str]:
    """Encoded words of whole characters, each line within 76 (RFC 2047, section 2)."""
    data = text.encode("utf-8")
    start, room = 0, _payload(used)
    while len(data) - start > room:
        end = start + room
        while data[end] & 0xC0 == 0x80:  # in the middle of a character
            end -= 1
        yield _ENCODED_WORD.format(b64encode(data[start:end]).decode("ascii"))
        start, room = end, _payload(1)
    yield _ENCODED_WORD.format(b64encode(data[start:]).decode("ascii"))


def _payload(used: int) -> int:
    """How many bytes fit into an encoded word on a line of which some is used."""
    return (min(_LINE - used, 75) - _ENCODED_ROOM) // 4 * 3


def _folded(name: str, words: list[str]) -> str:
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
