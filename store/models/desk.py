"""What agents do: the audit log, promises, compensations, requests, absences."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field

from store.kinds import CompensationState, EventKind, PromiseState, RequestKind, RequestState
from store.models.base import Row, enum_column


class Event(Row, table=True):
    """The audit log: who, when, what, from which mail (promise 23)."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    kind: EventKind = enum_column(EventKind, constrained=False)
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    actor: str
    mail_id: int | None = Field(default=None, foreign_key="mail.id")
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Promise(Row, table=True):
    """What a customer was promised, and by when (D11)."""

    __table_args__: ClassVar[Any] = (Index("promise_due", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="case.number", index=True)
    what: str = Field(sa_column=Column(Text, nullable=False))
    due_at: datetime
    made_by: str
    state: PromiseState = enum_column(PromiseState, constrained=False)
    made_at: datetime
    ended_at: datetime | None = None
    reminded_at: datetime | None = None
    """When its agent was reminded of it."""
    broken_at: datetime | None = None
    """When it was escalated because its day had passed."""
    told_at: datetime | None = None
    """When the customer was told that it takes longer."""


class Compensation(Row, table=True):
    """What a customer was offered to make it right (D13)."""

    __table_args__: ClassVar[Any] = (Index("compensation_of_customer", "customer", "offered_at"),)

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="case.number", index=True)
    customer: str
    kind: str
    """refund, voucher …"""
    amount: str
    """A decimal number in ASCII digits with a point; exact, whatever the database."""
    currency: str
    """ISO 4217."""
    reason: str = Field(sa_column=Column(Text, nullable=False))
    offered_by: str
    granted_by: str = ""
    """Who said yes where it was more than the agent's own authority."""
    state: CompensationState = enum_column(CompensationState, constrained=False)
    offered_at: datetime
    paid_at: datetime | None = None


class Request(Row, table=True):
    """Commands that wait for somebody's yes; carried out, as their giver's, when it comes."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: RequestKind = enum_column(RequestKind, constrained=False)
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    agent: str
    """Who wants it."""
    given: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The commands: name and argument of each."""
    draft_version: int = 0
    """The version of the draft that they are about."""
    state: RequestState = enum_column(RequestState, constrained=False)
    made_at: datetime
    expires_at: datetime
    decided_by: str = ""
    reason: str = Field(default="", sa_column=Column(Text, nullable=False, default=""))
    decided_at: datetime | None = None


class Absence(Row, table=True):
    """An agent who is away, and until when."""

    agent: str = Field(primary_key=True)
    until: datetime
    said_at: datetime
