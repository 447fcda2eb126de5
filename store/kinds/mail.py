"""Of the mails that come."""

from __future__ import annotations

from enum import StrEnum


class MailKind(StrEnum):
    """What a mail is. The headers tell the first five, the case tells the others."""

    CUSTOMER = "customer"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    LOOP = "loop"
    COMMAND = "command"
    CHECK_IN_ANSWER = "check_in_answer"


FROM_CUSTOMERS = (MailKind.CUSTOMER, MailKind.CHECK_IN_ANSWER)
"""The mails in which customers write to us themselves."""


class ArrivalState(StrEnum):
    """How far a mail of a mailbox has come."""

    TAKEN = "taken"
    """Seen; a worker is about to read it."""
    STORED = "stored"
    DUPLICATE = "duplicate"
    SET_ASIDE = "set-aside"
    """It could not even be recorded; it stays in the mailbox until a person replays it."""
