"""Who gets a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.assigning import EVERYBODY_AWAY, NOBODY_AT_WORK, Matter, heir, is_there, routed, whose
from cases.facts import Facts, Presence
from store.models import Severity
from tests.facts_factory import ADMIN, AGENT, COLLEAGUE, NOW, agent, case, facts, rulebook, verdict

ROUTED = """\
routes:
  - {category: [late], language: [he], assign: [dana@example.com]}
  - {category: [late], assign: [sara@example.com, admin@example.com]}
"""
ONLY_ADMINS = "agents:\n  - {address: admin@example.com, name: Ada, roles: [admin]}\n"
TEAMS = """\
agents:
  - {address: sara@example.com, name: Sara, roles: [agent, admin], team: parcels}
  - {address: dana@example.com, name: Dana, team: parcels}
  - {address: noa@example.com, name: Noa, team: money}
"""
SHIFTS = """\
agents:
  - {address: sara@example.com, name: Sara, roles: [agent, admin], working_hours: "09:00-12:00"}
  - {address: dana@example.com, name: Dana, working_hours: "12:00-17:00"}
"""


def known(presence: Presence | None = None, **files: str) -> Facts:
    return facts(rulebook=rulebook(**files), presence=presence or Presence())


def away(*agents: str, hours: float = 5) -> Presence:
    return Presence(away=dict.fromkeys(agents, NOW + timedelta(hours=hours)))


def who(number: int, given: Facts, **changes: Any) -> str:
    return whose(verdict(**changes), number, given).address


def test_a_rule_that_names_an_agent_decides() -> None:
    assert who(1, known(routing=ROUTED), assign=ADMIN) == ADMIN


def test_a_rule_that_names_who_is_away_gives_the_case_to_another() -> None:
    assert who(1, known(away(ADMIN)), assign=ADMIN) == AGENT


def test_the_first_route_that_fits_decides_in_turn() -> None:
    given = known(routing=ROUTED)
    assert [who(number, given) for number in range(4)] == [AGENT, ADMIN, AGENT, ADMIN]
    assert who(1, given, language="he") == COLLEAGUE


def test_a_route_may_name_a_team() -> None:
    given = known(agents=TEAMS, routing="routes:\n  - {category: [late], team: parcels}\n")
    assert {who(number, given) for number in range(4)} == {AGENT, COLLEAGUE}


def test_what_no_route_fits_goes_to_who_speaks_the_language() -> None:
    for given in (known(), known(routing=ROUTED)):
        assert {who(n, given, category="praise", language="fa") for n in range(4)} == {AGENT}
        assert {who(n, given, category="praise", language="he") for n in range(4)} == {COLLEAGUE}


@pytest.mark.parametrize("language", ["ru", ""])
def test_a_language_that_nobody_speaks_goes_to_all_who_answer(language: str) -> None:
    assert {who(number, known(), language=language) for number in range(4)} == {AGENT, COLLEAGUE}


def test_an_agent_without_languages_answers_in_all() -> None:
    everybody = ONLY_ADMINS + "  - {address: sara@example.com, name: Sara}\n"
    assert who(1, known(agents=everybody), language="ru") == AGENT


def test_where_only_admins_are_they_answer() -> None:
    assert who(1, known(agents=ONLY_ADMINS)) == ADMIN


def test_whoever_has_the_fewest_open_cases_is_next() -> None:
    busy = Presence(open_cases={AGENT: 3, ADMIN: 2})
    assert [who(number, known(busy, routing=ROUTED)) for number in range(3)] == [ADMIN] * 3


def test_nobody_who_is_away_gets_a_case() -> None:
    given = known(away(ADMIN), routing=ROUTED)
    assert [str(whose(verdict(), number, given)) for number in range(3)] == [f"to {AGENT}"] * 3


def test_who_said_to_be_away_until_an_hour_ago_is_back() -> None:
    given = known(away(ADMIN, hours=-1), routing=ROUTED)
    assert {who(number, given) for number in range(2)} == {AGENT, ADMIN}


def test_when_everybody_is_away_all_take_their_turns_and_it_says_so() -> None:
    given = known(away(AGENT, ADMIN), routing=ROUTED)
    found = [whose(verdict(), number, given) for number in range(2)]
    assert [one.address for one in found] == [AGENT, ADMIN]
    assert {one.because for one in found} == {EVERYBODY_AWAY}
    assert EVERYBODY_AWAY in str(found[0])


def test_agents_with_working_hours_get_cases_in_these() -> None:
    given = known(agents=SHIFTS)
    assert {who(number, given) for number in range(4)} == {AGENT}
    later = facts(rulebook=given.rulebook, now=NOW + timedelta(hours=3))
    assert {who(number, later) for number in range(4)} == {COLLEAGUE}


@pytest.mark.parametrize("hours", [12, 5 * 24])  # ten in the evening; a Saturday morning
def test_outside_of_all_working_hours_everybody_who_is_not_away_takes_turns(hours: int) -> None:
    at_night = facts(rulebook=rulebook(agents=SHIFTS), now=NOW + timedelta(hours=hours))
    found = [whose(verdict(), number, at_night) for number in range(2)]
    assert [one.address for one in found] == [AGENT, COLLEAGUE]
    assert {one.because for one in found} == {NOBODY_AT_WORK}


def test_a_case_stays_with_its_agent_as_long_as_there_is_one() -> None:
    given = known(routing=ROUTED)
    assert heir(case(assignee=COLLEAGUE), given).address == COLLEAGUE
    assert heir(case(assignee="gone@example.com", number=8), given).address == AGENT
    assert heir(case(assignee="", language="he"), known()).address == COLLEAGUE


def test_a_case_leaves_an_agent_who_is_away_but_not_one_who_sleeps() -> None:
    assert heir(case(assignee=ADMIN, number=8), known(away(ADMIN), routing=ROUTED)).address == AGENT
    at_night = facts(rulebook=rulebook(agents=SHIFTS), now=NOW + timedelta(hours=12))
    assert heir(case(assignee=COLLEAGUE, number=8), at_night).address == COLLEAGUE


def test_a_case_stays_when_everybody_is_away() -> None:
    given = known(away(AGENT, ADMIN), routing=ROUTED)
    assert heir(case(assignee=ADMIN, number=8), given).address == ADMIN


def test_an_agent_without_hours_is_always_there() -> None:
    assert is_there(agent(), facts(now=NOW + timedelta(hours=12)))


NIGHT = """\
routes:
  - {severity: urgent, during: after hours, assign: [admin@example.com]}
  - {tag: [legal, press], assign: [dana@example.com]}
  - {channel: [phone], during: working hours, assign: [sara@example.com, admin@example.com]}
"""
TAGGED = "rules:\n  - {name: r, when: {phrase: x}, says: {tag: [legal, press]}}\n"


def test_a_route_may_ask_for_severity_tag_channel_and_hours() -> None:
    day = known(routing=NIGHT, mine=TAGGED)
    night = replace(day, now=NOW.replace(hour=22))
    urgent = {"severity": Severity.URGENT, "language": "en"}
    assert whose(verdict(**urgent), 1, night).address == ADMIN
    assert whose(verdict(**urgent), 1, day).address == AGENT
    assert whose(verdict(**urgent, tags=("press",)), 1, day).address == COLLEAGUE
    assert whose(verdict(language="he"), 1, day, "phone").address == ADMIN
    assert whose(verdict(language="he"), 1, night, "phone").address == COLLEAGUE
    assert whose(verdict(language="he"), 1, day).address == COLLEAGUE


def test_a_case_is_routed_again_by_the_tags_that_it_got() -> None:
    why = [{"rule": "r", "words": [], "says": "tag legal", "weight": 1.0, "tags": ["legal"]}]
    one = case(assignee="gone@example.com", language="en", why=why)
    assert heir(one, known(routing=NIGHT, mine=TAGGED)).address == COLLEAGUE


def test_which_route_it_was_is_known() -> None:
    matter = Matter("en", "late", Severity.URGENT)
    rules = known(routing=NIGHT, mine=TAGGED).rulebook
    assert routed(matter, rules, NOW.replace(hour=22))[0] == 0
    assert routed(matter, rules, NOW)[0] is None
