"""The mail that came back inside a report: its Message-ID, who wrote it, and to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Part

from inbox.charsets.decoding import decode
from inbox.header.encoded_words import text_of
from inbox.kind.bounces import forms
from inbox.kind.bounces.addresses import addresses_in
from inbox.mime.parts import children, content_of, raw_field

MESSAGES = frozenset({"message/rfc822", "message/global"})
HEADERS = frozenset(
    {
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
        "message/partial",
        "text/rfc822",
    }
)
_MOST = 20_000
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):(?: |\t|$)")
_ID = re.compile(
    r"^[>|\s]{0,20}(?:x-)?(?:original-?)?message-?id\s{0,5}:\s{0,80}<([^<>\s]{1,900})>",
    re.IGNORECASE | re.MULTILINE,
)
_PLAIN_ID = re.compile(
    r"^[>| \t]{0,20}message-id[ \t]{0,5}:[ \t]{0,20}([^<>\s]{1,400}@[^<>\s]{1,400})",
    re.IGNORECASE | re.MULTILINE,
)
_SURE = frozenset({"received", "return-path", "message-id", "dkim-signature", "mime-version", "x-mailer"})
_RECIPIENTS = ("x-original-to", "delivered-to", "envelope-to", "to", "cc", "bcc")
_SENDERS = ("from", "sender", "return-path", "reply-to")


@dataclass(frozen=True, slots=True)
class Returned:
    """What is known of the mail that came back."""

    ids: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    is_there: bool = False


def of_part(part: Part) -> Returned:
    """What a part returns, as a message or as its header alone; cut and encoded ones as far as they go."""
    inner = next(children(part), None)
    if inner is not None:
        fields = {
            name: text_of(raw_field(inner, name)[:8000]) for name in (*_RECIPIENTS, *_SENDERS, "message-id")
        }
        if any(fields.values()):
            return _of_fields(fields)
    text = decode(content_of(part if inner is None else inner)[:_MOST])[0]
    return of_text(text.replace("\r\n", "\n").replace("\r", "\n").lstrip())


def of_text(text: str) -> Returned:
    """What the header block that the text begins with tells."""
    fields: dict[str, str] = {}
    name = ""
    for line in text[:_MOST].split("\n"):
        line = line.lstrip("> ") if line.startswith(">") else line  # noqa: PLW2901 - a quoted header
        found = _FIELD.match(line)
        if found:
            name = found[1].lower()
            name = name if name not in fields else ""
            if name:
                fields[name] = line[found.end() :]
        elif line[:1] in (" ", "\t") and line.strip() and name:
            fields[name] += "\n" + line
        elif fields and not line.strip():
            break
        else:
            name = ""
    return _of_fields({name: text_of(value.encode("utf-8", "replace")) for name, value in fields.items()})


def ids_in(text: str) -> tuple[str, ...]:
    """The first Message-ID that a text quotes."""
    found = _ID.search(text[:200_000]) or _PLAIN_ID.search(text[:200_000])
    return (f"<{found[1]}>",) if found else ()


def _of_fields(fields: dict[str, str]) -> Returned:
    told = fields.get("message-id", "")
    ids = ids_in(f"message-id: {told}") if told else ()
    to = [address for name in _RECIPIENTS[:4] for address in addresses_in(fields.get(name, ""))]
    to = to or [address for name in _RECIPIENTS[4:] for address in addresses_in(fields.get(name, ""))]
    senders = [address for name in _SENDERS for address in addresses_in(fields.get(name, ""))]
    return Returned(ids, tuple(dict.fromkeys(to)), tuple(dict.fromkeys(senders)), bool(fields))


def split(text: str) -> tuple[str, str]:
    """What a system says, and the mail that it quotes below ("" when it quotes none)."""
    place = next(_beginnings(text), None)
    return (text, "") if place is None else (text[:place], text[place:])


def _beginnings(text: str) -> Iterator[int]:
    """Where a quoted mail may begin: below a line that says so, or at a block of header fields."""
    place, block, sure = 0, -1, 0
    count = 0
    for line in text.split("\n"):
        if _announces(line):
            yield place
        found = _FIELD.match(line.lstrip("> ") if line.startswith(">") else line)
        if found:
            block = place if block < 0 else block
            count += 1
            sure += found[1].lower() in _SURE
            if count >= 3 and sure:
                yield block
        elif not (line[:1] in (" ", "\t") and line.strip() and block >= 0):
            block, count, sure = -1, 0, 0
        place += len(line) + 1


def _announces(line: str) -> bool:
    """Whether the line says that the returned mail follows."""
    bare = line[:200].strip(" \t-=*_#>|+~").lower()
    return bare.startswith(forms.RETURNED) or bare.rstrip(" .:-") in forms.RETURNED_ALONE
