"""The texts that are searched: what stands in them, and when they are written anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from store import case_texts, ledger
from store.case_texts import SETTLES
from store.database import opened
from store.models import CaseText, EventKind
from store.values import NewEvent, Recording
from tests.store_samples import AGENT, NOW, a_case

LATER = NOW + 2 * SETTLES


def happens(session: Session, number: int, kind: EventKind, at: timedelta = timedelta(0)) -> None:
    event = NewEvent(kind, "", AGENT)
    ledger.record(session, Recording(case_number=number, events=(event,)), now=NOW + at)


def written(session: Session) -> dict[int, str]:
    return {one.case_number: one.text for one in session.exec(select(CaseText))}


def test_everything_that_the_customer_said_stands_in_a_cases_text(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one", subject="Late", told="کتاب ۱۲", customer_name="Sara")
        [text] = case_texts.texts_of(session, [1001]).values()
        assert (
            text
            == "#1001 late sara@example.com sara کتاب 12 my parcel is late it should have come on monday."
        )


def test_a_text_is_written_once_its_case_has_been_at_rest(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one")
        assert not case_texts.is_due(session, NOW)
        case_texts.renew(session, NOW)
        assert written(session) == {}
        assert case_texts.old(session) == [1001]
        assert case_texts.is_due(session, LATER)
        case_texts.renew(session, LATER)
        assert written(session) == case_texts.texts_of(session, [1001])
        assert case_texts.old(session) == []
        assert not case_texts.is_due(session, LATER)


@pytest.mark.parametrize(
    ("kind", "old"), [(EventKind.SENT, []), (EventKind.LOOKED, []), (EventKind.SPLIT, [1001])]
)
def test_only_what_changes_a_cases_words_makes_its_text_old(
    database_url: str, kind: EventKind, old: list[int]
) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one")
        case_texts.renew(session, LATER)
        happens(session, 1001, kind)
        assert case_texts.old(session) == old


def test_an_event_that_was_recorded_late_is_not_passed_over(database_url: str) -> None:
    """Of two transactions the one that began first may be seen last: nothing behind it counts as settled."""
    with opened(database_url) as database, database.write() as session:
        for name in ("one", "two"):
            a_case(session, name)
        happens(session, 1001, EventKind.SPLIT, at=SETTLES)
        happens(session, 1002, EventKind.SPLIT)
        case_texts.renew(session, NOW + 1.5 * SETTLES)
        assert case_texts.old(session) == [1002, 1001]
        case_texts.renew(session, NOW + 3 * SETTLES)
        assert case_texts.old(session) == []


def test_many_are_written_little_by_little(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for number in range(5):
            a_case(session, f"{number}")
        rounds = 1
        while case_texts.renew(session, LATER, most=2):
            rounds += 1
        assert rounds >= 3
        assert sorted(written(session)) == [1001, 1002, 1003, 1004, 1005]


def test_what_is_dropped_is_gone_and_the_others_stay(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for name in ("one", "two"):
            a_case(session, name)
        case_texts.renew(session, LATER)
        case_texts.drop(session, [1001])
        assert list(written(session)) == [1002]
