"""What follows a case: who wants no more questions, causes that grow, known issues, commitments."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field

from store.kinds import CommitmentState, IssueState, SignalKind
from store.models.base import Row, enum_column


class OptOut(Row, table=True):
    """A customer who does not want to be asked whether they are satisfied."""

    __tablename__ = "opt_out"

    address: str = Field(primary_key=True)
    """The canonical address."""
    at: datetime
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    """The case whose check-in was answered so."""
    asked_again: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    """Taken back: the customer may be asked. The newest word counts."""


class Signal(Row, table=True):
    """A cause that was told of because it grew (D23). Each row is one telling."""

    __table_args__: ClassVar[Any] = (Index("signal_of_name", "name", "raised_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    """One telling: the same key is never told twice."""
    name: str
    """What tells one from another: the rule's name and the value counted, the cause, or the terms."""
    kind: SignalKind = enum_column(SignalKind, constrained=False)
    category: str = ""
    """The causes that were counted, joined by commas; "" for all."""
    fact: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Name and value of the facts that the cases share."""
    terms: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The words that the mails of a cluster share."""
    count: int
    """Cases within the time."""
    expected: float = 0.0
    """How many the cause's own history would lead one to expect."""
    since: datetime
    raised_at: datetime = Field(index=True)
    cases: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Their numbers, the newest first, as many as were told."""
    told: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The agents who were mailed."""
    ended_at: datetime | None = Field(default=None, index=True)
    """When it was seen to grow no more; until then it is told of again only where it doubles."""


class KnownIssue(Row, table=True):
    """Something that is wrong and known: what is told to everyone whom it concerns (D18)."""

    __tablename__ = "known_issue"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Its number, by which agents speak of it."""
    name: str | None = Field(default=None, unique=True)
    """Its name in rules/issues.yaml; None when a command opened it."""
    title: str
    """What agents call it."""
    category: str = ""
    """The cause whose drafts carry its note; "" for any."""
    facts: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Facts that a case must have besides: name and value."""
    notes: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """What customers are told, by language."""
    fixes: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """What they are told when it is fixed, by language."""
    state: IssueState = enum_column(IssueState, constrained=False, index=True)
    opened_by: str
    opened_at: datetime
    changed_at: datetime | None = None
    """When its words, its cause or its state were last changed; what was shown before says other words."""
    fixed_by: str = ""
    fixed_at: datetime | None = None


class Concerned(Row, table=True):
    """A case that a known issue concerns."""

    issue_id: int = Field(primary_key=True, foreign_key="known_issue.id")
    case_number: int = Field(primary_key=True, foreign_key="case.number", index=True)
    at: datetime
    told_fixed_at: datetime | None = None
    """When the customer's letter that it is fixed was made."""
    by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The agent who said that it concerns the case, or that it does not; "" where its cause says so."""
    removed: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    """An agent said that it does not concern the case."""


class Commitment(Row, table=True):
    """What the firm told a customer that it will change (D22)."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Its number, by which agents speak of it."""
    case_number: int = Field(foreign_key="case.number", index=True)
    what: str = Field(sa_column=Column(Text, nullable=False))
    made_by: str
    made_at: datetime
    state: CommitmentState = enum_column(CommitmentState, constrained=False, index=True)
    ended_by: str = ""
    ended_at: datetime | None = None
