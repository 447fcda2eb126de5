"""A second mail server for alerts, which keeps what it is given."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from demo.host import LOOPBACK, BackgroundLoop
from demo.smtp_server import SmtpServer

ADDRESS = "night@second.example.org"


class SecondHost:
    """Takes every mail, as long as it listens."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self._loop = BackgroundLoop("second mail host")
        self._loop.start()
        self.port = 0
        self._server = SmtpServer(keep=self._keep)
        self.listen()

    def settings(self) -> dict[str, object]:
        return {
            "ALERT_ADDRESS": ADDRESS,
            "ALERT_SMTP_HOST": LOOPBACK,
            "ALERT_SMTP_PORT": self.port,
            "ALERT_SMTP_TLS": "none",
        }

    def listen(self) -> None:
        self.port = self._loop.run(self._server.start(LOOPBACK, self.port))

    def go_away(self) -> None:
        self._loop.run(self._server.stop())

    def stop(self) -> None:
        self.go_away()
        self._loop.stop()

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    async def _keep(self, _sender: str, recipients: list[str], data: bytes) -> None:
        assert recipients == [ADDRESS]
        self.mails.append(email.message_from_bytes(data, policy=email.policy.default))


@contextmanager
def second_host() -> Iterator[SecondHost]:
    host = SecondHost()
    yield host
    host.stop()
