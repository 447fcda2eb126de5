"""Letters given to a mail server by LMTP (RFC 2033), over TCP or a socket of this machine.

It is SMTP with another greeting, and an answer for each recipient after the data: a letter has one, so it has
one answer, and everything that holds for SMTP holds here.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import Any

from outbox.smtp import Smtp
from outbox.smtp_connection import Server


@dataclass(slots=True)
class LmtpServer(Server):
    """An LMTP server as the settings name it; a host that begins with a slash is a socket."""

    @property
    def where(self) -> str:
        place = self.host if self.host.startswith("/") else f"{self.host}:{self.port}"
        return f"the LMTP server {place}"

    def _made(self) -> smtplib.SMTP:
        if self.tls == "tls":
            raise self.down("can't be spoken to in TLS from the first byte on; set SMTP_TLS=starttls or none")
        wire = smtplib.LMTP(local_hostname=self.local_hostname)
        wire.timeout = self.timeout
        self.local_hostname = wire.local_hostname
        wire._host = self.host  # type: ignore[attr-defined]
        return wire

    def _greet(self, wire: smtplib.SMTP) -> None:
        self._hoped(wire.ehlo(), "LHLO")


class Lmtp(Smtp):
    """As `Smtp`. What goes over a socket of this machine needs no TLS."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        server = self._server
        tls = "none" if server.host.startswith("/") else server.tls
        self._server = LmtpServer(
            server.host,
            server.port,
            server.user,
            server.password,
            tls,
            server.ca_file,
            server.timeout,
            server.local_hostname,
            server.tokens,
        )
