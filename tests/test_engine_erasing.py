"""engine.erasing: every column, any moment of a kill, and those who are at work meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.erasing import Done, Eraser
from store import case_texts, erasing, queries, whose
from store.database import Database
from store.fates import FATES, Kept
from store.models import LetterState, Status, TimerState
from store.writing import TABLES
from tests.erasures import tables_with
from tests.plantings import ADDRESS, NOW, NUMBER, OTHER, SECRET, planted, row


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as opened:
        opened.migrate()
        yield opened


def erased(database: Database, address: str = ADDRESS) -> Done:
    with database.read() as session:
        of = whose.find(session, address)
    return Eraser(database, lambda: NOW, {"sam@example.com"}, "operator").person(of)


def found(database: Database) -> dict[str, list[str]]:
    with database.read() as session:
        return tables_with(session, SECRET, ADDRESS)


# Every column


def test_every_column_that_may_hold_words_is_emptied(database: Database) -> None:
    planted(database)
    before = {place.partition(".")[0] for place in found(database)}
    with_words = {
        name for name, columns in FATES.items() if any(not isinstance(f, Kept) for f in columns.values())
    }
    assert before >= with_words - {"raw"}, "what is not planted proves nothing"
    erased(database)
    assert found(database) == {}


def test_who_else_is_there_is_left_alone(database: Database) -> None:
    planted(database)
    with database.write() as session:
        row(session, "draft", case_number=OTHER, body="Dear Bob", version=7)
    erased(database)
    with database.read() as session:
        other = queries.case(session, OTHER)
        assert other is not None
        assert (other.customer, other.erased_at) == ("bob@example.com", None)
        assert "Dear Bob" in [draft.body for draft in queries.drafts_of(session, OTHER)]


def test_nothing_of_an_erased_case_waits_any_more(database: Database) -> None:
    planted(database)
    with database.write() as session:
        row(session, "timer", case_number=NUMBER, state=TimerState.WAITING, key="check-in/1001/1")
        row(session, "token", case_number=NUMBER, sha256="x", used_at=None, revoked_at=None)
    erased(database)
    with database.read() as session:
        case = queries.case(session, NUMBER)
        assert case is not None
        assert (case.status, case.reply_token) == (Status.CLOSED, f"erased/{NUMBER}")
        assert [timer.state for timer in queries.timers_of(session, NUMBER)] == [TimerState.CANCELLED]
        assert {letter.state for letter in queries.letters_of(session, NUMBER)} == {LetterState.SENT}
        good = select(func.count()).where(TABLES["token"].c.revoked_at.is_(None))
        assert session.execute(good).scalar() == 0


def test_erased_twice_is_erased_once(database: Database) -> None:
    planted(database)
    erased(database)
    again = erased(database)
    assert (again.cases, again.mails, again.letters) == ([], 0, 0)


# Killed at any moment

STEPS = ("blank_rows", "blank_letters", "blank_mails", "blank_events", "blank_case", "close_set_aside")


class Killed(BaseException):
    """The power went."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_ended_at_any_moment_it_goes_on_when_it_is_begun_again(
    database_url: str, step: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Database(database_url)) as database:
        database.migrate()
        planted(database)
        real = getattr(erasing, step)

        def killed(*given: Any, **named: Any) -> None:
            if after:
                real(*given, **named)
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(erasing, step, killed)
            with pytest.raises(Killed):
                erased(database)
        assert found(database) != {}, "it was ended too late to prove anything"
        erased(database)
        assert found(database) == {}


# Others at work


on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""SQLite has one writer at a time."""


@on_postgresql
def test_a_text_to_search_is_never_made_of_what_is_being_erased(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        database.migrate()
        planted(database)
        renewing = threading.Thread(target=lambda: _renew(database))
        with database.write() as session:
            erasing.hold(session, NUMBER)
            renewing.start()
            renewing.join(0.5)
            assert renewing.is_alive(), "it waits for who erases"
            erasing.blank_mails(session, erasing.mails_of_case(session, NUMBER), NOW)
            erasing.blank_rows(session, NUMBER, NOW)
            erasing.blank_case(session, NUMBER)
        renewing.join(10)
        with database.read() as session:
            texts = select(TABLES["case_text"].c.text).where(TABLES["case_text"].c.case_number == NUMBER)
            assert not any(SECRET in text for text in session.execute(texts).scalars())


def _renew(database: Database) -> None:
    with database.write() as session:
        case_texts.write(session, [NUMBER])


@on_postgresql
def test_who_decided_on_what_is_erased_meanwhile_brings_nothing_back(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        database.migrate()
        planted(database)
        eraser = threading.Thread(target=lambda: erased(database))
        with database.write() as session:
            case = queries.case(session, NUMBER)
            assert case is not None
            eraser.start()
            _until(lambda: _is_erased(database))
            row(session, "event", plant=True, case_number=NUMBER)
            row(session, "fact", plant=True, case_number=NUMBER, mail_id=None)
        eraser.join(20)
        assert not eraser.is_alive()
        assert found(database) == {}


def _is_erased(database: Database) -> bool:
    with database.read() as session:
        return not whose.find(session, ADDRESS).cases


def _until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(200):
        if true():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come to that")
