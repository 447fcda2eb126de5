"""Cases by what was written about them."""

from __future__ import annotations

from itertools import count

import pytest
from sqlmodel import Session

from store import searching
from store.models import Status
from tests.store_samples import CUSTOMER, a_case, opened


def always() -> bool:
    return True


def numbers(session: Session, text: str) -> list[int]:
    return [case.number for case in searching.search(session, text, always).cases]


@pytest.mark.parametrize(
    "text",
    ["teapot", "TEAPOT broken", "#1001", "1001", CUSTOMER, "سبز كتاب", "12345", "Sara", "broken tea"],
)
def test_words_are_found_however_they_are_typed(database_url: str, text: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(
            session,
            "one",
            subject="A broken teapot",
            customer_name="Sara",
            told="کتاب سبز، سفارش ۱۲۳۴۵",
        )
        a_case(session, "two", "omid@example.org", subject="A lamp", customer_name="Omid")
        assert numbers(session, text) == [1001]


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
        assert numbers(session, "same") == [1003, 1001, 1004, 1002]


def test_a_search_gives_only_so_many_and_says_that_there_are_more(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for number in range(5):
            a_case(session, f"{number}", subject="The same")
        hits = searching.search(session, "same", always, enough=3)
        assert [case.number for case in hits.cases] == [1005, 1004, 1003]
        assert not hits.all_of_them
        whole = searching.search(session, "same", always, enough=5)
        assert (len(whole.cases), whole.looked_at) == (5, 5)


def test_a_search_ends_when_its_time_is_over_and_says_so(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_AT_ONCE", 1)
    with opened(database_url) as database, database.write() as session:
        for number in range(4):
            a_case(session, f"{number}", CUSTOMER if number else "old@example.org", subject="The same")
        ticks = count()
        hits = searching.search(session, "same", lambda: next(ticks) < 2)
        assert (len(hits.cases), hits.looked_at, hits.all_of_them) == (2, 2, False)
        late = searching.search(session, "old@example.org", lambda: False)
        assert [case.number for case in late.cases] == [1001], "an address is found whatever the time"


def test_a_whole_search_says_that_it_is_whole(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one", status=Status.CLOSED)
        a_case(session, "two")
        hits = searching.search(session, "zeppelin", always)
        assert (hits.cases, hits.looked_at, hits.all_of_them) == ((), 2, True)
