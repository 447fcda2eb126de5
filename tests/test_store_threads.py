"""The end of a case's thread: what a letter answers, and what it follows."""

from __future__ import annotations

from store import ledger, threads
from store.database import opened
from store.models import MailKind
from store.values import Recording
from tests.store_samples import AGENT, CUSTOMER, MINUTE, NOW, a_case, letter, message


def test_the_customers_own_last_mail_ends_their_thread(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        again = message("two", reply_text="Still not here.")
        answer = Recording(case_number=number, letters=(letter(f"answer/{number}"),))
        ledger.record_mail(
            session,
            again,
            Recording(case_number=number),
            raw=b"",
            kind=MailKind.CUSTOMER,
            now=NOW + MINUTE,
        )
        ledger.record(session, answer, now=NOW + 2 * MINUTE)
        assert threads.with_customer(session, number, CUSTOMER, 10) == (
            "<ack.1001@shop.example>",
            "<one@example.com>",
            "<answer.1001@shop.example>",
            "<two@example.com>",
        )
        last = threads.last_mail(session, number)
        assert last is not None
        assert last.words == "Still not here."


def test_agents_mails_and_robots_mails_are_no_part_of_the_customers_thread(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        robot = message("robot")
        ledger.record_mail(
            session, robot, Recording(case_number=number), raw=b"", kind=MailKind.AUTO_REPLY, now=NOW
        )
        told = Recording(case_number=number, letters=(letter("transcript/1", AGENT),))
        ledger.record(session, told, now=NOW)
        assert threads.with_customer(session, number, CUSTOMER, 10) == (
            "<ack.1001@shop.example>",
            "<one@example.com>",
        )
        assert threads.with_agents(session, number, 10) == (
            "<draft.1001.1@shop.example>",
            "<transcript.1@shop.example>",
        )


def test_only_the_end_of_a_long_thread_is_told(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        for count in range(30):
            mail, now = message(f"m{count}"), NOW + count * MINUTE
            ledger.record_mail(
                session, mail, Recording(case_number=number), raw=b"", kind=MailKind.CUSTOMER, now=now
            )
        thread = threads.with_customer(session, number, CUSTOMER, 3)
        assert thread == tuple(f"<m{count}@example.com>" for count in (26, 27, 28, 29))


def test_a_case_without_mail_has_no_thread(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        assert threads.last_mail(session, 5) is None
        assert threads.with_customer(session, 5, CUSTOMER, 10) == ()
        assert threads.with_agents(session, 5, 10) == ()
