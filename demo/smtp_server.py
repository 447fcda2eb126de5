"""aiosmtpd's SMTP server, which can be told to misbehave at any stage."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

Behaviour = Callable[[str, Envelope], str | None]
"""Given a stage and the envelope so far, gives a reply ("451 4.3.0 later"), "drop", "hang", or None for
what is usual. Stages: connect, ehlo, auth, mail, rcpt, data, dot (the whole letter is here but not kept),
kept (it is kept, the 250 is not given yet), done (the 250 was given)."""


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that came in by SMTP."""

    envelope_from: str
    recipients: tuple[str, ...]
    data: bytes
    at: datetime


class SmtpServer:
    """Listens, and hands what it takes to `keep`; `knows` decides about recipients."""

    def __init__(
        self,
        *,
        keep: Callable[[str, list[str], bytes], Awaitable[None]],
        knows: Callable[[str], bool] = lambda recipient: True,
        passwords: Mapping[str, str] | None = None,
        tls_context: ssl.SSLContext | None = None,
        utf8: bool = True,
        pipelining: bool = False,
    ) -> None:
        self.behaviour: Behaviour | None = None
        self.keep, self.knows = keep, knows
        self._passwords = passwords or {}
        self._tls_context, self._utf8 = tls_context, utf8
        self.pipelining = pipelining
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen; gives the port, which the system chooses when it is 0."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, host, port)
        chosen: int = self._server.sockets[0].getsockname()[1]
        return chosen

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """Drop every connection."""
        for connection in list(self._connections):
            connection.abort()
        while self._connections:
            await asyncio.sleep(0)

    def _connection(self) -> _Connection:
        connection = _Connection(
            self,
            hostname="mx.demo.example",
            ident="ESMTP",
            enable_SMTPUTF8=self._utf8,
            authenticator=self._authenticate,
            auth_require_tls=False,
            tls_context=self._tls_context,
            loop=asyncio.get_running_loop(),
        )
        self._connections.add(connection)
        return connection

    def forget(self, connection: _Connection) -> None:
        self._connections.discard(connection)

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _way: str, given: Any) -> AuthResult:
        name, password = given.login.decode(), given.password.decode()
        return AuthResult(success=self._passwords.get(name) == password, handled=False)


class _Hooks:
    def __init__(self, house: SmtpServer) -> None:
        self._house = house

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self._house.pipelining else responses

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not self._house.knows(address):
            return "550 5.1.1 nobody of that name lives here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: _Connection, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if reply := await server.misbehaviour("dot"):
            return reply
        sender = (envelope.mail_from or "").removeprefix("<>")
        await self._house.keep(sender, list(envelope.rcpt_tos), bytes(envelope.original_content or b""))
        return await server.misbehaviour("kept") or "250 2.0.0 kept"


class _Connection(SMTP):
    def __init__(self, house: SmtpServer, **options: Any) -> None:
        super().__init__(_Hooks(house), **options)
        self._house = house

    async def misbehaviour(self, stage: str) -> str | None:
        """The reply that was asked for at this stage; a drop never comes back."""
        behaviour = self._house.behaviour
        reply = behaviour(stage, self.envelope or Envelope()) if behaviour else None
        if reply == "drop":
            self.abort()
        if reply in ("drop", "hang"):
            # The end of the connection cancels it.
            await asyncio.Event().wait()
        return reply

    def abort(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._house.forget(self)
        super().connection_lost(error)

    async def _answered(self, stage: str) -> bool:
        reply = await self.misbehaviour(stage)
        if reply is None:
            return False
        await self.push(reply)
        if reply.startswith("421") and self.transport is not None:
            self.transport.close()
        return True

    async def _handle_client(self) -> None:
        if not await self._answered("connect"):
            await super()._handle_client()
        elif self.transport is not None:
            self.transport.close()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self._answered("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        if not await self._answered("ehlo"):
            await super().smtp_HELO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if not await self._answered("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if not await self._answered("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if not await self._answered("rcpt"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not await self._answered("data"):
            await super().smtp_DATA(arg)
            await self._answered("done")
