"""Every statement on a mail's way goes through an index, so that its cost does not grow with the cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session

from store import ledger, queries, queue, workers
from store.models import ArrivalState, MailKind, Status, TimerKind, TimerState
from store.values import CaseChange, Recording
from tests.store_samples import (
    CUSTOMER,
    HOUR,
    NOW,
    a_mailbox,
    complaint,
    draft,
    draft_token,
    letter,
    message,
    opened,
)
from tests.store_samples import event as an_event

Statement = tuple[str, Any]


@contextmanager
def watched(session: Session) -> Iterator[list[Statement]]:
    """Every statement that the session gives to the database."""
    seen: dict[str, Any] = {}

    def note(_: Any, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
        several = many and isinstance(parameters, list)
        seen.setdefault(statement, parameters[0] if several else parameters)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    found: list[Statement] = []
    yield found
    event.remove(connection, "before_cursor_execute", note)
    found.extend(
        (statement, parameters) for statement, parameters in seen.items() if "SAVEPOINT" not in statement
    )


def scans(session: Session, statements: list[Statement]) -> list[str]:
    """The statements that read a whole table."""
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    # SQLite calls it a scan too to go through the VALUES of an INSERT.
    explain, bad = ("EXPLAIN QUERY PLAN ", r"SCAN (?!\d+ CONSTANT)") if sqlite else ("EXPLAIN ", "Seq Scan")
    if not sqlite:
        # What has an index uses it then, however few rows there are.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
    found = []
    for statement, parameters in statements:
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))
        if re.search(bad, plan):
            found.append(f"{statement}\n{plan}")
    return found


def one_mails_way(session: Session, box: int) -> None:
    """A complaint, a reply, a command, a bounce, the sending and the timers."""
    queries.new_uids(session, box, 7, [1, 2])
    queries.begun(session, box, 7, [1, 2])
    ledger.take(session, box, 7, [1, 2], NOW)
    with ledger.alone(session):
        given = message()
        queries.mail_by_fingerprint(session, given.fingerprint)
        queries.is_erased(session, given.fingerprint)
        queries.case_by_reply_token(session, "x")
        queries.case_of_thread(session, ["<a@x>", "<b@x>"])
        queries.mail_by_message_id(session, given.message_id)
        queries.acks_to(session, CUSTOMER, NOW)
        queries.alerts_to(session, CUSTOMER, NOW)
        queries.acks_in_all(session, NOW)
        queries.customer_cases(session, CUSTOMER)
        number = queries.next_number(session)
        mail = ledger.store_mail(session, given, raw=b"x", kind=MailKind.CUSTOMER, now=NOW)
        ledger.record(session, complaint(number), now=NOW, mail=mail)
        ledger.arrived(session, box, 7, 1, mail_id=mail.id, state=ArrivalState.STORED)
    the_case_goes_on(session, number)
    queries.unfiled(session, box, 7)
    ledger.filed(session, box, 7, [1])


def the_case_goes_on(session: Session, number: int) -> None:
    queries.case(session, number, lock=True)
    queries.case_of_thread(session, [f"<ack.{number}@shop.example>"])
    queries.participants(session, number)
    queries.latest_draft(session, number)
    token = queries.token(session, f"hash{number}")
    assert token is not None
    for read in (
        queries.mails_of,
        queries.letters_of,
        queries.events_of,
        queries.drafts_of,
        queries.timers_of,
    ):
        read(session, number)
    [ack, _] = queries.letters_of(session, number)
    queries.raw(session, ack.raw_id)
    queries.letter_to(session, CUSTOMER)
    bounced = queries.letters_by_message_id(session, [ack.message_id])
    decision = Recording(
        case=CaseChange(number, Status.NEW, {"status": Status.OPEN}, (CUSTOMER,)),
        events=(an_event(),),
        use_token=token.id,
        drafts=(draft(2),),
        approve_draft=True,
        letters=(letter(f"draft/{number}/2", token=draft_token("new", 2)), letter("alert/1")),
        cancel_timers=(TimerKind.CLOSE,),
        timers=complaint(2).timers,
        undelivered=tuple(one.id for one in bounced if one.id is not None),
    )
    ledger.record(session, decision, now=NOW)


def sending(session: Session) -> None:
    queue.next_due(session)
    first, second, *_ = queue.claim(session, worker_id="w1", now=NOW, limit=10)
    queue.complete(session, first.id, 1, "w1", "sent", now=NOW)
    queue.complete(session, second.id, 1, "w1", "later", now=NOW, due_at=NOW)
    for timer in queue.due_timers(session, NOW + HOUR, 10):
        queue.timer_done(session, timer.id or 0, TimerState.FIRED, NOW)
    queue.put_back(session, now=NOW)
    workers.beat(session, "w1", NOW)
    workers.own_mailbox(session, "complaints@shop.example/INBOX", "w1", NOW)


def test_no_statement_on_a_mails_way_reads_a_whole_table(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        with watched(session) as statements:
            one_mails_way(session, box)
            sending(session)
        assert len(statements) > 50
        assert scans(session, statements) == []


@pytest.mark.parametrize(
    "slow", ["SELECT id FROM letter WHERE last_error = 'x'", "DELETE FROM mail WHERE size = 1"]
)
def test_a_statement_without_an_index_would_be_found(database_url: str, slow: str) -> None:
    with opened(database_url) as database, database.write() as session:
        with watched(session) as statements:
            session.connection().execute(text(slow))
        assert len(scans(session, statements)) == 1
