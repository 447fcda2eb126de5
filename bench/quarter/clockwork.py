"""The real worker on a mail host of this process, with a clock that stands still until it is moved.

What the worker's threads do by turns is done here one after another, so that each run is the same: take in
the mail, send what is due, fire the timers, send again, look for causes that grow.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bench.quarter.firm import ADDRESS, AUTHSERV_ID, DOMAIN, PASSWORD, ROOT
from cases.facts import Presence
from demo.host import LOOPBACK, BackgroundLoop, authenticated
from demo.imap_server import ImapServer
from demo.smtp_server import SmtpServer
from engine import firing, ticking
from engine.concerning import keep_issues
from engine.connecting import transport_of
from engine.digesting import send_digests
from engine.presence import Attendance
from engine.reading import Reader
from engine.running import Worker
from engine.sending import Sender
from engine.signalling import Signaller
from engine.watching import Looks
from settings import Settings
from store import attendance, queue

HOUR = timedelta(hours=1)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Left:
    """A letter that left by SMTP."""

    at: datetime
    recipient: str
    raw: bytes


class PostOffice:
    """The complaints mailbox, and all that leaves. Nothing but the mailbox itself is kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.left: list[Left] = []
        self._imap, self._smtp = ImapServer(), SmtpServer(keep=self._keep)
        self._loop = BackgroundLoop("mail host")
        self._loop.start()
        self._imap.add_user(ADDRESS, PASSWORD)
        self.imap_port = self._loop.run(self._imap.start(LOOPBACK, 0))
        self.smtp_port = self._loop.run(self._smtp.start(LOOPBACK, 0))

    async def _keep(self, sender: str, recipients: list[str], data: bytes) -> None:
        self.left += (Left(self._clock(), one, data) for one in recipients)

    def deliver(self, raw: bytes, to: str) -> None:
        """Put a mail into the mailbox, as our border would."""
        top = f"Return-Path: <writer@example.org>\r\nDelivered-To: {to}\r\n".encode()
        mail = authenticated(top + raw, AUTHSERV_ID, passes=True)
        self._loop.run(self._imap.append(ADDRESS, mail, self._clock()))

    def close(self) -> None:
        self._loop.run(self._smtp.stop())
        self._loop.run(self._imap.stop())
        self._loop.stop()


class _AtOnce(Attendance):
    """Always looks who is there."""

    def look(self, session: Session) -> Presence:
        return Presence(attendance.absences(session), attendance.open_cases(session))


@dataclass(order=True)
class _Plan:
    at: datetime
    number: int
    act: Callable[[], None] = field(compare=False)


class Agenda:
    """What people mean to do, in the order of time."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._plans = clock, list[_Plan]()
        self._numbers = itertools.count()

    def plan(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._plans, _Plan(max(at, self._clock()), next(self._numbers), act))

    @property
    def next_at(self) -> datetime | None:
        return self._plans[0].at if self._plans else None

    def do(self) -> None:
        """Everything that is planned until now."""
        while self._plans and self._plans[0].at <= self._clock():
            heapq.heappop(self._plans).act()


def settings_of(post: PostOffice, folder: Path, rules: Path, **more: Any) -> Settings:
    """Those of the quarter's worker."""
    values: dict[str, Any] = {
        "READ_APART": False,
        "LEARNING": False,
        "IMAP_HOST": LOOPBACK,
        "IMAP_PORT": post.imap_port,
        "IMAP_USER": ADDRESS,
        "IMAP_PASSWORD": PASSWORD,
        "IMAP_TLS": "none",
        "IMAP_FILED_FOLDER": "Done",
        "SMTP_HOST": LOOPBACK,
        "SMTP_PORT": post.smtp_port,
        "SMTP_TLS": "none",
        "COMPLAINTS_ADDRESS": ADDRESS,
        "FROM_NAME": "Example Shop",
        "DATABASE_URL": f"sqlite:///{folder / 'peygir.sqlite3'}",
        "RULES_DIR": rules,
        "TEMPLATES_DIR": ROOT / "templates",
        "CACHE_DIR": str(folder / "compiled"),
        "TRUSTED_AUTHSERV_ID": AUTHSERV_ID,
        "SENDERS": 1,
        "UNDO_MINUTES": 10,
    }
    return Settings.model_validate(values | more)


class Clockwork:
    """Worker, post office and clock, moved together from one event to the next."""

    def __init__(self, worker: Worker, post: PostOffice, clock: Clock, agenda: Agenda) -> None:
        self.worker, self.post, self.clock, self.agenda = worker, post, clock, agenda
        # What is known of who is there is good for seconds of the clock on the wall: days of this one.
        self.desk = replace(worker.desk, attendance=_AtOnce())
        self._reader = Reader(self.desk, worker.mailbox)
        self._transport = transport_of(self.desk.settings)
        self._sender = Sender(self.desk, self._transport)
        self._looks, self._signaller = Looks(), Signaller(self.desk)
        self._hour: datetime | None = None
        self.mail_waits = False
        self.steps = 0

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def deliver(self, raw: bytes, to: str = ADDRESS) -> None:
        self.post.deliver(raw, to)
        self.mail_waits = True

    def next_at(self) -> datetime | None:
        """When something happens next."""
        with self.desk.database.read() as session:
            due = queue.next_due(session)
        return min((at for at in (due, self.agenda.next_at) if at is not None), default=None)

    def step(self, at: datetime) -> list[Left]:
        """Move the clock, let people act and the worker work; what left."""
        self.clock.now = at
        self.steps += 1
        ticking.beat(self.desk)
        self.agenda.do()
        if self.mail_waits:
            self.mail_waits = False
            self._reader.once()
        self._sender.once()
        self._looks.look(self.desk)
        firing.fire_all(self.desk)
        self._sender.once()
        self._hourly(at)
        left, self.post.left = self.post.left, []
        return left

    def _hourly(self, at: datetime) -> None:
        hour = at.replace(minute=0)
        if hour == self._hour:
            return
        self._hour = hour
        keep_issues(self.desk)
        send_digests(self.desk)
        self._signaller.look()
        self._sender.once()
        ticking.forget_sent(self.desk)


def belongs_to_firm(address: str) -> bool:
    return address.endswith(f"@{DOMAIN}")
