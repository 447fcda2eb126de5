"""Cases as signals count them, and signals that were told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from store import causes, ledger, signals
from store import facts as stored_facts
from store.database import opened
from store.models import CaseKind, EventKind, SignalKind
from store.values import Fact, NewEvent, NewRow, Recording
from tests.plans import full_scans, watched
from tests.store_samples import NOW, a_case

A_DAY = timedelta(days=1)
SINCE = NOW - A_DAY


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with opened(database_url) as database, database.write() as session:
        yield session


def there(session: Session, name: str, *facts: Fact, **values: Any) -> int:
    number, _ = a_case(session, name, **{"customer": f"{name}@example.com", **values})
    stored_facts.add(session, number, facts, None)
    return number


def signal(name: str, last: int = 0, **more: Any) -> NewRow:
    values = {
        "key": f"growth/{name}/{last}",
        "name": name,
        "kind": SignalKind.GROWTH,
        "category": "late",
        "fact": {},
        "terms": [],
        "count": 8,
        "expected": 1.5,
        "since": SINCE,
        "raised_at": NOW,
        "cases": [1001],
        "told": ["admin@shop.example"],
        "ended_at": None,
        **more,
    }
    return NewRow("signal", values)


def raised(session: Session, *rows: NewRow) -> None:
    ledger.record(session, Recording(rows=rows), now=NOW)


def test_what_happened_since_an_event_names_its_cases(session: Session) -> None:
    first = there(session, "one")
    before = causes.newest_event(session)
    assert causes.touched(session, before, before) == []
    second = there(session, "two")
    said = Recording(case_number=first, events=(NewEvent(EventKind.CORRECTED, "from x to y", "sam"),))
    ledger.record(session, said, now=NOW)
    noted = Recording(case_number=first, events=(NewEvent(EventKind.NOTED, "hm", "sam"),))
    now = causes.newest_event(session)
    assert causes.touched(session, before, now) == [first, second]
    ledger.record(session, noted, now=NOW)
    assert causes.touched(session, now, causes.newest_event(session)) == [], "a note makes nothing grow"


def test_spam_and_merged_cases_are_not_there(session: Session) -> None:
    real = there(session, "real", Fact("product", "lamp"))
    spam = there(session, "spam", Fact("product", "lamp"), spam=True)
    merged = there(session, "merged", Fact("product", "lamp"), merged_into=real)
    assert [one.number for one in causes.seen(session, [real, spam, merged, 99])] == [real]
    assert [one.number for one in causes.lately(session, SINCE, 10)] == [real]
    assert [one.number for one in causes.window(session, SINCE, ["late"], 10, facts=True)] == [real]
    assert [one.number for one in causes.with_fact(session, SINCE, "product", "lamp")] == [real]
    assert causes.people(session, [(SINCE, NOW + A_DAY)], "late") == [1]
    assert causes.by_category(session, SINCE, NOW + A_DAY) == {"late": 1}
    assert causes.numbers_between(session, ["late"], SINCE, NOW + A_DAY, 10) == [real]


def test_a_case_has_its_facts_but_those_taken_away(session: Session) -> None:
    number = there(session, "one", Fact("product", "lamp"), Fact("place", "airport"))
    gone = NewRow(
        "fact",
        {"case_number": number, "name": "product", "value": "kettle", "removed": True, "said_by": "sam"},
    )
    raised(session, gone)
    [one] = causes.seen(session, [number])
    assert sorted(one.facts) == [("place", "airport"), ("product", "lamp")]
    assert causes.with_fact(session, SINCE, "product", "kettle") == []


def test_a_window_has_the_newest_of_each_category_or_all_complaints(session: Session) -> None:
    late = [there(session, f"late{hour}", opened_at=NOW - timedelta(hours=hour)) for hour in (3, 2, 1)]
    praise = there(session, "praise", category="praise", kind=CaseKind.PRAISE)
    there(session, "old", opened_at=NOW - 3 * A_DAY)
    found = causes.window(session, SINCE, ["late", "praise"], 2, facts=False)
    assert [one.number for one in found] == [late[2], late[1], praise]
    complaints = causes.window(session, SINCE, [], 10, facts=False)
    assert [one.number for one in complaints] == late[::-1]


def test_people_are_counted_by_day(session: Session) -> None:
    for name, customer in (("a", "ann@example.com"), ("b", "ann@example.com"), ("c", "bo@example.com")):
        there(session, name, customer=customer)
    there(session, "d", category="lost")
    days = [(NOW - A_DAY, NOW), (NOW, NOW + A_DAY)]
    assert causes.people(session, days, "late") == [0, 2]
    assert causes.people(session, days) == [0, 3]


def test_the_first_words_of_a_case_are_the_customers(session: Session) -> None:
    mailed, phoned = there(session, "mail"), there(session, "phone", told="she called about a lamp")
    [mail, call] = causes.words_of(session, [mailed, phoned])
    assert mail.words == "It should have come on Monday."
    assert call.words == "she called about a lamp"


def test_a_counter_is_put_forward_by_one_worker(session: Session) -> None:
    assert causes.counter(session, causes.LOOKED) is None
    assert causes.advance(session, causes.LOOKED, None, 5)
    assert not causes.advance(session, causes.LOOKED, None, 6), "another one has made it"
    assert causes.advance(session, causes.LOOKED, 5, 7)
    assert not causes.advance(session, causes.LOOKED, 5, 8), "another one has looked"
    assert causes.counter(session, causes.LOOKED) == 7


def test_the_same_telling_is_written_once(session: Session) -> None:
    raised(session, signal("late"))
    with pytest.raises(ledger.Conflict), ledger.alone(session):
        raised(session, signal("late"))
    last = signals.last_of(session, "late")
    assert last
    raised(session, signal("late", last.id or 0, count=16))
    newest = signals.last_of(session, "late")
    assert newest
    assert newest.count == 16


def test_what_ended_goes_on_no_more(session: Session) -> None:
    raised(session, signal("late"), signal("lost"))
    raised(session, signal("late", 1, count=16))
    signals.end(session, "late", NOW)
    assert [one.name for one in signals.open_ones(session)] == ["lost"]
    last = signals.last_of(session, "late")
    assert last
    assert last.ended_at == NOW
    assert len(signals.told_since(session, SINCE)) == 3


def test_letters_are_counted_by_agent(session: Session) -> None:
    raised(session, signal("late"), signal("lost", raised_at=NOW - 2 * A_DAY))
    assert signals.letters_since(session, SINCE) == {"admin@shop.example": 1}
    raised(session, signal("cluster/a+b", kind=SignalKind.CLUSTER, terms=["a", "b"]))
    assert [one.terms for one in signals.clusters_since(session, SINCE)] == [["a", "b"]]


def test_no_statement_reads_a_whole_table(database_url: str) -> None:
    with watched() as seen, opened(database_url) as database, database.write() as session:
        number = there(session, "one", Fact("product", "lamp"))
        seen.clear()
        days = [(SINCE, NOW + A_DAY)]
        causes.touched(session, 0, causes.newest_event(session))
        causes.seen(session, [number])
        causes.lately(session, SINCE, 10)
        causes.window(session, SINCE, ["late"], 10, facts=True)
        causes.window(session, SINCE, [], 10, facts=False)
        causes.with_fact(session, SINCE, "product", "lamp")
        causes.people(session, days)
        causes.people(session, days, "late")
        causes.numbers_between(session, ["late"], SINCE, NOW + A_DAY, 10)
        causes.words_of(session, [number])
        causes.by_category(session, SINCE, NOW + A_DAY)
        assert len(seen) > 10
        assert full_scans(session, dict(seen)) == []


def test_a_moment_is_the_same_in_every_zone(session: Session) -> None:
    number = there(session, "one", opened_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    [one] = causes.seen(session, [number])
    assert one.at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
