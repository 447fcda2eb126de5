"""Which words an acknowledgement has, and what it may promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.acknowledging import is_repeated
from cases.asks import acknowledgement
from cases.decide import on_mail
from cases.decision import LetterRequest
from cases.facts import Facts, History, Presence
from cases.rules.loading import load
from cases.rules.rulebook import Rulebook
from store.models import Case, CaseKind, LetterKind, Severity, Status
from store.values import Alarm
from tests.facts_factory import (
    AGENT,
    AGENTS,
    CATEGORIES,
    COLLEAGUE,
    NOW,
    case,
    message,
    opening_facts,
    rulebook,
    texts,
    verdict,
)

THREATS = """\
rules:
  - {name: press, when: {phrase: newspaper}, says: {severity: urgent, tag: press, alert: admin}}
  - {name: press-words, when: {phrase: paper}, says: {severity: high}}
"""
OWN = """\
rules:
  - {name: megaphone, when: {phrase: megaphone}, says: {severity: urgent, alert: owner}}
  - {name: site-is-down, when: {phrase: the site is down}, says: {severity: urgent, alert: admin}}
"""
RULES = rulebook(threats=THREATS, own=OWN)
SATURDAY = datetime(2026, 3, 7, 11, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 3, 9, 9, tzinfo=UTC)


def ack(facts: Facts, **mail: Any) -> LetterRequest:
    decision = on_mail(facts, message(**mail))
    (letter,) = (one for one in decision.letters if one.kind is LetterKind.ACK)
    return letter


def template(of: Facts) -> str:
    return ack(of).template


def alarmed(rule: str, **changes: Any) -> Facts:
    by_rule = Alarm("owner", rule, ("words",), Severity.URGENT)
    return opening_facts(rulebook=RULES, verdict=verdict(alarms=(by_rule,), **changes))


def earlier(**changes: Any) -> Case:
    return case(**({"number": 3, "opened_at": NOW - timedelta(days=30)} | changes))


def after_earlier(*cases: Case, **changes: Any) -> Facts:
    return opening_facts(history=History(others=cases), **changes)


def test_an_ordinary_complaint_gets_the_ordinary_words() -> None:
    assert template(opening_facts()) == "ack_complaint"


def test_rules_of_threats_and_those_that_alert_the_owner_speak_of_threats() -> None:
    assert RULES.threats == {"press", "megaphone"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("press", "ack_threat"), ("megaphone", "ack_threat"), ("site-is-down", "ack_complaint")],
)
def test_a_threat_to_the_firms_name_is_acknowledged_as_one(rule: str, expected: str) -> None:
    assert template(alarmed(rule)) == expected


def test_praise_in_the_words_of_a_threat_is_thanked_as_praise() -> None:
    assert template(alarmed("press", kind=CaseKind.PRAISE)) == "ack_praise"


def test_who_complains_again_while_a_complaint_is_open_has_complained_before() -> None:
    assert template(after_earlier(earlier(category="praise"))) == "ack_repeated"
    assert template(after_earlier(earlier(status=Status.ANSWERED, category="other"))) == "ack_repeated"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "ack_repeated"),
        ({"category": "lost"}, "ack_complaint"),
        ({"opened_at": NOW - timedelta(days=89)}, "ack_repeated"),
        ({"opened_at": NOW - timedelta(days=91)}, "ack_complaint"),
        ({"kind": CaseKind.QUESTION}, "ack_complaint"),
        ({"merged_into": 9}, "ack_complaint"),
    ],
)
def test_an_ended_complaint_counts_when_it_was_lately_of_the_same(
    changes: dict[str, Any], expected: str
) -> None:
    assert template(after_earlier(earlier(**({"status": Status.CLOSED} | changes)))) == expected


def test_how_lately_is_a_setting() -> None:
    week = rulebook(letters="repeated_within: 7 days\n")
    assert template(after_earlier(earlier(status=Status.CLOSED), rulebook=week)) == "ack_complaint"


@pytest.mark.parametrize(
    ("name", "more"), [("unsure", ""), ("unsure", "\n    general: true"), ("other", "\n    general: true")]
)
def test_two_complaints_of_an_unclear_cause_are_not_of_the_same(name: str, more: str) -> None:
    text = CATEGORIES.replace("kind: other", f"kind: complaint{more}")
    rules = rulebook(categories=text + f"  other:\n    kind: complaint\n    description: x{more}\n")
    found = after_earlier(earlier(category=name, status=Status.CLOSED), rulebook=rules)
    assert template(replace(found, verdict=verdict(category=name))) == "ack_complaint"


def test_what_was_spam_was_no_complaint() -> None:
    others = History(others=(earlier(spam=True),))
    assert not is_repeated(opening_facts(history=others), case(number=8))
    assert is_repeated(opening_facts(history=History(others=(earlier(),))), case(number=8))


def test_a_question_of_who_complains_as_well_stays_a_question() -> None:
    asked = after_earlier(earlier(), verdict=verdict(kind=CaseKind.QUESTION))
    assert template(asked) == "ack_question"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (CaseKind.COMPLAINT, "ack_out_of_hours"),
        (CaseKind.OTHER, "ack_out_of_hours"),
        (CaseKind.QUESTION, "ack_question"),
        (CaseKind.PRAISE, "ack_praise"),
    ],
)
def test_out_of_hours_it_is_said_when_somebody_is_back(kind: CaseKind, expected: str) -> None:
    letter = ack(opening_facts(now=SATURDAY, verdict=verdict(kind=kind)))
    assert (letter.template, letter.variables["opens"]) == (expected, MONDAY_MORNING)


def test_a_threat_goes_before_a_repetition_and_that_before_the_hour() -> None:
    threat = Alarm("owner", "press", ("words",), Severity.URGENT)
    found = after_earlier(earlier(), now=SATURDAY, rulebook=RULES)
    assert template(found) == "ack_repeated"
    everything = after_earlier(earlier(), now=SATURDAY, rulebook=RULES, verdict=verdict(alarms=(threat,)))
    letter = ack(everything)
    assert (letter.template, letter.variables["opens"]) == ("ack_threat", MONDAY_MORNING)


def test_during_working_hours_nobody_has_to_come_back() -> None:
    assert ack(opening_facts()).variables["opens"] is None


def hurried() -> Rulebook:
    return rulebook(categories=CATEGORIES.replace("answer_within: 1 working day", "answer_within: 4 hours"))


def test_nobody_is_promised_an_answer_for_an_hour_at_which_nobody_is_there() -> None:
    variables = ack(opening_facts(now=SATURDAY, rulebook=hurried())).variables
    assert (variables["deadline"], variables["days"], variables["opens"]) == (None, None, MONDAY_MORNING)
    variables = ack(opening_facts(now=NOW, rulebook=hurried())).variables
    assert (variables["deadline"], variables["days"]) == (NOW + timedelta(hours=4), 0)


def test_a_deadline_after_the_opening_is_told_with_it() -> None:
    variables = ack(opening_facts(now=SATURDAY)).variables
    assert (variables["deadline"], variables["days"]) == (datetime(2026, 3, 9, 17, tzinfo=UTC), 1)


def test_who_has_the_case_after_hours_is_there() -> None:
    routing = f"routes:\n  - {{during: after hours, assign: [{COLLEAGUE}]}}\n"
    letter = ack(opening_facts(now=SATURDAY, rulebook=rulebook(routing=routing)))
    assert (letter.template, letter.variables["opens"]) == ("ack_complaint", None)


@pytest.mark.parametrize(
    ("hour", "expected"), [(18, "ack_complaint"), (21, "ack_out_of_hours"), (8, "ack_out_of_hours")]
)
def test_an_agent_who_works_longer_than_the_firm_is_there(hour: int, expected: str) -> None:
    longer = AGENTS.replace("languages: [en, fa]", "languages: [en, fa], working_hours: '10:00-20:00'")
    now = NOW.replace(hour=hour)
    assert template(opening_facts(now=now, rulebook=rulebook(agents=longer))) == expected


def test_an_agent_who_is_away_is_not_there() -> None:
    longer = AGENTS.replace("languages: [en, fa]", "languages: [en, fa], working_hours: '10:00-20:00'")
    now = NOW.replace(hour=18)
    away = Presence(away={AGENT: now + timedelta(days=2)})
    facts = opening_facts(now=now, rulebook=rulebook(agents=longer), presence=away)
    assert template(replace(facts, verdict=verdict(assign=AGENT))) == "ack_out_of_hours"


def test_what_a_colleague_writes_down_at_night_is_not_said_to_be_read_by_nobody() -> None:
    facts = opening_facts(now=SATURDAY)
    assert acknowledgement(facts, case(channel="phone"), ()).variables["opens"] is None
    assert acknowledgement(facts, case(), ()).variables["opens"] == MONDAY_MORNING


@pytest.mark.parametrize(
    ("others", "expected"),
    [((), 1), ((earlier(),), 2), ((earlier(kind=CaseKind.PRAISE),), 1)],
)
def test_the_letter_knows_how_many_complaints_there_were(others: tuple[Case, ...], expected: int) -> None:
    assert ack(after_earlier(*others)).variables["complaints"] == expected


def test_rules_without_a_file_for_letters_have_the_usual_values() -> None:
    found, problems = load(texts())
    assert problems == []
    assert found
    assert str(found.letters.repeated_within) == "90 days"
    assert found.threats == frozenset()
