"""The figures by mail: to whom they go, when, once, and what they say."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from engine import figures_told
from engine.figures_mail import send_figures
from tests.journeys import Journey, text_of
from tests.test_journey_agent_mail import links, press

MONDAY = 0
BEGINS = ("The figures", "The week in figures", "آمار")


@pytest.fixture
def firm(quick_journey: Journey) -> Journey:
    """Sam is admin and gets the figures each week; a Monday to Friday firm that never closes."""
    (quick_journey.rules / "calendar.yaml").write_text("working_hours: 00:00-24:00\n", "utf-8")
    wants(quick_journey, "weekly at 08:00")
    return quick_journey


def wants(journey: Journey, figures: str) -> None:
    path = journey.rules / "agents.yaml"
    (first, sam, *rest) = path.read_text("utf-8").splitlines()
    sam = sam.partition(", figures:")[0].rstrip("}") + f", figures: {figures}}}"
    path.write_text("\n".join((first, sam, *rest)) + "\n", "utf-8")
    journey.stop()


def go_to(journey: Journey, weekday: int, hour: int, minute: int = 5) -> datetime:
    """Go to this time of the next such weekday."""
    now = journey.clock()
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while at <= now or at.weekday() != weekday:
        at += timedelta(days=1)
    journey.clock.skip(seconds=(at - now).total_seconds())
    return at


def figures(journey: Journey, agent: str = "") -> list[EmailMessage]:
    return [mail for mail in journey.mails_to(agent) if str(mail["Subject"]).startswith(BEGINS)]


def complains(journey: Journey, *names: str, words: str = "My parcel is late.") -> None:
    for name in names:
        journey.customer_writes(words, sender=f"{name} <{name}@example.com>", subject="Parcel")
    journey.work()


def test_an_admin_gets_the_week_and_comes_from_it_to_a_case(firm: Journey) -> None:
    go_to(firm, MONDAY, 9)
    firm.work()
    first = len(figures(firm))
    complains(firm, "ann", "bo")
    complains(firm, "dee", words="Thank you so much, all of you are wonderful!")
    complains(firm, "cy", words="The lamp arrived broken.")
    firm.reply(firm.mails_to()[-1], "approve", sender=f"Sam <{firm.sam}>")
    firm.work()
    go_to(firm, MONDAY, 8)
    firm.work()
    assert len(figures(firm)) == first + 1
    mail = figures(firm)[-1]
    text = text_of(mail)
    assert "Came in: 4 (0)" in text
    assert "Complaint: 3 (0)" in text
    assert "Praise: 1 (0)" in text
    assert "late: 2 (0)" in text
    assert "damaged: 1 (0)" in text
    assert "Answers approved: 1 (0)" in text
    assert "Past the deadline: 3" in text
    assert "Answers in time: 1 of 4 (none due)" in text
    assert str(mail["Subject"]).startswith("The week in figures: 4 came in, 3 waiting, 3 missed")
    assert "Nobody answered." in text
    assert str(mail["Auto-Submitted"]) == "auto-generated"
    number = firm.case("ann@example.com")["number"]
    press(firm, links(mail)[f"Show {number}"])
    assert "My parcel is late." in text_of(firm.mails_to()[-1])


def test_only_who_wants_them_gets_them_and_each_once(firm: Journey) -> None:
    go_to(firm, MONDAY, 8)
    for _ in range(3):
        firm.work()
        firm.clock.skip(hours=5)
    assert len(figures(firm)) == 1
    assert figures(firm, firm.noa) == []


def test_a_week_without_anything_is_told_and_a_day_is_not(firm: Journey) -> None:
    wants(firm, "[daily at 08:00, weekly at 08:00]")
    go_to(firm, MONDAY, 8)
    firm.work()
    [mail] = figures(firm)
    assert mail["Subject"] == "The week in figures: nothing came in, nothing waits"
    assert "Nothing came in, nothing was due, and nothing waits." in text_of(mail)
    complains(firm, "ann")
    go_to(firm, 1, 8)
    firm.work()
    assert [str(mail["Subject"]) for mail in figures(firm)[1:]] == ["The figures: 1 came in, 1 waiting"]


def test_after_a_stop_of_weeks_there_is_one_mail_about_all_of_them(firm: Journey) -> None:
    wants(firm, "[daily at 08:00, weekly at 08:00]")
    go_to(firm, MONDAY, 8)
    firm.work()
    complains(firm, "ann", "bo")
    before = len(figures(firm))
    firm.stop()
    firm.clock.skip(days=20)
    firm.work()
    firm.work()
    new = figures(firm)[before:]
    assert sorted(str(mail["Subject"]).partition(":")[0] for mail in new) == [
        "The figures",
        "The week in figures",
    ]
    assert all("Came in: 2 (0)" in text_of(mail) for mail in new)


def test_two_workers_send_them_once(firm: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    go_to(firm, MONDAY, 7)
    firm.work()
    before = len(figures(firm))
    go_to(firm, MONDAY, 8)
    desk, counted = firm.worker.desk, figures_told.told
    second: list[int] = []

    def other_comes_between(*given: object, **how: object) -> object:
        found = counted(*given, **how)  # type: ignore[arg-type]
        monkeypatch.setattr(figures_told, "told", counted)
        second.append(send_figures(desk))
        return found

    monkeypatch.setattr(figures_told, "told", other_comes_between)
    assert send_figures(desk) == 0
    assert second == [1]
    firm.work()
    assert len(figures(firm)) == before + 1


def test_a_clock_that_was_far_ahead_keeps_nobody_without_figures(firm: Journey) -> None:
    go_to(firm, MONDAY, 8)
    firm.clock.skip(days=700)
    firm.work()
    firm.clock.skip(days=-700)
    before = len(figures(firm))
    firm.work()
    firm.work()
    assert len(figures(firm)) == before + 1


def test_they_come_in_the_agents_language_with_iranian_weeks_and_days(firm: Journey) -> None:
    (firm.rules / "calendar.yaml").write_text(
        "time_zone: Asia/Tehran\nweekend: [friday]\nworking_hours: 08:30-17:00\n", "utf-8"
    )
    firm.edit_agents("[en, fa, ar]", "[fa]")
    complains(firm, "ann")
    saturday = 5
    go_to(firm, saturday, 3)
    firm.work()
    before = len(figures(firm))
    go_to(firm, saturday, 5)  # 08:35 in Tehran
    firm.work()
    mail = figures(firm)[-1]
    assert len(figures(firm)) == before + 1
    assert str(mail["Subject"]).startswith("آمار هفته: ")
    assert "این آمار شنبه " in text_of(mail)
    assert "تا جمعه " in text_of(mail)


def test_agents_without_such_a_role_are_refused_them_with_the_line(firm: Journey) -> None:
    firm.edit_agents("roles: [agent]}", "roles: [agent], figures: daily at 08:00}")
    with pytest.raises(Exception, match="figures are of the whole firm") as told:
        firm.work()
    assert "agents.yaml:3" in str(told.value)
