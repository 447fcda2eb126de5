"""A whole mail host in one process, on loopback and in memory: IMAP by pymap, SMTP by aiosmtpd."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from demo.imap_server import ImapServer
from demo.smtp_server import Behaviour, Received, SmtpServer

LOOPBACK = "127.0.0.1"

T = TypeVar("T")


class BackgroundLoop:
    """An event loop in a thread of its own."""

    def __init__(self, name: str) -> None:
        self.running = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self.running = True

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the loop, from another thread, and wait for what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def stop(self) -> None:
        self.running = False
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


class MailHost:
    """The mail host of one domain: its users' mail lies in IMAP, all others' mail in `outside`."""

    def __init__(
        self,
        *,
        users: Mapping[str, str],
        domain: str,
        imap_port: int = 0,
        smtp_port: int = 0,
        authserv_id: str = "mx.demo.example",
        folder: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.domain, self.authserv_id = domain.lower(), authserv_id
        self.imap_port, self.smtp_port = imap_port, smtp_port
        self.outside: list[Received] = []
        self._folder, self._clock = folder, clock
        self._passwords = {folded(address): password for address, password in users.items()}
        self._imap = ImapServer()
        self._smtp = SmtpServer(keep=self._keep, knows=self._takes, passwords=self._passwords)
        self._loop = BackgroundLoop("mail host")

    def start(self) -> None:
        """Listen; afterwards `imap_port` and `smtp_port` are the true ones."""
        self._loop.start()
        for address, password in list(self._passwords.items()):
            self.add_user(address, password)
        self.imap_port = self._loop.run(self._imap.start(LOOPBACK, self.imap_port))
        self.smtp_port = self._loop.run(self._smtp.start(LOOPBACK, self.smtp_port))

    def stop(self) -> None:
        """Hang up on everybody and forget all mail."""
        if self._loop.running:
            self._loop.run(self._stop())
            self._loop.stop()

    def add_user(self, address: str, password: str) -> None:
        async def add() -> None:
            self._passwords[folded(address)] = password
            self._imap.add_user(folded(address), password)

        self._loop.run(add())

    def deliver(
        self, raw: bytes, to: str, *, passes: bool | None = None, return_path: str | None = None
    ) -> None:
        """Put a mail into a user's INBOX as our border would; `passes` is what DMARC said of it."""
        if not self._imap.knows(folded(to)):
            raise ValueError(f"{to} is no user of this mail host")
        self._loop.run(self._deliver(raw, to, passes, return_path))

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The mails in a user's folder, oldest first."""
        return self._loop.run(self._imap.mails(folded(user), folder))

    @property
    def smtp_behaviour(self) -> Behaviour | None:
        """What SMTP does instead of the usual; see Behaviour for the stages."""
        return self._smtp.behaviour

    @smtp_behaviour.setter
    def smtp_behaviour(self, behaviour: Behaviour | None) -> None:
        self._smtp.behaviour = behaviour

    def cut_smtp(self) -> None:
        """Drop all SMTP connections, as a server does with idle ones."""
        self._loop.run(self._smtp.cut())

    async def _stop(self) -> None:
        await self._smtp.stop()
        await self._imap.stop()

    async def _deliver(self, raw: bytes, to: str, passes: bool | None, return_path: str | None) -> None:
        top = b"" if return_path is None else f"Return-Path: <{return_path}>\r\n".encode()
        mail = top + f"Delivered-To: {to}\r\n".encode() + _crlf(raw)
        if passes is not None:
            mail = authenticated(mail, self.authserv_id, passes)
        await self._imap.append(folded(to), mail, self._clock())

    def _takes(self, recipient: str) -> bool:
        ours = recipient.lower().endswith("@" + self.domain)
        return not ours or self._imap.knows(folded(recipient))

    async def _keep(self, sender: str, recipients: list[str], data: bytes) -> None:
        outsiders = tuple(each for each in recipients if not self._imap.knows(folded(each)))
        for each in recipients:
            if each not in outsiders:
                await self._deliver(data, each, passes=True, return_path=sender)
        if outsiders:
            self.outside.append(Received(sender, outsiders, data, self._clock()))
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
                (self._folder / f"{len(self.outside):04}.eml").write_bytes(data)


def folded(address: str) -> str:
    """The mailbox of an address: in lower case, without what follows a plus."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def authenticated(raw: bytes, authserv_id: str, passes: bool) -> bytes:
    """Write on top whether DMARC passed; whatever claims to be our own verdict goes (RFC 8601, section 5)."""
    head, blank, body = _crlf(raw).partition(b"\r\n\r\n")
    own = re.escape(authserv_id.encode())
    claim = re.compile(rb"Authentication-Results\s*:\s*" + own + rb"\b", re.IGNORECASE)
    fields = re.split(rb"\r\n(?![ \t])", head)
    honest = b"\r\n".join(field for field in fields if not claim.match(field))
    sender = re.search(rb"^From:[^\r]*@([\w.-]+)", honest, re.IGNORECASE | re.MULTILINE)
    domain = sender[1].decode() if sender else "unknown.invalid"
    verdict = f"dmarc={'pass' if passes else 'fail'} header.from={domain}"
    return f"Authentication-Results: {authserv_id}; {verdict}\r\n".encode() + honest + blank + body


def _crlf(raw: bytes) -> bytes:
    return re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
