"""Who is told when a deadline is near, and once it has passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases import deadlines as setting
from cases.contact import Contact
from cases.decision import Decision
from cases.facts import Facts, Presence
from cases.rules.rulebook import Rulebook
from cases.watching import deadlines
from cases.watching.step import Step
from cases.watching.watch import armed, on_watch
from store.models import Case, CaseKind, DraftState, EventKind, Severity, Status
from tests.decisions import kinds
from tests.facts_factory import CATEGORIES, NOW, case, draft, facts, rulebook

SARA, DANA, MAY, ADA, BOSS = (f"{who}@example.com" for who in ("sara", "dana", "may", "ada", "boss"))
AGENTS = """\
agents:
  - {address: sara@example.com, name: Sara, languages: [en], roles: [agent]}
  - {address: dana@example.com, name: Dana, roles: [agent]}
  - {address: may@example.com, name: May, roles: [approver]}
  - {address: ada@example.com, name: Ada, roles: [admin]}
  - {address: boss@example.com, name: The boss, roles: [owner]}
"""
ISO = "preset: iso10002\n"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSING = NOW + 7 * HOUR
"""Monday at 17:00: by when case 7 is answered."""


def rules(written: str = ISO, agents: str = AGENTS, **others: str) -> Rulebook:
    return rulebook(deadlines=written, agents=agents, **others)


def at(now: datetime, written: str = ISO, **changes: Any) -> Facts:
    return facts(
        **({"now": now, "rulebook": rules(written), "draft": draft(), "contact": Contact()} | changes)
    )


def told(step: Step) -> list[str]:
    return [notice.agent.address for notice in step.notices]


def after(step: Step, of: Case) -> Case:
    return of.model_copy(update=dict(step.values))


def test_each_step_of_the_chain_is_taken_once_at_its_time() -> None:
    of, seen = case(), []
    for _ in range(4):
        now = deadlines.next_at(at(NOW), of)
        if now is None:
            break
        step = deadlines.due(at(now), of)
        seen.append((now, told(step), kinds(step)))
        of = after(step, of)
    assert seen == [
        (CLOSING - 4 * HOUR, [SARA], [EventKind.DEADLINE_NEAR]),
        (CLOSING, [SARA, MAY], [EventKind.DEADLINE_MISSED, EventKind.ESCALATED]),
        (CLOSING + DAY, [BOSS], [EventKind.ESCALATED]),
    ]
    assert deadlines.next_at(at(NOW), of) is None


def test_before_the_first_step_nothing_is_due() -> None:
    assert deadlines.due(at(NOW), case()) == Step()


def test_after_a_stop_only_the_furthest_step_is_taken_and_the_case_says_so() -> None:
    step = deadlines.due(at(CLOSING + 10 * DAY), case())
    assert told(step) == [BOSS]
    assert kinds(step) == [EventKind.TIMER_SKIPPED, EventKind.DEADLINE_MISSED, EventKind.ESCALATED]
    assert "2 steps" in step.events[0].text
    assert deadlines.next_at(at(CLOSING + 10 * DAY), after(step, case())) is None


def test_a_warning_that_comes_too_late_is_none_but_that_it_was_missed_is_told_of() -> None:
    only = "chains: {answer: [{before: 4 hours, to: agent}]}\n"
    step = deadlines.due(at(CLOSING + HOUR, only), case())
    assert (told(step), kinds(step)) == ([], [EventKind.TIMER_SKIPPED, EventKind.DEADLINE_MISSED])


def test_nobody_is_warned_who_was_mailed_about_the_case_after_that_moment() -> None:
    wrote = Contact(wrote_at=CLOSING - 3 * HOUR)
    assert deadlines.next_at(at(NOW, contact=wrote), case()) == CLOSING
    soon = case(opened_at=CLOSING - 2 * HOUR)
    assert deadlines.next_at(at(NOW), soon) == CLOSING
    assert told(deadlines.due(at(CLOSING, contact=wrote), case())) == [SARA, MAY]


def test_another_deadline_begins_the_chain_anew() -> None:
    of = after(deadlines.due(at(CLOSING + 10 * DAY), case()), case())
    later = of.model_copy(update={"deadline_at": CLOSING + 20 * DAY})
    assert told(deadlines.due(at(CLOSING + 20 * DAY), later)) == [SARA, MAY]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Status.ANSWERED},
        {"deadline_at": None},
        {"spam": True},
        {"kind": CaseKind.PRAISE},
    ],
)
def test_what_needs_no_answer_has_no_deadline(changes: dict[str, Any]) -> None:
    assert deadlines.next_at(at(NOW), case(**changes)) is None
    assert deadlines.due(at(CLOSING + DAY), case(**changes)) == Step()


def test_without_rules_nobody_is_told_but_the_case_says_that_it_was_missed() -> None:
    step = deadlines.due(at(CLOSING, ""), case())
    assert (told(step), kinds(step)) == ([], [EventKind.DEADLINE_MISSED])
    (event,) = step.events
    assert event.data == {"deadline": "answer", "by": CLOSING.isoformat(), "told": []}


def test_for_an_agent_who_is_away_the_next_of_the_chain_is_told() -> None:
    away = Presence(away={SARA: NOW + 30 * DAY})
    assert told(deadlines.due(at(CLOSING - HOUR, presence=away), case())) == [MAY]
    assert told(deadlines.due(at(CLOSING, presence=away), case())) == [MAY]
    both = Presence(away={SARA: NOW + 30 * DAY, MAY: NOW + 30 * DAY})
    assert told(deadlines.due(at(CLOSING - HOUR, presence=both), case())) == [BOSS]


def test_of_a_case_that_nobody_has_the_next_of_the_chain_is_told() -> None:
    assert told(deadlines.due(at(CLOSING - HOUR), case(assignee=""))) == [MAY]


def test_for_a_role_that_nobody_has_the_next_above_it_is_told() -> None:
    few = AGENTS.replace("roles: [approver]", "roles: [agent]").replace("roles: [owner]", "roles: [agent]")
    assert told(deadlines.due(at(CLOSING, rulebook=rules(agents=few)), case())) == [SARA, ADA]


def test_of_many_with_a_role_one_is_told_and_always_the_same_for_a_case() -> None:
    more = AGENTS + "  - {address: zoe@example.com, name: Zoe, roles: [approver]}\n"
    for number in range(4):
        for by in (CLOSING, CLOSING + DAY):
            of = case(number=number, deadline_at=by)
            (_, chosen) = told(deadlines.due(at(by, rulebook=rules(agents=more)), of))
            assert chosen == (MAY, "zoe@example.com")[number % 2]


def test_an_agent_who_is_the_approver_too_gets_no_approver_but_themselves() -> None:
    both = AGENTS.replace(
        "name: Sara, languages: [en], roles: [agent]", "name: Sara, roles: [agent, approver]"
    )
    alone = both.replace("roles: [approver]}", "roles: [agent]}")
    assert told(deadlines.due(at(CLOSING, rulebook=rules(agents=both)), case())) == [SARA, MAY]
    assert told(deadlines.due(at(CLOSING, rulebook=rules(agents=alone)), case())) == [SARA]


def test_the_owner_is_told_of_a_threat_as_soon_as_it_is_late() -> None:
    threats = """\
rules:
  - name: lawyer
    when: {phrase: my lawyer}
    says: {severity: urgent, alert: owner}
"""
    of = case(why=[{"rule": "lawyer", "words": ["my lawyer"], "says": "alert owner", "weight": 1.0}])
    known = rules(threats=threats)
    assert told(deadlines.due(at(CLOSING - HOUR, rulebook=known), of)) == [SARA]
    assert told(deadlines.due(at(CLOSING, rulebook=known), of)) == [SARA, MAY, BOSS]


# -- the resolution and the final answer


def test_a_new_complaint_gets_its_deadlines_from_its_receipt_by_the_calendar() -> None:
    opened = datetime.fromisoformat("2026-03-05T16:00+00:00")  # a Thursday
    values = setting.of_a_new_case(at(opened + HOUR), case(opened_at=opened))
    assert values == {
        "resolve_by": datetime.fromisoformat("2026-03-19T17:00+00:00"),
        "final_by": opened + timedelta(weeks=8),
    }
    assert setting.of_a_new_case(at(NOW), case(kind=CaseKind.PRAISE)) == {}
    assert setting.of_a_new_case(at(NOW, ""), case()) == {}


def test_a_summary_resolution_is_due_at_the_close_of_the_third_business_day_after_the_receipt() -> None:
    known = rules(
        "preset: fca-disp\n",
        letters="outside_body: {default: {name: {en: the Ombudsman}, contact: x.example}}\n",
        categories=CATEGORIES.replace(
            "    answer_template: late\n", "    answer_template: late\n    holding_updates: {after: 2 days}\n"
        ),
        calendar="time_zone: Europe/London\nholidays: [2026-04-03, 2026-04-06]\n",
    )
    received = datetime.fromisoformat("2026-04-01T20:00+01:00")  # the Wednesday before Easter
    values = setting.of_a_new_case(facts(now=received, rulebook=known), case(opened_at=received))
    assert values["resolve_by"] == datetime.fromisoformat("2026-04-08T17:00+01:00")
    assert values["final_by"] == datetime.fromisoformat("2026-05-27T20:00+01:00")


def test_what_goes_on_after_its_end_keeps_a_deadline_to_come_and_gets_others_anew() -> None:
    of = case(resolve_by=NOW - DAY, final_by=NOW + DAY)
    values = setting.anew(at(NOW), of)
    assert values == {"resolve_by": datetime.fromisoformat("2026-03-16T17:00+00:00")}


def test_what_becomes_more_severe_is_resolved_sooner_and_never_later() -> None:
    far = case(resolve_by=NOW + 10 * DAY, severity=Severity.URGENT)
    assert setting.tightened(at(NOW), far) == {"resolve_by": datetime.fromisoformat("2026-03-04T17:00+00:00")}
    assert setting.tightened(at(NOW), case(resolve_by=NOW + HOUR, severity=Severity.URGENT)) == {}
    assert setting.tightened(at(NOW), case(severity=Severity.URGENT)) == {}


def test_while_the_customer_has_an_answer_the_agent_alone_is_told_of_the_resolution() -> None:
    of = case(status=Status.ANSWERED, resolve_by=CLOSING)
    assert told(deadlines.due(at(CLOSING), of)) == [SARA]
    assert told(
        deadlines.due(at(CLOSING), of.model_copy(update={"status": Status.OPEN, "deadline_at": None}))
    ) == [
        SARA,
        MAY,
    ]


def test_the_final_answer_is_offered_and_names_the_body_outside() -> None:
    body = "outside_body: {default: {name: {en: the Ombudsman, he: הנציבות}, contact: x.example}}\n"
    known = rules(letters=body)
    of = case(status=Status.ANSWERED, final_by=NOW + 28 * DAY)
    sent = draft(state=DraftState.APPROVED)
    now = deadlines.next_at(at(NOW, rulebook=known, draft=sent), of)
    assert now == datetime.fromisoformat("2026-03-23T09:00+00:00")
    step = deadlines.due(at(now, rulebook=known, draft=sent), of)
    (notice,) = step.notices
    assert (notice.agent.address, notice.letter) == (SARA, "final")
    assert notice.says.values["body"] == "the Ombudsman"
    assert not step.letters


@pytest.mark.parametrize(
    "sent",
    [
        {"template": "answer/final"},
        {"template": "answer/resolution"},
        {"body": "You may turn to THE OMBUDSMAN if you like."},
        {"body": "Write to X.example."},
    ],
)
def test_an_answer_that_says_where_to_turn_was_the_final_one(sent: dict[str, Any]) -> None:
    known = rules(letters="outside_body: {default: {name: {en: the Ombudsman}, contact: x.example}}\n")
    of = case(status=Status.ANSWERED, final_by=NOW + 28 * DAY)
    gone = draft(**({"state": DraftState.APPROVED} | sent))
    assert deadlines.next_at(at(NOW, rulebook=known, draft=gone), of) is None
    waits = draft(**({"state": DraftState.OPEN} | sent))
    assert deadlines.next_at(at(NOW, rulebook=known, draft=waits), of) is not None


# -- the mails


def looked(now: datetime, of: Case, **changes: Any) -> Decision:
    return on_watch(at(now, **({"cause": "watch/7/1"} | changes)), of)


def test_several_deadlines_are_one_mail_a_person() -> None:
    of = case(resolve_by=CLOSING, final_by=CLOSING)
    letters = looked(CLOSING, of).letters
    assert sorted(letter.recipient.key for letter in letters) == [BOSS, MAY, SARA]
    (to_sara,) = [letter for letter in letters if letter.recipient.key == SARA]
    assert [say.code for say in to_sara.variables["why_now"]] == [
        "watch-answer-missed",
        "watch-resolve-missed",
        "watch-final-missed",
    ]
    assert (to_sara.variables["headline"], to_sara.variables["whose"]) == ("deadline-missed", "")
    (to_may,) = [letter for letter in letters if letter.recipient.key == MAY]
    assert to_may.variables["whose"] == "Sara"


def test_who_gets_it_for_an_agent_who_is_away_learns_so() -> None:
    (letter,) = looked(CLOSING - HOUR, case(), presence=Presence(away={SARA: NOW + DAY})).letters
    assert (letter.recipient.key, letter.variables["why_now"][-1].code) == (MAY, "watch-away")
    (letter,) = looked(CLOSING - HOUR, case(assignee="")).letters
    assert letter.variables["why_now"][-1].code == "watch-nobodys"


def test_a_look_that_did_all_is_followed_by_one_at_the_next_step() -> None:
    decision = looked(CLOSING, case())
    assert decision.case
    of = case(**decision.case.values)
    timer = armed(at(CLOSING, cause="watch/7/1"), of)
    assert timer
    assert timer.due_at == CLOSING + DAY
