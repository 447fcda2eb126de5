"""Several commands at once (RFC 2920): no letter is judged by what the server says to another."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.host import LOOPBACK
from outbox.smtp import Smtp

CUT = "cut"
SILENT = ""
OFFERS = "250-mx.example\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 SIZE 1000000\r\n"
USUAL = {"EHLO": OFFERS, "MAIL": "250 ok", "RCPT": "250 ok", "dot": "250 kept", "STARTTLS": "220 go"}


@dataclass(frozen=True)
class Letter:
    recipient: str
    data: bytes = b"Subject: hello\r\n\r\nDear Sara,\r\n"
    envelope_from: str = "desk@peygir.example"


class Scripted:
    """A server that takes many commands at once, and says what its script says for each of them.

    A stage's list is used up one by one; "" is no answer, "cut" ends the connection. Answers to commands
    that came together leave together.
    """

    def __init__(self, certificate: tuple[Path, Path] | None = None, **script: list[str]) -> None:
        self.script = script
        self.kept: list[tuple[str, bytes]] = []
        self.blocks: list[list[str]] = []
        """The commands that came together; "dot" is the end of a letter."""
        self.connections = 0
        self.gullible = False
        """Whether it wants data also when nobody is to get them."""
        self._certificate = certificate
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._lines: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        for one in (self._listener, *self._lines):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self.connections += 1
                self._lines.append(line)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            Conversation(self, line, self._certificate).hold()


class Conversation:
    def __init__(self, house: Scripted, line: socket.socket, certificate: Any) -> None:
        self.house, self.line, self.certificate = house, line, certificate
        self.unread, self.out = b"", b""
        self.recipient, self.begun, self.in_data, self.cut = "", False, False, False

    def hold(self) -> None:
        self.line.sendall(b"220 mx.example\r\n")
        while not self.cut and (block := self.line.recv(65536)):
            self.unread += block
            self.house.blocks.append([])
            while not self.cut and (command := self._next()):
                self.house.blocks[-1].append(command)
            self.line.sendall(self.out)
            self.out = b""
        self.line.close()

    def _next(self) -> str:
        if self.in_data:
            return self._letter()
        command, end, rest = self.unread.partition(b"\r\n")
        if not end:
            return ""
        self.unread = rest
        verb = command.split(b" ")[0].decode().upper()
        self._say(verb, self._usual(verb, command))
        if verb == "STARTTLS":
            self._start_tls()
        return verb

    def _usual(self, verb: str, command: bytes) -> str:
        if verb == "RCPT":
            if not self.begun:
                return "503 MAIL first"
            self.recipient = command.partition(b"<")[2].partition(b">")[0].decode()
        if verb == "MAIL":
            self.recipient = ""
        if verb == "DATA":
            return "354 go on" if self.recipient or self.house.gullible else "554 for nobody"
        return USUAL.get(verb, "250 ok")

    def _letter(self) -> str:
        data, end, rest = (b"\r\n" + self.unread).partition(b"\r\n.\r\n")
        if not end:
            return ""
        self.unread, self.in_data = rest, False
        self._say("dot", USUAL["dot"] if self.recipient else "554 for nobody")
        if self.recipient:
            self.house.kept.append((self.recipient, data[2:] + b"\r\n"))
        return "dot"

    def _say(self, stage: str, usual: str) -> None:
        script = self.house.script.get(stage)
        said = script.pop(0) if script else usual
        if said == CUT:
            self.cut = True
            return
        if stage == "MAIL":
            self.begun = said.startswith("250") or self.house.gullible
        if stage == "RCPT" and not said.startswith("250"):
            self.recipient = ""
        self.in_data = said.startswith("354") and stage == "DATA"
        if said:
            self.out += said.encode() + (b"" if said.endswith("\n") else b"\r\n")

    def _start_tls(self) -> None:
        self.line.sendall(self.out)
        self.out = b""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*self.certificate)
        self.line = context.wrap_socket(self.line, server_side=True)


Serve = Callable[..., Scripted]


@pytest.fixture
def serve() -> Iterator[Serve]:
    made: list[Scripted] = []

    def make(**options: Any) -> Scripted:
        made.append(Scripted(**options))
        return made[-1]

    yield make
    for each in made:
        each.stop()


Client = Callable[..., Smtp]


@pytest.fixture
def client() -> Iterator[Client]:
    """Make clients of a server, and close them afterwards."""
    made: list[Smtp] = []

    def make(server: Scripted, **changes: Any) -> Smtp:
        settings: dict[str, Any] = {"host": LOOPBACK, "port": server.port, "user": "", "password": ""}
        settings |= {"tls": "none", "timeout": 2.0, "local_hostname": "desk.peygir.example"}
        made.append(Smtp(**(settings | changes)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def sent_all(smtp: Smtp, *letters: Letter) -> list[str]:
    """Send them as the worker does, each knowing the next; what became of them."""
    following = [*letters[1:], None]
    outcomes = [smtp.send(one, following=next_one) for one, next_one in zip(letters, following, strict=True)]
    smtp.close()
    return [outcome.result for outcome in outcomes]


ANN, BOB, CEM = Letter("ann@example.com"), Letter("bob@example.com"), Letter("cem@example.com")


def test_the_next_envelope_rides_behind_the_end_of_a_letter(serve: Serve, client: Client) -> None:
    server = serve()
    assert sent_all(client(server), ANN, BOB, CEM) == ["sent", "sent", "sent"]
    assert [one for one, _ in server.kept] == [ANN.recipient, BOB.recipient, CEM.recipient]
    assert {data for _, data in server.kept} == {ANN.data}
    envelope = ["MAIL", "RCPT", "DATA"]
    assert server.blocks[1:] == [envelope, ["dot", *envelope], ["dot", *envelope], ["dot"], ["QUIT"]]


def test_a_letter_that_goes_alone_has_its_commands_at_once(serve: Serve, client: Client) -> None:
    server = serve()
    assert sent_all(client(server), ANN) == ["sent"]
    assert server.blocks[1:3] == [["MAIL", "RCPT", "DATA"], ["dot"]]


@pytest.mark.parametrize(
    ("stage", "reply", "results"),
    [
        ("MAIL", "451 later", ["sent", "later", "sent"]),
        ("RCPT", "550 nobody", ["sent", "refused", "sent"]),
        ("RCPT", "450 greylisted", ["sent", "later", "sent"]),
        ("DATA", "451 later", ["sent", "later", "sent"]),
        ("dot", "554 spam", ["sent", "refused", "sent"]),
        ("dot", "452 full", ["sent", "later", "sent"]),
    ],
)
@pytest.mark.parametrize("gullible", [False, True])
def test_a_refusal_is_that_letters_alone(
    serve: Serve, client: Client, stage: str, reply: str, results: list[str], gullible: bool
) -> None:
    usual = "354 go on" if stage == "DATA" else USUAL[stage]
    server = serve(**{stage: [usual, reply]})
    server.gullible = gullible
    assert sent_all(client(server), ANN, BOB, CEM) == results
    assert server.connections == 1 or (stage == "MAIL" and gullible)
    kept = [one for one, data in server.kept if data == ANN.data]
    assert kept == [ANN.recipient, CEM.recipient] or stage == "dot"


def test_a_server_that_wants_data_for_nobody_gets_none(serve: Serve, client: Client) -> None:
    server = serve(RCPT=["550 nobody"])
    server.gullible = True
    smtp = client(server)
    assert smtp.send(ANN).result == "refused"
    assert server.blocks[1:3] == [["MAIL", "RCPT", "DATA"], ["dot"]]
    assert server.kept == []
    assert sent_all(smtp, BOB) == ["sent"]
    assert server.connections == 1


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_goodbye_before_the_data_is_for_later(serve: Serve, client: Client, stage: str) -> None:
    server = serve(**{stage: ["421 I am leaving", "421 I am leaving"]})
    smtp = client(server)
    outcome = smtp.send(ANN)
    assert (outcome.result, outcome.code, outcome.of_server) == ("later", 421, True)
    assert server.kept == []
    server.script.clear()
    assert sent_all(smtp, ANN) == ["sent"]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("way", ["421 enough for today", CUT])
def test_a_letter_whose_envelope_went_ahead_of_the_end_goes_over_a_new_connection(
    serve: Serve, client: Client, stage: str, way: str
) -> None:
    usual = "354 go on" if stage == "DATA" else USUAL[stage]
    server = serve(**{stage: [usual, way]})
    assert sent_all(client(server), ANN, BOB, CEM) == ["sent", "sent", "sent"]
    assert [one for one, _ in server.kept] == [ANN.recipient, BOB.recipient, CEM.recipient]
    assert server.connections == 2


def test_a_refusal_counts_although_the_connection_ends_with_it(serve: Serve, client: Client) -> None:
    server = serve(RCPT=["550 nobody"], DATA=[CUT])
    outcome = client(server).send(ANN)
    assert (outcome.result, outcome.code) == ("refused", 550)


def test_a_refused_end_counts_although_the_connection_ends_with_it(serve: Serve, client: Client) -> None:
    server = serve(dot=["554 spam"], MAIL=["250 ok", CUT])
    assert sent_all(client(server), ANN, BOB) == ["refused", "sent"]


def test_a_letter_that_was_taken_counts_although_the_connection_ends_with_it(
    serve: Serve, client: Client
) -> None:
    server = serve(MAIL=["250 ok", CUT])
    assert sent_all(client(server), ANN, BOB) == ["sent", "sent"]
    assert [one for one, _ in server.kept] == [ANN.recipient, BOB.recipient]


def test_a_cut_after_the_end_leaves_that_letter_in_doubt_and_the_next_untouched(
    serve: Serve, client: Client
) -> None:
    server = serve(dot=[CUT])
    assert sent_all(client(server), ANN, BOB) == ["in-doubt", "sent"]
    assert [one for one, _ in server.kept] == [ANN.recipient, BOB.recipient]


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ({"dot": [SILENT]}, "the answers to the next envelope say nothing about this letter"),
        ({"dot": [SILENT], "RCPT": ["250 ok", "450 not now"]}, "nor do its refusals"),
        (
            {"dot": [SILENT], "MAIL": ["250 ok", "554 never"], "RCPT": ["250 ok", "503 no"]},
            "whatever they say",
        ),
    ],
)
def test_a_letter_whose_answer_never_comes_is_in_doubt(
    serve: Serve, client: Client, script: dict[str, list[str]], what: str
) -> None:
    server = serve(**script)
    smtp = client(server, timeout=0.3)
    assert smtp.send(ANN, following=BOB).result == "in-doubt", what
    assert smtp.send(BOB).result == "sent"


def test_one_answer_too_many_is_never_the_next_letters(serve: Serve, client: Client) -> None:
    server = serve(dot=["250 kept\r\n250 kept again"])
    smtp = client(server)
    assert smtp.send(ANN, following=BOB).result == "sent"
    server.script["dot"] = ["554 spam"]
    assert smtp.send(BOB).result == "refused", "it was given over a connection that is in step"
    assert server.connections == 2


def test_an_answer_before_the_letter_is_given_says_nothing_about_it(serve: Serve, client: Client) -> None:
    server = serve(DATA=["354 go on\r\n250 kept already"])
    outcome = client(server).send(ANN)
    assert (outcome.result, outcome.of_server) == ("later", True)
    assert server.kept == []


def test_a_server_that_swallows_what_went_ahead_is_given_letters_one_by_one(
    serve: Serve, client: Client
) -> None:
    server = serve(MAIL=["250 ok", SILENT], RCPT=["250 ok", SILENT], DATA=["354 go on", SILENT])
    smtp = client(server, timeout=0.3)
    assert sent_all(smtp, ANN, BOB, CEM, ANN) == ["sent"] * 4
    assert server.blocks[-5:-1] == [["MAIL", "RCPT", "DATA"], ["dot"]] * 2


def test_another_letter_than_the_announced_one_never_takes_its_place(serve: Serve, client: Client) -> None:
    server = serve()
    smtp = client(server)
    smtp.send(ANN, following=BOB)
    assert smtp.send(CEM).result == "sent"
    assert [one for one, _ in server.kept] == [ANN.recipient, CEM.recipient]


def test_there_is_time_for_something_else_while_the_server_thinks(serve: Serve, client: Client) -> None:
    server = serve(dot=[SILENT])
    done: list[int] = []
    smtp = client(server, timeout=0.05)
    assert smtp.send(ANN, meanwhile=lambda: done.append(len(server.kept))).result == "in-doubt"
    assert done[-1] == 1, "the whole letter was there"


def test_a_big_letter_and_the_next_arrive_whole(serve: Serve, client: Client) -> None:
    server = serve()
    big = Letter("big@example.com", b".\r\n" + b"x" * 70 + b"\r\n" + b".." * 150_000 + b"\r\n")
    assert sent_all(client(server), big, ANN) == ["sent", "sent"]
    arrived = server.kept[0][1].replace(b"\r\n..", b"\r\n.").removeprefix(b".")
    assert arrived == big.data
    assert server.kept[1] == (ANN.recipient, ANN.data)


def test_where_words_were_put_before_tls_no_letter_leaves(
    serve: Serve, client: Client, certificate: tuple[Path, Path]
) -> None:
    injected = "220 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n250 ok\r\n"
    server = serve(certificate=certificate, STARTTLS=[injected])
    smtp = client(server, tls="starttls", ca_file=str(certificate[0]))
    outcome = smtp.send(ANN)
    assert (outcome.result, outcome.reached) == ("later", False)
    assert "said something before TLS began" in outcome.text
    assert server.kept == []
    assert smtp.send(BOB).result == "sent", "the next connection is as it should be"


def test_a_connection_that_rested_for_long_is_replaced_before_it_is_needed(
    serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()
    smtp = client(server)
    assert smtp.send(ANN).result == "sent"
    monkeypatch.setattr("outbox.smtp._KEPT_FOR", -1.0)
    assert smtp.send(BOB).result == "sent"
    assert server.connections == 2
