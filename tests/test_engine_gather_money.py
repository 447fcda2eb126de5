"""What an agent may still give: read by one at a time for each customer, whatever tag the address has."""

from __future__ import annotations

from threading import Event, Thread

from sqlmodel import Session

from cases.commands.grammar import Given
from cases.facts import Facts
from engine import gather_money
from store import ledger, queries
from store.database import Database, opened
from store.values import Recording
from tests.facts_factory import facts as made
from tests.money_facts import NOA, OLA, SARA, people
from tests.store_samples import NOW, a_case, letter
from tests.test_store_desk_looks import a_request, an_offer, record

OFFER = (Given("offer", "refund 50 EUR late"),)
LONG_ENOUGH = 0.5
"""Seconds in which a second reader that nothing holds back has read."""


def looked(session: Session, number: int) -> Facts:
    case = queries.case(session, number)
    return gather_money.to_give(session, made(now=NOW, case=case), OFFER)


def test_of_two_offers_at_once_to_one_customer_the_second_sees_the_first(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            one, _ = a_case(session, "a")
            other, _ = a_case(session, "b")
        assert seen_by_the_second(database, one, other) == ["50.00"]


def test_of_two_offers_at_once_on_a_case_without_an_address_the_second_sees_the_first(
    database_url: str,
) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            number, _ = a_case(session, sender="")
        assert seen_by_the_second(database, number, number) == ["50.00"]


def seen_by_the_second(database: Database, first: int, second: int) -> list[str]:
    has_read, seen = Event(), list[str]()

    def reads() -> None:
        with database.write() as session:
            seen.extend(given.amount for given in looked(session, second).given_lately)
            has_read.set()

    follows = Thread(target=reads)
    with database.write() as session:
        found = looked(session, first)
        follows.start()
        has_read.wait(LONG_ENOUGH)
        assert found.case
        record(session, first, an_offer(first, "50.00", customer=found.case.customer))
    follows.join()
    return seen


def test_a_tag_in_the_address_makes_no_other_customer(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        one, _ = a_case(session, "a", sender="Ann+0@example.com")
        other, _ = a_case(session, "b", sender="ann+1@example.com")
        record(session, one, an_offer(one, "50.00", customer="ann@example.com"))
        assert [given.amount for given in looked(session, other).given_lately] == ["50.00"]


def test_without_an_address_only_the_case_itself_counts(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        one, _ = a_case(session, "a", sender="")
        other, _ = a_case(session, "b", sender="")
        record(session, one, an_offer(one, "50.00", customer=""))
        assert looked(session, other).given_lately == ()
        assert [given.amount for given in looked(session, one).given_lately] == ["50.00"]


def test_who_was_asked_for_a_yes_is_known_with_the_mail_that_asked(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        asking = [letter(f"request/{key}/{to}", to) for key, to in (("k", NOA), ("k", OLA), ("other", SARA))]
        asking += [
            letter("request-again/f9/1/noa", NOA),
            letter("request/k/kim@example.com", "kim@example.com"),
        ]
        rows = (a_request(number, "k"),)
        ledger.record(session, Recording(case_number=number, rows=rows, letters=tuple(asking)), now=NOW)
        known = made(now=NOW, case=queries.case(session, number), rulebook=people())
        found = gather_money.request_of_key(session, known, "k")
        assert found.request
        assert found.asked == {NOA: asking[0].message_id, OLA: asking[1].message_id}
        assert gather_money.request_of_key(session, known, "gone").asked == {}
