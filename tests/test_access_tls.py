"""TLS is verified everywhere, and STARTTLS can't be taken away by whoever sits between."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from access import tls
from access.post import Unanswered, post
from inbox.imap import ImapMailbox
from inbox.mailbox import MailboxDown
from outbox.smtp import Smtp, SmtpDown
from tests.certificates import Authority, Pair, server_context
from tests.hosts import until

TALKS = ("imap tls", "imap starttls", "smtp tls", "smtp starttls", "https")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


class Wire:
    """A server that shows a certificate, by itself or after STARTTLS, and says what it is told."""

    def __init__(
        self,
        talk: str,
        context: ssl.SSLContext | None,
        *,
        greeting: bytes = b"",
        agrees: bytes = b"",
        offers: bool = True,
        smuggled: bytes = b"",
    ) -> None:
        self.imap = talk.startswith("imap")
        self._context, self._at_once = context, not talk.endswith("starttls")
        self._greeting = greeting or (b"* OK ready\r\n" if self.imap else b"220 mx ESMTP\r\n")
        self._agrees, self._offers, self._smuggled = agrees, offers, smuggled
        self.heard: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        line.settimeout(10)
        with contextlib.suppress(OSError), line:
            if self._at_once and self._context:
                line = self._context.wrap_socket(line, server_side=True)
            line.sendall(self._greeting)
            while command := line.recv(4096):
                self.heard.append(command.strip())
                if b"STARTTLS" in command.upper():
                    line.sendall(self._agreed(command) + self._smuggled)
                    if not self._agrees and self._context:
                        line = self._context.wrap_socket(line, server_side=True)
                else:
                    line.sendall(self._answer(command))
        with contextlib.suppress(OSError):
            line.close()

    def _agreed(self, command: bytes) -> bytes:
        tag = command.split()[0]
        return self._agrees.replace(b"TAG", tag) or (tag + b" OK go\r\n" if self.imap else b"220 go\r\n")

    def _answer(self, command: bytes) -> bytes:
        if not self.imap:
            return b"250-mx\r\n250 STARTTLS\r\n" if self._offers else b"250 mx\r\n"
        tag = command.split()[0]
        offers = b" STARTTLS" if self._offers else b""
        return b"* CAPABILITY IMAP4rev1" + offers + b"\r\n" + tag + b" OK done\r\n"

    def stop(self) -> None:
        self._listener.close()
        self._thread.join(10)


@pytest.fixture
def wire() -> Iterator[Callable[..., Wire]]:
    made: list[Wire] = []

    def make(*arguments: object, **more: object) -> Wire:
        made.append(Wire(*arguments, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.stop()


def connect(talk: str, port: int, ca_file: str = "", host: str = "127.0.0.1") -> str:
    """What is said of it; "" when it got as far as the login."""
    kind, _, way = talk.partition(" ")
    try:
        if kind == "https":
            post(f"https://{host}:{port}/token", {}, ca_file=ca_file, timeout=3)
            return ""
        made = reader(host, port, way, ca_file) if kind == "imap" else sender(host, port, way, ca_file)
        try:
            made.open() if isinstance(made, ImapMailbox) else made.check()
        finally:
            made.close()
    except (MailboxDown, SmtpDown, Unanswered) as said:
        return str(said)
    return ""


def reader(host: str, port: int, way: str, ca_file: str) -> ImapMailbox:
    return ImapMailbox(
        host=host,
        port=port,
        user="u",
        password="secret",
        tls=way,
        folder="INBOX",
        filed_folder="",
        ca_file=ca_file,
        timeout=3,
    )


def sender(host: str, port: int, way: str, ca_file: str) -> Smtp:
    return Smtp(host=host, port=port, user="u", password="secret", tls=way, ca_file=ca_file, timeout=3)


@pytest.mark.parametrize("talk", TALKS)
@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("expired", "it has expired: its admin must renew it, or this machine's clock is wrong"),
        ("elsewhere", "it is not for this IP address: write the host name"),
        ("self", "it is signed by nobody but itself: name it in TLS_CA_FILE"),
        ("unknown", "its authority is not known here: name it in TLS_CA_FILE"),
    ],
)
def test_a_certificate_that_is_not_right_is_refused_in_plain_words(
    talk: str, shown: str, words: str, authority: Authority, wire: Callable[..., Wire]
) -> None:
    pair: Pair
    match shown:
        case "expired":
            pair = authority.certificate("expired", days=-1)
        case "elsewhere":
            pair = authority.certificate("elsewhere", names="subjectAltName=DNS:mail.example.com")
        case "self":
            pair = authority.self_signed()
        case _:
            pair = authority.certificate("unknown")
    server = wire(talk, server_context(pair))
    said = connect(talk, server.port, "" if shown in ("self", "unknown") else str(authority.file))
    assert "shows a certificate that is not trusted" in said
    assert words in said
    assert not any(b"secret" in one for one in server.heard)


@pytest.mark.parametrize("talk", TALKS)
def test_a_host_name_must_be_the_one_in_the_certificate(
    talk: str, authority: Authority, wire: Callable[..., Wire]
) -> None:
    pair = authority.certificate("named", names="subjectAltName=DNS:mail.example.com")
    server = wire(talk, server_context(pair))
    said = connect(talk, server.port, str(authority.file), host="localhost")
    assert "it is for another name: write the host name that stands in the certificate" in said


@pytest.mark.parametrize("talk", TALKS)
def test_an_authority_of_ones_own_is_enough(
    talk: str, authority: Authority, wire: Callable[..., Wire]
) -> None:
    server = wire(talk, server_context(authority.certificate("good")))
    said = connect(talk, server.port, str(authority.file))
    assert "certificate" not in said
    assert until(lambda: server.heard)


@pytest.mark.parametrize("talk", TALKS)
def test_versions_of_tls_that_are_not_safe_are_refused(
    talk: str, authority: Authority, wire: Callable[..., Wire]
) -> None:
    context = server_context(authority.certificate("old"))
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    server = wire(talk, context)
    said = connect(talk, server.port, str(authority.file))
    assert "no longer safe (before 1.2)" in said


def test_nothing_older_than_tls_1_2_is_spoken_whatever_the_system_says() -> None:
    assert tls.context().minimum_version >= ssl.TLSVersion.TLSv1_2
    assert tls.context().check_hostname
    assert tls.context().verify_mode is ssl.CERT_REQUIRED


def test_a_file_that_is_no_authority_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no")
    assert "TLS_CA_FILE" in connect("https", 1, str(tmp_path / "ca.pem"))


# STARTTLS


@pytest.mark.parametrize("talk", ["imap starttls", "smtp starttls"])
def test_starttls_that_is_not_offered_is_not_done_without(talk: str, wire: Callable[..., Wire]) -> None:
    server = wire(talk, None, offers=False)
    assert "offers no STARTTLS" in connect(talk, server.port)
    assert not any(b"secret" in one or b"LOGIN" in one or b"AUTH" in one for one in server.heard)


@pytest.mark.parametrize(
    ("talk", "answer"),
    [
        ("imap starttls", b"TAG NO not now\r\n"),
        ("imap starttls", b"TAG BAD what\r\n"),
        ("smtp starttls", b"454 4.7.0 TLS not available\r\n"),
        ("smtp starttls", b"502 5.5.1 what\r\n"),
        ("smtp starttls", b"250 ok but no\r\n"),
    ],
)
def test_starttls_that_is_refused_is_not_done_without(
    talk: str, answer: bytes, wire: Callable[..., Wire]
) -> None:
    server = wire(talk, None, agrees=answer)
    said = connect(talk, server.port)
    assert "would not start TLS" in said
    assert "without TLS: set" in said
    assert not any(b"secret" in one or b"AUTH" in one for one in server.heard)


@pytest.mark.parametrize(
    ("talk", "smuggled"),
    [
        ("imap starttls", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"),
        ("imap starttls", b"* PREAUTH welcome\r\n"),
        ("imap starttls", b"a"),
        ("smtp starttls", b"250 AUTH PLAIN\r\n"),
        ("smtp starttls", b"220 again\r\n"),
        ("smtp starttls", b"x"),
    ],
)
def test_words_from_before_tls_never_count_as_said_under_it(
    talk: str, smuggled: bytes, authority: Authority, wire: Callable[..., Wire]
) -> None:
    server = wire(talk, server_context(authority.certificate("smuggled")), smuggled=smuggled)
    said = connect(talk, server.port, str(authority.file))
    assert "somebody between us said something before TLS began" in said
    assert not any(b"secret" in one for one in server.heard)


@pytest.mark.parametrize("way", ["imap starttls", "imap tls", "imap none"])
def test_a_mailbox_that_opens_before_any_login_is_refused(
    way: str, authority: Authority, wire: Callable[..., Wire]
) -> None:
    context = server_context(authority.certificate("preauth")) if way == "imap tls" else None
    server = wire(way, context, greeting=b"* PREAUTH welcome, stranger\r\n")
    assert "lets us in before any login (PREAUTH)" in connect(way, server.port, str(authority.file))


def test_a_server_that_takes_no_login_without_tls_says_which_setting(wire: Callable[..., Wire]) -> None:
    server = wire("imap none", None, offers=False, greeting=b"* OK ready\r\n")
    server._answer = lambda command: (  # type: ignore[method-assign]
        b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n" + command.split()[0] + b" OK done\r\n"
    )
    said = connect("imap none", server.port)
    assert "LOGINDISABLED" in said
    assert "set IMAP_TLS=starttls" in said
    assert not any(b"secret" in one for one in server.heard)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("mail.localhost", True),
        ("127.0.0.1.example.com", False),
        ("localhost.example.com", False),
        ("10.0.0.1", False),
        ("mail.example.com", False),
        ("192.0.2.1", False),
    ],
)
def test_only_this_machine_counts_as_here(host: str, here: bool) -> None:
    assert tls.is_here(host) is here
