"""`yes` and `no`: what waited is done as its giver's, or not, and both are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.commands.by_mail import on_command_mail
from cases.commands.situation import Effect, begin
from cases.decision import AlsoDecided, Decision, LetterRequest
from cases.facts import Counts
from cases.saying import Refusal, Say
from cases.timers import on_timer
from store.limits import SENT_BACK
from store.models import (
    DraftState,
    EventKind,
    LetterKind,
    RequestKind,
    RequestState,
    Status,
    TimerKind,
    TokenPurpose,
)
from store.values import SOFTWARE, CaseChange, RowChange
from tests.facts_factory import CUSTOMER, NOW, case, command, draft, policy, token
from tests.money_facts import (
    ADA,
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
CHALLENGE: dict[str, Any] = {"kind": RequestKind.CHALLENGE, "key": "challenge/f0"}
APPROVE = request(("approve", ""), **FOUR_EYES)
OFFER_IN_BRIEF = Say("wish-offer", {"kind": "refund", "amount": "90.00", "currency": "EUR", "reason": ""})


def refused(*lines: str, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        given(*lines, **facts)
    return refusal.value


def to(decision: Decision, address: str) -> list[str]:
    """The sentences of the transcripts that an agent gets, the headline first."""
    return [
        line.code
        for letter in decision.letters
        if letter.recipient.address == address and letter.template == "transcript"
        for line in (letter.variables["headline"], *letter.variables["lines"])
        if line
    ]


def letter_to(decision: Decision, address: str) -> LetterRequest:
    """The one letter that an agent gets."""
    (letter,) = [one for one in decision.letters if one.recipient.address == address]
    return letter


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
    assert to(decision, NOA) == ["said-yes", "granted", "offered"]
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
    headline, *why = to(decision, NOA)
    assert (headline, len(why)) == ("said-yes-late", 1)
    assert to(decision, MAY) == ["ended-told", *why]


def test_the_draft_that_changed_is_named_as_the_reason() -> None:
    assert to(given("yes", by=NOA, request=APPROVE, draft=draft(2)), NOA)[1:] == ["request-draft-changed"]


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
    assert to(decision, SARA) == ["denied-told", "denied-why"]
    letter = letter_to(decision, SARA)
    assert letter.variables["lines"][0].values["reason"] == "that is too much"
    assert [one.code for one in letter.variables["next"]] == ["next-denied"]


def test_a_no_needs_no_reason() -> None:
    decision = given("no", by=NOA, request=request())
    assert ended(decision).values["state"] is RequestState.DENIED
    assert decision.events[0].text.endswith("for sara@example.com")
    assert letter_to(decision, SARA).variables["lines"] == (Say("denied-why", {"reason": ""}),)


@pytest.mark.parametrize(("word", "headline"), [("yes", "said-yes"), ("no too much", "said-no")])
def test_who_decided_gets_a_subject_that_says_so_and_nothing_of_anothers_case(
    word: str, headline: str
) -> None:
    letter = letter_to(given(word, by=NOA, request=request()), NOA)
    assert letter.variables["headline"].code == headline
    assert (letter.answer, letter.variables["draft_is_open"], letter.variables["next"]) == (None, False, ())
    assert {"approve", "edit", "reject", "resolve"}.isdisjoint(letter.offers)


def test_who_decided_about_a_case_of_their_own_keeps_its_draft_in_sight() -> None:
    letter = letter_to(given("yes", by=NOA, request=request(), of={"assignee": NOA}), NOA)
    assert letter.variables["draft_is_open"]
    assert letter.answer


def test_what_is_wanted_is_told_in_a_sentence_and_logged_as_it_was_written() -> None:
    decision = given("no too much", by=NOA, request=request())
    assert letter_to(decision, SARA).variables["headline"].values["command"] == OFFER_IN_BRIEF
    assert decision.events[0].text == "offer refund 90 EUR late, for sara@example.com: too much"
    asked = given("no", by=NOA, request=APPROVE, of={"assignee": MAY})
    assert letter_to(asked, MAY).variables["headline"].values["command"] == Say(
        "wish-approve", {"version": 1}
    )
    assert [one.code for one in letter_to(asked, MAY).variables["next"]] == ["next-answer-denied"]


def test_a_giver_who_has_the_case_no_more_is_told_without_its_draft() -> None:
    decision = given("no", by=NOA, request=request(), of={"assignee": DANA})
    letter = letter_to(decision, SARA)
    assert (letter.answer, letter.variables["draft_is_open"]) == (None, False)
    assert "approve" not in letter.offers
    assert letter_to(given("no", by=NOA, request=request()), SARA).answer


REQUEST_TOKEN = {"purpose": TokenPurpose.REQUEST, "draft_version": None, "verbs": ["yes", "no"]}


def answered(words: str, by: str = NOA, of: dict[str, Any] | None = None, **facts: Any) -> Decision:
    """What an agent's reply to the mail that asks leads to."""
    request_ = facts.setdefault("request", request())
    bound = token(**REQUEST_TOKEN, agent=by, request_key=request_.key)
    mail = command(words, sender=by)
    known = about(of, token=bound, agent=who(by), joined_by="address", message=mail, **facts)
    return on_command_mail(known, mail)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("yess", "not-a-command"),
        ("approve", "not-allowed"),
        ("yes please", "takes-nothing"),
        ("yes\nno too much", "conflict"),
        ("", "no-command"),
    ],
)
def test_a_slip_brings_the_request_again_with_what_was_wrong_and_a_fresh_address(
    words: str, code: str
) -> None:
    decision = answered(words, asked=ASKED)
    assert (decision.changes, decision.use_token) == ((), 33)
    letter = letter_to(decision, NOA)
    assert letter.template == "agent_request"
    assert letter.variables["again"].code == code
    assert letter.variables["wants"][0].code == "wish-offer"
    assert letter.variables["why"].code == "why-authority"
    assert letter.offers == ("yes", "no")
    assert letter.reply_to
    assert (letter.reply_to.request_key, letter.reply_to.verbs) == (request().key, ("yes", "no"))
    assert letter.thread[-2:] == ("<to-noa@x>", "<mail-1@example.org>")
    assert letter.key.startswith("slip/")


def test_a_slip_about_an_answer_shows_it_again_while_it_is_the_same() -> None:
    assert letter_to(answered("yess", request=APPROVE), NOA).answer
    assert not letter_to(answered("yess", request=APPROVE, draft=draft(2)), NOA).answer


def test_a_slip_about_ones_own_commands_brings_the_question_again() -> None:
    letter = letter_to(answered("yess", by=SARA, request=request(("take", ""), **CHALLENGE)), SARA)
    assert (letter.template, letter.attach_original) == ("agent_request", False)
    assert letter.variables["wants"] == (Say("wish-command", {"command": "take", "argument": ""}),)


@pytest.mark.parametrize(
    "over",
    [
        {"state": RequestState.GRANTED, "decided_by": OLA},
        {"state": RequestState.EXPIRED},
        {"expires_at": NOW - timedelta(minutes=1)},
    ],
)
@pytest.mark.parametrize("words", ["yess", "yes"])
def test_what_is_settled_is_not_asked_again_and_no_draft_of_another_is_shown(
    over: dict[str, Any], words: str
) -> None:
    letter = letter_to(answered(words, request=request(**over)), NOA)
    assert letter.template == "transcript"
    assert letter.variables["refused"]
    assert (letter.answer, letter.variables["draft_is_open"]) == (None, False)
    assert "approve" not in letter.offers


def test_old_mails_sent_again_bring_the_request_a_few_times_an_hour() -> None:
    for already, letters in ((0, 1), (5, 0)):
        bound = token(**REQUEST_TOKEN, agent=NOA, request_key=request().key, used_at=NOW)
        counts = Counts(sent_back_last_hour=already)
        known = about(request=request(), token=bound, agent=who(NOA), counts=counts)
        decision = on_command_mail(known, command("yes", sender=NOA))
        assert (len(decision.letters), decision.changes, decision.use_token) == (letters, (), None)
        assert all(one.key.startswith(SENT_BACK) for one in decision.letters)


def test_who_is_asked_gets_the_customers_mail_as_well() -> None:
    asked = [one for one in given("offer refund 90 EUR late").letters if one.kind is LetterKind.REQUEST]
    assert [one.attach_original for one in asked] == [True, True]


ASKED = {NOA: "<to-noa@x>", OLA: "<to-ola@x>"}


@pytest.mark.parametrize(
    ("word", "changed", "headline"),
    [
        ("yes", {}, "granted-told"),
        ("no too much", {}, "denied-told"),
        ("yes", {"of": {"status": Status.CLOSED}}, "ended-told"),
    ],
)
def test_the_others_who_were_asked_are_told_that_it_is_settled_in_the_thread_of_their_question(
    word: str, changed: dict[str, Any], headline: str
) -> None:
    letter = letter_to(given(word, by=NOA, request=request(), asked=ASKED, **changed), OLA)
    assert letter.template == "agent_settled"
    assert letter.variables["headline"].code == headline
    assert letter.variables["headline"].values["who"] == "Noa"
    assert letter.thread[-1] == "<to-ola@x>"
    assert (letter.reply_to, letter.offers) == (None, ())


def test_all_who_were_asked_are_told_when_nobody_answered_in_time() -> None:
    decision = on_timer(about(request=request(), asked=ASKED), case(), TimerKind.REQUEST)
    settled = [one.recipient.address for one in decision.letters if one.template == "agent_settled"]
    assert settled == [NOA, OLA]
    assert len({one.key for one in decision.letters}) == 3


def test_who_was_asked_and_left_the_firm_is_mailed_no_more() -> None:
    decision = given("yes", by=NOA, request=request(), asked={NOA: "<n@x>", "kim@example.com": "<k@x>"})
    assert {one.recipient.address for one in decision.letters} == {NOA, SARA}


@pytest.mark.parametrize("word", ["yes", "no because"])
@pytest.mark.parametrize(
    ("by", "code"), [(SARA, "own-request"), (DANA, "not-your-role"), (MAY, "not-your-role")]
)
def test_the_giver_and_who_decides_nothing_have_no_say(word: str, by: str, code: str) -> None:
    assert refused(word, by=by, request=request()).say.code == code


def test_even_an_owner_never_grants_their_own() -> None:
    assert refused("yes", by=OLA, request=request(agent=OLA)).say.code == "own-request"


def test_who_may_is_named() -> None:
    assert refused("yes", by=DANA, request=request()).say.values["who"] == ("Noa", "Ola")


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


def test_a_challenge_is_confirmed_by_its_giver_alone() -> None:
    wanted = request(("note", "called her"), ("promise", "a call by friday"), **CHALLENGE)
    decision = given("yes", by=SARA, request=wanted)
    assert [event.kind for event in decision.events] == [
        EventKind.GRANTED,
        EventKind.NOTED,
        EventKind.PROMISED,
    ]
    assert {event.actor for event in decision.events} == {SARA}
    assert to(decision, SARA) == ["challenge-confirmed", "noted", "promised"]
    assert letter_to(decision, SARA).variables["next"], "it is the agent's own work"
    assert refused("yes", by=NOA, request=wanted).say.code == "not-your-role"


@pytest.mark.parametrize("word", ["no", "no it was not me"])
def test_a_no_to_a_challenge_does_nothing_and_tells_the_admins(word: str) -> None:
    decision = given(word, by=SARA, request=request(("take", ""), **CHALLENGE))
    assert ended(decision).values["state"] is RequestState.DENIED
    assert [event.kind for event in decision.events] == [EventKind.DENIED]
    assert to(decision, SARA) == ["said-not-mine", "challenge-denied"]
    alert = letter_to(decision, ADA)
    headline = alert.variables["headline"]
    assert (alert.kind, headline.code) == (LetterKind.ALERT, "challenge-denied-alert")
    by, wanted = alert.variables["lines"]
    assert (by.values["agent"], by.values["reason"]) == ("Sara", word.removeprefix("no").strip())
    assert wanted.values["command"] == Say("wish-command", {"command": "take", "argument": ""})


def test_an_only_admin_whose_name_was_used_is_told_to_look_after_the_mailbox() -> None:
    rules = people("agents:\n  - {address: sara@example.com, name: Sara, roles: [admin]}\n")
    decision = given("no", by=SARA, request=request(("take", ""), **CHALLENGE), rulebook=rules)
    letter = letter_to(decision, SARA)
    assert letter.variables["lines"] == (Say("challenge-denied", {"told": False}),)


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
    assert decision.letters[0].variables["headline"].code == "said-yes-late", "“Done” would say that it was"


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
    assert [one.code for one in decision.letters[0].variables["next"]] == ["next-ask-again"]


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
    assert letter.variables["again"].code == "asked-again-one"
    assert letter.variables["why"].code == "why-authority"
    refusal = refused(word, by=SARA, waiting=(request(),), message=command(word, sender=SARA))
    assert refusal.say.code == "own-request"
