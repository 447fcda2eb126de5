"""A case has the calendar of the team that has it, an agent the one of the own team."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.about import about
from cases.acknowledging import nobody_until
from cases.assigning import is_there
from cases.calendar import after
from cases.commands.dates import by_when, rests_on, until_when
from cases.digest import last_slot
from cases.facts import Facts
from cases.following import anew
from cases.opening import opened
from cases.quiet import Quiet
from cases.rules.durations import Duration, Unit
from cases.told_agents import left_of
from store.models import Case, Status
from tests.facts_factory import AGENT, COLLEAGUE, case, facts, message, opening_facts, rulebook, verdict
from tests.money_facts import people

AGENTS = """\
agents:
  - {address: sara@example.com, name: Sara, languages: [fa], roles: [agent, admin]}
  - {address: dana@example.com, name: Dana, languages: [he], team: haifa, working_hours: '09:00-17:00',
     digest: daily 09:00}
"""
CALENDAR = """\
time_zone: Asia/Tehran
weekend: [friday]
working_hours: 08:30-17:00
holidays_of: [IR]
teams:
  haifa:
    time_zone: Asia/Jerusalem
    weekend: [friday, saturday]
    working_hours: 09:00-17:00
    holidays_of: [IL]
"""
RULES = rulebook(agents=AGENTS, calendar=CALENDAR)
SATURDAY = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
"""Worked in Iran, not in Israel."""
NOWRUZ = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)
"""A Monday, worked in Israel and not in Iran."""
WITH = {"sara": AGENT, "dana": COLLEAGUE}


def at(now: datetime, by: str = "") -> Facts:
    agent = RULES.agent(WITH[by]) if by else None
    # The words of a promise are those that ship.
    return facts(rulebook=replace(RULES, words=people().words), now=now, agent=agent)


def tehran(day: int, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, 13, 30, tzinfo=UTC)  # 17:00 there


def haifa(day: int, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, 15, 0, tzinfo=UTC)  # 17:00 there in winter


@pytest.mark.parametrize(
    ("language", "now", "due"),
    [
        ("fa", SATURDAY, tehran(29)),
        ("he", SATURDAY, haifa(29)),
        ("fa", NOWRUZ, tehran(25, 3, 2027)),  # the first day after Nowruz
        ("he", NOWRUZ, haifa(23, 3, 2027)),
    ],
)
def test_a_new_case_is_answered_by_the_calendar_of_the_team_that_gets_it(
    language: str, now: datetime, due: datetime
) -> None:
    known = opening_facts(rulebook=RULES, now=now, verdict=verdict(language=language))
    decision = opened(known, message())
    assert decision.case is not None
    assert decision.case.values["assignee"] == WITH["sara" if language == "fa" else "dana"]
    assert decision.case.values["deadline_at"] == due


def test_the_acknowledgement_says_when_the_team_opens() -> None:
    assert nobody_until(at(SATURDAY), case(assignee=AGENT)) is None
    # Dana is to be there from nine to five, which the team's rest comes before.
    assert nobody_until(at(SATURDAY), case(assignee=COLLEAGUE)) == datetime(2026, 11, 29, 7, 0, tzinfo=UTC)


def _case(assignee: str, due: datetime) -> Case:
    return case(assignee=assignee, deadline_at=due)


def test_letters_count_the_working_days_of_the_team_that_has_the_case() -> None:
    sunday, thursday = haifa(29), datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    known = at(thursday)
    assert about(known, _case(AGENT, sunday))["days"] == 2
    assert about(known, _case(COLLEAGUE, sunday))["days"] == 1
    left = left_of(known, _case(COLLEAGUE, haifa(29)))
    assert left == {"overdue": False, "unit": "days", "amount": 1}


def test_a_case_that_is_the_agents_again_is_due_by_the_calendar_of_that_agent() -> None:
    answered = case(assignee=COLLEAGUE, status=Status.ANSWERED)
    assert anew(at(SATURDAY), answered)["deadline_at"] == haifa(29)


def test_an_agent_has_hours_on_the_working_days_of_the_own_team() -> None:
    dana = RULES.agent(COLLEAGUE)
    assert dana
    assert not is_there(dana, at(SATURDAY))
    assert is_there(dana, at(NOWRUZ))
    # 16:30 in Haifa, when Tehran has closed.
    assert is_there(dana, at(datetime(2026, 11, 30, 14, 30, tzinfo=UTC)))


def test_a_digest_comes_when_the_own_team_works() -> None:
    slot = last_slot(Quiet.parse("daily 09:00"), SATURDAY, RULES.calendar_of(RULES.agent(COLLEAGUE)))
    assert slot
    assert slot.at == datetime(2026, 11, 26, 7, 0, tzinfo=UTC)  # on Thursday, nine in Haifa


def test_agents_name_days_of_their_own_team_and_times_by_the_firms_clock() -> None:
    assert by_when(at(SATURDAY, "dana"), "in 1 working day") == haifa(29)
    assert by_when(at(NOWRUZ, "sara"), "in 1 working day") == tehran(25, 3, 2027)
    assert by_when(at(SATURDAY, "dana"), "2026-12-01 14:00") == datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
    assert until_when(at(SATURDAY, "dana"), "2026-12-01") == datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert rests_on(at(SATURDAY, "dana"), SATURDAY)
    assert not rests_on(at(SATURDAY, "sara"), SATURDAY)


def test_who_has_no_team_with_a_calendar_works_by_the_firms() -> None:
    wait = Duration(1, Unit.WORKING_DAYS)
    for nobodys in (case(assignee=""), case(assignee=AGENT)):
        assert after(SATURDAY, wait, RULES.calendar_of(nobodys)) == tehran(29)
    assert SATURDAY + timedelta(days=1) < tehran(29)
