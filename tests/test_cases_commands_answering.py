"""`yes` and `no`: what waited is done as its giver's, or not, and both are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.commands.situation import Effect, begin
from cases.facts import AlsoDecided, Decision
from cases.saying import Refusal, Say
from cases.timers import on_timer
from store.models import (
    DraftState,
    EventKind,
    LetterKind,
    RequestKind,
    RequestState,
    Status,
    TimerKind,
)
from store.values import SOFTWARE, CaseChange, RowChange
from tests.facts_factory import CUSTOMER, NOW, case, command, draft, policy
from tests.money_facts import (
    DANA,
    MAY,
    NOA,
    OLA,
    SARA,
    about,
    codes,
    compensation,
    given,
    people,
    request,
    who,
)

FOUR_EYES = {"kind": RequestKind.FOUR_EYES, "agent": MAY, "draft_version": 1}
APPROVE = request(("approve", ""), **FOUR_EYES)


def refused(*lines: str, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        given(*lines, **facts)
    return refusal.value


def to(decision: Decision, address: str) -> list[str]:
    """The sentences of the transcripts that an agent gets."""
    return [
        line.code
        for letter in decision.letters
        if letter.recipient.address == address and letter.template == "transcript"
        for line in letter.variables["lines"]
    ]


def ended(decision: Decision) -> RowChange:
    return next(one for one in decision.changes if one.table == "request")


def test_a_yes_carries_the_offer_out_as_its_givers() -> None:
    decision = given("yes", by=NOA, request=request())
    (row,) = decision.rows
    assert (row.values["amount"], row.values["currency"]) == ("90.00", "EUR")
    assert (row.values["offered_by"], row.values["granted_by"]) == (SARA, NOA)
    kinds = [(event.kind, event.actor) for event in decision.events]
    assert kinds == [(EventKind.GRANTED, NOA), (EventKind.OFFERED, SARA)]
    change = ended(decision)
    assert (change.key, change.expected) == ({"key": "authority/f0/0"}, {"state": RequestState.WAITING})
    assert (change.values["state"], change.values["decided_by"]) == (RequestState.GRANTED, NOA)


def test_giver_and_decider_are_both_told() -> None:
    decision = given("yes", by=NOA, request=request())
    assert to(decision, NOA) == ["granted", "offered"]
    assert to(decision, SARA) == ["granted-told", "offered"]
    assert len({letter.key for letter in decision.letters}) == len(decision.letters)
    assert CUSTOMER not in {letter.recipient.address for letter in decision.letters}


def test_a_yes_lets_the_answer_leave_in_the_givers_name() -> None:
    decision = given("yes", by=NOA, request=APPROVE)
    assert decision.approve_draft
    answer = next(one for one in decision.letters if one.kind is LetterKind.ANSWER)
    assert (answer.recipient.address, answer.variables["agent_name"]) == (CUSTOMER, "May")
    assert answer.variables["body"] == "We are sorry."
    assert decision.case
    assert decision.case.values["status"] is Status.ANSWERED
    assert [(one.kind, one.actor) for one in decision.events] == [
        (EventKind.GRANTED, NOA),
        (EventKind.APPROVED, MAY),
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"draft": draft(2)},
        {"draft": draft(state=DraftState.REJECTED)},
        {"draft": draft(state=DraftState.APPROVED), "of": {"status": Status.ANSWERED}},
        {"of": {"status": Status.CLOSED}},
        {"of": {"customer": ""}},
    ],
)
def test_what_can_not_be_done_any_more_ends_the_request_and_both_are_told(changed: dict[str, Any]) -> None:
    decision = given("yes", by=NOA, request=APPROVE, **changed)
    assert not decision.approve_draft
    assert all(letter.kind is not LetterKind.ANSWER for letter in decision.letters)
    assert ended(decision).values["state"] is RequestState.EXPIRED
    assert [event.kind for event in decision.events] == [EventKind.REQUEST_EXPIRED]
    why = to(decision, NOA)
    assert len(why) == 1
    assert to(decision, MAY) == ["ended-told", *why]


def test_the_draft_that_changed_is_named_as_the_reason() -> None:
    assert to(given("yes", by=NOA, request=APPROVE, draft=draft(2)), NOA) == ["request-draft-changed"]


def test_an_offer_is_decided_anew_on_a_case_that_was_closed_meanwhile() -> None:
    decision = given("yes", by=NOA, request=request(), of={"status": Status.CLOSED})
    assert decision.rows == ()
    assert to(decision, SARA) == ["ended-told", "illegal"]


def test_a_yes_above_all_limits_is_what_it_is_asked_for() -> None:
    before = (compensation("500.00"),)
    decision = given("yes", by=OLA, request=request(), compensations=before, given_lately=before)
    assert decision.rows[0].values["granted_by"] == OLA


def test_a_no_does_nothing_and_tells_the_giver_why() -> None:
    decision = given("no that is too much", by=NOA, request=request())
    assert decision.rows == ()
    assert [event.kind for event in decision.events] == [EventKind.DENIED]
    change = ended(decision)
    assert (change.values["state"], change.values["reason"]) == (RequestState.DENIED, "that is too much")
    assert to(decision, SARA) == ["denied-told"]
    letter = next(one for one in decision.letters if one.recipient.address == SARA)
    assert letter.variables["lines"][0].values["reason"] == "that is too much"
    assert letter.variables["refused"]


def test_a_no_has_a_reason() -> None:
    assert refused("no", by=NOA, request=request()).say.code == "needs-text"


@pytest.mark.parametrize("word", ["yes", "no because"])
@pytest.mark.parametrize(
    ("by", "code"), [(SARA, "own-request"), (DANA, "not-your-role"), (MAY, "not-your-role")]
)
def test_the_giver_and_who_decides_nothing_have_no_say(word: str, by: str, code: str) -> None:
    assert refused(word, by=by, request=request()).say.code == code


def test_even_an_owner_never_grants_their_own() -> None:
    assert refused("yes", by=OLA, request=request(agent=OLA)).say.code == "own-request"


def test_who_may_is_named() -> None:
    assert refused("yes", by=DANA, request=request()).say.values["who"] == "Noa, Ola"


@pytest.mark.parametrize("word", ["yes", "no because"])
def test_who_comes_second_is_told_who_decided(word: str) -> None:
    for state in (RequestState.GRANTED, RequestState.DENIED):
        decided = request(state=state, decided_by=OLA, decided_at=NOW)
        refusal = refused(word, by=NOA, request=decided)
        assert (refusal.say.code, refusal.say.values["who"]) == ("request-decided", "Ola")
        assert refusal.say.values["state"] == str(state)


def test_after_its_time_a_request_is_not_granted() -> None:
    late = request(expires_at=NOW - timedelta(minutes=1))
    assert refused("yes", by=NOA, request=late).say.code == "request-expired"
    assert refused("yes", by=NOA, request=request(state=RequestState.EXPIRED)).say.code == "request-expired"


def test_a_yes_to_nothing_is_refused() -> None:
    assert refused("yes", by=NOA).say.code == "no-request"


def test_who_left_the_firm_is_granted_nothing() -> None:
    assert refused("yes", by=NOA, request=request(agent="kim@example.com")).say.code == "giver-gone"


def test_four_eyes_may_be_a_colleagues_where_nobody_decides() -> None:
    from_rules = people(
        "agents:\n  - {address: sara@example.com, name: Sara, roles: [agent, admin]}\n"
        "  - {address: dana@example.com, name: Dana}\n"
    )
    wanted = request(("approve", ""), **(FOUR_EYES | {"agent": SARA}))
    assert given("yes", by=DANA, request=wanted, rulebook=from_rules).approve_draft
    assert refused("yes", by=SARA, request=wanted, rulebook=from_rules).say.code == "own-request"


CHALLENGE = {"kind": RequestKind.CHALLENGE, "key": "challenge/f0"}


def test_a_challenge_is_confirmed_by_its_giver_alone() -> None:
    wanted = request(("note", "called her"), ("promise", "a call by friday"), **CHALLENGE)
    decision = given("yes", by=SARA, request=wanted)
    assert [event.kind for event in decision.events] == [
        EventKind.GRANTED,
        EventKind.NOTED,
        EventKind.PROMISED,
    ]
    assert {event.actor for event in decision.events} == {SARA}
    assert [letter.recipient.address for letter in decision.letters] == [SARA]
    assert refused("yes", by=NOA, request=wanted).say.code == "not-your-role"


def test_a_confirmed_challenge_moves_no_money_without_a_second_yes() -> None:
    wanted = request(("offer", "refund 5 EUR late"), **CHALLENGE)
    decision = given("yes", by=SARA, request=wanted, message=command("yes"))
    (row,) = decision.rows
    assert (row.table, row.values["kind"]) == ("request", RequestKind.AUTHORITY)
    assert row.values["agent"] == SARA
    asked = [one.recipient.address for one in decision.letters if one.kind is LetterKind.REQUEST]
    assert asked == [NOA, OLA]


def test_a_confirmed_challenge_of_a_draft_only_agent_still_needs_another() -> None:
    wanted = request(("approve", ""), **(CHALLENGE | {"agent": MAY}))
    decision = given("yes", by=MAY, request=wanted)
    assert not decision.approve_draft
    assert decision.rows[0].values["kind"] is RequestKind.FOUR_EYES


def test_what_is_wrong_in_a_challenge_is_told_once_and_nothing_of_it_is_done() -> None:
    wanted = request(("note", "called her"), ("promise", "a call by soon"), **CHALLENGE)
    decision = given("yes", by=SARA, request=wanted)
    assert [event.kind for event in decision.events] == [EventKind.REQUEST_EXPIRED]
    assert decision.rows == ()
    assert codes(decision) == ["when-unknown"]
    assert len(decision.letters) == 1


def test_a_mailed_yes_is_enough_where_nothing_proves_senders() -> None:
    token_only = policy(trusted_authserv_id="", token_only=True)
    decision = given("yes", by=NOA, request=request(), policy=token_only, message=command("yes"))
    assert decision.rows[0].table == "compensation"


def test_nobody_answers_in_time_and_the_giver_is_told() -> None:
    facts = about(request=request(), cause="request/authority/f0/0")
    decision = on_timer(facts, case(), TimerKind.REQUEST)
    assert ended(decision).values["state"] is RequestState.EXPIRED
    assert [(one.kind, one.actor) for one in decision.events] == [(EventKind.REQUEST_EXPIRED, SOFTWARE)]
    assert to(decision, SARA) == ["request-expired-told"]
    assert decision.letters[0].variables["refused"]


@pytest.mark.parametrize("found", [None, request(state=RequestState.GRANTED, decided_by=NOA)])
def test_a_request_that_was_decided_does_not_expire(found: Any) -> None:
    decision = on_timer(about(request=found), case(), TimerKind.REQUEST)
    assert [one.kind for one in decision.events] == [EventKind.TIMER_SKIPPED]
    assert (decision.letters, decision.changes) == ((), ())


def test_a_giver_who_left_the_firm_is_mailed_no_more() -> None:
    decision = on_timer(about(request=request(agent="kim@example.com")), case(), TimerKind.REQUEST)
    assert decision.letters == ()
    assert ended(decision).values["state"] is RequestState.EXPIRED


OPENED = {
    "channel: phone\nfrom: ann@example.org\n\nIt broke.",
    "channel: phone\nfrom: bob@example.org\n\nLate.",
}


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        ([("open", words) for words in sorted(OPENED)], "twice"),
        ([("split", ""), ("merge", "5")], "conflict"),
        ([("reject", "no"), ("approve", "")], "conflict"),
    ],
)
def test_a_confirmed_challenge_that_contradicts_itself_is_not_half_done(
    commands: list[tuple[str, str]], code: str
) -> None:
    decision = given("yes", by=SARA, request=request(*commands, **CHALLENGE))
    assert [event.kind for event in decision.events] == [EventKind.REQUEST_EXPIRED]
    assert codes(decision) == [code]
    assert (decision.beside, decision.rows, decision.draft) == (None, (), None)


@pytest.mark.parametrize("word", ["yes", "no"])
def test_a_yes_inside_a_challenge_ends_it_and_grants_nothing(word: str) -> None:
    wanted = request((word, "too much" if word == "no" else ""), **CHALLENGE)
    decision = given("yes", by=SARA, request=wanted)
    assert [event.kind for event in decision.events] == [EventKind.REQUEST_EXPIRED]
    assert codes(decision) == ["no-request"]
    assert [change.values["state"] for change in decision.changes] == [RequestState.EXPIRED]


def test_a_mail_that_would_change_two_other_cases_changes_none() -> None:
    known = about()
    opens = Effect(events=(), says=Say("opened"), opens=CaseChange(8, None, {}))
    besides = replace(opens, opens=None, beside=AlsoDecided(CaseChange(5, Status.NEW, {})))
    for first, second in ((opens, besides), (besides, opens), (opens, opens)):
        once = begin(known, known.case, who(SARA)).after("open", first)
        with pytest.raises(Refusal) as refusal:
            once.after("split", second)
        assert refusal.value.say == Say("second-case", {"command": "split"})


@pytest.mark.parametrize("word", ["yes", "no too much"])
def test_an_answer_in_a_mail_of_its_own_only_asks_again(word: str) -> None:
    decision = given(word, by=NOA, waiting=(request(),), message=command(word, sender=NOA))
    assert not decision.changes
    assert codes(decision) == ["asked-again"]
    (letter,) = [one for one in decision.letters if one.kind is LetterKind.REQUEST]
    assert letter.recipient.address == NOA
    assert letter.reply_to
    assert letter.reply_to.request_key == request().key
    refusal = refused(word, by=SARA, waiting=(request(),), message=command(word, sender=SARA))
    assert refusal.say.code == "own-request"
