"""Journeys: who is away gets no cases, who works in shifts gets them then."""

from __future__ import annotations

from datetime import UTC

import pytest

from store import attendance
from tests.journeys import Journey, text_of
from tests.test_journey_desk import tell


@pytest.fixture
def two(quick_journey: Journey) -> Journey:
    """Sam and Noa both answer in English."""
    quick_journey.edit_agents("[he]", "[he, en]")
    quick_journey.work()
    return quick_journey


def complain(journey: Journey, count: int = 4) -> list[str]:
    """Customers write; whose their cases are."""
    before = len(journey.cases())
    for place in range(count):
        journey.customer_writes(
            f"My parcel number {before + place} is late.",
            sender=f"c{before + place}@example.com",
            subject=f"Parcel {before + place}",
        )
    journey.work()
    return [case["assignee"] for case in journey.cases()[before:]]


def test_cases_are_shared_out_evenly(two: Journey) -> None:
    owners = complain(two, 6)
    assert owners.count(two.sam) == owners.count(two.noa) == 3


def test_whoever_has_fewer_open_cases_is_next(two: Journey) -> None:
    complain(two, 4)
    for mail in [mail for mail in two.mails_to(two.noa) if "[#" in str(mail["Subject"])]:
        two.reply(mail, "close", sender=two.noa)
        two.work()
    two.stop()  # what a worker knows of who is busy is a few seconds old
    assert complain(two, 2) == [two.noa, two.noa]


def test_who_is_away_gets_no_cases_until_they_are_back(two: Journey) -> None:
    shown = tell(two, "away until friday")
    assert "You are away until" in shown
    assert "away back" in shown
    assert complain(two) == [two.noa] * 4
    assert "you get new cases again" in tell(two, "away back")
    assert set(complain(two)) == {two.sam}


def test_an_absence_ends_by_itself(two: Journey) -> None:
    tell(two, "away tomorrow")
    assert complain(two, 2) == [two.noa] * 2
    two.clock.skip(days=2)
    assert two.sam in complain(two, 2)


def test_when_everybody_is_away_all_get_cases_and_it_says_so(two: Journey) -> None:
    tell(two, "away tomorrow")
    assert "אין כרגע איש אחר" in tell(two, "away tomorrow", agent=two.noa)
    assert set(complain(two)) == {two.sam, two.noa}
    assert all("everybody who could have it is away" in one["text"] for one in two.events("assigned"))


def test_a_case_that_goes_on_leaves_an_agent_who_is_away(two: Journey) -> None:
    [owner] = complain(two, 1)
    other = two.noa if owner == two.sam else two.sam
    tell(two, "away tomorrow", agent=owner)
    two.reply(two.letters("c0@example.com")[-1], "And where is it now?", sender="c0@example.com")
    two.work()
    assert two.case("c0@example.com")["assignee"] == other
    assert "And where is it now?" in text_of(two.mails_to(other)[-1])


@pytest.mark.parametrize(
    ("words", "why"),
    [("away", "needs something behind it"), ("away yesterday", "Nothing was done"), ("away xyzzy", "xyzzy")],
)
def test_an_absence_that_is_not_clear_is_none(quick_journey: Journey, words: str, why: str) -> None:
    tell(quick_journey, "queue")
    quick_journey.agent_replies(words)
    assert why in text_of(quick_journey.mails_to()[-1])
    with quick_journey.worker.desk.database.read() as session:
        assert attendance.absences(session) == {}


def test_away_can_be_said_in_the_agents_language(two: Journey) -> None:
    shown = tell(two, "נעדר מחר", agent=two.noa)
    assert "נרשמה היעדרות" in shown
    assert complain(two, 2) == [two.sam] * 2
    assert "טוב שחזרת" in tell(two, "נעדר חזרתי", agent=two.noa)


def test_agents_with_shifts_get_the_cases_of_their_shift(quick_journey: Journey) -> None:
    now = quick_journey.clock().astimezone(UTC)
    hour = now.hour
    shift = f"{max(hour - 1, 0):02}:00-{min(hour + 2, 23):02}:59"
    other = "00:00-00:01" if hour else "22:00-23:00"
    quick_journey.write_agents(
        {
            quick_journey.sam: f"name: Sam, roles: [agent, admin], working_hours: '{other}'",
            quick_journey.noa: f"name: Noa, roles: [agent], working_hours: '{shift}'",
        }
    )
    (quick_journey.rules / "calendar.yaml").write_text(
        f"time_zone: UTC\nweekend: [{(_day(now.weekday() + 2))}]\nworking_hours: 00:00-23:59\n", "utf-8"
    )
    quick_journey.work()
    assert complain(quick_journey, 3) == [quick_journey.noa] * 3


def _day(number: int) -> str:
    return ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[number % 7]
