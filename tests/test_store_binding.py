"""How values travel to the driver: each kind as SQLAlchemy says, and the same ones worked out once."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest

from store.database import opened
from store.models import Event, EventKind
from store.statements import Insert, Select
from store.writing import TABLES
from tests.store_samples import NOW

_EVENT = TABLES["event"]
NEW = Insert(_EVENT, returning="id")
FOUND = Select(Event, _EVENT.c.id == _EVENT.c.id, order=[_EVENT.c.id])
ANYTHING: tuple[Any, ...] = ({}, [], {"a": []}, [{}], 0, False, "", "a", 1, None)


def test_what_is_empty_comes_back_as_what_it_was(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for data in ANYTHING:
            NEW.row(session, {"at": NOW, "kind": EventKind.NOTED, "actor": "sam", "text": "", "data": data})
        back = [one.data for one in FOUND.all(session)]
    assert [(type(one), one) for one in back] == [(type(one), one) for one in ANYTHING]


def test_a_moment_is_the_same_however_its_zone_was_written(database_url: str) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=3, minutes=30)))
    row = {"kind": EventKind.NOTED, "actor": "sam", "text": "", "data": {}}
    with opened(database_url) as database, database.write() as session:
        for moment in (there, NOW, NOW + timedelta(microseconds=1)):
            NEW.row(session, {**row, "at": moment})
        back = [one.at for one in FOUND.all(session)]
    assert back == [NOW, NOW, NOW + timedelta(microseconds=1)]


def test_after_a_rollback_a_session_writes_in_its_next_transaction(database_url: str) -> None:
    row = {"at": NOW, "kind": EventKind.NOTED, "actor": "sam", "text": "", "data": {}}
    with opened(database_url) as database:
        with pytest.raises(RuntimeError), database.write() as session:
            NEW.row(session, row)
            session.rollback()
            NEW.row(session, row)
            raise RuntimeError
        with database.write() as session:
            assert FOUND.all(session) == []
            NEW.row(session, row)
            session.rollback()
            NEW.row(session, row)
        with database.read() as session:
            assert len(FOUND.all(session)) == 1
