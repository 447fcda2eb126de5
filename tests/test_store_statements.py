"""Statements on the driver: values travel as SQLAlchemy says, and trouble is what it is elsewhere."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from store.database import Database, opened
from store.models import Event, EventKind, Letter, LetterKind, LetterState, Tombstone
from store.statements import Insert, Select, Statement, savepoint
from store.trouble import StoreDown, is_duplicate
from store.writing import TABLES
from tests.store_samples import HOUR, NOW, a_case

_EVENT, _TOMBSTONE = TABLES["event"], TABLES["tombstone"]
NEW_EVENT, NEW_TOMBSTONE = Insert(_EVENT, returning="id"), Insert(_TOMBSTONE)
EVENT = Select(Event, _EVENT.c.id == bindparam("id"))
TOMBSTONES = Statement(select(_TOMBSTONE.c.fingerprint).order_by(_TOMBSTONE.c.fingerprint))


def remember(session: Session, *fingerprints: str) -> None:
    NEW_TOMBSTONE.add(session, *({"fingerprint": one, "at": NOW} for one in fingerprints))


def test_values_come_back_as_they_were_written(database_url: str) -> None:
    row = {"at": NOW, "kind": EventKind.NOTED, "actor": "sam", "text": "نامه", "data": {"a": [1, None]}}
    with opened(database_url) as database, database.write() as session:
        event_id = NEW_EVENT.row(session, row)
        found = EVENT.one(session, id=event_id)
        assert found is not None
        assert (found.at, found.at.tzinfo is not None) == (NOW, True)
        assert (found.kind, found.text, found.data) == (EventKind.NOTED, "نامه", {"a": [1, None]})
        assert found.kind is EventKind.NOTED
        assert (found.case_number, found.mail_id) == (None, None)


def test_objects_are_the_same_as_those_of_the_orm(database_url: str) -> None:
    statement = Select(Letter, order=[TABLES["letter"].c.id])
    with opened(database_url) as database, database.write() as session:
        a_case(session)
        ours = statement.all(session)
        theirs = session.execute(select(Letter).order_by(text("id"))).scalars().all()
        assert [one.model_dump() for one in ours] == [one.model_dump() for one in theirs]
        assert [(one.kind, one.state) for one in ours] == [
            (LetterKind.ACK, LetterState.QUEUED),
            (LetterKind.DRAFT, LetterState.QUEUED),
        ]
        assert not any(one in session for one in ours)


def test_a_time_without_a_zone_is_refused(database_url: str) -> None:
    with (
        opened(database_url) as database,
        pytest.raises(ValueError, match="timezone"),
        database.write() as session,
    ):
        NEW_TOMBSTONE.add(session, {"fingerprint": "x", "at": NOW.replace(tzinfo=None)})


def test_a_column_without_a_default_must_be_given(database_url: str) -> None:
    with opened(database_url) as database, pytest.raises(KeyError, match="at"), database.write() as session:
        NEW_TOMBSTONE.add(session, {"fingerprint": "x"})


@pytest.mark.parametrize("rows", [("secret", "secret"), ("a", "secret", "secret")])
def test_a_key_that_is_taken_is_an_integrity_error_without_parameters(
    database_url: str, rows: tuple[str, ...]
) -> None:
    with (
        opened(database_url) as database,
        pytest.raises(IntegrityError) as refused,
        database.write() as session,
    ):
        remember(session, *rows)
    assert refused.value.params is None
    assert is_duplicate(refused.value)


def test_what_fails_in_a_savepoint_is_undone_and_nothing_else(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            remember(session, "a")
            with savepoint(session):
                remember(session, "b")
                with pytest.raises(DBAPIError), savepoint(session):
                    remember(session, "c", "a")
                remember(session, "d")
            with pytest.raises(RuntimeError), savepoint(session):
                remember(session, "e")
                raise RuntimeError
        with database.read() as session:
            assert TOMBSTONES.scalars(session) == ["a", "b", "d"]


def test_a_session_that_begins_again_uses_its_new_connection(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            remember(session, "gone")
            session.rollback()
            remember(session, "kept")
        with database.read() as session:
            assert TOMBSTONES.scalars(session) == ["kept"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_breaks_is_said_plainly_and_not_used_again(database_url: str) -> None:
    with opened(database_url) as database:
        with pytest.raises(StoreDown), database.write() as session:
            _end_this_connection(database, session)
            remember(session, "lost")
        with database.write() as session:
            remember(session, "kept")
            assert TOMBSTONES.scalars(session) == ["kept"]


def _end_this_connection(database: Database, session: Session) -> None:
    mine = session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
    with database.write() as other:
        other.connection().execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})


def test_a_statement_is_told_apart_by_its_values_each_time(database_url: str) -> None:
    of = Select(Tombstone, _TOMBSTONE.c.at >= bindparam("since"), order=[_TOMBSTONE.c.fingerprint])
    with opened(database_url) as database, database.write() as session:
        remember(session, "a", "b")
        assert [one.fingerprint for one in of.all(session, since=NOW)] == ["a", "b"]
        assert of.all(session, since=NOW + HOUR) == []
