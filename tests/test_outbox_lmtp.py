"""Sending by LMTP: over TCP and a socket, to the demo's kind of server and to Dovecot's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.lmtp import LMTP

from demo.host import LOOPBACK, BackgroundLoop
from outbox.lmtp import Lmtp
from outbox.smtp import SmtpDown
from tests.hosts import DOVECOT, NO_DOVECOT, Dovecot, free_ports

GIVEN: dict[str, Any] = {"user": "", "password": "", "tls": "none", "timeout": 5.0}


@dataclass(frozen=True)
class Letter:
    data: bytes = b"From: desk@peygir.example\r\nSubject: hello\r\n\r\nDear Sara,\r\n"
    recipient: str = "sara@example.org"
    envelope_from: str = "desk@peygir.example"


class Server:
    """aiosmtpd's LMTP server; what it answers to the data can be said before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept: list[tuple[str, list[str], bytes]] = []
        self.answer = "250 taken"
        self.refused: str = ""
        self._loop = BackgroundLoop("lmtp")
        self._loop.start()
        self.port, self._servers = self._loop.run(self._start())

    async def _start(self) -> tuple[int, list[asyncio.Server]]:
        loop = asyncio.get_running_loop()
        tcp = await loop.create_server(lambda: LMTP(self), LOOPBACK, 0)
        unix = await loop.create_unix_server(lambda: LMTP(self), str(self.path))
        return tcp.sockets[0].getsockname()[1], [tcp, unix]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _: Any) -> str:  # noqa: N802
        if address == self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.kept.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.answer

    def stop(self) -> None:
        async def stop() -> None:
            for server in self._servers:
                server.close()

        self._loop.run(stop())
        self._loop.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "lmtp")
    yield made
    made.stop()


@pytest.fixture(params=["tcp", "socket"])
def lmtp(request: pytest.FixtureRequest, server: Server) -> Iterator[Lmtp]:
    host = LOOPBACK if request.param == "tcp" else str(server.path)
    made = Lmtp(host=host, port=server.port, **GIVEN)
    yield made
    made.close()


def test_letters_arrive_whole_over_one_connection(lmtp: Lmtp, server: Server) -> None:
    letters = [Letter(), Letter(recipient="bob@example.org"), Letter(envelope_from="")]
    for letter, following in zip(letters, [*letters[1:], None], strict=True):
        assert lmtp.send(letter, following=following).result == "sent"
    assert [(sender, one) for sender, [one], _ in server.kept] == [
        ("desk@peygir.example", "sara@example.org"),
        ("desk@peygir.example", "bob@example.org"),
        ("<>", "sara@example.org"),
    ]
    assert server.kept[0][2] == Letter().data


@pytest.mark.parametrize(
    ("answer", "result"),
    [("450 4.2.2 mailbox full", "later"), ("550 5.7.1 not wanted", "refused"), ("250 2.0.0 ok", "sent")],
)
def test_the_recipients_answer_after_the_data_decides(
    lmtp: Lmtp, server: Server, answer: str, result: str
) -> None:
    server.answer = answer
    assert lmtp.send(Letter()).result == result
    server.answer = "250 ok"
    assert lmtp.send(Letter()).result == "sent"


def test_a_recipient_who_is_refused_spoils_no_other_letter(lmtp: Lmtp, server: Server) -> None:
    server.refused = "sara@example.org"
    outcome = lmtp.send(Letter())
    assert (outcome.result, outcome.code) == ("refused", 550)
    assert lmtp.send(Letter(recipient="bob@example.org")).result == "sent"


def test_a_socket_that_is_not_there_is_told() -> None:
    gone = Lmtp(host="/nowhere/lmtp", port=24, **GIVEN)
    with pytest.raises(SmtpDown, match="the LMTP server /nowhere/lmtp"):
        gone.check()
    outcome = gone.send(Letter())
    assert (outcome.result, outcome.reached) == ("later", False)


def test_a_server_that_is_away_is_told() -> None:
    [port] = free_ports(1)
    assert "the LMTP server" in Lmtp(host=LOOPBACK, port=port, **GIVEN).reach()


def test_tls_from_the_first_byte_is_refused_in_words(server: Server) -> None:
    with pytest.raises(SmtpDown, match="starttls or none"):
        Lmtp(host=LOOPBACK, port=server.port, **GIVEN | {"tls": "tls"}).check()


@pytest.mark.skipif(DOVECOT is None, reason=NO_DOVECOT)
def test_dovecots_own_lmtp_takes_letters(dovecot: Dovecot) -> None:
    user = "lmtp-customer@peygir.example"
    lmtp = Lmtp(host=LOOPBACK, port=dovecot.lmtp_port, **GIVEN)
    first, second = Letter(recipient=user), Letter(recipient=user, data=b"Subject: two\r\n\r\n.\r\n..\r\n")
    assert lmtp.send(first, following=second).result == "sent"
    assert lmtp.send(second).result == "sent"
    lmtp.close()
    stored = dovecot.mails(user, "INBOX")
    assert [mail.rstrip().endswith(b"Dear Sara,") for mail in stored] == [True, False]
    assert stored[1].endswith(b"\r\n.\r\n..\r\n")
