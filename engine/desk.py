"""What every loop of one worker shares."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases.policy import Ours, Policy
from cases.rules.types import Agent
from engine.alerts import Board
from engine.claims import Claims
from engine.counters import Counters
from engine.files import Files
from engine.lease import Lease
from engine.limits import limits_in
from engine.outage import Outage
from engine.places import addresses_of
from engine.presence import Attendance
from engine.pulse import Pulse
from engine.scans import Scans
from engine.sending_way import WayOut
from inbox.mime.limits import Limits
from settings import Settings
from store.database import Database
from store.lanes import ALL, Lane

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings, the files in force, the database and the clock of one worker, for one mailbox."""

    settings: Settings
    database: Database
    files: Files
    clock: Clock
    worker_id: str
    stop: threading.Event = field(default_factory=threading.Event)
    """Set when the worker is to end: finish what is in hand, claim nothing more (promise 21)."""
    letters_wait: threading.Event = field(default_factory=threading.Event)
    """Set when there may be something to send."""
    timers_wait: threading.Event = field(default_factory=threading.Event)
    """Set when there may be a timer that is due."""
    reading: threading.Event = field(default_factory=threading.Event)
    """Set while there is mail to be taken in: what is no acknowledgement can wait a little."""
    way_out: WayOut = field(default_factory=WayOut)
    """Whether the SMTP server can be used, for all senders."""
    outage: Outage = field(default_factory=Outage)
    """Whether the database can be used, for all loops."""
    lease: Lease = field(default_factory=Lease)
    """Until when this worker counts as alive."""
    claims: Claims = field(default_factory=Claims)
    """What its senders may have claimed without knowing it."""
    pulse: Pulse = field(default_factory=Pulse)
    """Whether every loop makes progress."""
    counters: Counters = field(default_factory=Counters)
    """What was done since it began."""
    alerts: Board = field(default_factory=Board)
    """What is wrong with the operation, as this worker has noticed."""
    scans: Scans = field(default_factory=Scans)
    """What the virus scanner said of customers' files."""
    attendance: Attendance = field(default_factory=Attendance)
    """Who is there to take cases."""
    whole: Settings | None = None
    """The settings of the main mailbox with all others, where there are several."""
    lane: Lane = ALL
    """Which letters its senders take."""
    others: dict[str, Desk] = field(default_factory=dict)
    """The desks of all mailboxes by name, this one too, where there are several: one mapping for all."""
    policy: Policy = field(init=False)
    """What the settings say about deciding."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "policy", policy_of(self.settings, self.whole))

    @property
    def several(self) -> bool:
        """Whether there is more than one mailbox."""
        return len(self.others) > 1

    @property
    def every(self) -> tuple[Desk, ...]:
        """The desks of all mailboxes, the main one first."""
        return tuple(self.others.values()) or (self,)

    def of(self, mailbox: str) -> Desk:
        """The desk of a mailbox; the main one's where there is no mailbox of that name any more."""
        if not self.others:
            return self
        return self.others.get(mailbox) or self.others[""]

    @property
    def each_with_files(self) -> tuple[Desk, ...]:
        """One desk for each set of rules and letters, the main one's first."""
        return tuple({id(desk.files): desk for desk in reversed(self.every)}.values())[::-1]

    @property
    def people(self) -> tuple[tuple[Desk, Agent], ...]:
        """Everybody of the firm once, each with the desk by whose files they are known."""
        found: dict[str, tuple[Desk, Agent]] = {}
        for desk in self.each_with_files:
            for agent in desk.files.current.rulebook.agents:
                found.setdefault(agent.address, (desk, agent))
        return tuple(found.values())

    @property
    def each_way_out(self) -> tuple[Desk, ...]:
        """One desk for each server that letters are given to, the main one's first."""
        return tuple({id(desk.way_out): desk for desk in reversed(self.every)}.values())[::-1]

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """Every address of ours, of all mailboxes."""
        return addresses_of(self.whole or self.settings)

    @property
    def somebody_reads(self) -> bool:
        """Whether there is mail to be taken in, of any mailbox."""
        return any(desk.reading.is_set() for desk in self.every)

    def end(self) -> None:
        """Ask every loop to end."""
        self.stop.set()
        self.letters_wait.set()
        self.timers_wait.set()
        self.alerts.news.set()

    @property
    def limits(self) -> Limits:
        """How much of a mail is read."""
        return limits_in(self.settings)


def policy_of(settings: Settings, whole: Settings | None = None) -> Policy:
    """What the settings of a mailbox say about deciding; `whole` are those of all."""
    return Policy(
        complaints_address=settings.COMPLAINTS_ADDRESS,
        reply_form=settings.REPLY_ADDRESS_FORM,
        mailbox=settings.name,
        ours=tuple(
            Ours(address, one.REPLY_ADDRESS_FORM, one.name)
            for one in (whole or settings).mailboxes
            for address in one.addresses
        ),
        answer_from_alias=settings.ANSWER_FROM_ALIAS,
        language=settings.LANGUAGE,
        team=settings.TEAM,
        trusted_authserv_id=settings.TRUSTED_AUTHSERV_ID,
        token_only=settings.TOKEN_ONLY_COMMANDS,
        token_days=settings.TOKEN_DAYS,
        acks_per_hour=settings.ACKS_PER_HOUR,
        acks_per_day=settings.ACKS_PER_DAY,
        acks_in_all_per_hour=settings.ACKS_IN_ALL_PER_HOUR,
        alerts_per_hour=settings.ALERTS_PER_HOUR,
        mails_per_hour=settings.MAILS_PER_HOUR,
        same_mail_minutes=settings.SAME_MAIL_MINUTES,
        undo=timedelta(minutes=settings.UNDO_MINUTES),
        request_days=settings.REQUEST_DAYS,
        challenge_minutes=settings.CHALLENGE_MINUTES,
        check_in_days=settings.CHECK_IN_DAYS,
        attach_bytes=settings.ATTACH_LIMIT_MB * 2**20,
    )


def new_worker_id(now: datetime) -> str:
    """A name for this process that no other has had."""
    return f"{socket.gethostname()}/{os.getpid()}/{now:%Y%m%dT%H%M%S%f}"
