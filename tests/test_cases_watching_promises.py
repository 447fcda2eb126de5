"""What is done about promises: the reminder, the chain once one is broken, and the word to the customer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.contact import Contact, Sent
from cases.decision import Decision
from cases.facts import Facts, Presence
from cases.watching import promises
from cases.watching.step import Step
from cases.watching.watch import on_watch
from store.models import Case, EventKind, LetterKind, Promise, PromiseState, Status
from store.values import RowChange
from tests.decisions import kinds
from tests.facts_factory import NOW, case, draft, facts
from tests.test_cases_watching_deadlines import BOSS, ISO, MAY, SARA, rules

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY = NOW + DAY + 7 * HOUR
"""At 17:00: by when a new parcel is promised."""
NEAR, TOLD = TUESDAY - 4 * HOUR, TUESDAY + 18 * HOUR
"""Four working hours before; two working hours after, on Wednesday at 11:00."""


def promised(**changes: Any) -> Promise:
    values: dict[str, Any] = {
        "id": 3,
        "case_number": 7,
        "what": "a new parcel",
        "due_at": TUESDAY,
        "made_by": SARA,
        "state": PromiseState.OPEN,
        "made_at": NOW,
    }
    return Promise(**(values | changes))


def at(now: datetime, *made: Promise, written: str = ISO, **changes: Any) -> Facts:
    known = {"now": now, "rulebook": rules(written), "draft": draft(), "contact": Contact()}
    return facts(**(known | {"promises": made or (promised(),)} | changes))


def waiting(**changes: Any) -> Case:
    return case(**({"deadline_at": None} | changes))


def told(step: Step) -> list[str]:
    return [notice.agent.address for notice in step.notices]


def done(step: Step, *made: Promise) -> tuple[Promise, ...]:
    """The promises once the step is recorded."""
    values: dict[Any, Any] = {change.key["id"]: change.values for change in step.changes}
    return tuple(one.model_copy(update=dict(values.get(one.id, {}))) for one in made)


def test_a_promise_is_reminded_of_broken_told_and_escalated_each_once_at_its_time() -> None:
    of, seen = waiting(), []
    made: tuple[Promise, ...] = (promised(),)
    for _ in range(6):
        now = promises.next_at(at(NOW, *made), of)
        if now is None:
            break
        step = promises.due(at(now, *made), of)
        seen.append((now, told(step), kinds(step), [letter.template for letter in step.letters]))
        of, made = of.model_copy(update=dict(step.values)), done(step, *made)
    assert seen == [
        (NEAR, [SARA], [EventKind.PROMISE_NEAR], []),
        (TUESDAY, [SARA], [EventKind.PROMISE_BROKEN], []),
        (TOLD, [], [EventKind.HOLDING_SENT], ["holding_promise"]),
        (TOLD + 2 * HOUR, [MAY], [EventKind.ESCALATED], []),
        (TUESDAY + DAY, [BOSS], [EventKind.ESCALATED], []),
    ]
    (one,) = made
    assert (one.reminded_at, one.broken_at, one.told_at) == (NEAR, TUESDAY, TOLD)
    assert one.state is PromiseState.OPEN


@pytest.mark.parametrize("state", [PromiseState.KEPT, PromiseState.WITHDRAWN])
def test_a_promise_that_is_kept_or_taken_back_bothers_nobody(state: PromiseState) -> None:
    assert promises.next_at(at(NOW, promised(state=state)), waiting()) is None
    assert promises.due(at(TUESDAY + DAY, promised(state=state)), waiting()) == Step()


def test_without_rules_a_promise_is_only_found_broken() -> None:
    step = promises.due(at(TUESDAY, written=""), waiting())
    assert (told(step), kinds(step), step.letters) == ([], [EventKind.PROMISE_BROKEN], ())


def test_of_a_promise_that_was_made_too_late_for_it_nobody_is_reminded() -> None:
    late = promised(made_at=NEAR + HOUR)
    assert promises.next_at(at(NEAR + HOUR, late), waiting()) == TUESDAY
    assert promises.due(at(NEAR + 2 * HOUR, late), waiting()) == Step()


def test_the_customer_is_told_what_was_promised_and_by_when_they_hear_again() -> None:
    (letter,) = promises.due(at(TOLD, promised(broken_at=TUESDAY)), waiting()).letters
    assert (letter.kind, letter.key, letter.automatic) == (LetterKind.HOLDING, "holding/7/promise-3", True)
    assert [(one.what, one.due) for one in letter.variables["promises"]] == [("a new parcel", TUESDAY)]
    assert letter.variables["next_update"] == datetime.fromisoformat("2026-03-06T17:00+00:00")


def test_after_a_week_s_stop_there_is_one_mail_a_person_and_one_for_the_customer() -> None:
    made = promised(), promised(id=4, what="a call", due_at=TUESDAY + DAY)
    decision = on_watch(at(TUESDAY + 7 * DAY, *made, cause="watch/7/1"), waiting())
    assert sorted(letter.recipient.key for letter in decision.letters) == [BOSS, "customer@example.org"]
    (to_customer,) = [letter for letter in decision.letters if letter.kind is LetterKind.HOLDING]
    assert len(to_customer.variables["promises"]) == 2
    (to_boss,) = [letter for letter in decision.letters if letter.recipient.key == BOSS]
    assert [say.values["what"] for say in to_boss.variables["why_now"]] == ["a new parcel", "a call"]
    assert (to_boss.variables["headline"], to_boss.letter) == ("promise-broken", "promise_delayed")
    changed = {change.key["id"]: set(change.values) for change in decision.changes}
    assert changed == {3: {"broken_at", "told_at"}, 4: {"broken_at", "told_at"}}
    skipped = [event.text for event in decision.events if event.kind is EventKind.TIMER_SKIPPED]
    assert len(skipped) == 2
    assert all("2 steps before this one" in text for text in skipped)


def test_a_change_holds_only_while_the_promise_is_open() -> None:
    step = promises.due(at(NEAR), waiting())
    assert step.changes == (
        RowChange("promise", {"id": 3}, {"state": PromiseState.OPEN}, {"reminded_at": NEAR}),
    )


@pytest.mark.parametrize(
    ("of", "contact", "because"),
    [
        ({"answered_at": TUESDAY + HOUR}, Contact(), "somebody has written to the customer since"),
        ({"customer": ""}, Contact(), "there is no address"),
        ({}, Contact(letters=(Sent(LetterKind.ACK, "ack/7", NOW, failed=True),)), "did not arrive"),
    ],
)
def test_who_needs_no_word_or_can_t_be_reached_gets_none_and_is_not_tried_again(
    of: dict[str, Any], contact: Contact, because: str
) -> None:
    made = promised(broken_at=TUESDAY)
    step = promises.due(at(TOLD, made, contact=contact), waiting(**of))
    assert step.letters == ()
    (event,) = [one for one in step.events if one.kind is EventKind.TIMER_SKIPPED]
    assert because in event.text
    behind = waiting(**of).model_copy(update=dict(step.values))
    following = promises.next_at(at(TOLD, *done(step, made), contact=contact), behind)
    assert following
    assert following > TOLD


def test_a_customer_who_was_answered_before_the_day_is_told_all_the_same() -> None:
    made = promised(broken_at=TUESDAY)
    of = waiting(status=Status.ANSWERED, answered_at=NOW)
    assert [letter.template for letter in promises.due(at(TOLD, made), of).letters] == ["holding_promise"]


def test_for_an_agent_who_is_away_somebody_else_is_reminded() -> None:
    step = promises.due(at(NEAR, presence=Presence(away={SARA: NOW + 9 * DAY})), waiting())
    assert told(step) == [MAY]


def test_a_promise_for_another_day_begins_anew() -> None:
    of, made = waiting(), promised(broken_at=TUESDAY)
    for now in (TUESDAY, TOLD, TUESDAY + DAY):
        of = of.model_copy(update=dict(promises.due(at(now, made), of).values))
    again = promised(id=5, made_at=TUESDAY + 2 * DAY, due_at=TUESDAY + 6 * DAY)
    kept = at(TUESDAY + 2 * DAY, promised(state=PromiseState.WITHDRAWN), again)
    assert promises.next_at(kept, of) == TUESDAY + 6 * DAY - 4 * HOUR


def looked(now: datetime, *made: Promise, **changes: Any) -> Decision:
    return on_watch(at(now, *made, cause="watch/7/1"), waiting(**changes))


def test_the_mail_says_when_the_customer_will_be_told_unless_they_can_t_be() -> None:
    (letter,) = looked(TUESDAY).letters
    assert letter.variables["why_now"][0].values["tells"] == TOLD
    (silent,) = looked(TUESDAY, customer="").letters
    assert silent.variables["why_now"][0].values["tells"] is None
    assert silent.letter == ""


def test_of_a_case_that_ended_nothing_is_done() -> None:
    decision = looked(TUESDAY, status=Status.RESOLVED)
    assert (decision.letters, decision.changes) == ((), ())
