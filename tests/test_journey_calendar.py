"""Journeys: two teams with calendars of their own; customers are told the days of the one that answers."""

from __future__ import annotations

from datetime import UTC, timedelta

from cases.rules.durations import Weekday
from tests.journeys import Journey, text_of


def test_customers_are_told_when_the_team_is_back_that_has_their_case(quick_journey: Journey) -> None:
    journey, today = quick_journey, quick_journey.clock().astimezone(UTC)
    rests = [list(Weekday)[(today + timedelta(days=n)).weekday()].value for n in (-1, 0, 1)]
    journey.write_agents(
        {
            journey.sam: "name: Sam, roles: [agent, admin], languages: [en]",
            journey.noa: "name: Noa, languages: [he], team: haifa",
        }
    )
    (journey.rules / "calendar.yaml").write_text(
        "time_zone: UTC\nweekend: []\nworking_hours: 00:00-24:00\n"
        f"teams:\n  haifa: {{weekend: [{', '.join(rests)}], working_hours: 10:00-18:00}}\n",
        "utf-8",
    )
    journey.work()
    journey.customer_writes("My parcel is late.", sender="ann@example.com", subject="Parcel")
    journey.customer_writes(
        "החבילה שלי מאחרת ואני מחכה כבר שבוע.", sender="dov@example.com", subject="החבילה"
    )
    journey.work()
    first, second = journey.cases()
    assert (first["assignee"], second["assignee"]) == (journey.sam, journey.noa)
    assert "closed at the moment" not in text_of(journey.letters("ann@example.com")[0])
    assert "10:00" in text_of(journey.letters("dov@example.com")[0])
    assert first["deadline"] < second["deadline"]
    assert second["deadline"][11:16] == "18:00"
