"""What a decision asks for, as values: letters, drafts, and what changes on cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from store.models import (
    LetterKind,
    MailKind,
    TimerKind,
    TokenPurpose,
)
from store.values import (
    Address,
    CaseChange,
    Fact,
    NewEvent,
    NewRow,
    NewTimer,
    RowChange,
)


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """A new version of the case's draft: a template to fill, or a text that an agent wrote."""

    version: int
    language: str
    agent: str
    template: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Where a reply to a letter goes: an address with a token of its own."""

    purpose: TokenPurpose
    agent: str = ""
    draft_version: int | None = None
    verbs: tuple[str, ...] = ()
    check_in: int | None = None
    request_key: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The answer as it would leave, once the draft's words are in it."""

    language: str
    recipient: Address
    variables: Mapping[str, Any]
    fault: str = "unknown"
    """Whose it is, for the advice on its tone."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One letter of a batch, shown to who decides about all of them."""

    draft: DraftRequest
    answer: Preview
    about: Mapping[str, Any]
    """What is said of it: its case, and how many others are in the same language."""


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """A letter to be rendered and sent."""

    kind: LetterKind
    key: str
    template: str
    language: str
    recipient: Address
    variables: Mapping[str, Any]
    priority: int
    automatic: bool = True
    thread: tuple[str, ...] = ()
    """Message-IDs to refer to, newest last; the last is the one that is answered."""
    case_token: str = ""
    """The reply address of the case, for letters to customers."""
    reply_to: ReplyTo | None = None
    offers: tuple[str, ...] = ()
    """The commands that the letter offers, by name."""
    ready: str = ""
    """Commands that a button of their own opens as a reply: what the agent meant, so that it counts."""
    letter: str = ""
    """The answer letter that a button of its own makes the draft from."""
    choices: tuple[str, ...] = ()
    """Categories that can be chosen with one touch."""
    answer: Preview | None = None
    """What the letter shows of the open draft; None where it shows none."""
    words: DraftRequest | None = None
    """An answer letter that is written into this one as its body, in the language that it exists in."""
    samples: tuple[Sample, ...] = ()
    """Letters that it shows as they would leave."""
    attach_original: bool = False
    wait: timedelta = timedelta(0)
    """How long the letter is held back."""


@dataclass(frozen=True, slots=True)
class AlsoDecided:
    """What a decision does to another case; `Beside` before its letters are finished."""

    case: CaseChange
    events: tuple[NewEvent, ...] = ()
    takes_all: bool = False
    takes_mails: tuple[int, ...] = ()
    draft: DraftRequest | None = None
    letters: tuple[LetterRequest, ...] = ()
    timers: tuple[NewTimer, ...] = ()
    revokes_tokens: bool = False
    found: tuple[Fact, ...] = ()
    """What is found in the mail that it takes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a mail, a command or a timer leads to. Nothing has happened yet."""

    mail_kind: MailKind = MailKind.CUSTOMER
    case: CaseChange | None = None
    case_number: int | None = None
    """The case that events, letters and the mail belong to, also when it does not change."""
    events: tuple[NewEvent, ...] = ()
    draft: DraftRequest | None = None
    approve_draft: bool = False
    reject_draft: bool = False
    letters: tuple[LetterRequest, ...] = ()
    timers: tuple[NewTimer, ...] = ()
    cancel_timers: tuple[TimerKind, ...] = ()
    use_token: int | None = None
    undelivered: tuple[int, ...] = ()
    beside: AlsoDecided | None = None
    reopen_draft: bool = False
    withdraw: tuple[str, ...] = ()
    """Keys of letters that must not leave."""
    revoke_tokens: bool = False
    rows: tuple[NewRow, ...] = ()
    changes: tuple[RowChange, ...] = ()
    found: tuple[Fact, ...] = ()
    """What was found in the mail, for its case."""
