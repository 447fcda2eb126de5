"""The kinds and states of everything that is stored: the field's words, once each."""

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


class MailKind(StrEnum):
    """What a mail is. The headers tell the first five, the case tells the others."""

    CUSTOMER = "customer"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    LOOP = "loop"
    COMMAND = "command"
    CHECK_IN_ANSWER = "check_in_answer"


class DraftState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


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


class TimerState(StrEnum):
    WAITING = "waiting"
    FIRED = "fired"
    CANCELLED = "cancelled"


class TokenPurpose(StrEnum):
    """What a reply address is for."""

    DRAFT = "draft"
    """Commands about a case."""
    DESK = "desk"
    """Commands that need no case."""
    REQUEST = "request"
    """Yes or no to a request."""
    CHECK_IN = "check-in"


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


class SignalKind(StrEnum):
    """Why a cause is told of (D23)."""

    THRESHOLD = "threshold"
    """So many cases within a time, as the rules say."""
    GROWTH = "growth"
    """Unusually many for this cause."""
    CLUSTER = "cluster"
    """Mails that say the same new thing, which no rule names."""


class IssueState(StrEnum):
    """How far a known issue has come (D18)."""

    OPEN = "open"
    FIXED = "fixed"
    WITHDRAWN = "withdrawn"


class CommitmentState(StrEnum):
    """How far a commitment has come (D22)."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class ArrivalState(StrEnum):
    """How far a mail of a mailbox has come."""

    TAKEN = "taken"
    """Seen; a worker is about to read it."""
    STORED = "stored"
    DUPLICATE = "duplicate"
    SET_ASIDE = "set-aside"
    """It could not even be recorded; it stays in the mailbox until a person replays it."""


class EventKind(StrEnum):
    """What can happen. Those that move a case stand in cases/lifecycle.py as well."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    NOT_ACKNOWLEDGED = "not-acknowledged"
    CUSTOMER_WROTE = "customer-wrote"
    COURTESY = "courtesy"
    """The customer said thanks and nothing else."""
    AUTO_REPLY = "auto-reply"
    BOUNCED = "bounced"
    DELAYED = "delayed"
    """A mail server has not been able to deliver a letter yet, and goes on trying."""
    IGNORED = "ignored"
    """A mail that opens no case; the text says why."""
    DUPLICATE = "duplicate"
    """The same mail again: redelivered, copied to another address of ours, or sent twice."""
    RELATED = "related"
    """Another open case of the same customer may be about the same matter."""
    FLOOD = "flood"
    """So much came from one sender that agents are no longer mailed about it."""
    UNPARSED = "unparsed"
    SET_ASIDE = "set-aside"
    """A mail that could not even be recorded; it waits in the mailbox for a person."""
    REPLAYED = "replayed"
    """A person let something be tried again that had been given up: a mail, or a letter."""
    DRAFTED = "drafted"
    EDITED = "edited"
    APPROVED = "approved"
    REJECTED = "rejected"
    ASSIGNED = "assigned"
    NOTED = "noted"
    RESOLVED = "resolved"
    MERGED = "merged"
    """The case became part of another one of the same customer."""
    TOOK_IN = "took-in"
    """Another case became part of this one."""
    RELEASED = "released"
    """The case is nobody's; whoever is there may take it."""
    CORRECTED = "corrected"
    """An agent says that the category is another; data has both (from, to)."""
    CHANGED = "changed"
    """An agent changed something about the case: data has what, from and to."""
    FACT = "fact"
    """An agent said what a fact of the case is; data has its name and value."""
    NO_FACT = "no-fact"
    """An agent said that a value is none of the case's; data likewise."""
    SPLIT = "split"
    """A second matter became a case of its own; the text names it."""
    SNOOZED = "snoozed"
    WOKE = "woke"
    ESCALATED = "escalated"
    SPAM = "spam"
    CLOSED_BY_AGENT = "closed-by-agent"
    """Closed without asking the customer."""
    UNDONE = "undone"
    """An approved answer was taken back before it left."""
    PROMISED = "promised"
    PROMISE_KEPT = "promise-kept"
    WITHDRAWN = "withdrawn"
    """A promise or an offer was a mistake, and counts no more."""
    OFFERED = "offered"
    PAID = "paid"
    REQUESTED = "requested"
    """Something waits for somebody's yes."""
    GRANTED = "granted"
    DENIED = "denied"
    REQUEST_EXPIRED = "request-expired"
    AWAY = "away"
    LOOKED = "looked"
    """An agent asked to see something; nothing changed."""
    HELPED = "helped"
    REFUSED = "refused"
    """A command that was not obeyed."""
    SENT = "sent"
    SEND_FAILED = "send-failed"
    IN_DOUBT = "in-doubt"
    CHECK_IN_SENT = "check-in-sent"
    CHECK_IN_GOOD = "check-in-good"
    CHECK_IN_LOW = "check-in-low"
    REOPENED = "reopened"
    CLOSED = "closed"
    TIMER_SKIPPED = "timer-skipped"
    ALERT = "alert"
    HOLDING_SENT = "holding-sent"
    """A customer who waits was told that it is still being worked on."""
    PROMISE_NEAR = "promise-near"
    """Who made a promise was reminded of it."""
    PROMISE_BROKEN = "promise-broken"
    DEADLINE_NEAR = "deadline-near"
    """data says which (answer, resolve or final), by when, and who was told."""
    DEADLINE_MISSED = "deadline-missed"
    """Likewise."""
    OPTED_OUT = "opted-out"
    """The customer wants no more check-ins."""
    OPTED_IN = "opted-in"
    """The customer may be asked again."""
    SIGNAL = "signal"
    ISSUE_OPENED = "issue-opened"
    ISSUE_CHANGED = "issue-changed"
    ISSUE_FIXED = "issue-fixed"
    CONCERNED = "concerned"
    """A known issue concerns the case; data has its number."""
    NOT_CONCERNED = "not-concerned"
    TOLD_FIXED = "told-fixed"
    """The customer was told that a known issue is fixed."""
    COMMITTED = "committed"
    COMMITMENT_DONE = "commitment-done"
