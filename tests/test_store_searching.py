"""Cases by what was written about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from sqlmodel import Session, col, update

from store import case_texts, ledger, searching
from store.database import opened
from store.models import Case, EventKind, Status
from store.values import NewEvent, Recording
from tests.store_samples import AGENT, CUSTOMER, NOW, a_case

LATER = NOW + timedelta(hours=1)


def always() -> bool:
    return True


def numbers(session: Session, text: str) -> list[int]:
    return [case.number for case in searching.search(session, text, always).cases]


@pytest.mark.parametrize(
    "text",
    ["teapot", "TEAPOT broken", "#1001", "1001", CUSTOMER, "سبز كتاب", "12345", "Kaveh", "broken tea"],
)
def test_words_are_found_however_they_are_typed(database_url: str, text: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(
            session,
            "one",
            subject="A broken teapot",
            customer_name="Kaveh",
            told="کتاب سبز، سفارش ۱۲۳۴۵",
        )
        a_case(session, "two", "omid@example.org", subject="A lamp", customer_name="Omid")
        for _ in renewed(session):
            assert numbers(session, text) == [1001]


@pytest.mark.parametrize("text", ["tea\0pot", "\0", "\ud800"])
def test_signs_that_no_database_takes_are_found_nowhere(database_url: str, text: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one", subject="A broken teapot")
        assert numbers(session, text) == []


def test_every_word_has_to_stand_there(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one", subject="A broken teapot")
        assert numbers(session, "teapot lamp") == []


def test_open_cases_come_first_and_the_newest_before_the_oldest(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for name, status in (
            ("a", Status.OPEN),
            ("b", Status.CLOSED),
            ("c", Status.ANSWERED),
            ("d", Status.RESOLVED),
        ):
            a_case(session, name, subject="The same", status=status)
        for _ in renewed(session):
            assert numbers(session, "same") == [1003, 1001, 1004, 1002]


def test_a_search_gives_only_so_many_and_says_that_there_are_more(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for number in range(5):
            a_case(session, f"{number}", subject="The same")
        hits = searching.search(session, "same", always, enough=3)
        assert [case.number for case in hits.cases] == [1005, 1004, 1003]
        assert not hits.all_of_them
        assert len(searching.search(session, "same", always, enough=5).cases) == 5


def test_a_search_ends_when_its_time_is_over_and_says_so(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_READ_AT_ONCE", 1)
    with opened(database_url) as database, database.write() as session:
        for number in range(4):
            a_case(session, f"{number}", CUSTOMER if number else "old@example.org", subject="The same")
        ticks = count()
        hits = searching.search(session, "same", lambda: next(ticks) < 2)
        assert (len(hits.cases), hits.all_of_them) == (2, False)
        late = searching.search(session, "old@example.org", lambda: False)
        assert [case.number for case in late.cases] == [1001], "an address is found whatever the time"


def test_a_whole_search_says_that_it_is_whole(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one", status=Status.CLOSED)
        a_case(session, "two")
        for _ in renewed(session):
            hits = searching.search(session, "zeppelin", always)
            assert (hits.cases, hits.all_of_them) == ((), True)


def test_a_search_for_nothing_finds_nothing(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one")
        for _ in renewed(session):
            assert numbers(session, " ") == []


def test_marks_that_mean_more_to_a_database_mean_themselves(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one", subject="100% cotton, size s_m /l")
        a_case(session, "two", subject="1000 cottons, size sXm")
        for _ in renewed(session):
            assert numbers(session, "0% s_m") == [1001]
            assert numbers(session, "/l") == [1001]
            assert numbers(session, "'") == []


def test_what_was_just_said_is_found_and_what_went_elsewhere_is_not(database_url: str) -> None:
    """A text that is old is not asked: here the words of the first case became the second's."""
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one", subject="A teapot")
        a_case(session, "two", subject="A lamp")
        assert not case_texts.renew(session, LATER)
        for number, subject in ((1001, "A kettle"), (1002, "A lamp and a teapot")):
            session.exec(update(Case).where(col(Case.number) == number).values(subject=subject))
            note = NewEvent(EventKind.MERGED, "", AGENT)
            ledger.record(session, Recording(case_number=number, events=(note,)), now=LATER)
        for _ in renewed(session):
            assert numbers(session, "teapot") == [1002]
            assert numbers(session, "kettle") == [1001]


def renewed(session: Session) -> Iterator[bool]:
    """Before the texts are written anew, and afterwards."""
    yield False
    while case_texts.renew(session, LATER + timedelta(hours=1)):
        pass
    yield True
