"""Whom a returned mail could not reach, and which mail it was (RFC 3464; qmail, exim and others)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Part

from inbox.body import children, raw_field
from inbox.headers import text_of

_ADDRESS = r"[^\s<>()\[\],;:\"]{1,200}@[^\s<>()\[\],;:\"]{1,200}"
_ANY_ADDRESS = re.compile(_ADDRESS)
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_RETURNED = re.compile(
    r"^-+ ?(?:below this line is a copy|this is a copy of|original message|message header"
    r"|the body of the message|returned message|message text follows|transcript of session follows)[^\n]*$"
    r"|^(?:received|return-path|from):[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LISTED = re.compile(rf"^[ \t]*<?({_ADDRESS})>?[ \t]*(?::|\(|\.{{3}}|$|[ \t]*[-–—:])", re.MULTILINE)
_SAID_TO = re.compile(
    rf"(?:recipient|address|delivered to|deliver to|delivery to|user|to)s?:?\s*<?({_ADDRESS})>?",
    re.IGNORECASE,
)
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED_KINDS = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
)
_NO_FAILURE = frozenset({"delayed", "relayed", "delivered", "expanded"})
_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says."""

    recipients: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    has_status: bool = False
    """It carries a machine-readable delivery status."""
    failed: bool = True
    """Not so when every recipient was only delayed, or reached after all."""


def read(message: Part, text: str, told: str = "") -> Bounce:
    """What a returned mail says; `told` is its X-Failed-Recipients field, `text` what a person reads."""
    parts = list(_parts(message))
    actions: list[str] = []
    recipients: list[str] = []
    statuses = [part for part in parts if part.get_content_type() in _STATUS]
    for status in statuses:
        for block in children(status):
            _read_recipient(block, recipients, actions)
    failed = not actions or any(action not in _NO_FAILURE for action in actions)
    recipients += [] if recipients or not failed else _ANY_ADDRESS.findall(told[:_TEXT])
    if failed and not recipients:
        recipients = _from_text(text)
    ids = [found for part in parts if (found := _returned_id(part))] or _ids_from_text(text)
    return Bounce(tuple(dict.fromkeys(recipients)), tuple(dict.fromkeys(ids)), bool(statuses), failed)


def _parts(part: Part) -> Iterator[Part]:
    """The parts of a report, into what it returns but not deeper."""
    waiting = [part]
    while waiting:
        one = waiting.pop(0)
        yield one
        if one.get_content_type() not in _STATUS | _RETURNED_KINDS:
            waiting.extend(children(one))


def _read_recipient(block: Part, recipients: list[str], actions: list[str]) -> None:
    """One recipient's fields of a delivery status."""
    action = str(block.get("Action", "")).split("(")[0].strip().lower()
    named = [
        found
        for name in ("original-recipient", "final-recipient")
        if (found := _recipient(raw_field(block, name)))
    ]
    if not named:
        return
    actions.append(action or "failed")
    if action not in _NO_FAILURE:
        recipients.append(named[0])


def _recipient(field: bytes) -> str:
    """The address of `rfc822; someone@example.org`, in any of its spellings."""
    value = text_of(field)
    address = value.partition(";")[2] if ";" in value else value
    address = _ESCAPED.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), address)
    found = _ANY_ADDRESS.search(address)
    return found[0] if found else ""


def _returned_id(part: Part) -> str:
    """The Message-ID of the mail that a part returns."""
    kind = part.get_content_type()
    if kind not in _RETURNED_KINDS:
        return ""
    inner = next(children(part), None)
    if inner is not None:
        return str(inner.get("Message-ID", "")).strip()
    payload = part.get_payload(decode=True)
    found = _MESSAGE_ID.search(payload[:_TEXT].decode("latin-1")) if isinstance(payload, bytes) else None
    return found[1] if found else ""


def _from_text(text: str) -> list[str]:
    """The addresses that a plain bounce lists before it shows the returned mail."""
    text = text[:_TEXT]
    end = _RETURNED.search(text)
    said = text[: end.start()] if end else text
    return _LISTED.findall(said) or _SAID_TO.findall(said)[:1] or _SAID_TO.findall(text)[:1]


def _ids_from_text(text: str) -> list[str]:
    return _MESSAGE_ID.findall(text[:_TEXT])[:1]
