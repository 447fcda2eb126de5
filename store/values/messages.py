"""What a mail says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from store.kinds import MailKind


def canonical(address: str) -> str:
    """The address that limits count by: in lower case and without a +tag in its local part."""
    local, at, domain = address.strip().lower().rpartition("@")
    return (local.split("+", 1)[0] or local) + at + domain


@dataclass(frozen=True, slots=True)
class Address:
    """One mail address as it was written; `key` is the form to compare by."""

    address: str
    name: str = ""

    @property
    def key(self) -> str:
        """The address in lower case; "" when there is none."""
        return self.address.strip().lower()

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail that is not its text. The bytes stay in the raw mail."""

    filename: str
    content_type: str
    size: int
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What we understand of one mail (RFC 5322), whatever its bytes were."""

    fingerprint: str
    """SHA-256 in hex of From, To, Cc, Date, Subject, Message-ID and the LF-normalised body."""
    message_id: str = ""
    """With its angle brackets; "" when the mail has none."""
    senders: tuple[Address, ...] = ()
    """Every address of every From header, in order."""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Addresses of Delivered-To, X-Original-To and Envelope-To."""
    subject: str = ""
    date: datetime | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    language: str = ""
    """ISO 639-1, or "" when the text says too little."""
    text: str = ""
    """All of the text."""
    reply_text: str = ""
    """What the sender newly wrote: no quote, no signature."""
    signature: str = ""
    """What was taken for the sender's signature: names, telephone and order numbers stand there."""
    forwarded: tuple[str, ...] = ()
    """Message-IDs of the mails that this one carries as attachments."""
    attachments: tuple[Attachment, ...] = ()
    kind: MailKind = MailKind.CUSTOMER
    """As the headers tell: customer, auto_reply, bounce, list or loop."""
    kind_because: str = ""
    """The header or sign that made it anything but customer mail."""
    no_auto_reply: tuple[str, ...] = ()
    """Each reason why no automatic answer may go to this mail (RFC 3834, section 2)."""
    bounced_recipients: tuple[str, ...] = ()
    bounced_message_ids: tuple[str, ...] = ()
    delayed_message_ids: tuple[str, ...] = ()
    """Mails that a report says are still on their way."""
    authentication_results: tuple[str, ...] = ()
    """The Authentication-Results fields (RFC 8601), topmost first, unfolded."""
    headers: tuple[tuple[str, str], ...] = ()
    """Decoded (name, value) pairs in order."""
    size: int = 0
    """Bytes of the raw mail."""
    damage: tuple[str, ...] = ()
    """What was cut, guessed or could not be read, in words for a person."""
    unparsed: bool = False
    """True when only the sender, subject and start of the raw mail could be salvaged."""

    @property
    def sender(self) -> Address:
        """The first From address; an empty one when there is none."""
        return self.senders[0] if self.senders else Address("")

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of a header field, by case-insensitive name."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


@dataclass(frozen=True, slots=True)
class File:
    """A file that a mail carries, with its bytes."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
