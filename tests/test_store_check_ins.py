"""Who wants no check-ins, who ever answers, and whom no letter reaches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from store import check_ins, ledger, queries, threads
from store.database import Database, opened
from store.models import MailKind
from store.values import NewRow, Recording
from tests.store_samples import CUSTOMER, NOW, a_case, letter, message

LATER = NOW + timedelta(days=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as found:
        yield found


def says(database: Database, number: int, *, again: bool, address: str = CUSTOMER) -> None:
    values = {"address": address, "at": LATER if again else NOW, "case_number": number, "asked_again": again}
    with database.write() as session:
        row = NewRow("opt_out", values)
        ledger.record(session, Recording(case_number=number, rows=(row,)), now=NOW)


def opted_out(database: Database, address: str) -> bool:
    with database.read() as session:
        return check_ins.opted_out(session, address) is not None


def a_new_case(database: Database) -> int:
    with database.write() as session:
        return a_case(session)[0]


def test_the_newest_word_counts(database: Database) -> None:
    number = a_new_case(database)
    assert not opted_out(database, CUSTOMER)
    says(database, number, again=False)
    says(database, number, again=False)
    assert opted_out(database, CUSTOMER)
    says(database, number, again=True)
    assert not opted_out(database, CUSTOMER)
    says(database, number, again=False)
    assert opted_out(database, CUSTOMER)
    with database.read() as session:
        assert check_ins.opted_out(session, CUSTOMER) == NOW


def test_the_word_counts_for_all_addresses_of_one_mailbox_and_for_nobody_else(database: Database) -> None:
    says(database, a_new_case(database), again=False)
    assert opted_out(database, "Sara+shop@Example.com")
    assert not opted_out(database, "ann@example.com")
    assert not opted_out(database, "")


def test_what_agents_write_is_nothing_heard_of_a_customer(database: Database) -> None:
    number = a_new_case(database)
    with database.write() as session:
        for at, kind in ((NOW, MailKind.CUSTOMER), (LATER, MailKind.COMMAND), (LATER, MailKind.AUTO_REPLY)):
            mail = message(f"{kind}", fingerprint=f"{kind}".ljust(64, "0"))
            recording = Recording(case_number=number)
            ledger.record_mail(session, mail, recording, raw=b"raw", kind=kind, now=at)
        assert threads.customer_wrote(session, number) == NOW
        assert threads.customer_wrote(session, 9999) is None


def test_the_answer_to_a_check_in_is_the_last_that_was_heard(database: Database) -> None:
    number = a_new_case(database)
    with database.write() as session:
        for at, kind in ((NOW, MailKind.CUSTOMER), (LATER, MailKind.CHECK_IN_ANSWER)):
            mail = message(f"{kind}", fingerprint=f"{kind}".ljust(64, "0"))
            recording = Recording(case_number=number)
            ledger.record_mail(session, mail, recording, raw=b"raw", kind=kind, now=at)
        assert threads.customer_wrote(session, number) == LATER


def test_a_customer_is_unreached_when_the_last_letter_came_back(database: Database) -> None:
    number = a_new_case(database)
    with database.write() as session:
        for name in ("one", "two"):
            new = letter(f"check-in/{name}")
            ledger.record(session, Recording(case_number=number, letters=(new,)), now=NOW)
        assert not check_ins.is_unreached(session, number, CUSTOMER)
        first, second = queries.letters_of(session, number)[-2:]
        ledger.record(session, Recording(case_number=number, undelivered=(first.id or 0,)), now=NOW)
        assert not check_ins.is_unreached(session, number, CUSTOMER), "the one after it arrived"
        ledger.record(session, Recording(case_number=number, undelivered=(second.id or 0,)), now=NOW)
        assert check_ins.is_unreached(session, number, CUSTOMER)
        assert not check_ins.is_unreached(session, number, "ann@example.com")
