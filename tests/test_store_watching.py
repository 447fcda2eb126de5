"""What is asked about cases that are watched, on each database."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from store import ledger, queries, threads, watching
from store.database import opened
from store.models import Status, TimerKind, TimerState
from store.values import CaseChange, NewTimer, Recording
from tests.store_samples import CUSTOMER, NOW, a_case, letter

DAY = timedelta(days=1)


def watches(session: Session, number: int) -> list[object]:
    return [one.due_at for one in queries.timers_of(session, number) if one.kind is TimerKind.WATCH]


def test_cases_that_go_on_and_are_not_watched_are_looked_at_once(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        (goes_on, _), (ended, _), (known, _) = (a_case(session, name) for name in ("a", "b", "c"))
        change = CaseChange(ended, Status.NEW, {"status": Status.CLOSED})
        ledger.record(session, Recording(case=change), now=NOW)
        timer = NewTimer(TimerKind.WATCH, "watch/known", NOW + DAY)
        ledger.record(session, Recording(case_number=known, timers=(timer,)), now=NOW)
        assert watching.watch_all(session, "one", NOW) == 1
        assert watching.watch_all(session, "two", NOW) == 0
        assert [watches(session, number) for number in (goes_on, ended, known)] == [[NOW], [], [NOW + DAY]]
        assert watching.hasten(session, NOW) == 1
        assert watching.looks_ahead(session, known) == [NOW]


def test_what_went_to_the_customer_is_told_newest_first_and_what_went_elsewhere_is_not(
    database_url: str,
) -> None:
    with opened(database_url) as database, database.write() as session:
        number, mail = a_case(session)
        letters = (letter("ack/1", to=CUSTOMER), letter("ack/2", to="old@example.org"))
        ledger.record(session, Recording(case_number=number, letters=letters), now=NOW)
        later = Recording(case_number=number, letters=(letter("holding/1/1", to=CUSTOMER),))
        ledger.record(session, later, now=NOW + DAY)
        found = watching.letters_to_customer(session, number, CUSTOMER)
        assert [(key, at, failed) for _, key, at, failed in found][:2] == [
            ("holding/1/1", NOW + DAY, False),
            ("ack/1", NOW, False),
        ]
        [first, *_] = [one for one in queries.letters_of(session, number) if one.key == "ack/1"]
        ledger.record(session, Recording(case_number=number, undelivered=(first.id or 0,)), now=NOW)
        assert [row[3] for row in watching.letters_to_customer(session, number, CUSTOMER)][:2] == [
            False,
            True,
        ]
        assert threads.customer_wrote(session, number) == mail.received_at
        assert watching.flooded(session, number) is None


def test_a_clock_that_was_ahead_shows_in_what_happened_later_than_now(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session)
        assert not watching.was_ahead(session, NOW + DAY)
        assert watching.was_ahead(session, NOW - DAY)


def test_a_fired_look_is_none_ahead(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        watching.watch_all(session, "one", NOW)
        ledger.record(session, Recording(case_number=number, cancel_timers=(TimerKind.WATCH,)), now=NOW)
        assert watching.looks_ahead(session, number) == []
        looks = [one.state for one in queries.timers_of(session, number) if one.kind is TimerKind.WATCH]
        assert looks == [TimerState.CANCELLED]
