"""What leaves, and what becomes due."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from store.kinds import LetterKind, LetterState, TimerKind, TimerState
from store.models.base import Row, enum_column, only_where


class Letter(Row, table=True):
    """A mail that leaves: finished bytes and where they are on their way (promises 6 to 9)."""

    __table_args__: ClassVar[Any] = (
        Index("letter_due", "state", "priority", "due_at", "mailbox"),
        Index("letter_copy", "copy_at"),
        Index("letter_limit", "recipient_key", "kind", "created_at"),
        Index("letter_made", "kind", "created_at"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: LetterKind = enum_column(LetterKind, constrained=False)
    key: str = Field(unique=True)
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    mailbox: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The name of the mailbox whose server sends it; "" is the main one."""
    recipient: str
    recipient_key: str
    """The recipient's canonical address, by which limits and bounces find it."""
    envelope_from: str
    message_id: str = Field(unique=True)
    subject: str = ""
    raw_id: int = Field(foreign_key="raw.id")
    encloses_at: int | None = None
    """Where in these bytes the customer's mail goes that the letter carries; None when it carries none."""
    encloses_how: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """How that mail is encoded there; see store/enclosed.py."""
    encloses_raw_id: int | None = Field(default=None, foreign_key="raw.id")
    state: LetterState = enum_column(LetterState)
    priority: int
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    """Also the fence, so it never falls: whoever completes must hold the current attempt."""
    unsent: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Attempts that were given back before anything was sent: they do not lengthen the wait."""
    owner: str | None = None
    in_doubt: bool = False
    """The last attempt may have arrived all the same (RFC 1047)."""
    undelivered: bool = False
    """A bounce came back for it."""
    last_error: str = ""
    sent_at: datetime | None = None
    copy_at: datetime | None = None
    """From when on a copy belongs into the mailbox's folder for sent mail; None when none does."""
    copy_tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


only_where("letter", "letter_copy", "copy_at IS NOT NULL")


class Timer(Row, table=True):
    """Something that becomes due for a case."""

    __table_args__: ClassVar[Any] = (Index("timer_due", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: TimerKind = enum_column(TimerKind, constrained=False)
    case_number: int = Field(foreign_key="case.number", index=True)
    state: TimerState = enum_column(TimerState)
    due_at: datetime
    done_at: datetime | None = None


class Counter(Row, table=True):
    """A number that is handed out once, such as the next case number."""

    name: str = Field(primary_key=True)
    value: int


class Tally(Row, table=True):
    """How many letters of a kind were made in a minute: limits count them without reading them."""

    kind: LetterKind = enum_column(LetterKind, constrained=False, primary_key=True)
    minute: datetime = Field(primary_key=True)
    made: int
