"""What a decision writes, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from store.kinds import EventKind, LetterKind, Status, TimerKind, TokenPurpose
from store.values.verdicts import Fact

MAIN = "main"
"""What the first mailbox is called where a name is needed; a case or letter of it has "" for a name."""
SOFTWARE = "peygir"
"""The actor of what the software does by itself."""


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
    mailbox: str = ""
    """The name of the mailbox whose server sends it; "" is the main one."""
    copied: bool = False
    """Whether a copy belongs into that mailbox's folder for sent mail."""
    kept_back: str = ""
    """Why it must not leave without a person's word; "" where it may."""
    left: datetime | None = None
    """When it left, of old mail that is imported; None of what is still to leave."""


@dataclass(frozen=True, slots=True)
class NewTimer:
    """Something that becomes due for a case."""

    kind: TimerKind
    key: str
    due_at: datetime


DeskTable = Literal[
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
"""The tables that decisions write rows of."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A promise, a compensation, a request, an absence, a fact or a correction …: a row of that table."""

    table: DeskTable
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
