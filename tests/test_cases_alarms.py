"""Mail that threatens the firm's name: who is mailed at once (D4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cases.alarms import raised, recipients
from cases.decide import on_mail
from cases.decision import Decision, LetterRequest
from cases.facts import Counts
from store.models import EventKind, LetterKind, Severity
from store.values import Alarm
from tests.facts_factory import (
    ADMIN,
    AGENT,
    COLLEAGUE,
    case_facts,
    check_in_token,
    message,
    opening_facts,
    rulebook,
    verdict,
)

OWNED = """\
agents:
  - {address: sara@example.com, name: Sara Ahmadi, languages: [en, fa], roles: [agent]}
  - {address: dana@example.com, name: Dana Levi, languages: [he], roles: [agent, owner]}
  - {address: admin@example.com, name: Ada, roles: [admin]}
"""
PRESS = Alarm("owner", "press-threat", ("go to the press",), Severity.URGENT)
WORDS = "Answer, or I go to the press."


def opening(alarms: tuple[Alarm, ...] = (PRESS,), **changes: Any) -> Decision:
    given = verdict(alarms=alarms, severity=Severity.URGENT)
    book = rulebook(agents=OWNED)
    return on_mail(opening_facts(**{"verdict": given, "rulebook": book} | changes), message(WORDS))


def alerts(decision: Decision) -> list[LetterRequest]:
    return [one for one in decision.letters if one.template == "agent_alert"]


def told(decision: Decision) -> list[str]:
    return [event.text for event in decision.events if event.kind is EventKind.ALERT]


def test_the_owner_is_mailed_at_once_with_the_words_that_made_it() -> None:
    decision = opening()
    (letter,) = alerts(decision)
    assert (letter.kind, letter.recipient.address, letter.language) == (LetterKind.ALERT, COLLEAGUE, "he")
    assert not letter.wait
    assert letter.variables["number"] == decision.case_number == 8
    assert letter.variables["severity"] == "urgent"
    assert letter.variables["words"] == WORDS
    assert letter.variables["hits"] == ({"rule": "press-threat", "words": ("go to the press",)},)
    assert letter.variables["new"] is True
    assert told(decision) == [f"{COLLEAGUE} is mailed at once: press-threat"]


def test_without_an_owner_the_admins_are() -> None:
    assert [agent.address for agent in recipients(PRESS, rulebook())] == [ADMIN]


def test_an_alert_may_name_an_agent() -> None:
    (letter,) = alerts(opening((replace(PRESS, to=AGENT),)))
    assert letter.recipient.address == AGENT


def test_several_rules_make_one_letter_to_each() -> None:
    decision = opening((PRESS, Alarm("owner", "legal-threat", ("my lawyer",)), Alarm("admin", "other", ())))
    by = {one.recipient.address: one.variables["hits"] for one in alerts(decision)}
    assert [hit["rule"] for hit in by[COLLEAGUE]] == ["press-threat", "legal-threat"]
    assert [hit["rule"] for hit in by[ADMIN]] == ["other"]


def test_a_mail_that_no_rule_alerts_of_alerts_nobody() -> None:
    decision = opening(())
    assert not alerts(decision)
    assert not told(decision)


def test_who_had_many_alerts_within_the_hour_is_told_no_more_and_the_case_says_so() -> None:
    decision = opening(alerted={COLLEAGUE: 5})
    assert not alerts(decision)
    assert told(decision) == [f"{COLLEAGUE} is not mailed about it: 5 alerts went there within the hour"]


def test_in_a_flood_nobody_is_told() -> None:
    assert not alerts(opening(counts=Counts(mails_last_hour=20)))


def test_a_further_mail_on_a_case_raises_its_severity_and_alerts() -> None:
    facts = case_facts(alarms=(PRESS,), rulebook=rulebook(agents=OWNED))
    decision = on_mail(facts, message(WORDS))
    (letter,) = alerts(decision)
    assert letter.variables["number"] == 7
    assert letter.variables["new"] is False
    assert decision.case
    assert decision.case.values["severity"] is Severity.URGENT


def test_so_does_the_answer_to_a_check_in() -> None:
    facts = case_facts({"check_ins": 1}, token=check_in_token(), joined_by="address", alarms=(PRESS,))
    decision = on_mail(facts, message(f"1 {WORDS}"))
    assert len(alerts(decision)) == 1
    assert decision.case
    assert decision.case.values["severity"] is Severity.URGENT


@pytest.mark.parametrize(
    ("before", "then"),
    [(Severity.LOW, Severity.HIGH), (Severity.HIGH, Severity.HIGH), (Severity.URGENT, Severity.URGENT)],
)
def test_a_severity_is_never_lowered(before: Severity, then: Severity) -> None:
    assert raised(before, (Alarm("owner", "r", (), Severity.HIGH), Alarm("owner", "s", ()))) is then
