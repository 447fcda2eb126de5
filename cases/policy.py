"""What the operator's settings say about deciding, as one value for each mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from store.values import canonical


@dataclass(frozen=True, slots=True)
class Ours:
    """An address of ours, and the mailbox that it delivers into."""

    address: str
    form: str
    """How reply addresses are made of it."""
    mailbox: str = ""

    @property
    def key(self) -> str:
        """The form to compare by."""
        return canonical(self.address)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator's settings say about deciding, of one mailbox."""

    complaints_address: str
    reply_form: str
    mailbox: str = ""
    """The name of the mailbox; "" is the main one."""
    ours: tuple[Ours, ...] = ()
    """Every address of ours, of all mailboxes; where it is not given, there is only the one above."""
    answer_from_alias: bool = False
    language: str = ""
    """Of letters to customers of whom none is known; "" where their mail must tell."""
    team: str = ""
    """The team that gets new cases; "" where the rules say who."""
    trusted_authserv_id: str = ""
    token_only: bool = False
    token_days: int = 7
    acks_per_hour: int = 3
    acks_per_day: int = 6
    acks_in_all_per_hour: int = 300
    alerts_per_hour: int = 5
    mails_per_hour: int = 20
    """From one sender; past it no agent is mailed about more."""
    same_mail_minutes: int = 30
    """Within these the same words of one sender are one mail."""
    undo: timedelta = timedelta(0)
    """How long an approved answer is held back, so that it can be taken back."""
    request_days: int = 7
    """How long a request waits for somebody's yes."""
    challenge_minutes: int = 60
    """How long the registered address has to confirm commands that came without proof."""
    check_in_days: int = 60
    """How long a check-in's reply address is good for."""
    attach_bytes: int = 10 * 2**20
    """Of the customer's mail, at most so much goes along to an agent."""

    @property
    def all_ours(self) -> tuple[Ours, ...]:
        """Every address that we read mail of, this mailbox's own first where nothing else is known."""
        return self.ours or (Ours(self.complaints_address, self.reply_form, self.mailbox),)
