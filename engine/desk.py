"""What every loop of one worker shares."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases.facts import Policy
from engine.claims import Claims
from engine.files import Files
from engine.lease import Lease
from engine.limits import READING, limits_of
from engine.outage import Outage
from engine.presence import Attendance
from engine.sending_way import WayOut
from inbox.mime.limits import Limits
from settings import Settings
from store.database import Database

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings, the files in force, the database and the clock of one worker."""

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
    attendance: Attendance = field(default_factory=Attendance)
    """Who is there to take cases."""

    def end(self) -> None:
        """Ask every loop to end."""
        self.stop.set()
        self.letters_wait.set()
        self.timers_wait.set()

    @property
    def policy(self) -> Policy:
        """What the settings say about deciding."""
        return policy_of(self.settings)

    @property
    def limits(self) -> Limits:
        """How much of a mail is read."""
        return limits_of(self.settings.model_dump(include=set(READING)))


def policy_of(settings: Settings) -> Policy:
    """What the settings say about deciding."""
    return Policy(
        complaints_address=settings.COMPLAINTS_ADDRESS,
        reply_form=settings.REPLY_ADDRESS_FORM,
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
