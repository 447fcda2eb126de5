"""What waits for somebody's yes, and who is asked for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.decision import Decision
from cases.saying import Refusal
from store.models import (
    CompensationState,
    EventKind,
    LetterKind,
    RequestKind,
    RequestState,
    TimerKind,
    TokenPurpose,
)
from tests.facts_factory import NOW, case, command, draft, policy
from tests.money_facts import (
    DANA,
    MAY,
    NOA,
    NOBODY_DECIDES,
    OLA,
    SARA,
    codes,
    compensation,
    given,
    people,
    request,
)

ABOVE = "offer refund 90 EUR the parcel was late"


def asked(decision: Decision) -> list[str]:
    return [one.recipient.address for one in decision.letters if one.kind is LetterKind.REQUEST]


def held(decision: Decision) -> dict[str, Any]:
    (row,) = decision.rows
    assert row.table == "request"
    return dict(row.values)


def refused(*lines: str, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        given(*lines, **facts)
    return refusal.value


def test_more_than_the_authority_waits_and_the_deciders_are_asked() -> None:
    decision = given(ABOVE)
    row = held(decision)
    assert (row["kind"], row["state"], row["agent"]) == (RequestKind.AUTHORITY, RequestState.WAITING, SARA)
    assert row["given"] == [["offer", "refund 90 EUR the parcel was late"]]
    assert row["expires_at"] == NOW + timedelta(days=7)
    assert asked(decision) == [NOA, OLA]
    assert [event.kind for event in decision.events] == [EventKind.REQUESTED]
    assert codes(decision) == ["held"]
    (timer,) = decision.timers
    assert (timer.kind, timer.due_at) == (TimerKind.REQUEST, row["expires_at"])


def test_each_who_is_asked_has_a_reply_address_for_yes_and_no_alone() -> None:
    decision = given(ABOVE)
    letters = [one for one in decision.letters if one.kind is LetterKind.REQUEST]
    for letter in letters:
        assert letter.reply_to
        assert letter.reply_to.purpose is TokenPurpose.REQUEST
        assert letter.reply_to.agent == letter.recipient.address
        assert letter.reply_to.verbs == ("yes", "no")
        assert letter.reply_to.request_key == held(decision)["key"]
    assert len({letter.key for letter in letters}) == len(letters)


def test_the_letter_says_what_is_wanted_and_what_was_given_before() -> None:
    before = compensation("20.00")
    decision = given(
        ABOVE, compensations=(before,), given_lately=(before, compensation("40.00", case_number=3))
    )
    letter = next(one for one in decision.letters if one.kind is LetterKind.REQUEST)
    (wanted,) = letter.variables["wants"]
    assert wanted.code == "wish-offer"
    assert wanted.values["reason"] == "the parcel was late"
    assert wanted.values["amount"] == "90.00"
    why = letter.variables["why"]
    assert (why.code, why.values["case"], why.values["year"]) == ("why-authority", "20.00", "60.00")
    assert letter.answer is None, "no draft is wanted"


def test_what_the_customer_was_given_before_counts() -> None:
    assert given("offer refund 40 EUR late").rows[0].table == "compensation"
    before = (compensation("20.00"),)
    assert held(given("offer refund 40 EUR late", compensations=before, given_lately=before))
    withdrawn = (compensation("20.00", state=CompensationState.WITHDRAWN),)
    assert (
        given("offer refund 40 EUR late", compensations=withdrawn, given_lately=withdrawn).rows[0].table
        == "compensation"
    )


def test_an_approver_never_asks_themselves() -> None:
    assert asked(given(ABOVE, by=NOA)) == [OLA]
    assert asked(given(ABOVE, by=OLA)) == [NOA]


def test_where_nobody_may_say_yes_it_is_refused() -> None:
    rules = people(NOBODY_DECIDES)
    assert refused(ABOVE, rulebook=rules).say.code == "nobody-may-grant"


def test_the_same_is_not_asked_for_twice() -> None:
    waiting = request(("offer", "refund 90 EUR the parcel was late"))
    refusal = refused(ABOVE, waiting=(waiting,))
    assert (refusal.say.code, refusal.say.values["who"]) == ("waits-already", "Sara")
    assert held(given("offer refund 91 EUR the parcel was late", waiting=(waiting,)))


def test_a_bad_offer_is_refused_before_anybody_is_asked() -> None:
    assert refused("offer refund 90 late").say.code == "money-currency"


TOKEN_ONLY = policy(trusted_authserv_id="", token_only=True)


def test_where_nothing_proves_the_sender_all_money_needs_a_second_yes() -> None:
    decision = given("offer refund 5 EUR late", policy=TOKEN_ONLY, message=command("offer"))
    assert held(decision)["kind"] is RequestKind.AUTHORITY
    letter = next(one for one in decision.letters if one.kind is LetterKind.REQUEST)
    assert letter.variables["why"].code == "why-unproved"


def test_the_command_line_proves_itself() -> None:
    assert given("offer refund 5 EUR late", policy=TOKEN_ONLY).rows[0].table == "compensation"


def test_words_of_money_alone_need_no_second_yes_where_the_border_proves_the_sender() -> None:
    assert given("offer refund 5 EUR late", message=command("offer")).rows[0].table == "compensation"


def test_what_a_draft_only_agent_approves_waits_for_another() -> None:
    decision = given("approve", by=MAY)
    row = held(decision)
    assert (row["kind"], row["draft_version"]) == (RequestKind.FOUR_EYES, 1)
    assert not decision.approve_draft
    assert asked(decision) == [NOA, OLA]
    letter = next(one for one in decision.letters if one.kind is LetterKind.REQUEST)
    assert letter.answer, "it shows the answer"
    assert letter.variables["why"].code == "why-draft-only"


def test_a_draft_only_agent_proposes_their_own_words_in_one_mail() -> None:
    decision = given("edit Dear A name, it comes tomorrow.", "approve", by=MAY)
    assert decision.draft
    assert held(decision)["draft_version"] == 2


def test_in_a_category_of_four_eyes_a_template_waits_for_a_second_person() -> None:
    rules = people(four_eyes=True)
    decision = given("approve", rulebook=rules, draft=draft(template="answer/late"))
    assert held(decision)["kind"] is RequestKind.FOUR_EYES
    assert given("approve", rulebook=rules, of={"category": "praise"}).approve_draft


def test_who_approves_a_colleagues_words_is_the_second_person() -> None:
    rules = people(four_eyes=True)
    assert given("approve", rulebook=rules, draft=draft(agent=DANA, template="")).approve_draft
    assert held(given("approve", rulebook=rules, draft=draft(agent=SARA, template="")))
    assert held(given("edit Dear A name.", "approve", rulebook=rules, draft=draft(agent=DANA, template="")))


def test_four_eyes_ask_any_colleague_where_nobody_decides() -> None:
    rules = people(NOBODY_DECIDES, four_eyes=True)
    assert asked(given("approve", rulebook=rules, draft=draft(template="answer/late"))) == [DANA]


@pytest.mark.parametrize("body", ["We are sorry for [what happened].", "Dear [name],"])
def test_what_could_not_leave_is_refused_and_nobody_is_asked(body: str) -> None:
    assert refused("approve", by=MAY, draft=draft(body=body)).say.code == "placeholder"
    assert refused("approve", by=MAY, draft=None).say.code == "no-open-draft"


def test_a_case_does_not_end_while_its_answer_waits() -> None:
    for end in ("resolve", "close"):
        refusal = refused("approve", end, by=MAY)
        assert (refusal.say.code, refusal.say.values) == ("held-with", {"command": end})


def test_what_waits_stops_nothing_else_in_the_mail() -> None:
    decision = given("note called her", ABOVE, "promise a call by friday")
    assert [row.table for row in decision.rows] == ["request", "promise"]
    assert codes(decision) == ["noted", "held", "promised"]


def test_two_things_that_wait_have_keys_of_their_own() -> None:
    decision = given(ABOVE, "approve", by=MAY)
    keys = [row.values["key"] for row in decision.rows]
    assert len(set(keys)) == 2
    assert len({timer.key for timer in decision.timers}) == 2
    assert len({letter.key for letter in decision.letters}) == len(decision.letters)


def test_the_case_is_touched_by_nothing_but_the_looking() -> None:
    decision = given(ABOVE)
    assert decision.case
    assert decision.case.values["status"] is decision.case.expected is case().status


def test_a_case_that_was_in_a_category_of_four_eyes_still_needs_them() -> None:
    rules, other = people(four_eyes=True), {"category": "damaged"}
    known: dict[str, Any] = {"of": other, "rulebook": rules, "draft": draft(template="answer/late")}
    assert not asked(given("approve", **known))
    assert asked(given("approve", **known, categories=frozenset({"late"})))
