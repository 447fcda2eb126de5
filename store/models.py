"""The tables. Plain nouns: no queries, no sessions, no relationships."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, TypeVar, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Enum,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.attributes import manager_of_class
from sqlmodel import Field, SQLModel

from store.kinds import (
    ArrivalState,
    CaseKind,
    CompensationState,
    DraftState,
    EventKind,
    Fault,
    LetterKind,
    LetterState,
    MailKind,
    PromiseState,
    RequestKind,
    RequestState,
    Severity,
    Status,
    TimerKind,
    TimerState,
    TokenPurpose,
)

__all__ = [
    "Absence",
    "Arrival",
    "ArrivalState",
    "Case",
    "CaseFact",
    "CaseKind",
    "Compensation",
    "CompensationState",
    "Correction",
    "Counter",
    "Draft",
    "DraftState",
    "Event",
    "EventKind",
    "Fault",
    "LearnedModel",
    "Letter",
    "LetterKind",
    "LetterState",
    "Mail",
    "MailKind",
    "Mailbox",
    "Noun",
    "Participant",
    "Promise",
    "PromiseState",
    "Raw",
    "Request",
    "RequestKind",
    "RequestState",
    "Severity",
    "Status",
    "Tally",
    "Timer",
    "TimerKind",
    "TimerState",
    "Token",
    "TokenPurpose",
    "Tombstone",
    "Worker",
    "plain",
    "values_of",
]

Noun = TypeVar("Noun", bound=SQLModel)

# Named, so that a later migration can drop or change them on SQLite too.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _enum(kind: type[StrEnum], *, constrained: bool = True, **column: Any) -> Any:
    """A column that stores an enum by value; a constrained one is also checked by the database."""
    stored = Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=constrained,
        validate_strings=True,
        length=32,
        name=f"{kind.__name__.lower()}_known",
    )
    return Field(sa_column=Column(stored, nullable=False, **column))


class Row(SQLModel):
    """What every table's rows have in common."""

    # Rows are written by the store and never validated: what pydantic needs for it is not made at the start.
    model_config = {"defer_build": True}


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
    state: ArrivalState = _enum(ArrivalState)
    filed: bool = False
    mail_id: int | None = Field(default=None, foreign_key="mail.id")


@event.listens_for(SQLModel.metadata.tables["arrival"], "before_create")
def _of_what_is_in_hand(table: Table, connection: Connection, **_: Any) -> None:
    """Make the index partial, so that it stays small however long the history grows.

    Said here, because naming a database in the table itself loads SQLAlchemy's half for it, used or not.
    """
    [index] = (index for index in table.indexes if index.name == "arrival_unfiled")
    no = "0" if connection.dialect.name == "sqlite" else "false"
    index.dialect_options[connection.dialect.name]["where"] = text(f"filed IS {no}")


class Mail(Row, table=True):
    """A mail that came in: stored once, however often it is delivered."""

    __table_args__: ClassVar[Any] = (Index("mail_of_sender", "sender", "received_at"),)

    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str = Field(unique=True)
    message_id: str = Field(default="", index=True)
    raw_id: int = Field(foreign_key="raw.id")
    size: int
    kind: MailKind = _enum(MailKind)
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


class Case(Row, table=True):
    """One customer's matter, from receipt to end."""

    __table_args__: ClassVar[Any] = (
        Index("case_queue", "status", "severity", "deadline_at"),
        Index("case_customer", "customer", "number"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    status: Status = _enum(Status)
    kind: CaseKind = _enum(CaseKind)
    category: str = Field(index=True)
    severity: Severity = _enum(Severity)
    fault: Fault = _enum(Fault)
    language: str
    channel: str = "mail"
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
    state: DraftState = _enum(DraftState)
    body: str = Field(sa_column=Column(Text, nullable=False))
    template: str = ""
    language: str = ""
    agent: str = ""
    created_at: datetime


class Token(Row, table=True):
    """A reply address that was given out (promise 14)."""

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    purpose: TokenPurpose = _enum(TokenPurpose)
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


class Letter(Row, table=True):
    """A mail that leaves: finished bytes and where they are on their way (promises 6 to 9)."""

    __table_args__: ClassVar[Any] = (
        Index("letter_due", "state", "priority", "due_at"),
        Index("letter_limit", "recipient_key", "kind", "created_at"),
        Index("letter_made", "kind", "created_at"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: LetterKind = _enum(LetterKind, constrained=False)
    key: str = Field(unique=True)
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
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
    state: LetterState = _enum(LetterState)
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


class Timer(Row, table=True):
    """Something that becomes due for a case."""

    __table_args__: ClassVar[Any] = (Index("timer_due", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: TimerKind = _enum(TimerKind, constrained=False)
    case_number: int = Field(foreign_key="case.number", index=True)
    state: TimerState = _enum(TimerState)
    due_at: datetime
    done_at: datetime | None = None


class Event(Row, table=True):
    """The audit log: who, when, what, from which mail (promise 23)."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    kind: EventKind = _enum(EventKind, constrained=False)
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
    state: PromiseState = _enum(PromiseState, constrained=False)
    made_at: datetime
    ended_at: datetime | None = None


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
    state: CompensationState = _enum(CompensationState, constrained=False)
    offered_at: datetime
    paid_at: datetime | None = None


class Request(Row, table=True):
    """Commands that wait for somebody's yes; carried out, as their giver's, when it comes."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: RequestKind = _enum(RequestKind, constrained=False)
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    agent: str
    """Who wants it."""
    given: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The commands: name and argument of each."""
    draft_version: int = 0
    """The version of the draft that they are about."""
    state: RequestState = _enum(RequestState, constrained=False)
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


class CaseText(Row, table=True):
    """What of a case is searched, as one normalised text; see store/case_texts.py."""

    __tablename__ = "case_text"

    case_number: int = Field(
        primary_key=True, foreign_key="case.number", sa_column_kwargs={"autoincrement": False}
    )
    text: str = Field(sa_column=Column(Text, nullable=False))


class Correction(Row, table=True):
    """What a person said that a mail is about: learned from. The last word counts."""

    key: str = Field(primary_key=True)
    """case/NUMBER where an agent corrected a case, given/ID where it was given from outside."""
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    """Its words are those of the mail that opened this case; they are not kept twice."""
    mail_id: int | None = Field(default=None, foreign_key="mail.id", index=True)
    """The mail that the words were taken from, where they were: who erases it erases this too."""
    subject: str = Field(default="", sa_column=Column(Text, nullable=False, default=""))
    text: str = Field(default="", sa_column=Column(Text, nullable=False, default=""))
    """What was given from outside; "" where the words are a stored mail's."""
    category: str = ""
    kind: str = ""
    language: str = ""
    actor: str
    at: datetime = Field(index=True)


class LearnedModel(Row, table=True):
    """What was learned; see store/learned.py. The newest one speaks."""

    __tablename__ = "learned_model"

    id: int | None = Field(default=None, primary_key=True)
    version: str
    made_at: datetime
    """When what it was learned from was gathered."""
    rules_version: str
    corrections: int
    cases: int
    """How many cases there were."""
    figures: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """How good it was on what was held back, by language and over all."""
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CaseFact(Row, table=True):
    """A fact of a case: a value that was found in a mail, or that an agent said. Each is there once."""

    __tablename__ = "fact"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("case_number", "name", "value"),
        Index("fact_value", "name", "value"),
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


class Counter(Row, table=True):
    """A number that is handed out once, such as the next case number."""

    name: str = Field(primary_key=True)
    value: int


class Tally(Row, table=True):
    """How many letters of a kind were made in a minute: limits count them without reading them."""

    kind: LetterKind = _enum(LetterKind, constrained=False, primary_key=True)
    minute: datetime = Field(primary_key=True)
    made: int


class Tombstone(Row, table=True):
    """The fingerprint of an erased mail, so that a fetch can't revive it (promise 24)."""

    fingerprint: str = Field(primary_key=True)
    at: datetime


def plain(kind: type[Noun], values: Mapping[str, Any]) -> Noun:
    """An object of a table with these values, which no session knows; nothing is validated.

    As the ORM makes one from a row: a tenth of what calling the class costs. What has a plain default may be
    left out.
    """
    make, defaults = _maker(kind)
    made = make()
    made.__dict__.update(defaults, **values)
    return cast(Noun, made)


def values_of(noun: SQLModel) -> dict[str, Any]:
    """What an object that `plain` made holds, by column."""
    return {name: value for name, value in noun.__dict__.items() if name[0] != "_"}


@lru_cache
def _maker(kind: type[SQLModel]) -> tuple[Callable[[], SQLModel], Mapping[str, Any]]:
    configure_mappers()
    fields = kind.model_fields.items()
    plain = {name: one.default for name, one in fields if not one.is_required() and not one.default_factory}
    return manager_of_class(kind).new_instance, plain
