"""Everything that a decision may look at, gathered beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cases.contact import Contact
from cases.known import NOTHING, Known
from cases.policy import Policy
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent
from cases.saying import Say
from store.models import (
    Case,
    Compensation,
    Draft,
    Mail,
    Promise,
    Request,
    Token,
)
from store.values import (
    Alarm,
    Fact,
    Message,
    Verdict,
)

Unreached = tuple[int, str, str]
"""A letter's id, recipient and subject."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was sent lately (promises 12 and 17)."""

    acks_last_hour: int = 0
    acks_last_day: int = 0
    acks_in_all_last_hour: int = 0
    alerts_last_hour: int = 0
    mails_last_hour: int = 0
    """From the sender, counted up to the policy's limit."""
    sent_back_last_hour: int = 0
    """Mails to the agent that said why a command mail was not obeyed."""
    challenges_last_hour: int = 0
    """Mails to the agent that asked whether commands without proof are theirs."""


@dataclass(frozen=True, slots=True)
class History:
    """What is already known of the case that the decision is about."""

    customer_thread: tuple[str, ...] = ()
    """Message-IDs of the customer's thread, newest last."""
    agent_thread: tuple[str, ...] = ()
    """Message-IDs of mails to agents about the case, newest last."""
    last_words: str = ""
    """What the customer last wrote."""
    attachments: tuple[str, ...] = ()
    damage: tuple[str, ...] = ()
    """What of the customer's last mail could not be read."""
    unparsed: bool = False
    """Whether none of that mail could."""
    others: tuple[Case, ...] = ()
    """Other cases of the same customer, newest first."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """An approved answer that has not left yet, tried before or not, and can still be taken back."""

    key: str
    version: int
    due_at: datetime
    answered_before: datetime | None = None
    """When the answer before it was approved; None when it is the first."""
    holdings_before: int = 0
    """Holding updates since the answer before it."""
    body: str = ""
    """Its words, for a command that makes a draft of them again."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a command found: a table for the transcript."""

    title: Say
    columns: tuple[str, ...] = ()
    """Codes of labels (group "column")."""
    rows: tuple[tuple[str | Say, ...], ...] = ()
    parts: tuple[str | Say, ...] = ()
    """What stands below: lines of ours, and texts of other people as they are."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there to take cases, and how many each one has."""

    away: Mapping[str, datetime] = field(default_factory=dict)
    """Agents who said so, and until when."""
    open_cases: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Willing:
    """What is known of a customer who may be asked whether they are satisfied."""

    opted_out: datetime | None = None
    """Since when they want no check-ins."""
    heard: Mapping[int, datetime] = field(default_factory=dict)
    """When they last wrote about cases on which they were asked, by number."""
    unreached: bool = False
    """Whether the case's last letter to them came back."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is known of another case that a command names."""

    draft: Draft | None = None
    """The latest version, whatever its state."""
    draft_coming: bool = False
    """Whether its first draft is still to be made; it will have all that the case's mails say by then."""
    agent_thread: tuple[str, ...] = ()
    """Message-IDs of mails to agents about it, newest last."""
    words: str = ""
    """What the customer last wrote, or said, about it."""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody wrote down on a case."""

    at: datetime
    who: str
    """The writer's address."""
    words: str


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known of a customer whom an agent tells of."""

    counts: Counts = Counts()
    others: tuple[Case, ...] = ()
    """The customer's cases, newest first."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail that an agent forwarded, as if its writer had sent it to us."""

    message: Message
    """Without a sender where nobody can tell who wrote it."""
    facts: Facts
    """What is known for this message."""
    note: str = ""
    """What the agent wrote above it."""
    more: int = 0
    """Mails that were attached besides, which nobody looked at."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a mail came, a timer is due or a command was given."""

    now: datetime
    cause: str
    """A unique name of what asks for the decision: the mail's fingerprint, the timer's key …"""
    rulebook: Rulebook
    policy: Policy
    message: Message | None = None
    case: Case | None = None
    joined_by: str = ""
    """"address" or "thread" when the mail has a right to join the case."""
    mentioned: Case | None = None
    """A case that the mail names without a right to join it (promise 13)."""
    said_before: Case | None = None
    """The case of a mail in which the sender said the same, lately or under the same Message-ID."""
    id_used_before: bool = False
    """Whether another mail came with this one's Message-ID (promise 3)."""
    token: Token | None = None
    draft: Draft | None = None
    """The latest version on the case, whatever its state."""
    draft_coming: bool = False
    """Whether the first draft is still to be made; it will have all that the customer wrote by then."""
    opened_in_flood: bool = False
    """Whether its sender wrote so much when the case was opened that no agent is mailed about it."""
    named: tuple[Case, ...] = ()
    """The cases whose numbers stand in a command."""
    elsewhere: Mapping[int, Elsewhere] = field(default_factory=dict)
    """More of those cases, by number, for a command that writes to their agents."""
    trail: tuple[Remark, ...] = ()
    """What was written down on the case so far, oldest first, for a command that hands it over."""
    agent: Agent | None = None
    """The agent whose address the mail claims to come from, or who gives the command."""
    next_number: int = 0
    new_case_token: str = ""
    verdict: Verdict | None = None
    judged: Message | None = None
    """The mail that the verdict is of, where that is another one than came."""
    alarms: tuple[Alarm, ...] = ()
    """What rules want somebody mailed about at once, of a further mail on a case."""
    escalate: str = ""
    """Whom rules want the case of that mail escalated to: a role, a team or an agent's address."""
    alerted: Mapping[str, int] = field(default_factory=dict)
    """How many alerts went within the hour to those who are to be told, by address."""
    bounced: tuple[Unreached, ...] = ()
    """Letters that a bounce says did not arrive."""
    late: tuple[Unreached, ...] = ()
    """Letters that a report says are still on their way."""
    before_restore: bool = False
    """A backup was put back since this came or was due: it may have been answered, or done, before."""
    counts: Counts = Counts()
    history: History = History()
    presence: Presence = Presence()
    willing: Willing = Willing()
    """For the check-in, and for commands that lead to one or are about it."""
    answers: frozenset[str] = frozenset()
    """Names of the answer letters that a draft can be made from."""
    languages: frozenset[str] = frozenset()
    """Those that there are letters in; none where it does not matter."""
    leaving: Leaving | None = None
    unsent: tuple[str, ...] = ()
    """Keys of the letters to the case's customer that wait to leave, for a command that keeps them back."""
    promises: tuple[Promise, ...] = ()
    """Of the case, oldest first."""
    compensations: tuple[Compensation, ...] = ()
    """Of the case, oldest first."""
    given_lately: tuple[Compensation, ...] = ()
    """Everything that this customer was given in the last year, this case included."""
    categories: frozenset[str] = frozenset()
    """Every category that the case, and what it took over, was ever in, when an answer is approved."""
    request: Request | None = None
    """What the mail says yes or no to."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """The agents who were asked for that, by address, each with the Message-ID of the mail that asked."""
    waiting: tuple[Request, ...] = ()
    """What waits for a yes on the case."""
    mails: tuple[Mail, ...] = ()
    """The customer's mails of the case, newest first, when a command asks for them."""
    found: Mapping[tuple[str, str], Listing | Say] = field(default_factory=dict)
    """What the commands that only look have found, by name and argument; or why there is nothing to show."""
    acquainted: Mapping[str, Acquaintance] = field(default_factory=dict)
    """The customers whom an agent opens cases for, by address."""
    mail_facts: tuple[Fact, ...] = ()
    """What was found in the mail; what is found in the one that is split off."""
    case_facts: tuple[Fact, ...] = ()
    """Those of the case, as they were before, the oldest first."""
    removed_facts: tuple[Fact, ...] = ()
    """What an agent said is none of the case's."""
    forwarded: Forwarded | None = None
    """The customer's mail that an agent's mail carries."""
    known: Known = NOTHING
    """Known issues and commitments."""
    contact: Contact | None = None
    """What went to and fro between the case's customer and the firm, for those who watch the case."""
