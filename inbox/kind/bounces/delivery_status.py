"""What a delivery status tells of each recipient (RFC 3464; RFC 6533 for addresses beyond ASCII)."""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Part
from enum import Enum

from inbox.charsets.decoding import decode
from inbox.header.encoded_words import unbased
from inbox.kind.bounces.addresses import addresses_in, is_directory, is_full
from inbox.mime.parts import children, content_of, raw_field

KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_MOST_RECIPIENTS = 2000
_MOST_BYTES = 512 * 1024
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{2,60})[ \t]{0,20}:(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_XTEXT = re.compile(r"\+(2B|3D|40|20)")
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]{20,}\Z")
_OF_ONE = frozenset(
    {
        "original-recipient",
        "final-recipient",
        "action",
        "status",
        "remote-mta",
        "diagnostic-code",
        "last-attempt-date",
        "final-log-id",
        "will-retry-until",
        "x-actual-recipient",
    }
)
_ADDRESSED = ("original-recipient", "final-recipient")


class Outcome(Enum):
    """What became of the mail for one recipient."""

    FAILED = "failed"
    DELAYED = "delayed"
    DONE = "done"


_ACTIONS = (
    (
        ("fail", "err", "reject", "bounc", "undeliver", "expire", "perm", "refus", "unable", "drop"),
        Outcome.FAILED,
    ),
    (("delay", "defer", "temp", "warn", "retr", "queue", "transient", "pending"), Outcome.DELAYED),
    (("deliver", "relay", "expand", "succe", "sent", "forward", "accept", "ok"), Outcome.DONE),
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient's group of fields."""

    outcome: Outcome
    address: str
    """As the sender wrote it, as far as the report tells; "" when it names no address."""
    name: str = ""
    """What stands in the place of the address: a local user, a pipe, an entry of a directory."""


@dataclass(slots=True)
class Status:
    """All groups of a report."""

    recipients: list[Recipient] = field(default_factory=list)
    original_ids: list[str] = field(default_factory=list)

    def having(self, outcome: Outcome) -> list[Recipient]:
        return [one for one in self.recipients if one.outcome is outcome]


def text_of_part(part: Part) -> str:
    """A status part's fields as text, whether the parser took it apart, left it encoded or gave up."""
    pieces = [_bytes_of(child) for child in children(part)] or [content_of(part)]
    raw = b"\n".join(pieces)[:_MOST_BYTES]
    encoding = raw_field(part, "content-transfer-encoding").strip().lower()
    if part.is_multipart() and encoding == b"quoted-printable":
        raw = a2b_qp(raw)
    elif b":" not in raw and _BASE64.match(raw[:1000]):
        raw = unbased(raw)
    return decode(raw)[0].replace("\r\n", "\n").replace("\r", "\n")


def _bytes_of(group: Part) -> bytes:
    """One group of fields as it came."""
    head = "".join(f"{name}: {value}\n" for name, value in group.raw_items())
    return head.encode("utf-8", "surrogateescape") + content_of(group)


def looks_like_status(text: str) -> bool:
    """Whether the text holds a delivery status, whatever it is called."""
    lower = text.lower()
    return "final-recipient:" in lower or "original-recipient:" in lower


def read(text: str) -> Status:
    """The recipients of a delivery status; groups run together or torn apart are told apart all the same."""
    status = Status()
    for group in _groups(text):
        if original := group.get("x-original-message-id") or group.get("original-message-id"):
            status.original_ids.append(original)
        recipient = _recipient(group)
        if recipient and len(status.recipients) < _MOST_RECIPIENTS:
            status.recipients.append(recipient)
    return status


def _groups(text: str) -> Iterator[dict[str, str]]:
    """Each recipient's fields: a group ends where a field comes again that a recipient has but once."""
    group: dict[str, str] = {}
    blank = False
    for name, value in _fields(text):
        if not name:
            blank = True
            continue
        has_recipient = any(one in group for one in _ADDRESSED)
        again = name in group and name in _OF_ONE
        begins = blank and has_recipient and "action" in group and name in (*_ADDRESSED, "action")
        begins = begins or (name == "original-recipient" and "final-recipient" in group and "action" in group)
        if again or begins:
            yield group
            group = {}
        group.setdefault(name, value)
        blank = False
    yield group


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Names in lower case with unfolded values; ("", "") for a blank line."""
    name, value = "", [""]
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and line.strip() and name and not _is_known(line):
            value.append(line.strip())
            continue
        if name:
            yield name, " ".join(value)
            name = ""
        if not line.strip():
            yield "", ""
        elif found := _FIELD.match(line.lstrip(" \t>")):
            name, value = found[1].lower(), [found[2].strip()[:4000]]
    if name:
        yield name, " ".join(value)


def _is_known(line: str) -> bool:
    """Whether an indented line is a field of its own: some reports are indented as a whole."""
    found = _FIELD.match(line.strip()[:80])
    return found is not None and found[1].lower() in _OF_ONE


def _recipient(group: dict[str, str]) -> Recipient | None:
    """What the group says; None when it is of no recipient."""
    original, final = (_address(group.get(name, ""), name) for name in _ADDRESSED)
    named = any(name in group for name in _ADDRESSED)
    if not named and "action" not in group:
        return None
    outcome = _outcome(group)
    diagnosed = addresses_in(group.get("diagnostic-code", "")[:2000])
    best = [one for one in (original, final) if one and is_full(one)]
    # Exchange names an entry of its directory, some systems a local user; the reason may name the address.
    worse = [one for one in (*diagnosed[:1], original, final) if one and not is_directory(one) and "@" in one]
    address = next(iter(best or worse), "")
    return Recipient(outcome, address, "" if best else (final or original))


def _outcome(group: dict[str, str]) -> Outcome:
    action = group.get("action", "").lower().lstrip(" \"'<(")
    for beginnings, outcome in _ACTIONS:
        if action.startswith(beginnings):
            return outcome
    return Outcome.DONE if group.get("status", "").strip().startswith("2") else Outcome.FAILED


def _address(value: str, name: str) -> str:
    """The address of `rfc822; someone@example.org`, in any of its spellings."""
    kind, semicolon, address = value.partition(";")
    if not semicolon or "@" in kind:
        address = value
    if "\\x{" in address:
        address = _ESCAPED.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), address)
    address = address.strip("<> ")
    found = addresses_in(address, loose=True)
    if not found and "+40" in address:
        found = addresses_in(_XTEXT.sub(_octet, address), loose=True)
    if found and name == "original-recipient" and kind.strip().lower() == "rfc822":
        return _XTEXT.sub(_octet, found[0]) if "+2B" in found[0] or "+3D" in found[0] else found[0]
    return found[0] if found else address.split("(")[0].strip("\"' ")[:200]


def _octet(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
