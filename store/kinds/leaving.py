"""Of what leaves, and of what becomes due."""

from __future__ import annotations

from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter is for."""

    ACK = "ack"
    ANSWER = "answer"
    CHECK_IN = "check-in"
    DRAFT = "draft"
    """A draft mailed to an agent."""
    TRANSCRIPT = "transcript"
    """What a command mail did."""
    REQUEST = "request"
    """Asks somebody for a yes or no to what another wants to do."""
    DIGEST = "digest"
    """All that waits for an agent, in one mail."""
    ALERT = "alert"
    HOLDING = "holding"
    """A holding update: a customer who waits hears that it is still being worked on."""
    THANKS = "thanks"
    """Thanks for the answer to a check-in."""
    SIGNAL = "signal"
    """Tells somebody of the firm that a cause grows."""
    FIGURES = "figures"
    """The day's or the week's figures, for those of the firm who want them."""
    FILES = "files"
    """A customer's files, which had to be scanned before."""


TO_CUSTOMERS = (
    LetterKind.ACK,
    LetterKind.ANSWER,
    LetterKind.CHECK_IN,
    LetterKind.HOLDING,
    LetterKind.THANKS,
)
"""The letters that customers get; all others are for people of the firm."""


class LetterState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class TimerKind(StrEnum):
    DRAFT = "draft"
    """The first draft of a new case and the mail to its agent, once the acknowledgement is recorded."""
    CHECK_IN = "check-in"
    CHECK_IN_REMINDER = "check-in-reminder"
    CLOSE = "close"
    SNOOZE = "snooze"
    """A case that was put off comes back to its agent."""
    REQUEST = "request"
    """Nobody said yes or no in time."""
    RELEASE = "release"
    """A case that was given back, and that nobody took, goes to the next agent in turn."""
    WATCH = "watch"
    """Looks what has become due on a case that is not ended: a holding update, a promise, a deadline."""
    FIXED = "fixed"
    """A customer is told that a known issue is fixed."""
    FILES = "files"
    """Files that had to be scanned first go to the agent who was told that they would."""


class TimerState(StrEnum):
    WAITING = "waiting"
    FIRED = "fired"
    CANCELLED = "cancelled"
