"""rules/calendar.yaml: holidays of countries, days of one's own, and teams that work otherwise."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cases.calendar import after, working_days_until
from cases.rules.calendars import CalendarFile, HolidaysOf, TeamTimes, notes_on
from cases.rules.durations import Duration, Hours, Unit
from cases.rules.loading import load
from cases.rules.notes import notes
from cases.rules.working_time import Calendar
from store.values import canonical
from tests.facts_factory import AGENT, COLLEAGUE, case, rulebook, texts

ROOT = Path(__file__).parent.parent
TWO_DAYS = Duration(2, Unit.WORKING_DAYS)
TEAMS = """\
agents:
  - {address: sara@example.com, name: Sara, roles: [agent, admin], team: tehran}
  - {address: dana@example.com, name: Dana, team: haifa}
  - {address: ada@example.com, name: Ada}
"""
CALENDAR = """\
time_zone: Asia/Tehran
weekend: [friday]
working_hours: 08:30-17:00
holidays_of: IR
holidays: [2026-11-25]
teams:
  haifa:
    time_zone: Asia/Jerusalem
    weekend: [friday, saturday]
    holidays_of: [IL]
"""


def calendar(**says: Any) -> Calendar:
    return CalendarFile.model_validate(says).compiled()


def told(text: str, agents: str = TEAMS) -> list[str]:
    return [str(one) for one in load(texts(calendar=text, agents=agents))[1]]


def test_nowruz_is_a_holiday_of_iran_in_every_year() -> None:
    iran = calendar(time_zone="Asia/Tehran", weekend=["friday"], holidays_of="IR")
    thursday_before = datetime(2027, 3, 18, 12, tzinfo=UTC)
    # Friday, a holiday on Saturday, Nowruz from Sunday to Wednesday: Thursday and Saturday are worked.
    assert after(thursday_before, TWO_DAYS, iran).date() == date(2027, 3, 27)
    assert all(iran.hours_on(date(year, 3, 22)) is None for year in range(2001, 2100))


def test_passover_moves_through_the_spring_and_is_kept_in_israel() -> None:
    israel = calendar(time_zone="Asia/Jerusalem", weekend=["friday", "saturday"], holidays_of=["IL"])
    assert [israel.hours_on(date(2027, 4, day)) is None for day in (21, 22, 25, 28)] == [
        False,
        True,
        False,
        True,
    ]
    wednesday = datetime(2027, 4, 21, 9, tzinfo=UTC)
    assert after(wednesday, TWO_DAYS, israel).date() == date(2027, 4, 26)
    assert working_days_until(wednesday, datetime(2027, 4, 26, 9, tzinfo=UTC), israel) == 2


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    corpus_christi = date(2027, 5, 27)
    bavaria = calendar(holidays_of={"country": "DE", "subdivision": "Bayern"})
    assert bavaria.hours_on(corpus_christi) is None
    assert calendar(holidays_of=["de"]).hours_on(corpus_christi) is not None


def test_days_of_ones_own_are_added_and_worked_ones_override_both_weekend_and_holiday() -> None:
    own = calendar(
        weekend=["friday"],
        other_hours={"friday": "09:00-12:00"},
        holidays_of=["IR", "IL"],
        holidays=["2027-03-25"],
        working_days=["2027-03-26", "2027-03-22"],
    )
    assert own.hours_on(date(2027, 3, 25)) is None
    assert own.hours_on(date(2027, 3, 26)) == Hours.parse("09:00-12:00")  # a Friday
    assert own.hours_on(date(2027, 3, 22)) == Hours.parse("09:00-17:00")  # the second day of Nowruz
    assert own.hours_on(date(2027, 4, 22)) is None  # Passover


def test_hours_may_end_at_midnight_and_not_later() -> None:
    late = calendar(working_hours="16:00-24:00")
    assert after(datetime(2026, 3, 2, 12, tzinfo=UTC), Duration(8, Unit.WORKING_HOURS), late) == datetime(
        2026, 3, 3, tzinfo=UTC
    )
    assert str(Hours.parse("16:00-00:00")) == str(late.working_hours) == "16:00-24:00"
    for written in ("22:00-06:00", "17:00-09:00", "00:00-00:00", "09:00-09:00"):
        with pytest.raises(ValueError, match="a working day ends at 24:00 at the latest".capitalize()):
            Hours.parse(written)
    for written in ("09:00-24:30", "24:00-25:00", "9 to 5"):
        with pytest.raises(ValueError, match="on a clock of 24 hours"):
            Hours.parse(written)


@pytest.mark.parametrize(
    ("text", "told_there"),
    [
        ("holidays_of: [Iran]\n", "1:15: 'Iran' doesn't fit; write 'IR' for this country"),
        ("holidays_of: UK\n", "1:14: 'UK' doesn't fit; write 'GB' for this country"),
        ("holidays_of: [IR, XX]\n", "1:19: 'XX' doesn't fit; no such country; write it by its two letters"),
        (
            "holidays_of:\n  - country: DE\n    subdivision: BX\n",
            "2:5: no such part of DE; write one of: ",
        ),
        (
            "holidays_of:\n  - country: IR\n    subdivision: X\n",
            "2:5: nothing is known of parts of IR; leave",
        ),
        ("holidays_of:\n  - contry: IR\n", "2:5: 'contry' is not known here; did you mean 'country'?"),
        ("weekend: [friday]\nholidays: [2027-03-21]\nworking_days: [2027-03-21]\n", "keep one of the two"),
        (
            "working_hours: 22:00-06:00\n",
            "1:16: '22:00-06:00' doesn't fit; these hours end before they begin",
        ),
        (
            "teams:\n  haifo: {weekend: [saturday]}\n",
            "2:10: no agent is in a team 'haifo', by agents.yaml; did you mean 'haifa'?",
        ),
        ("teams:\n  haifa: {weekends: [saturday]}\n", "2:11: 'weekends' is not known here; did you mean"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(text: str, told_there: str) -> None:
    (problem,) = [one for one in told(text) if "is missing" not in one]
    assert told_there in problem


def test_a_team_without_agents_is_a_mistake_also_where_there_are_no_teams() -> None:
    nobody = "agents:\n  - {address: ada@example.com, name: Ada, roles: [admin]}\n"
    (problem,) = told("teams: {haifa: {weekend: [saturday]}}\n", nobody)
    assert problem.endswith("write 'team: haifa' at those who are in it")


def test_a_team_works_by_its_own_calendar_and_otherwise_by_the_firms() -> None:
    rules = rulebook(agents=TEAMS, calendar=CALENDAR)
    haifa = rules.calendar_of("haifa")
    assert (haifa.time_zone, haifa.working_hours) == ("Asia/Jerusalem", rules.calendar.working_hours)
    assert haifa.hours_on(date(2026, 11, 25)) is None  # the firm's own day off
    assert haifa.hours_on(date(2027, 3, 22)) is not None
    assert rules.calendar.hours_on(date(2027, 3, 22)) is None


def test_what_a_team_says_of_a_day_wins_over_the_firm() -> None:
    file = CalendarFile.model_validate(
        {
            "holidays": ["2026-11-25"],
            "working_days": ["2026-11-28", "2026-11-29"],
            "teams": {"off": {"holidays": ["2026-11-28"]}, "on": {"working_days": ["2026-11-25"]}},
        }
    )
    teams = file.of_teams()
    assert [teams["off"].hours_on(date(2026, 11, day)) is None for day in (25, 28, 29)] == [
        False,
        True,
        False,
    ]
    assert [teams["on"].hours_on(date(2026, 11, day)) is None for day in (25, 28, 29)] == [False, True, True]


@pytest.mark.parametrize(
    ("whose", "zone"),
    [
        (case(assignee=COLLEAGUE), "Asia/Jerusalem"),
        (case(assignee=AGENT), "Asia/Tehran"),  # a team without a calendar of its own
        (case(assignee="ada@example.com"), "Asia/Tehran"),
        (case(assignee=""), "Asia/Tehran"),
        (case(assignee="gone@example.com"), "Asia/Tehran"),
        (COLLEAGUE, "Asia/Jerusalem"),
        ("haifa", "Asia/Jerusalem"),
        ("", "Asia/Tehran"),
        (None, "Asia/Tehran"),
    ],
)
def test_the_calendar_of_a_case_is_that_of_its_agents_team(whose: Any, zone: str) -> None:
    rules = rulebook(agents=TEAMS, calendar=CALENDAR)
    assert rules.calendar_of(whose).time_zone == zone
    assert rules.calendar_of(rules.agent(canonical(COLLEAGUE))).time_zone == "Asia/Jerusalem"


def test_a_compiled_calendar_is_kept_as_plain_days() -> None:
    compiled = calendar(holidays_of=["IR"], time_zone="Asia/Tehran")
    kept = pickle.dumps(compiled)
    assert b"holidays.countries" not in kept
    assert pickle.loads(kept) == compiled  # noqa: S301 - our own


def test_check_says_which_holidays_are_estimates_or_not_known_for_long() -> None:
    text = "holidays_of: [IR, IL]\nteams:\n  haifa:\n    holidays_of: [IR, LK]\n"
    first, second = (str(note) for note in notes({"calendar.yaml": text}))
    assert first.startswith("calendar.yaml:1:15: from 20")
    assert "holidays of IR that go by the moon are estimates" in first
    assert second.startswith("calendar.yaml:4:23: holidays of LK are known until 20")


def test_the_shipped_calendar_has_nothing_to_note() -> None:
    assert notes({"calendar.yaml": (ROOT / "rules" / "calendar.yaml").read_text("utf-8")}) == []


def test_the_examples_of_the_shipped_calendar_are_right() -> None:
    lines = (ROOT / "rules" / "calendar.yaml").read_text("utf-8").splitlines()
    teams = [line.removeprefix("# ") for line in lines[lines.index("# teams:") :]]
    assert told("\n".join(teams) + "\n") == []


def test_the_example_for_admins_is_right_and_means_what_is_said_of_it() -> None:
    page = (ROOT / "docs" / "admins.md").read_text("utf-8")
    text = page.partition("### When you work")[2].partition("```yaml\n")[2].partition("```")[0]
    rules = rulebook(agents=TEAMS, calendar=text)
    assert rules.calendar.hours_on(date(2027, 3, 20)) == Hours.parse("08:30-17:00")
    assert rules.calendar.hours_on(date(2027, 3, 25)) is None
    haifa = rules.calendar_of("haifa")
    assert (haifa.time_zone, haifa.working_hours) == ("Asia/Jerusalem", Hours.parse("08:30-17:00"))
    assert haifa.hours_on(date(2027, 3, 25)) == Hours.parse("08:30-17:00")  # a Thursday


def test_where_no_country_is_named_the_library_of_holidays_is_not_even_loaded() -> None:
    script = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from engine.rule_files import read_rules\n"
        "rules, _ = read_rules(Path('rules'))\n"
        "print(json.dumps([rules is not None, 'holidays' in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True, timeout=120
    )
    assert json.loads(done.stdout) == [True, False]


def test_a_country_is_shown_as_it_was_written() -> None:
    assert str(HolidaysOf.model_validate({"country": "de", "subdivision": "BY"})) == "DE, BY"
    assert list(notes_on(CalendarFile(teams={"x": TeamTimes()}))) == []
