"""A way out looked over for the doctor: what its server offers, and whom it takes letters for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from outbox.smtp_connection import Server
from outbox.smtp_wire import Reply, Wire, plain


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to an address; nothing was sent."""

    address: str
    taken: bool
    said: str


class Looked:
    """An open connection to an SMTP server that gets no letter."""

    def __init__(self, wire: Wire, timeout: float) -> None:
        self.wire = wire
        self._timeout = timeout

    @property
    def offers(self) -> dict[str, str]:
        """The server's extensions, by their names in lower case."""
        return dict(self.wire.offers)

    def asked(self, sender: str, recipients: Sequence[str]) -> list[Answer]:
        """Whether it takes letters from an address (the first answer), and for each of the others."""
        answers = [self._answer(sender, f"MAIL FROM:<{sender}>")]
        if answers[0].taken:
            answers += [self._answer(one, f"RCPT TO:<{one}>") for one in recipients]
        self._ask("RSET")
        return answers

    def _answer(self, address: str, command: str) -> Answer:
        reply = self._ask(command)
        return Answer(address, reply.good, f"{reply.code} {plain(reply.text)}")

    def _ask(self, command: str) -> Reply:
        self.wire.write(f"{command}\r\n".encode())
        return self.wire.reply(self._timeout)


@contextmanager
def looked_over(server: Server) -> Iterator[Looked]:
    """Connect and log in. Raises SmtpDown."""
    wire = server.connect()
    try:
        yield Looked(wire, server.timeout)
    finally:
        wire.quit(min(server.timeout, 2.0))
