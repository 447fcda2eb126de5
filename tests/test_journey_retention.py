"""Journeys: what customers wrote is kept as long as rules/retention.yaml says, and no longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine import doing, retaining
from store import erasing, retained
from tests.erasures import tables_with
from tests.journeys import Journey

WORDS, ADDRESS = "zanzibarquux", "ann@example.com"
A_YEAR = 366


def keep(journey: Journey, text: str) -> None:
    (journey.rules / "retention.yaml").write_text(text, "utf-8")


def closed(journey: Journey, *commands: str, sender: str = ADDRESS) -> int:
    journey.customer_writes(f"My {WORDS} is late.", sender=f"Ann <{sender}>", subject="Where is it?")
    journey.work()
    number = int(journey.case(sender)["number"])
    for command in (*commands, "close"):
        doing.do(journey.worker.desk, command, agent=journey.sam, number=number)
    return number


def a_night(journey: Journey) -> None:
    """The worker's looks of one night, until it has nothing more to do."""
    zone = ZoneInfo(journey.worker.desk.files.current.rulebook.calendar.time_zone)
    while journey.clock().astimezone(zone).hour not in retaining.NIGHT:
        journey.clock.skip(hours=1)
    retaining.keep_no_longer(journey.worker.desk)


def found(journey: Journey) -> dict[str, list[str]]:
    with journey.worker.desk.database.read() as session:
        return tables_with(session, WORDS)


def test_as_shipped_everything_is_kept(quick_journey: Journey) -> None:
    number = closed(quick_journey)
    quick_journey.clock.skip(days=20 * A_YEAR)
    a_night(quick_journey)
    assert quick_journey.case_of(number)["customer"] == ADDRESS
    assert quick_journey.events("erased") == []


def test_a_case_that_was_closed_long_ago_is_erased_at_night(stored_journey: Journey) -> None:
    keep(stored_journey, "closed_cases: 2 years\n")
    number = closed(stored_journey)
    stored_journey.clock.skip(days=A_YEAR)
    a_night(stored_journey)
    assert found(stored_journey), "it is not time yet"
    stored_journey.clock.skip(days=A_YEAR + 1)
    a_night(stored_journey)
    assert found(stored_journey) == {}
    [event] = stored_journey.events("erased")
    assert (event["case"], event["actor"], event["data"]) == (number, "peygir", {"because": "retention"})
    case = stored_journey.case_of(number)
    assert (case["status"], case["category"], case["customer"]) == ("closed", "late", "")


def test_a_case_that_is_opened_again_at_that_very_moment_goes_on(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(quick_journey, "closed_cases: 1 month\n")
    number = closed(quick_journey)
    quick_journey.clock.skip(days=A_YEAR)
    look = retained.cases_over

    def and_then_opened(*given: Any) -> list[int]:
        over = look(*given)
        doing.do(quick_journey.worker.desk, "reopen", agent=quick_journey.sam, number=number)
        return over

    monkeypatch.setattr(retained, "cases_over", and_then_opened)
    a_night(quick_journey)
    case = quick_journey.case_of(number)
    assert case["customer"] == ADDRESS
    assert quick_journey.events("erased") == []


def test_by_day_nothing_is_erased(quick_journey: Journey) -> None:
    keep(quick_journey, "closed_cases: 1 month\n")
    closed(quick_journey)
    quick_journey.clock.skip(days=A_YEAR)
    zone = ZoneInfo(quick_journey.worker.desk.files.current.rulebook.calendar.time_zone)
    while quick_journey.clock().astimezone(zone).hour in retaining.NIGHT:
        quick_journey.clock.skip(hours=1)
    retaining.keep_no_longer(quick_journey.worker.desk)
    assert found(quick_journey)


def test_what_goes_on_or_is_owed_waits(quick_journey: Journey) -> None:
    keep(quick_journey, "closed_cases: 1 month\n")
    promised = closed(quick_journey, "promise a new one in 10 days")
    quick_journey.customer_writes(f"A {WORDS} more.", sender="bob@example.com")
    quick_journey.work()
    quick_journey.clock.skip(days=A_YEAR)
    a_night(quick_journey)
    assert quick_journey.events("erased") == []
    doing.do(quick_journey.worker.desk, "kept 1", agent=quick_journey.sam, number=promised)
    quick_journey.clock.skip(days=1)
    a_night(quick_journey)
    assert [event["case"] for event in quick_journey.events("erased")] == [promised]


def test_a_cause_can_be_kept_for_another_time(quick_journey: Journey) -> None:
    keep(quick_journey, "closed_cases: 1 month\ncategories: {late: never, damaged: 5 years}\n")
    late, other = closed(quick_journey), closed(quick_journey, "category other", sender="bob@example.com")
    quick_journey.clock.skip(days=A_YEAR)
    a_night(quick_journey)
    assert [event["case"] for event in quick_journey.events("erased")] == [other]
    assert quick_journey.case_of(late)["customer"] == ADDRESS


def test_whole_mails_go_and_what_was_read_of_them_stays(stored_journey: Journey) -> None:
    keep(stored_journey, "whole_mails: 6 months\n")
    number = closed(stored_journey)
    stored_journey.customer_writes("Still open.", sender="bob@example.com")
    stored_journey.work()
    stored_journey.clock.skip(days=A_YEAR)
    a_night(stored_journey)
    [dropped] = stored_journey.events("originals-dropped")
    assert (dropped["case"], dropped["data"]) == (number, {"mails": 1})
    assert not any(
        WORDS.encode() in raw for raw in stored_journey.raws() if b"Subject: Where is it?" in raw[:900]
    )
    assert WORDS in stored_journey.shown(number)["mails"][0]["words"]
    assert any(b"Still open." in raw for raw in stored_journey.raws()), "an open case keeps its mails"
    doing.do(stored_journey.worker.desk, "reopen", agent=stored_journey.sam, number=number)
    stored_journey.work()
    assert stored_journey.case_of(number)["status"] == "open", "it goes on without the whole mail"


def test_what_never_was_a_case_is_kept_as_long_as_a_case(quick_journey: Journey) -> None:
    keep(quick_journey, "closed_cases: 1 month\n")
    quick_journey.customer_writes(
        f"News of the {WORDS}!", sender="news@example.org", headers={"List-Id": "<news.example.org>"}
    )
    quick_journey.work()
    assert quick_journey.cases() == []
    quick_journey.clock.skip(days=A_YEAR)
    a_night(quick_journey)
    assert found(quick_journey) == {}
    with quick_journey.worker.desk.database.read() as session:
        assert tables_with(session, "news@example.org") == {}


def test_the_worker_ends_what_an_erasing_began(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(quick_journey, "closed_cases: 1 month\n")
    closed(quick_journey)
    quick_journey.clock.skip(days=A_YEAR)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "blank_mails", killed)
        with pytest.raises(KeyboardInterrupt):
            a_night(quick_journey)
    assert found(quick_journey)
    keep(quick_journey, "closed_cases: never\n")
    quick_journey.stop()
    a_night(quick_journey)
    assert found(quick_journey) == {}, "also where the rules were changed since"


def test_a_night_without_work_is_one_look(quick_journey: Journey) -> None:
    a_night(quick_journey)
    with quick_journey.worker.desk.database.read() as session:
        day = retained.day_done(session)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day) <= quick_journey.clock()
