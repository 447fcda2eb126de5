"""Plain values that the rooms hand to each other: what a mail says, and what a decision asks for.

Nothing here touches a disk, a clock or a network; every class is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from store.kinds import (
    CaseKind,
    EventKind,
    LetterKind,
    MailKind,
    Severity,
    Status,
    TimerKind,
    TokenPurpose,
)

FoundIn = Literal["subject", "words", "signature", ""]
"""Where in a mail a fact was found; "" when an agent said it."""
LEARNED = "learned"
"""The rule that a hit names where earlier corrections speak for it."""
CORRECTIONS = "corrections"
"""In a reason that a case keeps: from how many corrections it was learned. Rules' reasons have none."""
TAGS, RULES = "tags", "rules"
"""Likewise: the tags of the rule that hit, and the version of the rules that it was one of."""
SOFTWARE = "peygir"
"""The actor of what the software does by itself."""


def of_case(number: int) -> str:
    """The key of the correction of a case."""
    return f"case/{number}"


def canonical(address: str) -> str:
    """The address that limits count by: in lower case and without a +tag in its local part."""
    local, at, domain = address.strip().lower().rpartition("@")
    return (local.split("+", 1)[0] or local) + at + domain


@dataclass(frozen=True, slots=True)
class Address:
    """One mail address as it was written; `key` is the form to compare by."""

    address: str
    name: str = ""

    @property
    def key(self) -> str:
        """The address in lower case; "" when there is none."""
        return self.address.strip().lower()

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail that is not its text. The bytes stay in the raw mail."""

    filename: str
    content_type: str
    size: int
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What we understand of one mail (RFC 5322), whatever its bytes were."""

    fingerprint: str
    """SHA-256 in hex of From, To, Cc, Date, Subject, Message-ID and the LF-normalised body."""
    message_id: str = ""
    """With its angle brackets; "" when the mail has none."""
    senders: tuple[Address, ...] = ()
    """Every address of every From header, in order."""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Addresses of Delivered-To, X-Original-To and Envelope-To."""
    subject: str = ""
    date: datetime | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    language: str = ""
    """ISO 639-1, or "" when the text says too little."""
    text: str = ""
    """All of the text."""
    reply_text: str = ""
    """What the sender newly wrote: no quote, no signature."""
    signature: str = ""
    """What was taken for the sender's signature: names, telephone and order numbers stand there."""
    forwarded: tuple[str, ...] = ()
    """Message-IDs of the mails that this one carries as attachments."""
    attachments: tuple[Attachment, ...] = ()
    kind: MailKind = MailKind.CUSTOMER
    """As the headers tell: customer, auto_reply, bounce, list or loop."""
    kind_because: str = ""
    """The header or sign that made it anything but customer mail."""
    no_auto_reply: tuple[str, ...] = ()
    """Each reason why no automatic answer may go to this mail (RFC 3834, section 2)."""
    bounced_recipients: tuple[str, ...] = ()
    bounced_message_ids: tuple[str, ...] = ()
    delayed_message_ids: tuple[str, ...] = ()
    """Mails that a report says are still on their way."""
    authentication_results: tuple[str, ...] = ()
    """The Authentication-Results fields (RFC 8601), topmost first, unfolded."""
    headers: tuple[tuple[str, str], ...] = ()
    """Decoded (name, value) pairs in order."""
    size: int = 0
    """Bytes of the raw mail."""
    damage: tuple[str, ...] = ()
    """What was cut, guessed or could not be read, in words for a person."""
    unparsed: bool = False
    """True when only the sender, subject and start of the raw mail could be salvaged."""

    @property
    def sender(self) -> Address:
        """The first From address; an empty one when there is none."""
        return self.senders[0] if self.senders else Address("")

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of a header field, by case-insensitive name."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, with the words of the mail that made it match."""

    rule: str
    words: tuple[str, ...]
    says: str
    """What the rule spoke for, such as "category late" or "severity high"."""
    weight: float
    corrections: int | None = None
    """From how many corrections it was learned, where no rule hit but a model speaks (rule LEARNED)."""
    tags: tuple[str, ...] = ()
    rules: str = ""
    """The version of the rules that it was one of."""

    def told(self) -> dict[str, Any]:
        """The hit as a case keeps it among its reasons."""
        told = {"rule": self.rule, "words": list(self.words), "says": self.says, "weight": self.weight}
        more = {TAGS: list(self.tags), RULES: self.rules, CORRECTIONS: self.corrections}
        return told | {name: value for name, value in more.items() if value or value == 0}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that hit wants somebody mailed at once (D4)."""

    to: str
    """A role, or an agent's address."""
    rule: str
    words: tuple[str, ...]
    """The words of the mail that made it hit."""
    severity: Severity | None = None
    """How severe the rule says that the case is."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What an extractor found in a mail, or an agent said, of a case: "order_number" is "AB-4711"."""

    name: str
    """Of rules/extractors.yaml."""
    value: str
    """The same for every way to write it: "AB-4711", "120.00 EUR", "2026-03-21", "kettle"."""
    as_written: str = ""
    where: FoundIn = "words"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a mail is classified, and why."""

    kind: CaseKind
    category: str
    """A name from rules/categories.yaml, or "unsure"."""
    severity: Severity
    language: str
    confidence: float
    """0 to 1."""
    hits: tuple[Hit, ...] = ()
    assign: str = ""
    """The agent's address that a rule names; "" when none does."""
    escalate: str = ""
    """The role, team or agent's address that a rule wants it escalated to; "" when none does."""
    tags: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    rules: str = ""
    """The version of the rules that say so."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """How much the rules speak for each category."""
    stopped: bool = False
    """A rule that stops has spoken: nothing may decide otherwise."""
    learned: str = ""
    """The version of the model that was asked, whether it spoke or not; "" where the rules alone speak."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One line of the audit log (promise 23)."""

    kind: EventKind
    text: str
    actor: str
    """An agent's or customer's address, or SOFTWARE."""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What changes on a case. `expected` guards it: compare-and-set on the status."""

    number: int
    expected: Status | None
    """The status the decision was made on; None opens the case."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Columns of Case to set."""
    participants: tuple[str, ...] = ()
    """Addresses to add to the case's participants."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A version of a draft; recording it supersedes the case's earlier open one."""

    version: int
    body: str
    template: str
    language: str
    agent: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """A reply address to be honoured later. Only the SHA-256 of its token is stored."""

    sha256: str
    purpose: TokenPurpose
    expires_at: datetime | None = None
    agent: str = ""
    draft_version: int | None = None
    """The version on this case that the token speaks for."""
    verbs: tuple[str, ...] = ()
    """Commands that the token allows; empty allows none."""
    check_in: int | None = None
    """Which check-in of the case the token answers (1 is the first)."""
    request_key: str = ""
    """The request that the token says yes or no to."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that a mail carries, with its bytes."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A stored mail that a letter carries as a file: it is put in when the letter leaves (promise 4)."""

    at: int
    """Where in the letter's bytes the encoded mail goes."""
    how: Literal["7bit", "base64"]
    raw_id: int | None
    """None is the mail that is being recorded with the letter."""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A finished mail: these bytes and this Message-ID leave, whatever happens (promise 6)."""

    kind: LetterKind
    key: str
    """Unique for ever: no path can send the same letter twice (promise 8)."""
    to: str
    envelope_from: str
    """"" is the null sender."""
    message_id: str
    subject: str
    data: bytes
    """Without the mail that it encloses."""
    priority: int
    due_at: datetime
    token: NewToken | None = None
    encloses: Enclosed | None = None


@dataclass(frozen=True, slots=True)
class NewTimer:
    """Something that becomes due for a case."""

    kind: TimerKind
    key: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NewRow:
    """A promise, a compensation, a request, an absence, a fact or a correction …: a row of that table."""

    table: Literal[
        "promise",
        "compensation",
        "request",
        "absence",
        "fact",
        "correction",
        "opt_out",
        "signal",
        "known_issue",
        "concerned",
        "commitment",
        "timer",
    ]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowChange:
    """What becomes of such a row. `expected` guards it: compare-and-set on these columns."""

    table: Literal[
        "promise", "compensation", "request", "absence", "fact", "known_issue", "concerned", "commitment"
    ]
    key: Mapping[str, Any]
    """The columns that name it."""
    expected: Mapping[str, Any]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """What happens to another case in the same breath: it takes this one in, or is split from it."""

    case: CaseChange
    events: tuple[NewEvent, ...] = ()
    takes_all: bool = False
    """This case's mails and participants become the other's."""
    takes_mails: tuple[int, ...] = ()
    """The ids of this case's mails that become the other's."""
    drafts: tuple[NewDraft, ...] = ()
    letters: tuple[NewLetter, ...] = ()
    timers: tuple[NewTimer, ...] = ()
    facts: tuple[Fact, ...] = ()
    """What was found in the mail that becomes the other's."""
    revokes_tokens: bool = False
    """The other case's reply addresses for agents are no good any more; those of `letters` are."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that one decision writes, in one transaction."""

    case: CaseChange | None = None
    case_number: int | None = None
    """The case that this is about when it changes nothing on it; `case` speaks for itself."""
    events: tuple[NewEvent, ...] = ()
    drafts: tuple[NewDraft, ...] = ()
    approve_draft: bool = False
    """The case's open draft becomes approved."""
    reject_draft: bool = False
    """The case's open draft becomes rejected."""
    letters: tuple[NewLetter, ...] = ()
    timers: tuple[NewTimer, ...] = ()
    cancel_timers: tuple[TimerKind, ...] = ()
    """Waiting timers of these kinds on the case are cancelled."""
    use_token: int | None = None
    """The id of the token that is used up by this; it must still be unused."""
    undelivered: tuple[int, ...] = ()
    """Ids of letters that a bounce says did not arrive."""
    beside: Beside | None = None
    reopen_draft: bool = False
    """The case's approved draft waits to be decided again."""
    withdraw: tuple[str, ...] = ()
    """Keys of letters that must not leave; none of them may have been tried."""
    revoke_tokens: bool = False
    """The case's reply addresses for agents are no good any more; those of `letters` are."""
    rows: tuple[NewRow, ...] = ()
    changes: tuple[RowChange, ...] = ()
    facts: tuple[Fact, ...] = ()
    """What was found in the mail that is recorded with this."""
