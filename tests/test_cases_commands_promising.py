"""`promise` and `kept`: what a customer is promised, by when, and whether it was kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cases.saying import Refusal, Say
from store.models import EventKind, PromiseState, Status
from tests.facts_factory import CUSTOMER, draft
from tests.money_facts import SARA, codes, given, promise


def refused(*lines: str, **facts: object) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        given(*lines, **facts)  # type: ignore[arg-type]
    return refusal.value


def test_a_promise_is_written_down_with_its_day_and_who_made_it() -> None:
    decision = given("promise a new parcel by friday")
    (row,) = decision.rows
    assert row.table == "promise"
    assert row.values["what"] == "a new parcel"
    assert row.values["due_at"] == datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    assert (row.values["made_by"], row.values["state"]) == (SARA, PromiseState.OPEN)
    (event,) = decision.events
    assert (event.kind, event.actor, event.data["what"]) == (EventKind.PROMISED, SARA, "a new parcel")
    assert codes(decision) == ["promised"]


def test_a_promise_tells_the_customer_nothing() -> None:
    decision = given("promise a new parcel by friday")
    assert [letter.recipient.address for letter in decision.letters] == [SARA]
    assert CUSTOMER not in {letter.recipient.address for letter in decision.letters}


def test_the_same_promise_for_another_day_takes_the_place_of_the_first() -> None:
    first = promise(" A new parcel", id=7)
    decision = given("promise a new parcel by 2026-03-20", promises=(first, promise("a call", id=8)))
    (change,) = decision.changes
    assert (change.table, change.key, change.expected) == ("promise", {"id": 7}, {"state": PromiseState.OPEN})
    assert change.values["state"] is PromiseState.WITHDRAWN
    assert [event.kind for event in decision.events] == [EventKind.PROMISED, EventKind.WITHDRAWN]
    assert decision.letters[-1].variables["lines"][0].values["was"] == first.due_at


def test_a_promise_that_was_kept_can_be_made_again() -> None:
    decision = given("promise a new parcel by friday", promises=(promise(state=PromiseState.KEPT),))
    assert decision.changes == ()
    assert decision.letters[-1].variables["lines"][0].values["was"] is None


LETTERS = frozenset({"promise_made", "promise_delayed", "promise_kept", "compensation", "late"})


@pytest.mark.parametrize(
    ("line", "letter"),
    [
        ("promise a call by friday", "promise_made"),
        ("promise a new parcel by 2026-03-20", "promise_delayed"),
        ("promise a new parcel by tomorrow at 12:00", "promise_made"),
        ("kept a new parcel", "promise_kept"),
        ("offer refund 20 EUR it was late", "compensation"),
    ],
)
def test_the_agent_is_offered_the_letter_that_tells_the_customer(line: str, letter: str) -> None:
    decision = given(line, promises=(promise(),), answers=LETTERS)
    told = decision.letters[-1]
    assert decision.draft is None, "it is offered, and nobody's draft is thrown away"
    assert told.letter == letter
    assert told.variables["next"] == (Say("next-letter", {"template": letter, "own": True}),)


def test_a_letter_that_takes_the_place_of_no_ones_words_says_nothing_of_it() -> None:
    untouched = draft(template="answer/late")
    told = given("promise a call by friday", answers=LETTERS, draft=untouched).letters[-1]
    assert told.variables["next"][0].values["own"] is False


@pytest.mark.parametrize(
    "lines",
    [
        ("promise a call by friday", "template promise_made"),
        ("promise a call by friday", "edit We call you by Friday."),
        ("edit We call you by Friday.", "promise a call by friday", "approve"),
    ],
)
def test_who_wrote_to_the_customer_in_the_same_mail_is_offered_no_letter(lines: tuple[str, ...]) -> None:
    told = given(*lines, answers=LETTERS).letters[-1]
    assert told.letter == ""
    assert "next-letter" not in {one.code for one in told.variables["next"]}


def test_a_customer_without_an_address_is_written_no_letter() -> None:
    told = given("promise a call by friday", of={"customer": ""}, answers=LETTERS).letters[-1]
    assert (told.letter, told.variables["next"]) == ("", (Say("next-no-address"),))


def test_a_firm_without_the_letter_is_asked_to_write_it() -> None:
    told = given("promise a call by friday").letters[-1]
    assert (told.letter, told.variables["next"]) == ("", (Say("next-tell-customer"),))


def test_the_letter_knows_what_the_same_mail_promised() -> None:
    decision = given(
        "promise a call by friday", "kept 1", "template promise_made", promises=(promise(),), answers=LETTERS
    )
    assert decision.draft
    assert decision.draft.variables["promise"].what == "a call"
    assert [one.what for one in decision.draft.variables["promises"]] == ["a call"]


def test_several_promises_can_stand_in_one_mail() -> None:
    decision = given("promise a new parcel by friday", "promise a call by tomorrow at 12:00")
    assert [row.values["what"] for row in decision.rows] == ["a new parcel", "a call"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("promise a new parcel", "promise-without-day"),
        ("promise by friday", "promise-without-day"),
        ("promise", "needs-text"),
        ("promise a new parcel by soon", "when-unknown"),
        ("promise a new parcel by 01/02/2027", "when-two-ways"),
        ("promise a new parcel by 2020-01-01", "when-past"),
        ("promise refund by friday by bank", "when-unknown"),
    ],
)
def test_a_promise_without_a_clear_day_is_refused(line: str, code: str) -> None:
    assert refused(line).say.code == code


def test_a_closed_case_is_promised_nothing() -> None:
    assert refused("promise a new parcel by friday", of={"status": Status.CLOSED}).say.code == "illegal"


def test_the_only_open_promise_is_the_one_that_was_kept() -> None:
    decision = given("kept", promises=(promise(state=PromiseState.KEPT), promise("a call", id=2)))
    (change,) = decision.changes
    assert (change.key, change.expected) == ({"id": 2}, {"state": PromiseState.OPEN})
    assert change.values["state"] is PromiseState.KEPT
    assert [event.kind for event in decision.events] == [EventKind.PROMISE_KEPT]


@pytest.mark.parametrize("which", ["2", "۲", "#2", "call", "A CALL"])
def test_one_of_several_is_named_by_its_number_or_its_words(which: str) -> None:
    decision = given(f"kept {which}", promises=(promise(), promise("a call", id=9)))
    assert decision.changes[0].key == {"id": 9}


def test_a_promise_is_numbered_among_all_of_the_case() -> None:
    promises = (promise(state=PromiseState.KEPT), promise("a call", id=2), promise("a visit", id=3))
    assert given("kept 3", promises=promises).changes[0].key == {"id": 3}
    assert refused("kept 1", promises=promises).say.code == "no-such-owed"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("kept", "which-owed"),
        ("kept a", "which-owed"),
        ("kept 3", "no-such-owed"),
        ("kept tea", "no-such-owed"),
    ],
)
def test_a_promise_that_is_not_clear_is_refused_with_those_there_are(line: str, code: str) -> None:
    refusal = refused(line, promises=(promise(), promise("a call", id=2)))
    assert refusal.say.code == code
    assert [one.values for one in refusal.say.values["known"]] == [
        {"count": 1, "what": "a new parcel"},
        {"count": 2, "what": "a call"},
    ]


def test_without_an_open_promise_none_was_kept() -> None:
    assert refused("kept").say.code == "no-open-promise"
    assert refused("kept", promises=(promise(state=PromiseState.BROKEN),)).say.code == "no-open-promise"


def test_a_promise_is_kept_once_in_a_mail() -> None:
    promises = (promise(), promise("a call", id=2))
    assert len(given("kept 1", "kept 2", promises=promises).changes) == 2
    assert refused("kept 1", "kept 1", promises=promises).say.code == "no-such-owed"


def test_a_promise_of_a_closed_case_can_still_be_kept() -> None:
    assert given("kept", of={"status": Status.CLOSED}, promises=(promise(),)).changes


@pytest.mark.parametrize(
    ("line", "what", "due"),
    [
        ("promise a call today", "a call", "03-02 17:00"),
        ("promise a call on friday", "a call", "03-06 17:00"),
        ("promise a new parcel within 3 days", "a new parcel", "03-05 17:00"),
        ("promise a call at noon", "a call", "03-02 12:00"),
        ("promise a call by 5pm", "a call", "03-02 17:00"),
        ("promise a call by noon", "a call", "03-02 12:00"),
        ("promise a call by end of week", "a call", "03-06 17:00"),
        ("promise a call before tomorrow", "a call", "03-02 17:00"),
        ("promise تماس امروز", "تماس", "03-02 17:00"),
        ("promise تماس تا آخر هفته", "تماس", "03-06 17:00"),
        ("promise שיחה תוך יומיים", "שיחה", "03-04 17:00"),
        ("promise كأس خلال يومين", "كأس", "03-04 17:00"),
        ("promise مكالمة قبل غدا", "مكالمة", "03-02 17:00"),
    ],
)
def test_the_day_of_a_promise_needs_no_by(line: str, what: str, due: str) -> None:
    (row,) = given(line).rows
    assert (row.values["what"], f"{row.values['due_at']:%m-%d %H:%M}") == (what, due)


@pytest.mark.parametrize(
    "line", ["promise a holiday of 2 days", "promise friday at 14:00", "promise by friday"]
)
def test_days_that_may_be_the_thing_itself_are_no_day_of_the_promise(line: str) -> None:
    assert refused(line).say.code == "promise-without-day"


def test_a_promise_for_a_day_of_rest_says_so() -> None:
    (said,) = given("promise a call by saturday").letters[-1].variables["lines"]
    assert said.values["closed"]
