"""Of what agents promise, give and ask each other."""

from __future__ import annotations

from enum import StrEnum


class PromiseState(StrEnum):
    """What became of a promise to a customer (D11)."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class CompensationState(StrEnum):
    """How far a compensation has come (D13)."""

    OFFERED = "offered"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


class RequestKind(StrEnum):
    """Why what an agent wants waits for somebody's yes."""

    AUTHORITY = "authority"
    """It is more than the agent may give alone."""
    FOUR_EYES = "four-eyes"
    """A second person has to look at it."""
    CHALLENGE = "challenge"
    """The mail had no proof of its sender: the registered address is asked."""
    BATCH = "batch"
    """One yes lets a letter go to many customers."""


class RequestState(StrEnum):
    WAITING = "waiting"
    GRANTED = "granted"
    DENIED = "denied"
    EXPIRED = "expired"
