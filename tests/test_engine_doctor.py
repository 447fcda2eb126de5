"""The doctor: every thing that can be wrong here, with the very sentence that is said of it."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy

from cases.rules.rulebook import Rulebook
from engine import room
from engine.alerts import Board
from engine.doctor import databases, examination, machine, people, rights
from engine.doctor.finding import Finding, note, right, summary, text, wrong
from engine.doctor.rights import Private
from engine.doctor.trying import Probe, tried
from engine.rule_files import read_rules
from language.trouble import Trouble
from settings import Settings
from store.database import Database, StoreDown
from tests.commands import command as run
from tests.hosts import DovecotHost, Host, free_ports
from tests.journeys import Journey

STANDS_AT = sqlalchemy.text("UPDATE alembic_version SET version_num = :revision")
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def told(findings: Any) -> list[tuple[str, str, str]]:
    return [(str(one.state), one.words, one.todo) for one in findings]


def settings(**changes: Any) -> Settings:
    values = {"IMAP_HOST": "h", "IMAP_USER": "u", "SMTP_HOST": "h", "COMPLAINTS_ADDRESS": "c@shop.example"}
    return Settings.model_validate(values | changes)


# -- trying


class _Locked(Trouble):
    advice = "unlock it"


def _fails_after_one() -> Iterator[Finding]:
    yield right("the first is right")
    raise ZeroDivisionError("hunter2 by zero")


def _in_trouble() -> list[Finding]:
    raise _Locked("it is locked")


def test_a_probe_that_fails_is_a_finding_and_hides_secrets() -> None:
    found = tried(Probe("Sums", _fails_after_one), ("hunter2",))
    assert [(one.topic, str(one.state), one.words) for one in found] == [
        ("Sums", "right", "the first is right"),
        ("Sums", "wrong", "this could not be tried: ZeroDivisionError: (hidden) by zero"),
    ]
    assert told(tried(Probe("Doors", _in_trouble))) == [("wrong", "it is locked", "unlock it")]


def test_what_a_terminal_would_obey_is_not_said() -> None:
    (found,) = tried(Probe("Proof", lambda: [wrong("it calls itself \x1b[2Jmx\u202e", "set \x9b31mit")]))
    assert (found.words, found.todo) == ("it calls itself [2Jmx", "set 31mit")


def test_a_virus_scanner_that_is_away_is_no_mistake_of_ours() -> None:
    (port,) = free_ports(1)
    scanner: Any = SimpleNamespace(CLAMAV=f"127.0.0.1:{port}")
    (found,) = tried(Probe("Virus scanner", lambda: examination._scanner(scanner)))
    assert found.words.endswith("can't be asked (Connection refused); start clamd, or mend CLAMAV")
    assert not found.todo


def test_a_probe_that_takes_too_long_is_left_alone() -> None:
    def slow() -> Iterator[Finding]:
        yield note("it begins")
        time.sleep(30)

    found = tried(Probe("Slow", slow, seconds=0.2))
    assert [one.words for one in found] == ["it begins", "no answer within 0.2 seconds"]


def test_the_page_says_what_to_do_below_what_is_not_right() -> None:
    found = tried(Probe("Doors", lambda: [right("open"), wrong("locked", "unlock it"), note("red")]))
    assert list(text(found)) == [
        "Doors",
        "  ok     open",
        "  WRONG  locked",
        "         → unlock it",
        "  note   red",
        "1 thing is wrong, of 3 tried, 1 to know of; mend them in this order",
    ]
    assert summary(found[:1]) == "all is well: 1 things tried"


# -- the machine


def test_a_python_that_is_too_old_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(next(machine.python()).state) == "right"
    monkeypatch.setattr(machine, "OLDEST_PYTHON", (99, 0))
    assert next(machine.python()).todo == "install Python 3.11 or newer, and run make again"


def test_a_clock_of_another_year_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (found,) = machine.clock(datetime(1970, 1, 1, tzinfo=UTC))
    assert (str(found.state), found.todo) == (
        "wrong",
        "set the clock, and let it be kept right: timedatectl set-ntp true",
    )
    monkeypatch.setattr(machine, "TIMESYNC", tmp_path)
    monkeypatch.setattr(machine, "SYNCHRONISED", tmp_path / "synchronized")
    assert next(machine.clock(NOW)).words.endswith("; nobody has set it by the network yet")
    (tmp_path / "synchronized").touch()
    assert str(next(machine.clock(NOW)).state) == "right"


@pytest.mark.parametrize(
    ("free", "files", "state", "says"),
    [
        (100 * 2**20, 0.5, "wrong", "100 MB free"),
        (2**30, 0.5, "note", "1 GB free"),
        (2**40, 0.01, "wrong", "room for only 10000 more files"),
        (2**40, 0.05, "note", "but room for only 50000 more files"),
        (2**40, 0.5, "right", "1.0 TB free"),
    ],
)
def test_a_disk_that_fills_up_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, files: float, state: str, says: str
) -> None:
    inodes = int(files * 1_000_000)
    disk = SimpleNamespace(f_bavail=free // 4096, f_frsize=4096, f_favail=inodes, f_files=1_000_000)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    (found,) = machine.disks([("the database", tmp_path / "not" / "there")])
    assert (str(found.state), says in found.words) == (state, True), found
    assert found.words.startswith("disk of the database, temporary files (")


# -- who may read and write


@pytest.mark.parametrize(
    ("mode", "state", "words", "todo"),
    [
        (0o644, "wrong", "is open to every user of this machine (mode 644)", "chmod 600 '{path}'"),
        (
            0o640,
            "note",
            "is open to its group {group} (mode 640)",
            "unless you mean that: chmod 600 '{path}'",
        ),
        (0o600, "right", "for their owner alone: the settings file", ""),
    ],
)
def test_a_secret_that_others_can_read_is_told(
    tmp_path: Path, mode: int, state: str, words: str, todo: str
) -> None:
    path = tmp_path / ".env"
    path.touch()
    path.chmod(mode)
    (found,) = rights.private([Private("the settings file", path), Private("a token", tmp_path / "none")])
    known = {"path": path, "group": path.group()}
    assert (str(found.state), found.todo) == (state, todo.format(**known))
    assert found.words.endswith(words.format(**known))


def test_what_belongs_to_another_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "peygir.sqlite3"
    path.touch(0o600)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    if path.stat().st_uid == 0:
        os.chown(path, 12345, 12345)
    (found,) = rights.private([Private("the database", path)])
    assert "belongs to another user" in found.words
    assert found.todo.endswith(f"chown 54321 '{path}'")


def test_rules_that_others_can_change_are_told(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir(0o755)
    (tmp_path / "agents.yaml").touch(0o644)
    tmp_path.chmod(0o755)
    assert [str(one.state) for one in rights.decided_by_others("the rules", tmp_path)] == ["right"]
    (tmp_path / "agents.yaml").chmod(0o664)
    (found,) = rights.decided_by_others("the rules", tmp_path)
    assert (str(found.state), found.todo) == ("note", f"unless you mean that: chmod -R g-w '{tmp_path}'")
    (tmp_path / "words").chmod(0o777)
    (found,) = rights.decided_by_others("the rules", tmp_path)
    assert found.words == f"every user of this machine can change the rules: {tmp_path / 'words'}"
    assert found.todo == f"chmod -R o-w '{tmp_path}'; they decide what customers are told"


# -- agents


def rulebook_of(agents: str, quick_journey: Journey) -> Rulebook:
    (quick_journey.rules / "agents.yaml").write_text(f"agents:\n{agents}", "utf-8")
    rulebook, problems = read_rules(quick_journey.rules)
    assert rulebook is not None, problems
    return rulebook


@pytest.mark.parametrize(
    ("agents", "says"),
    [
        (
            "  - {address: sam@example.com, name: Sam, roles: [agent, approver, admin]}\n",
            (
                "wrong",
                "rules/agents.yaml still has addresses of the example: sam@example.com",
                "write your agents' own addresses there: drafts are mailed to them",
            ),
        ),
        (
            "  - {address: sam@shop.example, name: Sam, roles: [agent, admin]}\n",
            (
                "note",
                "nobody in rules/agents.yaml is an approver: what is beyond an agent's authority can be "
                "granted by nobody",
                "add roles: [agent, approver] to whoever may say yes",
            ),
        ),
        (
            "  - {address: c@shop.example, name: Sam, roles: [agent, approver, admin]}\n",
            (
                "wrong",
                "rules/agents.yaml: c@shop.example is an address that we read ourselves",
                "name persons there",
            ),
        ),
        (
            "  - {address: a@shop.example, name: Sam, roles: [agent, approver, admin]}\n",
            ("right", "1 agents, 1 approvers, 1 admins", ""),
        ),
    ],
)
def test_whoever_is_missing_among_the_agents_is_told(
    quick_journey: Journey, agents: str, says: tuple[str, str, str]
) -> None:
    assert says in told(people.roles(rulebook_of(agents, quick_journey), ("c@shop.example",)))


# -- the database


def test_a_good_database_is_right(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    database.close()
    found = told(databases.look(settings(DATABASE_URL=database_url), datetime.now(UTC)))
    assert {state for state, _, _ in found} == {"right"}, found
    words = [words for _, words, _ in found]
    assert words[0].endswith("has this version's tables")
    if database_url.startswith("sqlite"):
        assert [one.partition(" (")[0] for one in words[1:]] == [
            "it is whole",
            "its log of writes is 0 bytes",
        ]
    else:
        assert words[1].startswith("PostgreSQL ")
        assert words[1].endswith("commits are on disk (synchronous_commit = on)")
        assert words[2].endswith("of 100 connections are in use")


def test_a_database_that_is_not_there_is_no_trouble_and_is_not_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state' / 'peygir.sqlite3'}"
    assert told(databases.look(settings(DATABASE_URL=url), NOW)) == [
        ("note", "there is no database yet; the worker makes it when it starts", "worker.py run")
    ]
    assert list(tmp_path.iterdir()) == []


def test_tables_of_another_version_are_told(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    for revision, words in (
        ("0001", "its tables are an older version's; start `worker.py run` once, which mends that"),
        (
            "9999",
            "a newer version of Peygir made its tables; run that one, or restore an older backup",
        ),
    ):
        with database.write() as session:
            session.connection().execute(STANDS_AT, {"revision": revision})
        first = next(iter(databases.look(settings(DATABASE_URL=database_url), NOW)))
        assert first.words.endswith(words)
    database.close()


def test_a_damaged_database_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "peygir.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (pages,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    raw = bytearray(path.read_bytes())
    raw[(pages - 1) * size : pages * size] = b"\x7f" * size
    path.write_bytes(raw)
    try:
        found = told(databases.look(settings(DATABASE_URL=f"sqlite:///{path}"), NOW))
    except StoreDown as down:
        found = [("wrong", str(down), "")]
    assert any(state == "wrong" and "damaged" in words for state, words, _ in found), found


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_clock_that_differs_from_the_databases_is_wrong(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    database.close()
    now = datetime.now(UTC) + timedelta(minutes=1)
    last = list(databases.look(settings(DATABASE_URL=database_url), now))[-1]
    assert str(last.state) == "wrong"
    assert last.words in {f"the database's clock and this machine's differ by {n} s" for n in (59, 60)}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_something_between_us_and_postgresql_is_told(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(database_url)
    database.migrate()
    database.close()
    monkeypatch.setattr("store.soundness._between", lambda *_: True)
    found = told(databases.look(settings(DATABASE_URL=database_url), datetime.now(UTC)))
    assert ("note", "something stands between here and PostgreSQL, such as pgbouncer") in [
        one[:2] for one in found
    ]


# -- the whole, as a user runs it


def test_it_is_content_with_a_good_setup(journey: Journey, mail_host: Host) -> None:
    if isinstance(mail_host, DovecotHost):
        journey.only_english()
    journey.work()
    journey.stop()
    ended = run(journey, "doctor", "--send", "me@example.org")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "WRONG" not in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("all is well: ")
    journey.only_english()
    again = json.loads(run(journey, "doctor", "--json").stdout)
    assert again["healthy"] is True
    assert {"topic", "state", "words", "todo"} == set(again["findings"][0])


def test_one_that_fails_stops_no_other_and_no_secret_is_said(quick_journey: Journey) -> None:
    quick_journey.only_english()
    quick_journey.work()
    quick_journey.stop()
    (dead,) = free_ports(1)
    ended = run(
        quick_journey,
        "doctor",
        "--json",
        IMAP_PASSWORD="hunter2-imap",
        SMTP_PORT=str(dead),
        TRUSTED_AUTHSERV_ID="",
    )
    assert ended.returncode == 1
    assert ended.stderr == ""
    assert "hunter2-imap" not in ended.stdout
    found = json.loads(ended.stdout)["findings"]
    bad = [one["topic"] for one in found if one["state"] == "wrong"]
    assert bad == ["Mailbox", "Sending", "Proof of agents' mail"]
    assert [one["topic"] for one in found if one["state"] == "right"][-1] == "Database"


def test_wrong_settings_are_told_and_what_can_be_tried_is_tried(quick_journey: Journey) -> None:
    quick_journey.only_english()
    ended = run(quick_journey, "doctor", IMAP_TLS="maybe")
    assert ended.returncode == 1
    assert "WRONG  environment: IMAP_TLS = 'maybe'" in ended.stdout
    assert "ok     rules and letters are right" in ended.stdout
    assert "note   nothing else can be tried before the settings are right" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


def test_a_sample_is_read_and_one_that_is_not_there_is_told(quick_journey: Journey) -> None:
    quick_journey.only_english()
    sample = quick_journey.folder / "sample.eml"
    sample.write_bytes(
        b"Authentication-Results: mx.other.example; dmarc=pass header.from=example.org\r\n"
        b"From: ann@example.org\r\nTo: x\r\nSubject: x\r\n\r\nx\r\n"
    )
    ended = run(quick_journey, "doctor", "--mail", str(sample))
    assert "if this mail came straight into the mailbox: set TRUSTED_AUTHSERV_ID=mx.other.example" in (
        ended.stdout
    )
    missing = run(quick_journey, "doctor", "--mail", "none.eml")
    assert (missing.returncode, missing.stderr) == (
        1,
        "none.eml can't be used: No such file or directory\n",
    )
    assert run(quick_journey, "doctor", "--send", "not an address").returncode == 2


def test_it_makes_nothing(quick_journey: Journey) -> None:
    quick_journey.only_english()
    run(quick_journey, "doctor")
    assert not list(quick_journey.folder.glob("peygir.sqlite3*"))


def test_a_disk_that_is_nearly_full_is_told_to_admins_and_when_it_no_longer_is(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = quick_journey.worker.desk
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(Board, "trouble", lambda _, key, words, now: said.append((key, words)))
    monkeypatch.setattr(Board, "recovered", lambda _, key, now: said.append((key,)))
    full = SimpleNamespace(f_bavail=10, f_frsize=4096, f_favail=9, f_files=10)
    with monkeypatch.context() as patch:
        patch.setattr(os, "statvfs", lambda _: full)
        room.look(desk)
    room.look(desk)
    key = f"disk/{quick_journey.folder}"
    words = (
        f"disk of the database ({quick_journey.folder}): 40 KB free; make room now: without it no mail is "
    )
    assert said == [(key, f"{words}taken in and nothing is sent"), (key,)]
