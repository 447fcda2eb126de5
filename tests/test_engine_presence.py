"""Who is there is looked up now and then, and never for a customer's mail alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cases.facts import Presence
from engine import presence
from engine.presence import Attendance
from store.database import opened
from store.values import CaseChange, NewRow, Recording
from tests.journeys import Journey
from tests.plans import watched
from tests.store_samples import AGENT, NOW, a_case


def row(agent: str = AGENT) -> NewRow:
    return NewRow("absence", {"agent": agent, "until": NOW, "said_at": NOW})


class Seconds:
    """A clock of seconds that a test can move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seconds]:
    clock = Seconds()
    monkeypatch.setattr("engine.presence.time.monotonic", clock)
    yield clock


def test_what_was_looked_up_is_believed_for_some_seconds(database_url: str, seconds: Seconds) -> None:
    known = Attendance()
    with opened(database_url) as database, database.write() as session:
        assert known.look(session) == Presence()
        a_case(session, assignee=AGENT)
        assert known.look(session) == Presence()
        seconds.now += presence.GOOD_FOR
        assert known.look(session) == Presence({}, {AGENT: 1})


def test_a_case_that_is_opened_meanwhile_counts_at_once(database_url: str, seconds: Seconds) -> None:
    known = Attendance()
    with opened(database_url) as database, database.write() as session:
        known.look(session)
        known.note(Recording(case=CaseChange(1001, None, {"assignee": AGENT})))
        known.note(Recording(case=CaseChange(1001, None, {"assignee": AGENT}), rows=()))
        assert known.look(session).open_cases == {AGENT: 2}


def test_an_absence_is_looked_up_at_once(database_url: str, seconds: Seconds) -> None:
    known = Attendance()
    with opened(database_url) as database, database.write() as session:
        known.look(session)
        a_case(session, assignee=AGENT)
        known.note(Recording(rows=(row(),)))
        assert known.look(session).open_cases == {AGENT: 1}


def statements_of_a_mail(journey: Journey, seen: dict[str, Any], place: int) -> list[str]:
    """What the database is asked for one customer's mail, up to the mail to its agent."""
    journey.customer_writes(
        f"My parcel {place} is late.", sender=f"c{place}@example.com", subject=f"P {place}"
    )
    seen.clear()
    journey.work()
    return list(seen)


def test_a_customers_mail_asks_nothing_about_who_is_there(
    stored_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "GOOD_FOR", 3600.0)
    with watched() as seen:
        first, second, third = (statements_of_a_mail(stored_journey, seen, place) for place in (1, 2, 3))
    assert any("absence" in one for one in first), "the first look is one"
    for later in (second, third):
        assert any("mail" in one for one in later), "something was watched"
        for table in ("absence", "compensation", "request"):
            assert not any(f"FROM {table}" in one for one in later), table
        assert not any("GROUP BY" in one and '"case"' in one for one in later)
