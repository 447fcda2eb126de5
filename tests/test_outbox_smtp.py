"""Sending: what each failure at each stage means for the letter."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.host import LOOPBACK, BackgroundLoop
from demo.smtp_server import SmtpServer
from outbox.smtp import Outcome, Smtp, SmtpDown
from tests.hosts import Host, free_ports, until

LETTER = b"From: desk@peygir.example\r\nSubject: hello\r\n\r\nDear Sara,\r\n"
SENDER, RECIPIENT = "desk@peygir.example", "sara@example.org"


@dataclass(frozen=True)
class Letter:
    """A letter as the sender has it."""

    data: bytes = LETTER
    recipient: str = RECIPIENT
    envelope_from: str = SENDER


class Server:
    """An SMTP server of one test, which may misbehave."""

    def __init__(self, **options: Any) -> None:
        self.kept: list[tuple[str, list[str], bytes]] = []
        self.smtp = SmtpServer(keep=self._keep, passwords={"desk": "a-password", "میز": "گذرواژه"}, **options)
        self._loop = BackgroundLoop("smtp")
        self._loop.start()
        self.port = self._loop.run(self.smtp.start(LOOPBACK, 0))
        self.asked: list[str] = []
        self.faults: dict[str, list[str | None]] = {}
        self.smtp.behaviour = self._behave

    def fails(self, stage: str, *replies: str | None) -> None:
        """At this stage give these replies, one each time, then behave."""
        self.faults[stage] = list(replies)

    def cut(self) -> None:
        self._loop.run(self.smtp.cut())

    def stop(self) -> None:
        self._loop.run(self.smtp.stop())
        self._loop.stop()

    def _behave(self, stage: str, _envelope: object) -> str | None:
        self.asked.append(stage)
        waiting = self.faults.get(stage)
        return waiting.pop(0) if waiting else None

    async def _keep(self, sender: str, recipients: list[str], data: bytes) -> None:
        self.kept.append((sender, recipients, data))


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def make(**options: Any) -> Server:
        made.append(Server(**options))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture(params=[False, True], ids=["in turn", "pipelining"])
def server(serve: Callable[..., Server], request: pytest.FixtureRequest) -> Server:
    """A server that takes commands in turn, then one that takes several at once."""
    return serve(pipelining=request.param)


Make = Callable[..., Smtp]


@pytest.fixture
def smtp() -> Iterator[Make]:
    """Make clients, and close them afterwards."""
    made: list[Smtp] = []

    def make(port: int, **changes: Any) -> Smtp:
        settings: dict[str, Any] = {
            "host": LOOPBACK,
            "port": port,
            "user": "",
            "password": "",
            "tls": "none",
            "timeout": 5.0,
            "local_hostname": "desk.peygir.example",
        }
        made.append(Smtp(**(settings | changes)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def send(client: Smtp, data: bytes = LETTER, recipient: str = RECIPIENT) -> Outcome:
    return client.send(Letter(data, recipient))


def test_a_letter_leaves_through_a_real_host(mail_host: Host, smtp: Make) -> None:
    outcome = send(smtp(mail_host.smtp_port))
    assert (outcome.result, outcome.code) == ("sent", 250)
    (received,) = mail_host.sent()
    assert (received.envelope_from, received.recipients, received.data) == (SENDER, (RECIPIENT,), LETTER)


def test_a_letter_to_a_local_agent_lies_in_the_agents_inbox(mail_host: Host, smtp: Make) -> None:
    agent = mail_host.account("agent")
    assert send(smtp(mail_host.smtp_port), recipient=agent).result == "sent"
    assert until(lambda: mail_host.inbox(agent))
    assert mail_host.inbox(agent)[0].endswith(LETTER)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize(
    ("reply", "result"),
    [("451 4.3.0 not now", "later"), ("554 5.7.1 never", "refused"), ("421 bye", "later")],
)
def test_a_reply_decides_at_every_stage(
    server: Server, smtp: Make, stage: str, reply: str, result: str
) -> None:
    server.fails(stage, reply)
    client = smtp(server.port)
    outcome = send(client)
    assert (outcome.result, outcome.code) == (result, int(reply[:3]))
    assert reply[4:] in outcome.text
    assert server.kept == []
    assert send(client).result == "sent"


@pytest.mark.parametrize(
    ("stage", "result"),
    [("mail", "later"), ("rcpt", "later"), ("data", "later"), ("dot", "in-doubt"), ("kept", "in-doubt")],
)
def test_a_lost_connection_is_in_doubt_only_after_the_dot(
    server: Server, smtp: Make, stage: str, result: str
) -> None:
    server.fails(stage, "drop")
    client = smtp(server.port)
    outcome = send(client)
    assert (outcome.result, outcome.code) == (result, None)
    assert f"127.0.0.1:{server.port}" in outcome.text
    assert len(server.kept) == (stage == "kept")
    assert send(client).result == "sent"


@pytest.mark.parametrize(
    ("stage", "result"), [("connect", "later"), ("rcpt", "later"), ("dot", "in-doubt"), ("kept", "in-doubt")]
)
def test_silence_is_in_doubt_only_after_the_dot(
    server: Server, smtp: Make, stage: str, result: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outbox.smtp._PATIENCE_AFTER_THE_DOT", 1)
    server.fails(stage, "hang")
    outcome = send(smtp(server.port, timeout=0.3))
    assert (outcome.result, outcome.code) == (result, None)
    assert "timed out" in outcome.text


@pytest.mark.parametrize("reply", ["999 what", "nonsense", "354 go on"])
def test_an_answer_that_means_nothing_after_the_dot_is_in_doubt(
    server: Server, smtp: Make, reply: str
) -> None:
    server.fails("kept", reply)
    assert send(smtp(server.port)).result == "in-doubt"


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_an_answer_that_means_nothing_before_the_dot_is_for_later(
    server: Server, smtp: Make, stage: str
) -> None:
    server.fails(stage, "nonsense")
    client = smtp(server.port)
    assert send(client).result == "later"
    assert send(client).result == "sent"


def test_an_error_after_the_250_is_no_failure(server: Server, smtp: Make) -> None:
    server.fails("done", "drop")
    client = smtp(server.port)
    assert send(client).result == "sent"
    client.close()
    assert len(server.kept) == 1


@pytest.mark.parametrize("stage", ["connect", "ehlo", "auth"])
@pytest.mark.parametrize("reply", ["554 5.7.1 go away", "451 4.3.0 not now", "421 busy", "drop"])
def test_trouble_before_the_letter_never_throws_the_letter_away(
    server: Server, smtp: Make, stage: str, reply: str
) -> None:
    server.fails(stage, reply, reply, reply)
    client = smtp(server.port, user="desk", password="a-password")
    assert send(client).result == "later"
    assert server.kept == []
    server.faults.clear()
    assert send(client).result == "sent"


def test_a_refused_login_names_the_settings(server: Server, smtp: Make) -> None:
    client = smtp(server.port, user="desk", password="wrong")
    outcome = send(client)
    assert (outcome.result, outcome.code) == ("later", 535)
    assert "check SMTP_USER and SMTP_PASSWORD" in outcome.text
    with pytest.raises(SmtpDown, match="refused the login as desk: 535"):
        client.check()


@pytest.mark.parametrize("reply", ["530 5.7.0 log in first", "535 5.7.8 no", "538 5.7.11 encrypt first"])
@pytest.mark.parametrize("stage", ["mail", "rcpt"])
def test_a_server_that_wants_a_login_does_not_refuse_the_letter(
    server: Server, smtp: Make, stage: str, reply: str
) -> None:
    server.fails(stage, reply)
    outcome = send(smtp(server.port))
    assert outcome.result == "later"
    assert "check SMTP_USER, SMTP_PASSWORD and SMTP_TLS" in outcome.text


def test_a_login_in_any_script_works(server: Server, smtp: Make) -> None:
    smtp(server.port, user="میز", password="گذرواژه").check()
    with pytest.raises(SmtpDown, match="refused the login"):
        smtp(server.port, user="میز", password="نادرست").check()


def test_a_server_that_does_not_listen_is_for_later(smtp: Make) -> None:
    (port,) = free_ports(1)
    outcome = send(smtp(port))
    assert (outcome.result, outcome.code) == ("later", None)
    assert "Connection refused; check SMTP_HOST and SMTP_PORT" in outcome.text


def test_checking_says_nothing_when_all_is_well(server: Server, smtp: Make) -> None:
    client = smtp(server.port, user="desk", password="a-password")
    client.check()
    client.check()
    assert server.kept == []


def test_one_connection_carries_many_letters(server: Server, smtp: Make) -> None:
    client = smtp(server.port)
    for number in range(5):
        assert send(client, LETTER + str(number).encode()).result == "sent"
    assert server.asked.count("connect") == 1
    assert len(server.kept) == 5


def test_a_refused_letter_does_not_spoil_the_next(server: Server, smtp: Make) -> None:
    server.fails("rcpt", "550 5.1.1 nobody")
    client = smtp(server.port)
    assert [send(client).result, send(client).result] == ["refused", "sent"]
    assert server.asked.count("connect") == 1


@pytest.mark.parametrize("goodbye", ["cut", "421"])
def test_a_kept_connection_that_the_server_closed_is_replaced_in_silence(
    server: Server, smtp: Make, goodbye: str
) -> None:
    client = smtp(server.port)
    assert send(client).result == "sent"
    if goodbye == "cut":
        server.cut()
    else:
        server.fails("mail", "421 4.4.2 idle too long")
    assert send(client).result == "sent"
    assert server.asked.count("connect") == 2


def test_the_connection_is_replaced_only_once(server: Server, smtp: Make) -> None:
    client = smtp(server.port)
    send(client)
    server.fails("mail", "drop", "drop")
    assert send(client).result == "later"


@pytest.mark.parametrize(
    ("data", "arrives"),
    [
        (b"a\nb\rc\r\nd", b"a\r\nb\r\nc\r\nd\r\n"),
        (b".\r\n..\r\n.a\r\n", b".\r\n..\r\n.a\r\n"),
        (b"a\n.\nb\n", b"a\r\n.\r\nb\r\n"),
        (b"", b"\r\n"),
        ("سلام\r\n".encode(), "سلام\r\n".encode()),
    ],
)
def test_lines_and_dots_arrive_as_they_were_meant(
    server: Server, smtp: Make, data: bytes, arrives: bytes
) -> None:
    assert send(smtp(server.port), data).result == "sent"
    assert server.kept[0][2] == arrives


def test_a_null_sender_is_a_null_sender(server: Server, smtp: Make) -> None:
    outcome = smtp(server.port).send(Letter(envelope_from=""))
    assert outcome.result == "sent"
    assert server.kept[0][0] == ""


def test_what_the_server_offers_is_used(serve: Callable[..., Server], smtp: Make) -> None:
    server = serve()
    seen: list[list[str]] = []

    def look(stage: str, envelope: Any) -> None:
        if stage == "dot":
            seen.append(envelope.mail_options)

    server.smtp.behaviour = look
    client = smtp(server.port)
    send(client)
    send(client, "سلام\r\n".encode())
    assert seen == [[f"SIZE={len(LETTER)}"], ["SIZE=10", "BODY=8BITMIME"]]


def test_an_address_in_any_script_is_written_as_it_is(server: Server, smtp: Make) -> None:
    client = smtp(server.port)
    assert send(client, recipient="سارا@example.org").result == "sent"
    assert server.kept[0][1] == ["سارا@example.org"]
    assert send(client).result == "sent"


def test_without_smtputf8_such_an_address_is_refused_in_words(
    serve: Callable[..., Server], smtp: Make
) -> None:
    server = serve(utf8=False)
    client = smtp(server.port)
    outcome = send(client, recipient="سارا@example.org")
    assert (outcome.result, outcome.code) == ("refused", None)
    assert "offers no SMTPUTF8" in outcome.text
    assert send(client).result == "sent"


@pytest.mark.parametrize(
    "address", ["", "a b@example.org", "a@example.org>\r\nRCPT TO:<b@example.org", "a\n"]
)
def test_what_is_no_address_never_reaches_the_server(server: Server, smtp: Make, address: str) -> None:
    assert send(smtp(server.port), recipient=address).result == "refused"
    assert server.asked == []


def tls_server(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def test_a_letter_leaves_over_starttls(
    serve: Callable[..., Server], smtp: Make, certificate: tuple[Path, Path]
) -> None:
    server = serve(tls_context=tls_server(certificate))
    client = smtp(
        server.port, tls="starttls", ca_file=str(certificate[0]), user="desk", password="a-password"
    )
    assert [send(client).result, send(client).result] == ["sent", "sent"]
    client.close()


def test_a_certificate_of_an_unknown_authority_is_refused(
    serve: Callable[..., Server], smtp: Make, certificate: tuple[Path, Path]
) -> None:
    server = serve(tls_context=tls_server(certificate))
    outcome = send(smtp(server.port, tls="starttls"))
    assert outcome.result == "later"
    assert "not trusted" in outcome.text
    assert "TLS_CA_FILE" in outcome.text
    assert server.kept == []


def test_starttls_is_never_done_without(server: Server, smtp: Make) -> None:
    outcome = send(smtp(server.port, tls="starttls"))
    assert outcome.result == "later"
    assert "offers no STARTTLS; nothing is sent without TLS: set SMTP_TLS=tls" in outcome.text


def test_tls_to_a_port_without_it_says_which_setting(server: Server, smtp: Make) -> None:
    with pytest.raises(SmtpDown, match="check SMTP_TLS and SMTP_PORT"):
        smtp(server.port, tls="tls").check()


def test_a_missing_authority_file_is_named(server: Server, smtp: Make, tmp_path: Path) -> None:
    with pytest.raises(SmtpDown, match=r"none\.pem.*check TLS_CA_FILE"):
        smtp(server.port, tls="tls", ca_file=str(tmp_path / "none.pem")).check()


def test_what_a_server_says_is_shown_without_control_characters(server: Server, smtp: Make) -> None:
    server.fails("rcpt", "550 go \x1b[31m\u202eaway")
    assert send(smtp(server.port)).text == "RCPT: 550 go [31m away"


def test_a_domain_of_another_script_asks_nothing_of_the_server(server: Server) -> None:
    wire = Smtp(host=LOOPBACK, port=server.port, user="", password="", tls="none")
    assert wire.send(Letter(recipient="sara@exämple.org")).result == "sent"
    assert server.kept[0][1] == ["sara@xn--exmple-cua.org"]
    wire.close()


@pytest.mark.parametrize("host", [".example.com", f"{'a' * 70}.example.com"])
def test_a_name_that_no_host_can_have_is_trouble_with_its_setting(host: str) -> None:
    why = Smtp(host=host, port=25, user="", password="", tls="none", timeout=2).reach()
    assert why.endswith("has a name that no host can have; check SMTP_HOST")
