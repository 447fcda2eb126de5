"""Every statement on a mail's way goes through an index, so that its cost does not grow with the cases."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlmodel import Session

from store import digests, ledger, limits, looks, queries, queue, threads, timers, workers
from store.database import opened
from store.models import ArrivalState, MailKind, Status, TimerKind, TimerState
from store.queue import Ended
from store.values import CaseChange, Recording
from tests.plans import full_scans, watched
from tests.store_samples import CUSTOMER, HOUR, NOW, a_mailbox, complaint, draft, draft_token, letter, message
from tests.store_samples import event as an_event


def one_mails_way(session: Session, box: int) -> None:
    """A complaint, a reply, a command, a bounce, the sending and the timers."""
    queries.new_uids(session, box, 7, [1, 2])
    looks.begun(session, box, 7)
    ledger.take(session, box, 7, [1, 2], NOW)
    with ledger.alone(session):
        given = message()
        queries.mail_by_fingerprint(session, given.fingerprint)
        queries.is_new(session, given.fingerprint)
        queries.case_by_reply_token(session, "x")
        queries.case_of_thread(session, ["<a@x>", "<b@x>"])
        queries.mail_by_message_id(session, given.message_id)
        limits.alerts_to(session, CUSTOMER, NOW)
        limits.lately(session, CUSTOMER, CUSTOMER, NOW, 20)
        queries.mails_like(session, CUSTOMER, given.subject, NOW)
        queries.customer_cases(session, CUSTOMER)
        number = queries.next_number(session)
        recording = complaint(number)
        mail = ledger.record_mail(session, given, recording, raw=b"x", kind=MailKind.CUSTOMER, now=NOW)
        ledger.arrived(session, box, 7, 1, mail_id=mail.id, state=ArrivalState.STORED)
    the_case_goes_on(session, number)
    queries.unfiled(session, box, 7)
    ledger.filed(session, box, 7, [1])


def the_case_goes_on(session: Session, number: int) -> None:
    queries.case(session, number, lock=True)
    queries.case_of_thread(session, [f"<ack.{number}@shop.example>"])
    queries.participants(session, number)
    threads.last_mail(session, number)
    threads.with_customer(session, number, CUSTOMER, 10)
    threads.with_agents(session, number, 10)
    threads.first_mails(session, number, 10)
    queries.latest_draft(session, number)
    queries.earlier_cases(session, CUSTOMER, number)
    queries.timer_waits(session, f"close/{number}")
    queries.said_when_they_came(session, number)
    digests.waiting_for(session, "sara@shop.example", NOW, 10)
    digests.was_made(session, "digest/sara@shop.example/20260302T0900")
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
    queue.is_due(session, 0, NOW)
    timers.timer_is_due(session, NOW)
    first, second, *_ = queue.claim(session, worker_id="w1", now=NOW, limit=10)
    queue.complete(session, [Ended(first, "sent"), Ended(second, "later", due_at=NOW)], "w1", now=NOW)
    third = queue.claim(session, worker_id="w1", now=NOW, limit=1, only_acks=True)
    queue.release(session, third, "w1", NOW)
    queue.hasten(session, [second.id], NOW)
    for timer in timers.due_timers(session, NOW + HOUR, 10):
        timers.timer_done(session, timer.id or 0, TimerState.FIRED, NOW)
    queue.put_back(session, now=NOW)
    workers.bury(session, host="here", alive={1}, now=NOW)
    workers.beat(session, "w1", NOW)
    workers.own_mailbox(session, "complaints@shop.example/INBOX", "w1", NOW)


def test_no_statement_of_a_mails_way_reads_a_whole_table(database_url: str) -> None:
    with watched() as seen, opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        seen.clear()
        one_mails_way(session, box)
        sending(session)
        assert len(seen) > 50
        assert full_scans(session, dict(seen)) == []


@pytest.mark.parametrize(
    "slow",
    [
        "SELECT id FROM letter WHERE last_error = 'x'",
        "SELECT count(*) FROM letter",
        "DELETE FROM mail WHERE size = 1",
    ],
)
def test_a_statement_without_an_index_would_be_found(database_url: str, slow: str) -> None:
    with watched() as seen, opened(database_url) as database, database.write() as session:
        seen.clear()
        session.connection().execute(text(slow))
        assert len(full_scans(session, dict(seen))) == 1
