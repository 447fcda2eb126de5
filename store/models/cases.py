"""Cases, and what is known and drafted on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from store.kinds import CaseKind, DraftState, Fault, Severity, Status, TokenPurpose
from store.models.base import Row, enum_column, only_where


class Case(Row, table=True):
    """One customer's matter, from receipt to end."""

    __table_args__: ClassVar[Any] = (
        Index("case_queue", "status", "severity", "deadline_at"),
        Index("case_customer", "customer", "number"),
        Index("case_cause", "category", "opened_at"),
        Index("case_erased", "erased_at"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    status: Status = enum_column(Status)
    kind: CaseKind = enum_column(CaseKind)
    category: str
    severity: Severity = enum_column(Severity)
    fault: Fault = enum_column(Fault)
    language: str
    channel: str = "mail"
    mailbox: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The name of the mailbox that it belongs to: its letters leave from there. "" is the main one."""
    alias: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The further address of that mailbox that letters to the customer come from; "" is its own."""
    subject: str = ""
    customer: str
    """The customer's address, in lower case."""
    customer_name: str = ""
    assignee: str = Field(default="", index=True)
    """An agent's address; "" while unassigned."""
    reply_token: str = Field(unique=True)
    """The case's own reply address carries it."""
    confidence: float = 0.0
    why: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The hits of the verdict: rule, words, says, weight."""
    mentions: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Cases that the mail named without a right to join them (promise 13)."""
    opened_at: datetime = Field(index=True)
    deadline_at: datetime | None = None
    seen_at: datetime | None = None
    """When an agent first acted on it."""
    acknowledged_at: datetime | None = None
    not_acknowledged_because: str = ""
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    spam: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    """No customer of ours: counted nowhere, asked nothing."""
    snoozed_until: datetime | None = None
    """Until when the agent does not want to see it."""
    told: str = Field(default="", sa_column=Column(Text, nullable=False, default="", server_default=""))
    """What an agent wrote down when the complaint came another way than by mail (D1)."""
    split_from: int | None = None
    merged_into: int | None = None
    """The case that this one became part of; what comes for this one belongs there."""
    check_ins: int = 0
    """How many check-ins (and reminders) have been asked for."""
    score: int | None = None
    """The last check-in's score, 1 to 5."""
    first_answered_at: datetime | None = None
    resolve_by: datetime | None = None
    """By when it is to be resolved, where the rules say so."""
    final_by: datetime | None = None
    """By when the customer gets the final answer, where the rules say so."""
    holdings: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Holding updates since a person last wrote to the customer."""
    held_at: datetime | None = None
    """When the last of them was made."""
    followed: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, default=dict, server_default="{}")
    )
    """How far each deadline's chain has come: its name, and the time it is for ("by"), the number of steps
    taken ("steps"), and whether it has passed ("missed")."""
    asked_at: datetime | None = None
    """When the customer was last asked whether they are satisfied."""
    thanked_at: datetime | None = None
    """When the customer was thanked for an answer to that; it is done once."""
    erased_at: datetime | None = None
    """When what was said on it was erased; nothing happens to it any more."""


class Participant(Row, table=True):
    """Who may write into a case."""

    case_number: int = Field(primary_key=True, foreign_key="case.number")
    address: str = Field(primary_key=True, index=True)


class Draft(Row, table=True):
    """One version of an answer that a person approves, edits or rejects."""

    __table_args__: ClassVar[Any] = (UniqueConstraint("case_number", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="case.number")
    version: int
    state: DraftState = enum_column(DraftState)
    body: str = Field(sa_column=Column(Text, nullable=False))
    template: str = ""
    language: str = ""
    agent: str = ""
    created_at: datetime


class Token(Row, table=True):
    """A reply address that was given out (promise 14)."""

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    purpose: TokenPurpose = enum_column(TokenPurpose)
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    draft_version: int | None = None
    agent: str = ""
    verbs: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    check_in: int | None = None
    request_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The request that it says yes or no to; "" when it is for none."""
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, foreign_key="mail.id")
    revoked_at: datetime | None = None


only_where("case", "case_erased", "erased_at IS NOT NULL")


class CaseText(Row, table=True):
    """What of a case is searched, as one normalised text; see store/case_texts.py."""

    __tablename__ = "case_text"

    case_number: int = Field(
        primary_key=True, foreign_key="case.number", sa_column_kwargs={"autoincrement": False}
    )
    text: str = Field(sa_column=Column(Text, nullable=False))


class CaseFact(Row, table=True):
    """A fact of a case: a value that was found in a mail, or that an agent said. Each is there once."""

    __tablename__ = "fact"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("case_number", "name", "value"),
        Index("fact_value", "name", "value", "case_number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="case.number")
    name: str
    """Of rules/extractors.yaml."""
    value: str
    as_written: str = Field(default="", sa_column=Column(Text, nullable=False, default=""))
    found_in: str = ""
    """subject, words or signature; "" when an agent said it."""
    said_by: str = ""
    """The address of the agent who said it."""
    mail_id: int | None = Field(default=None, foreign_key="mail.id", index=True)
    """The first mail of the case that holds it."""
    removed: bool = False
    """An agent said that it is none; a further mail that holds it brings it not back."""
