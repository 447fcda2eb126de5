"""What comes in, and who reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field

from store.kinds import ArrivalState, MailKind
from store.models.base import Row, enum_column, only_where


class Worker(Row, table=True):
    """A running process. Rows it holds are free again when its heartbeat grows old."""

    id: str = Field(primary_key=True)
    host: str
    pid: int
    started_at: datetime
    heartbeat_at: datetime


class Mailbox(Row, table=True):
    """A mailbox that is read, and who reads it: one owner at a time."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    """user@host/folder"""
    owner: str | None = None
    last_poll_at: datetime | None = None
    last_error: str = ""
    """What is wrong with the connection right now; "" when nothing is."""
    rechecked_at: datetime | None = None
    """When it was last looked at whole, after a backup was put back."""
    doubtful_validity: int | None = Field(default=None, sa_type=BigInteger)
    doubtful_upto: int | None = Field(default=None, sa_type=BigInteger)
    """The last UID of that UIDVALIDITY that lay there then: an older worker may have answered it."""


class Raw(Row, table=True):
    """Whole mails as they came or left, packed; apart, so that other rows stay small."""

    id: int | None = Field(default=None, primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Arrival(Row, table=True):
    """One UID of a mailbox, counted before it is read (promise 4)."""

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("mailbox_id", "uidvalidity", "uid"),
        Index("arrival_unfiled", "mailbox_id", "uidvalidity", "uid"),
    )

    id: int | None = Field(default=None, primary_key=True)
    mailbox_id: int = Field(foreign_key="mailbox.id")
    uidvalidity: int = Field(sa_type=BigInteger)
    """32 bits without a sign (RFC 9051): too much for PostgreSQL's INTEGER, as is the UID."""
    uid: int = Field(sa_type=BigInteger)
    attempts: int = 0
    taken_at: datetime
    """When the last attempt began."""
    state: ArrivalState = enum_column(ArrivalState)
    filed: bool = False
    mail_id: int | None = Field(default=None, foreign_key="mail.id")


only_where("arrival", "arrival_unfiled", "filed IS {false}")


class Mail(Row, table=True):
    """A mail that came in: stored once, however often it is delivered."""

    __table_args__: ClassVar[Any] = (Index("mail_of_sender", "sender", "received_at"),)

    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str = Field(unique=True)
    message_id: str = Field(default="", index=True)
    raw_id: int = Field(foreign_key="raw.id")
    size: int
    kind: MailKind = enum_column(MailKind)
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    sender: str = ""
    """The From address, in lower case."""
    sender_name: str = ""
    subject: str = ""
    language: str = ""
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What the sender newly wrote."""
    signature: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """What was taken for the sender's signature: telephone and order numbers may stand there."""
    attachments: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    damage: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    unparsed: bool = False
    sent_at: datetime | None = None
    received_at: datetime = Field(index=True)


class Tombstone(Row, table=True):
    """The fingerprint of an erased mail, so that a fetch can't revive it (promise 24)."""

    fingerprint: str = Field(primary_key=True)
    at: datetime
