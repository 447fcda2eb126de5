"""A whole mail host in one process, on loopback and in memory: IMAP by pymap, SMTP by aiosmtpd."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from argparse import Namespace
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from aiosmtpd.smtp import SMTP, AuthResult
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.parsing.specials.flag import Wildcard
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

LOOPBACK = "127.0.0.1"

Behaviour = Callable[[str, Any], str | None]
"""Given a stage and the envelope so far: a reply such as "451 4.3.0 later", "drop", "hang", or None for
the usual. Stages: connect, ehlo, auth, mail, rcpt, data, dot (the whole letter is here, not yet kept),
kept (it is kept, the 250 is not yet given) and done (the 250 was given)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that SMTP took for somebody outside."""

    envelope_from: str
    recipients: tuple[str, ...]
    data: bytes
    at: datetime


def folded(address: str) -> str:
    """The mailbox of an address: in lower case, without what follows a plus."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def stamped(
    raw: bytes, to: str, *, authserv_id: str, passes: bool | None = None, return_path: str | None = None
) -> bytes:
    """Give a mail what a border server adds: whether DMARC passed, Return-Path, Delivered-To, CRLF.

    Fields that claim to be the border's own Authentication-Results are removed (RFC 8601, section 5).
    """
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    top = b"" if return_path is None else f"Return-Path: <{return_path}>\r\n".encode()
    top += f"Delivered-To: {to}\r\n".encode()
    if passes is None:
        return top + raw
    head, blank, body = raw.partition(b"\r\n\r\n")
    forged = re.compile(
        rb"^Authentication-Results:\s*" + re.escape(authserv_id.encode()) + rb"\b[^\r]*(\r\n[ \t][^\r]*)*(\r\n|\Z)",
        re.IGNORECASE | re.MULTILINE,
    )
    sender = re.search(rb"^From:.*@([\w.-]+)", head, re.IGNORECASE | re.MULTILINE)
    domain = sender[1].decode() if sender else "unknown.invalid"
    verdict = f"Authentication-Results: {authserv_id};\r\n dmarc={'pass' if passes else 'fail'} header.from={domain}\r\n"
    return verdict.encode() + top + forged.sub(b"", head) + blank + body


class _Mailbox(MailboxData):
    """pymap lets a client store only the flags it names; real servers take any keyword."""

    @property
    def permanent_flags(self) -> Any:
        return super().permanent_flags | {Wildcard}


class _Mailboxes(MailboxSet):
    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Mailbox(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> Any:
        async with self._set_lock.write_lock():
            if name in self._set:
                raise ValueError(name)
            self._set[name] = _Mailbox(self._content_cache, self._thread_cache)
            return self._set[name].mailbox_id


class _ImapConfig(Config):
    @property
    def greeting(self) -> bytes:
        # pymap looks the machine's name up for every connection, which may take seconds.
        return b"demo mail host ready"


class _WholeAnswers:
    """Hold an answer back until it is complete: clients read a half line in IDLE as an end."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._held.append(bytes(data))

    async def drain(self) -> None:
        self._flush()
        await self._writer.drain()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        held, self._held = self._held, []
        if held and not self._writer.is_closing():
            self._writer.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


class SmtpServer(SMTP):
    """aiosmtpd that can be told to misbehave; what it takes goes to `take`."""

    def __init__(
        self,
        *,
        take: Callable[[str, list[str], bytes], Coroutine[Any, Any, None]],
        knows: Callable[[str], bool],
        behaviour: Callable[[], Behaviour | None],
        passwords: Mapping[str, str] | None = None,
        tls_context: Any = None,
        utf8: bool = True,
    ) -> None:
        super().__init__(
            self,
            hostname="mx.demo.example",
            ident="demo mail host",
            enable_SMTPUTF8=utf8,
            authenticator=self._authenticate,
            auth_require_tls=False,
            tls_context=tls_context,
            loop=asyncio.get_running_loop(),
        )
        self._take, self._knows, self._behaviour = take, knows, behaviour
        self._passwords = passwords or {}

    async def _misbehaves(self, stage: str) -> bool:
        """Do at this stage what was asked for; True when that replaces the usual answer."""
        behaviour = self._behaviour()
        reply = behaviour(stage, self.envelope) if behaviour else None
        if reply is None:
            return False
        if reply == "drop" and self.transport is not None:
            self.transport.abort()
        if reply in ("drop", "hang"):
            # The end of the connection cancels this.
            await asyncio.Event().wait()
        await self.push(reply)
        if reply.startswith("421") and self.transport is not None:
            self.transport.close()
        return True
