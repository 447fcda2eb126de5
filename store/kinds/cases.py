"""Of cases, their drafts and reply addresses."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands."""

    NEW = "new"
    """Opened; nobody has decided anything yet."""
    OPEN = "open"
    """In an agent's hands."""
    ANSWERED = "answered"
    """An approved answer left; the customer may write again."""
    RESOLVED = "resolved"
    """An agent says it is solved; the check-in will ask the customer."""
    CLOSED = "closed"
    """The customer agrees or stayed silent."""


FOR_A_PERSON = (Status.NEW, Status.OPEN)
"""While a case is so, its customer waits for us."""
GOES_ON = (*FOR_A_PERSON, Status.ANSWERED)
ENDED = (Status.RESOLVED, Status.CLOSED)


class CaseKind(StrEnum):
    COMPLAINT = "complaint"
    PRAISE = "praise"
    QUESTION = "question"
    OTHER = "other"


class Severity(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Fault(StrEnum):
    """Whose fault it was (D9)."""

    OURS = "ours"
    THIRD_PARTY = "third-party"
    CUSTOMER = "customer"
    UNKNOWN = "unknown"


class DraftState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class TokenPurpose(StrEnum):
    """What a reply address is for."""

    DRAFT = "draft"
    """Commands about a case."""
    DESK = "desk"
    """Commands that need no case."""
    REQUEST = "request"
    """Yes or no to a request."""
    CHECK_IN = "check-in"
