"""A mail host that takes access tokens: Dovecot's own oauth2 for IMAP, aiosmtpd for SMTP."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope

from access.provider import Provider, provider
from access.token_file import Kept, TokenFile
from demo.host import LOOPBACK, BackgroundLoop
from demo.smtp_server import Behaviour, Received
from tests.hosts import Dovecot, Host
from tests.token_endpoint import CLIENT, SECRET, Endpoint

REFUSAL = '{"status":"401","schemes":"bearer","scope":"https://mail.example.com/"}'


class OauthSmtp:
    """An SMTP server with one login, by access token."""

    def __init__(
        self,
        endpoint: Endpoint,
        mechanism: str = "XOAUTH2",
        *,
        tls: ssl.SSLContext | None = None,
        said: str = "",
    ) -> None:
        self.outside: list[Received] = []
        self.logins: list[str] = []
        self.said = said
        """Refuses each login with these words, without a challenge; "" to look at the token."""
        self._endpoint, self._tls = endpoint, tls
        self._hooks = type("Hooks", (), {})()
        self._hooks.handle_MAIL = self._mail
        self._hooks.handle_DATA = self._data
        setattr(self._hooks, f"auth_{mechanism}", self._auth)
        self._loop = BackgroundLoop("oauth smtp")
        self._loop.start()
        self._open = list[SMTP]()
        self._loop.run(self._start())

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, LOOPBACK, 0)
        self.port: int = self._server.sockets[0].getsockname()[1]

    def _connection(self) -> SMTP:
        made = SMTP(
            self._hooks,
            auth_require_tls=False,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            tls_context=self._tls,
            require_starttls=self._tls is not None,
            loop=asyncio.get_running_loop(),
        )
        self._open.append(made)
        return made

    async def _auth(self, server: SMTP, args: Sequence[str]) -> AuthResult:
        if self.said:
            await server.push(self.said)
            return AuthResult(success=False, handled=True)
        said: Any = await server.challenge_auth("") if len(args) == 1 else None
        message = said if said not in (None, MISSING) else base64.b64decode(args[1])
        token = message.partition(b"auth=Bearer ")[2].partition(b"\x01")[0].decode()
        good = token in self._endpoint.access and self._endpoint.user.encode() in message
        self.logins.append("good" if good else "refused")
        if not good:
            await server.challenge_auth(REFUSAL)
            await server.push("535 5.7.3 Authentication unsuccessful")
            return AuthResult(success=False, handled=True)
        return AuthResult(success=True, auth_data=b"")

    async def _mail(
        self, _server: SMTP, session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.57 Client not authenticated to send mail"
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def _data(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:
        recipients = tuple(envelope.rcpt_tos)
        data = bytes(envelope.original_content or b"")
        self.outside.append(Received(envelope.mail_from or "", recipients, data, datetime.now(UTC)))
        return "250 2.0.0 kept"

    def cut(self) -> None:
        """Hang up on everybody."""

        async def abort() -> None:
            for one in self._open:
                if isinstance(one.transport, asyncio.Transport):
                    one.transport.abort()
            self._open.clear()

        self._loop.run(abort())

    def stop(self) -> None:
        self.cut()
        self._loop.run(_closed(self._server))
        self._loop.stop()


async def _closed(server: asyncio.Server) -> None:
    server.close()


class OauthHost(Host):
    """The complaints address's own host: no password opens its mailbox or lets a letter out."""

    kind = "oauth"

    def __init__(self, folder: Path) -> None:
        self.endpoint = Endpoint().start()
        self.dovecot = Dovecot(introspection=self.endpoint.url("/introspect"))
        self.smtp = OauthSmtp(self.endpoint)
        self.imap_port, self.smtp_port = self.dovecot.imap_port, self.smtp.port
        self.file = TokenFile(folder / "oauth.json")
        super().__init__()
        self.endpoint.user = self.address

    def settings(self) -> dict[str, Any]:
        """What logs in by OAuth."""
        return {
            "IMAP_PASSWORD": "",
            "IMAP_AUTH": "oauth",
            "SMTP_AUTH": "oauth",
            "OAUTH_PROVIDER": "own",
            "OAUTH_CLIENT_ID": CLIENT,
            "OAUTH_CLIENT_SECRET": SECRET,
            "OAUTH_TOKEN_URL": self.endpoint.url(),
            "OAUTH_DEVICE_URL": self.endpoint.url("/device"),
            "OAUTH_AUTH_URL": self.endpoint.url("/authorize"),
            "OAUTH_TOKEN_FILE": str(self.file.path),
        }

    def consent(self, name: str) -> None:
        """Somebody consents."""
        with self.file.locked():
            self.file.write(Kept(self.endpoint.consented(), name))

    def deliver(
        self, raw: bytes, *, to: str = "", passes: bool | None = None, return_path: str = "writer@example.org"
    ) -> None:
        self.dovecot.deliver(raw, to or self.address, return_path)

    def sent(self) -> list[Received]:
        return list(self.smtp.outside)

    def inbox(self, user: str = "", folder: str = "INBOX") -> list[bytes]:
        return self.dovecot.mails(user or self.address, folder)

    def behave(self, behaviour: Behaviour | None) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        self.smtp.stop()
        self.dovecot.stop()
        self.endpoint.stop()

    def _add(self, address: str) -> None:
        """Dovecot's configuration lets every name of the domain in."""


def own(endpoint: Endpoint, **more: Any) -> Provider:
    """The provider, as the settings would name it."""
    return provider("own", client_id=CLIENT, client_secret=SECRET, token_url=endpoint.url(), **more)
