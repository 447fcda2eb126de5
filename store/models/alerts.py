"""What is wrong with the operation itself, and what admins were told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, LargeBinary, Text
from sqlmodel import Field

from store.kinds import AlertPhase, AlertState
from store.models.base import Row, enum_column


class Alert(Row, table=True):
    """One trouble of the operation, by its key; it stays one however often it is noticed."""

    __table_args__: ClassVar[Any] = (Index("alert_state", "state"),)

    key: str = Field(primary_key=True)
    """Its kind and what it is about: "mailbox/complaints@example.com/INBOX"."""
    state: AlertState = enum_column(AlertState, constrained=False)
    since: datetime
    seen_at: datetime
    """When it was last noticed that it goes on."""
    ended_at: datetime | None = None
    times: int = 1
    """How often it came back within a short time."""
    words: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """What is wrong and what to do, in one line."""
    problems: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Mistakes in files: file, line, column and what to write instead."""
    told: int = 0
    """How often somebody was told that it goes on."""
    told_at: datetime | None = None
    told_as: AlertPhase = enum_column(AlertPhase, constrained=False)
    """What was told last."""


class Telling(Row, table=True):
    """One mail about alerts, by whatever way: their number is limited."""

    __tablename__ = "alert_telling"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    keys: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The alerts that it told of."""
    mail: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    """The finished mail for ALERT_ADDRESS, as long as it has not left by the second server."""
    taken_until: datetime | None = None
    """Until when the worker that took it to send it is given time."""
    tries: int = 0
