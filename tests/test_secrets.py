"""No secret is ever said: not in logs, errors, tracebacks, `status`, `events`, `check` or `doctor`, nor in
the list of processes that every user of the machine can see."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.connecting import mailbox_of, transport_of
from inbox.mailbox import MailboxDown
from outbox.smtp import Smtp, SmtpDown
from settings import Settings, load
from settings.model import SECRETS
from store.database import Database, StoreDown
from tests.hosts import Host, free_ports, until
from tests.imap_script import Script
from tests.journeys import Journey
from tests.test_outbox_smtp import Server, tls_server
from tests.test_worker import WORKER, environment, run

PLANTED = {name: f"planted-{name.lower().replace('_', '-')}" for name in SECRETS}
PLANTED["DATABASE_URL"] = "planted-database-url"


def forms(secret: str, user: str) -> list[str]:
    """How a secret may be seen on the way."""
    plain = [secret, f"\0{user}\0{secret}", f"{user}\0{user}\0{secret}"]
    return [secret, *(base64.b64encode(one.encode()).decode() for one in plain)]


def assure_nothing_is_said(said: str, users: tuple[str, ...] = ("u", "desk")) -> None:
    for name, secret in PLANTED.items():
        for user in users:
            for form in forms(secret, user):
                assert form not in said, f"{name} is said: {said[max(said.find(form) - 200, 0) :][:400]}"


def planted(**changes: str) -> dict[str, str]:
    """Every secret, as the environment has them, and a second way for alerts so that all of them are used."""
    secrets = {name: value for name, value in PLANTED.items() if name != "DATABASE_URL"}
    alerts = {"ALERT_ADDRESS": "me@example.org", "ALERT_SMTP_HOST": "127.0.0.1", "ALERT_SMTP_USER": "desk"}
    return secrets | alerts | changes


@pytest.fixture
def scripted() -> Iterator[Callable[..., Script]]:
    made: list[Script] = []

    def script(*answers: bytes) -> Script:
        made.append(Script(*answers))
        return made[-1]

    yield script
    for each in made:
        each.stop()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def make(**options: Any) -> Server:
        made.append(Server(**options))
        return made[-1]

    yield make
    for server in made:
        server.stop()


SMTP_ECHOES = [
    f"535 5.7.8 not {PLANTED['SMTP_PASSWORD']}",
    "535 5.7.8 AUTH PLAIN " + base64.b64encode(f"\0desk\0{PLANTED['SMTP_PASSWORD']}".encode()).decode(),
    f"454 4.7.0 later, {PLANTED['SMTP_PASSWORD']}",
    f"421 4.3.2 {PLANTED['SMTP_PASSWORD']} and goodbye",
]
ECHOES = [
    b"TAG NO [AUTHENTICATIONFAILED] wrong: LOGIN u " + PLANTED["IMAP_PASSWORD"].encode() + b"\r\n",
    b'TAG BAD in "LOGIN "u" "' + PLANTED["IMAP_PASSWORD"].encode() + b'""\r\n',
    b"* BYE you said " + PLANTED["IMAP_PASSWORD"].encode() + b"\r\n",
    b"TAG NO AUTHENTICATE PLAIN " + base64.b64encode(f"\0u\0{PLANTED['IMAP_PASSWORD']}".encode()) + b"\r\n",
]


@pytest.mark.parametrize("echo", ECHOES)
def test_an_imap_server_that_repeats_the_login_gives_nothing_away(
    scripted: Callable[..., Script], echo: bytes
) -> None:
    script = scripted(echo)
    mailbox = script.mailbox(password=PLANTED["IMAP_PASSWORD"])
    with pytest.raises(MailboxDown) as down:
        mailbox.open()
    assert "IMAP" in str(down.value)
    assure_nothing_is_said(f"{down.value!r} {vars(down.value)}")


@pytest.mark.parametrize("echo", SMTP_ECHOES)
def test_an_smtp_server_that_repeats_the_login_gives_nothing_away(
    serve: Callable[..., Server], echo: str
) -> None:
    server = serve()
    server.fails("auth", *[echo] * 3)
    way = transport_of(settings(SMTP_PORT=server.port, SMTP_USER="desk"))
    assert isinstance(way, Smtp)
    with pytest.raises(SmtpDown) as down:
        way.check()
    assert "SMTP" in str(down.value)
    assure_nothing_is_said(f"{down.value!r} {vars(down.value)} {way.server!r} {way.reach()}")


@pytest.mark.parametrize("command", [("doctor",), ("run", "--once")])
def test_no_command_says_what_servers_repeat(
    quick_journey: Journey,
    scripted: Callable[..., Script],
    serve: Callable[..., Server],
    command: tuple[str, ...],
) -> None:
    server = serve()
    server.fails("auth", *[SMTP_ECHOES[0]] * 20)
    there = planted(SMTP_PORT=str(server.port), SMTP_USER="desk", LOG_LEVEL="debug", LOG_FORMAT="json")
    if command == ("run", "--once"):
        # It has to read something before it has something to send.
        quick_journey.customer_writes("My parcel has not arrived.")
        there["IMAP_PASSWORD"] = quick_journey.host.password
    else:
        there |= {"IMAP_PORT": str(scripted(ECHOES[0]).port), "IMAP_USER": "u"}
    ended = run(quick_journey, *command, **there)
    said = ended.stdout + ended.stderr
    assert server.asked.count("auth"), "it was asked"
    assert "SMTP" in said
    assert "Traceback" not in said
    if command == ("run", "--once"):
        for seen in (("status", "--json"), ("events", "--json"), ("queue",), ("show", "1001", "--all")):
            said += "".join(run(quick_journey, *seen, **there).stdout)
    assure_nothing_is_said(said)
    for path in quick_journey.folder.glob("peygir.sqlite3*"):
        assert not any(secret.encode() in path.read_bytes() for secret in PLANTED.values()), path


def settings(**changes: Any) -> Settings:
    there = {"IMAP_HOST": "127.0.0.1", "SMTP_HOST": "127.0.0.1", "COMPLAINTS_ADDRESS": "c@example.com"}
    plain = {"IMAP_USER": "u", "IMAP_TLS": "none", "SMTP_TLS": "none", "SMTP_USER": "desk"}
    return Settings.model_validate(there | plain | planted() | changes)


@pytest.mark.parametrize("tls", ["tls", "starttls", "none"])
def test_wrong_passwords_and_tls_failures_give_nothing_away(
    embedded_host: Host, serve: Callable[..., Server], certificate: tuple[Path, Path], tls: str
) -> None:
    untrusted = serve(tls_context=tls_server(certificate))
    (dead,) = free_ports(1)
    said = ""
    for changes in (
        {"IMAP_PORT": embedded_host.imap_port, "SMTP_PORT": untrusted.port},
        {"IMAP_PORT": embedded_host.imap_port, "SMTP_PORT": untrusted.port, "TLS_CA_FILE": "/dev/null"},
        {"IMAP_PORT": dead, "SMTP_PORT": dead},
    ):
        chosen = settings(IMAP_TLS=tls, SMTP_TLS=tls, **changes)
        with pytest.raises(MailboxDown) as mailbox:
            mailbox_of(chosen).open()
        with pytest.raises(SmtpDown) as way:
            transport_of(chosen).check()
        said += "".join(traceback.format_exception(mailbox.value))
        said += "".join(traceback.format_exception(way.value))
    assert said.count("Traceback") >= 6
    assure_nothing_is_said(said)


URLS = [
    "postgresql+psycopg://u:planted-database-url@127.0.0.1:{dead}/d",
    "postgresql+psycopg://u:planted-database-url@/d?host=/nowhere",
    "postgresql+psycopg://u:planted-database-url@[::bad/d",
    "postgresql+psycopg://u:planted-database-url@127.0.0.1:port/d",
    "mysql://u:planted-database-url@h/d",
]


@pytest.mark.parametrize("url", URLS)
def test_a_database_that_can_not_be_reached_gives_nothing_away(url: str, free_port: int) -> None:
    with pytest.raises(StoreDown) as down:
        Database(url.format(dead=free_port), make=False)
    assure_nothing_is_said("".join(traceback.format_exception(down.value)))


def test_no_command_says_the_password_of_a_database(quick_journey: Journey, free_port: int) -> None:
    for url, *command in ((URLS[0], "run", "--once"), (URLS[2], "check")):
        there = planted(IMAP_PASSWORD=quick_journey.host.password, DATABASE_URL=url.format(dead=free_port))
        ended = run(quick_journey, *command, **there)
        assert ended.returncode == 1
        assure_nothing_is_said(ended.stdout + ended.stderr)
        assert "Traceback" not in ended.stdout + ended.stderr


def test_a_password_that_postgresql_refuses_gives_nothing_away(
    quick_journey: Journey, postgresql: Any
) -> None:
    socket_folder = postgresql.get_uri().partition("host=")[2]
    url = f"postgresql+psycopg://nobody_of_that_name:planted-database-url@/d?host={socket_folder}"
    ended = run(quick_journey, "status", **planted(DATABASE_URL=url))
    assert ended.returncode != 0
    assert "no such database" in ended.stderr or "refused" in ended.stderr or "FATAL" in ended.stderr
    assure_nothing_is_said(ended.stdout + ended.stderr)


def test_a_running_worker_shows_no_secret_in_the_list_of_processes(
    embedded_host: Host, tmp_path: Path
) -> None:
    journey = Journey(embedded_host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path, READ_APART=True)
    secret = journey.host.password
    worker = subprocess.Popen(
        [sys.executable, WORKER, "run"],
        cwd=journey.folder,
        env=environment(journey),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert until((tmp_path / "peygir.sqlite3-wal").exists, 30)
        time.sleep(0.5)
        titles = [path.read_bytes() for path in _command_lines(worker.pid)]
        assert len(titles) >= 2, "the worker and the process that reads mails"
        assert not any(secret.encode() in title for title in titles)
        assert (tmp_path / "peygir.sqlite3").stat().st_mode & 0o777 == 0o600
    finally:
        worker.terminate()
        said, _ = worker.communicate(timeout=20)
    assert secret.encode() not in said


def _command_lines(parent: int) -> list[Path]:
    """Of a process and of all that it began."""
    found = [Path(f"/proc/{parent}/cmdline")]
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        found += [path for child in task.read_text().split() for path in _command_lines(int(child))]
    return found


def test_every_secret_is_one_of_those_that_are_planted_here(tmp_path: Path) -> None:
    needed = {"IMAP_HOST": "h", "IMAP_USER": "u", "SMTP_HOST": "h", "COMPLAINTS_ADDRESS": "c@example.com"}
    url = "postgresql+psycopg://u:planted-database-url@h/d"
    loaded = load(needed | planted(DATABASE_URL=url), tmp_path / "none")
    assert set(loaded.secrets) == set(PLANTED.values())
