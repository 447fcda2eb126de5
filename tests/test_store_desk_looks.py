"""Promises, money and requests, as they are written and read; and that only one of two ends a request."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlmodel import Session

from store import desk_looks, ledger, queries
from store.database import opened
from store.models import CompensationState, EventKind, PromiseState, RequestKind, RequestState
from store.trouble import Conflict
from store.values import NewEvent, NewRow, Recording, RowChange
from tests.plans import full_scans, watched
from tests.store_samples import AGENT, CUSTOMER, HOUR, NOW, a_case

DAY = timedelta(days=1)


def record(session: Session, number: int, *rows: NewRow, changes: tuple[RowChange, ...] = ()) -> None:
    ledger.record(session, Recording(case_number=number, rows=rows, changes=changes), now=NOW)


def a_promise(number: int, what: str, made_at: datetime = NOW) -> NewRow:
    values: dict[str, Any] = {
        "case_number": number,
        "what": what,
        "due_at": NOW + DAY,
        "made_by": AGENT,
        "state": PromiseState.OPEN,
        "made_at": made_at,
        "ended_at": None,
    }
    return NewRow("promise", values)


def an_offer(number: int, amount: str, at: datetime = NOW, customer: str = CUSTOMER) -> NewRow:
    values: dict[str, Any] = {
        "case_number": number,
        "customer": customer,
        "kind": "refund",
        "amount": amount,
        "currency": "EUR",
        "reason": "late",
        "offered_by": AGENT,
        "granted_by": "",
        "state": CompensationState.OFFERED,
        "offered_at": at,
        "paid_at": None,
    }
    return NewRow("compensation", values)


def a_request(number: int | None, key: str, **changes: Any) -> NewRow:
    values: dict[str, Any] = {
        "key": key,
        "kind": RequestKind.AUTHORITY,
        "case_number": number,
        "agent": AGENT,
        "given": [["offer", "refund 90 EUR late"]],
        "draft_version": 0,
        "state": RequestState.WAITING,
        "made_at": NOW,
        "expires_at": NOW + DAY,
        "decided_by": "",
        "reason": "",
        "decided_at": None,
    }
    return NewRow("request", values | changes)


def granted(key: str, by: str) -> RowChange:
    values = {"state": RequestState.GRANTED, "decided_by": by, "decided_at": NOW}
    return RowChange("request", {"key": key}, {"state": RequestState.WAITING}, values)


def test_a_cases_promises_come_oldest_first_and_no_other_cases(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        one, _ = a_case(session, "a")
        other, _ = a_case(session, "b")
        record(session, one, a_promise(one, "second"), a_promise(one, "first", NOW - HOUR))
        record(session, other, a_promise(other, "theirs"))
        assert [each.what for each in desk_looks.promises_of(session, one)] == ["first", "second"]
        (kept,) = desk_looks.promises_of(session, other)
        assert (kept.state, kept.due_at, kept.made_by) == (PromiseState.OPEN, NOW + DAY, AGENT)


def test_amounts_come_back_exactly_as_they_were_written(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        for amount in ("0.10", "50.00", "999999999999.99", "1.255"):
            record(session, number, an_offer(number, amount))
        found = [one.amount for one in desk_looks.compensations_of(session, number)]
        assert found == ["0.10", "50.00", "999999999999.99", "1.255"]


def test_what_a_customer_was_given_is_found_on_all_their_cases_since_a_day(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        one, _ = a_case(session, "a")
        other, _ = a_case(session, "b")
        record(session, one, an_offer(one, "1.00", NOW - 365 * DAY), an_offer(one, "2.00", NOW - 2 * DAY))
        record(session, other, an_offer(other, "3.00"), an_offer(other, "4.00", customer="omid@example.org"))
        found = desk_looks.given_since(session, CUSTOMER, NOW - 365 * DAY)
        assert [each.amount for each in found] == ["2.00", "3.00"]


def test_what_waits_on_a_case_is_neither_decided_nor_past_nor_a_challenge(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        record(
            session,
            number,
            a_request(number, "waits"),
            a_request(number, "decided", state=RequestState.DENIED),
            a_request(number, "past", expires_at=NOW),
            a_request(number, "challenge", kind=RequestKind.CHALLENGE),
            a_request(None, "of-no-case"),
        )
        assert [one.key for one in desk_looks.waiting_on(session, number, NOW)] == ["waits"]
        found = desk_looks.request(session, "of-no-case")
        assert found
        assert found.given == [["offer", "refund 90 EUR late"]]
        assert desk_looks.request(session, "unknown") is None


def test_who_decides_second_finds_the_request_ended(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        record(session, number, a_request(number, "waits"))
        record(session, number, changes=(granted("waits", "noa"),))
        with pytest.raises(Conflict), ledger.alone(session):
            record(session, number, an_offer(number, "9.00"), changes=(granted("waits", "ola"),))
        assert desk_looks.compensations_of(session, number) == (), "nothing of it is written"
        found = desk_looks.request(session, "waits")
        assert found
        assert found.decided_by == "noa"


def test_of_two_who_decide_at_once_one_is_written(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            number, _ = a_case(session)
            record(session, number, a_request(number, "waits"))
        ready, outcomes = Barrier(2), list[str]()

        def decides(who: str) -> None:
            ready.wait()
            try:
                with database.write() as session:
                    record(session, number, an_offer(number, "9.00"), changes=(granted("waits", who),))
                outcomes.append(who)
            except Conflict:
                outcomes.append("conflict")

        threads = [Thread(target=decides, args=(who,)) for who in ("noa", "ola")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as session:
            found = desk_looks.request(session, "waits")
            assert found
            assert sorted(outcomes) == sorted(["conflict", found.decided_by])
            assert len(desk_looks.compensations_of(session, number)) == 1


def test_every_look_goes_through_an_index(database_url: str) -> None:
    with watched() as seen, opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        record(session, number, a_promise(number, "x"), an_offer(number, "1.00"), a_request(number, "k"))
        seen.clear()
        desk_looks.promises_of(session, number)
        desk_looks.compensations_of(session, number)
        desk_looks.given_since(session, CUSTOMER, NOW - DAY)
        desk_looks.waiting_on(session, number, NOW)
        desk_looks.request(session, "k")
        desk_looks.request_letters(session, number)
        record(session, number, changes=(granted("k", "noa"),))
        assert len(seen) >= 7
        assert full_scans(session, dict(seen)) == []


def test_a_case_was_in_every_category_that_it_was_corrected_from_and_of_what_it_took_in(
    database_url: str,
) -> None:
    with opened(database_url) as database, database.write() as session:
        taken, _ = a_case(session, "a", category="lost")
        number, _ = a_case(session, "b", category="late")
        apart, _ = a_case(session, "c", category="other", split_from=number)
        corrected = NewEvent(EventKind.CORRECTED, "", AGENT, {"from": "damaged", "to": "late"})
        events = (corrected, NewEvent(EventKind.TOOK_IN, f"#{taken}", AGENT))
        ledger.record(session, Recording(case_number=number, events=events), now=NOW)
        for one, more in (
            (taken, set()),
            (number, {"damaged", "late"}),
            (apart, {"damaged", "late", "other"}),
        ):
            case = queries.case(session, one)
            assert case
            assert desk_looks.categories_been(session, case) == {"lost", *more}
