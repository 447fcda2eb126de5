"""Facts of cases: written with their mail, each once, taken along, and read without those that are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlmodel import select

from store import facts, ledger, queries
from store.database import Database, opened
from store.models import CaseFact, MailKind, Status
from store.values import Beside, CaseChange, Fact, NewRow, Recording, RowChange
from tests.store_samples import NOW, a_case, change, complaint, message

ORDER = Fact("order_number", "AB-4711", "ab-4711", "subject")
LAMP = Fact("product", "lamp", "lamps")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as found:
        yield found


def rows(database: Database, number: int) -> list[CaseFact]:
    with database.read() as session:
        of_case = select(CaseFact).where(CaseFact.case_number == number)
        return sorted(session.exec(of_case), key=lambda one: (one.name, one.value))


def told(database: Database, number: int) -> tuple[Fact, ...]:
    with database.read() as session:
        return facts.of_case(session, number).facts


def test_a_case_is_opened_with_the_facts_of_its_mail(database: Database) -> None:
    with database.write() as session:
        number = queries.next_number(session)
        recording = replace(complaint(number), facts=(LAMP, ORDER))
        mail = ledger.record_mail(session, message(), recording, raw=b"raw", kind=MailKind.CUSTOMER, now=NOW)
        mail_id = mail.id
    assert [(one.name, one.value, one.as_written, one.found_in) for one in rows(database, number)] == [
        ("order_number", "AB-4711", "ab-4711", "subject"),
        ("product", "lamp", "lamps", "words"),
    ]
    assert {(one.mail_id, one.said_by, one.removed) for one in rows(database, number)} == {
        (mail_id, "", False)
    }
    assert told(database, number) == (ORDER, LAMP)


def test_a_further_mail_adds_what_is_new_and_nothing_twice(database: Database) -> None:
    with database.write() as session:
        number, mail = a_case(session)
        first_id = mail.id
        ledger.record(session, Recording(case_number=number, facts=(ORDER,)), now=NOW, mail=mail)
        again = Recording(case_number=number, facts=(replace(ORDER, as_written="AB-4711"), LAMP))
        ledger.record_mail(session, message("two"), again, raw=b"two", kind=MailKind.CUSTOMER, now=NOW)
    assert told(database, number) == (ORDER, LAMP)
    assert rows(database, number)[0].mail_id == first_id


def test_a_mail_of_no_case_leaves_no_fact(database: Database) -> None:
    with database.write() as session:
        lost = Recording(facts=(ORDER,))
        ledger.record_mail(session, message(), lost, raw=b"raw", kind=MailKind.CUSTOMER, now=NOW)
    with database.read() as session:
        assert session.exec(select(CaseFact)).all() == []


def said(number: int, value: str) -> NewRow:
    values = {"case_number": number, "name": "order_number", "value": value, "as_written": value}
    return NewRow("fact", values | {"found_in": "", "said_by": "sam@example.com"})


def taken_away(number: int, value: str, *, removed: bool = True) -> RowChange:
    key = {"case_number": number, "name": "order_number", "value": value}
    return RowChange(
        "fact", key, {"removed": not removed}, {"removed": removed, "said_by": "sam@example.com"}
    )


def test_what_an_agent_took_away_does_not_come_back_with_the_next_mail(database: Database) -> None:
    with database.write() as session:
        number, mail = a_case(session)
        ledger.record(session, Recording(case_number=number, facts=(ORDER,)), now=NOW, mail=mail)
        gone = Recording(
            case_number=number, rows=(said(number, "X-1"),), changes=(taken_away(number, "AB-4711"),)
        )
        ledger.record(session, gone, now=NOW)
        again = Recording(case_number=number, facts=(ORDER,))
        ledger.record_mail(session, message("two"), again, raw=b"two", kind=MailKind.CUSTOMER, now=NOW)
    with database.read() as session:
        known = facts.of_case(session, number)
    assert [one.value for one in known.facts] == ["X-1"]
    assert known.removed == (ORDER,)


def test_an_agent_says_what_a_mail_said_before(database: Database) -> None:
    with database.write() as session:
        number, mail = a_case(session)
        ledger.record(session, Recording(case_number=number, facts=(ORDER,)), now=NOW, mail=mail)
        ledger.record(session, Recording(case_number=number, rows=(said(number, "AB-4711"),)), now=NOW)
    assert told(database, number) == (ORDER,)


def test_two_agents_who_take_the_same_value_away_meet(database: Database) -> None:
    with database.write() as session:
        number, mail = a_case(session)
        ledger.record(session, Recording(case_number=number, facts=(ORDER,)), now=NOW, mail=mail)
        gone = Recording(case_number=number, changes=(taken_away(number, "AB-4711"),))
        ledger.record(session, gone, now=NOW)
        with pytest.raises(ledger.Conflict):
            ledger.record(session, gone, now=NOW)


def test_a_case_that_takes_another_in_knows_its_facts_too(database: Database) -> None:
    with database.write() as session:
        number, mail = a_case(session)
        other, other_mail = a_case(session, "two")
        ledger.record(session, Recording(case_number=number, facts=(ORDER, LAMP)), now=NOW, mail=mail)
        ledger.record(session, Recording(case_number=other, facts=(ORDER,)), now=NOW, mail=other_mail)
        beside = Beside(change(other, Status.NEW), takes_all=True)
        closed = change(number, Status.NEW, status=Status.CLOSED, merged_into=other)
        ledger.record(session, Recording(case=closed, beside=beside), now=NOW)
    assert told(database, other) == (ORDER, LAMP)
    assert told(database, number) == (ORDER, LAMP)


def test_a_case_that_is_split_off_has_the_facts_of_its_mail(database: Database) -> None:
    with database.write() as session:
        number, mail = a_case(session)
        new = complaint(queries.next_number(session)).case
        assert new
        assert mail.id
        beside = Beside(CaseChange(new.number, None, new.values), takes_mails=(mail.id,), facts=(LAMP,))
        ledger.record(session, Recording(case=change(number, Status.NEW), beside=beside), now=NOW)
        mail_id = mail.id
    assert told(database, new.number) == (LAMP,)
    assert [one.mail_id for one in rows(database, new.number)] == [mail_id]
    assert told(database, number) == ()


def test_the_facts_of_many_cases_are_read_together(database: Database) -> None:
    with database.write() as session:
        number, mail = a_case(session)
        other, _ = a_case(session, "two")
        ledger.record(session, Recording(case_number=number, facts=(ORDER, LAMP)), now=NOW, mail=mail)
        ledger.record(session, Recording(case_number=number, rows=(said(number, "X-1"),)), now=NOW)
    with database.read() as session:
        assert facts.of_cases(session, [other, number]) == {
            number: {"order_number": ["AB-4711", "X-1"], "product": ["lamp"]}
        }
        assert set(facts.of_cases(session, range(2_000))) == {number}


def test_a_value_that_no_database_can_hold_is_cleaned(database: Database) -> None:
    with database.write() as session:
        number, mail = a_case(session)
        odd = Fact("product", "lamp\0\ud800", "\0")
        ledger.record(session, Recording(case_number=number, facts=(odd,)), now=NOW, mail=mail)
    [fact] = told(database, number)
    assert fact.value.startswith("lamp\ufffd")


def test_a_mail_without_facts_costs_no_statement(tmp_path: Path) -> None:
    asked: list[str] = []
    with opened(f"sqlite:///{tmp_path / 'peygir.sqlite3'}") as database, database.write() as session:
        driver = cast(Any, session.connection().connection.dbapi_connection)
        driver.set_trace_callback(asked.append)
        ledger.record_mail(session, message(), complaint(1001), raw=b"raw", kind=MailKind.CUSTOMER, now=NOW)
        driver.set_trace_callback(None)
    assert [one for one in asked if "INTO mail" in one]
    assert [one for one in asked if "fact" in one] == []
