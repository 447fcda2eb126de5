"""Migrations of a database that is in use: what it holds is there afterwards."""

from __future__ import annotations

import zlib
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from store import desk_looks, limits, queue
from store.database import Database
from tests.store_samples import CUSTOMER, NOW

MIGRATIONS = Path(__file__).parent.parent / "store" / "migrations"
RAW = "INSERT INTO raw (id, data) VALUES (1, :data)"
ACK = """INSERT INTO letter (id, kind, key, recipient, recipient_key, envelope_from, message_id,
subject, raw_id, state, priority, created_at, due_at, attempts, in_doubt, undelivered,
last_error) VALUES (7, 'ack', 'ack/1', 'a@example.com', 'a@example.com', '',
'<a@shop.example>', 'Re: late', 1, 'queued', 0, :now, :now, 2, false, false, '')"""


def stamp(database: Database) -> str | datetime:
    """A time as the database keeps it."""
    return f"{NOW:%Y-%m-%d %H:%M:%S.%f}" if database.dialect == "sqlite" else NOW


def made_at(url: str, revision: str) -> Database:
    """A database with the tables of an older version."""
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database._writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return database


def test_letters_that_waited_before_leave_with_the_same_bytes(database_url: str) -> None:
    with closing(made_at(database_url, "0002")) as database:
        with database.write() as session:
            store = session.connection().execute
            store(text(RAW), {"data": zlib.compress(b"a")})
            store(text(ACK), {"now": stamp(database)})
        database.migrate()
        with database.write() as session:
            assert limits.lately(session, CUSTOMER, "", NOW, 1).acks_in_all == 1
            [letter] = queue.claim(session, worker_id="w1", now=NOW, limit=9)
        assert (letter.id, letter.data, letter.attempt, letter.unsent) == (7, b"a", 3, 0)


@pytest.mark.parametrize("wrong", ["attempts = -1", "state = 'lost'", "raw_id = 99", "encloses_raw_id = 99"])
def test_what_was_checked_before_is_checked_afterwards(database_url: str, wrong: str) -> None:
    with closing(made_at(database_url, "0002")) as database:
        database.migrate()
        with database.write() as session:
            store = session.connection().execute
            store(text(RAW), {"data": zlib.compress(b"a")})
            store(text(ACK), {"now": stamp(database)})
        with pytest.raises(IntegrityError), database.write() as session:
            session.connection().execute(text(f"UPDATE letter SET {wrong}"))  # noqa: S608


CASE = """INSERT INTO "case" (number, status, kind, category, severity, fault, language, channel, subject,
customer, customer_name, assignee, reply_token, confidence, why, mentions, not_acknowledged_because,
check_ins, opened_at) VALUES (1, 'open', 'complaint', 'late', 'normal', 'unknown', 'en', 'mail', '',
:customer, '', '', 'a', 0.5, '[]', '[]', '', 0, :now)"""
OFFER = """INSERT INTO compensation (id, case_number, customer, kind, amount, currency, reason, offered_by,
granted_by, state, offered_at) VALUES (:id, 1, :customer, 'refund', :amount, 'EUR', '', 'sam@example.com', '',
'offered', :now)"""
GIVEN = {"Ann+shop@Example.com": "1.00", "ann@example.com": "2.00", "+x@example.com": "4.00", "": "8.00"}


def test_what_a_tagged_address_was_given_before_counts_for_the_customer(database_url: str) -> None:
    with closing(made_at(database_url, "0004")) as database:
        with database.write() as session:
            store = session.connection().execute
            store(text(CASE), {"now": stamp(database), "customer": "Ann+shop@Example.com"})
            for at, (customer, amount) in enumerate(GIVEN.items(), 1):
                given = {"id": at, "customer": customer, "amount": amount, "now": stamp(database)}
                store(text(OFFER), given)
        database.migrate()
        with database.write() as session:
            since = NOW - timedelta(days=1)

            def found(customer: str) -> list[str]:
                return [one.amount for one in desk_looks.given_since(session, customer, since)]

            assert found("ann@example.com") == ["1.00", "2.00"]
            assert (found("+x@example.com"), found("")) == (["4.00"], ["8.00"])
