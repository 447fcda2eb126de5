"""Commands about the draft: what leaves, when, and what is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.commands.by_mail import on_command_mail
from cases.commands.drafting import may_leave
from cases.commands.situation import begin
from cases.decision import Decision, LetterRequest
from cases.facts import Facts, Leaving
from cases.saying import Refusal, Say
from language.words import Words
from store.models import DraftState, EventKind, LetterKind, Status
from tests.facts_factory import (
    AGENT,
    CUSTOMER,
    NOW,
    agent,
    case,
    command,
    command_facts,
    draft,
    policy,
    token,
)

WINDOW = timedelta(minutes=5)
AT = NOW + WINDOW
KEY = "answer/7/1"
BEFORE, FIRST = NOW - timedelta(days=2), NOW - timedelta(days=9)
ANSWERS = frozenset({"default", "late", "lost", "wrong_item", "ask", "vip/late"})


def with_window(of: dict[str, Any] | None = None, **changes: Any) -> Facts:
    return command_facts(of, **({"policy": policy(undo=WINDOW), "answers": ANSWERS} | changes))


def leaving(of: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """An answer that was approved a moment ago and waits."""
    approved = draft(state=DraftState.APPROVED, template="answer/late")
    a_moment_ago = {"answered_at": NOW - timedelta(minutes=1), "first_answered_at": FIRST, "holdings": 0}
    values = {"status": Status.ANSWERED, **a_moment_ago} | (of or {})
    waits = Leaving(KEY, 1, NOW + timedelta(minutes=4), BEFORE, holdings_before=2)
    return with_window(values, **({"draft": approved, "leaving": waits} | changes))


def given(text: str, facts: Facts) -> Decision:
    return on_command_mail(facts, command(text))


def obeyed(text: str, facts: Facts) -> Decision:
    decision = given(text, facts)
    assert EventKind.REFUSED not in kinds(decision), decision.events
    return decision


def kinds(decision: Decision) -> tuple[EventKind, ...]:
    return tuple(event.kind for event in decision.events)


def refused(text: str, facts: Facts) -> Say:
    """Why nothing was done; nothing of it may have been decided."""
    decision = given(text, facts)
    assert kinds(decision) == (EventKind.REFUSED,)
    assert (decision.case, decision.draft, decision.withdraw, decision.approve_draft) == (
        None,
        None,
        (),
        False,
    )
    return lines(decision)[0]


def transcript(decision: Decision) -> LetterRequest:
    [one] = [letter for letter in decision.letters if letter.kind is LetterKind.TRANSCRIPT]
    return one


def lines(decision: Decision) -> tuple[Say, ...]:
    said: tuple[Say, ...] = transcript(decision).variables["lines"]
    return said


def outgoing(decision: Decision) -> list[tuple[str, str, datetime | None]]:
    said = transcript(decision).variables["outgoing"]
    return [(one.values["letter"], one.values["recipient"], one.values["at"]) for one in said]


def answers(decision: Decision) -> list[LetterRequest]:
    return [letter for letter in decision.letters if letter.kind is LetterKind.ANSWER]


def changed(decision: Decision) -> dict[str, Any]:
    assert decision.case
    return dict(decision.case.values)


# approve


def test_an_approved_answer_waits_as_long_as_it_can_be_taken_back() -> None:
    decision = obeyed("approve", with_window())
    [answer] = answers(decision)
    assert (answer.key, answer.wait) == (KEY, WINDOW)
    assert lines(decision) == (Say("approved", {"version": 1, "recipient": CUSTOMER, "at": AT}),)
    assert transcript(decision).variables["next"] == (Say("next-undo", {"until": AT}),)
    assert outgoing(decision) == [("answer", CUSTOMER, AT)]
    assert transcript(decision).offers[0] == "undo"


def test_without_a_window_an_answer_leaves_at_once_and_nobody_is_offered_to_undo_it() -> None:
    decision = obeyed("approve", command_facts())
    [answer] = answers(decision)
    assert answer.wait == timedelta(0)
    assert outgoing(decision) == [("answer", CUSTOMER, None)]
    assert "undo" not in transcript(decision).offers
    assert transcript(decision).variables["next"] == (Say("next-resolve"),)


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ({"draft": draft(state=DraftState.REJECTED)}, "no-open-draft"),
        ({"draft": None}, "no-open-draft"),
        ({"draft": draft(body="It comes on [date].")}, "placeholder"),
    ],
)
def test_what_may_not_leave_is_said_before_anybody_is_asked_for_a_yes(of: dict[str, Any], code: str) -> None:
    facts = with_window(**of)
    with pytest.raises(Refusal) as why:
        may_leave(begin(facts, facts.case, agent()))
    assert why.value.say.code == code


@pytest.mark.parametrize(
    "text", ["approve\nedit\nother words\nend", "template lost\napprove", "approve\nask"]
)
def test_nobody_approves_one_text_and_sends_another(text: str) -> None:
    assert refused(text, with_window()).code in ("approve-before-edit", "conflict")


def test_an_answer_is_in_the_language_that_the_same_mail_gives_the_case() -> None:
    decision = obeyed("language fa\nedit\nسلام\nend\napprove", with_window())
    assert decision.draft
    assert decision.draft.language == "fa"
    assert [answer.language for answer in answers(decision)] == ["fa"]


def test_an_answer_is_set_in_the_language_that_it_was_drafted_in() -> None:
    decision = obeyed("approve", with_window({"language": "ckb"}, draft=draft(language="fa")))
    assert [answer.language for answer in answers(decision)] == ["fa"]
    decision = obeyed("approve", with_window({"language": "ckb"}, draft=draft(language="")))
    assert [answer.language for answer in answers(decision)] == ["ckb"]


# undo


def test_the_first_answer_stays_the_first_and_ends_the_count_of_holding_updates() -> None:
    first = changed(obeyed("approve", with_window({"holdings": 3})))
    assert (first["first_answered_at"], first["holdings"]) == (NOW, 0)
    again = changed(obeyed("approve", with_window({"first_answered_at": FIRST})))
    assert again["first_answered_at"] == FIRST


def test_the_first_answer_taken_back_was_none() -> None:
    waits = Leaving(KEY, 1, NOW + timedelta(minutes=4), None, holdings_before=1)
    undone = changed(obeyed("undo", leaving({"first_answered_at": NOW}, leaving=waits)))
    assert (undone["answered_at"], undone["first_answered_at"], undone["holdings"]) == (None, None, 1)


def test_undo_takes_the_letter_back_and_opens_the_same_draft_again() -> None:
    decision = obeyed("undo", leaving())
    assert (decision.withdraw, decision.reopen_draft) == ((KEY,), True)
    assert changed(decision) == {
        "status": Status.OPEN,
        "answered_at": BEFORE,
        "first_answered_at": FIRST,
        "holdings": 2,
        "seen_at": NOW,
    }
    assert lines(decision) == (Say("undone", {"version": 1, "newest": None}),)
    assert kinds(decision) == (EventKind.UNDONE,)
    letter = transcript(decision)
    assert letter.variables["draft_is_open"]
    assert letter.reply_to
    assert (letter.reply_to.agent, letter.reply_to.draft_version) == (AGENT, 1)
    assert {"approve", "edit", "reject"} <= set(letter.offers)
    assert "undo" not in letter.offers
    assert outgoing(decision) == []


def test_undo_and_new_words_and_approve_in_one_mail_send_the_new_words_alone() -> None:
    decision = obeyed("undo\nedit\nBetter words.\nend\napprove", leaving())
    [answer] = answers(decision)
    assert (answer.key, answer.variables["body"]) == ("answer/7/2", "Better words.")
    assert decision.withdraw == (KEY,)
    assert changed(decision)["answered_at"] == NOW
    assert outgoing(decision) == [("answer", CUSTOMER, AT)]


def test_undo_and_reject_in_one_mail_throw_the_draft_away() -> None:
    decision = obeyed("undo\nreject too harsh", leaving())
    assert (decision.withdraw, decision.reopen_draft, decision.reject_draft) == ((KEY,), True, True)
    assert not transcript(decision).variables["draft_is_open"]


def test_undo_after_the_customer_wrote_again_leaves_the_newer_draft_as_it_is() -> None:
    facts = leaving({"status": Status.OPEN}, draft=draft(2), token=token(draft_version=2))
    decision = obeyed("undo", facts)
    assert (decision.withdraw, decision.reopen_draft) == ((KEY,), False)
    assert lines(decision) == (Say("undone", {"version": 1, "newest": 2}),)
    assert changed(decision)["status"] is Status.OPEN


def test_undo_brings_the_words_back_where_the_newer_draft_was_thrown_away() -> None:
    waits = Leaving(KEY, 1, NOW + timedelta(minutes=4), BEFORE, body="We are sorry.")
    newer = draft(2, state=DraftState.REJECTED)
    facts = leaving({"status": Status.OPEN}, draft=newer, leaving=waits, token=token(draft_version=2))
    decision = obeyed("undo", facts)
    assert (decision.withdraw, decision.reopen_draft) == ((KEY,), False)
    assert decision.draft
    assert (decision.draft.version, decision.draft.body) == (3, "We are sorry.")
    assert lines(decision) == (Say("undone", {"version": 1, "newest": 3}),)
    assert transcript(decision).variables["draft_is_open"]


def test_undo_is_refused_once_the_answer_left() -> None:
    approved = NOW - timedelta(hours=1)
    facts = leaving({"answered_at": approved}, leaving=None)
    assert refused("undo", facts) == Say("undo-too-late", {"approved": approved})


def test_undo_is_refused_where_nothing_was_approved() -> None:
    assert refused("undo", with_window()).code == "nothing-to-undo"


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_undo_after_the_case_ended_is_refused_and_says_what_to_do(status: Status) -> None:
    decision = given("undo", leaving({"status": status}))
    assert lines(decision) == (Say("undo-after-end", {"status": status.value}),)
    assert outgoing(decision) == [("answer", CUSTOMER, NOW + timedelta(minutes=4))]
    assert "undo" not in transcript(decision).offers


def test_undo_below_approve_contradicts_it() -> None:
    facts = leaving({"status": Status.OPEN}, draft=draft(2), token=token(draft_version=2))
    assert refused("approve\nundo", facts) == Say("conflict", {"first": "approve", "second": "undo"})


def test_whatever_an_agent_writes_meanwhile_they_are_told_what_still_goes_out() -> None:
    decision = obeyed("note she called", leaving())
    assert outgoing(decision) == [("answer", CUSTOMER, NOW + timedelta(minutes=4))]
    assert transcript(decision).offers[0] == "undo"


def test_an_answer_that_was_due_already_goes_out_now() -> None:
    waits = Leaving(KEY, 1, NOW - timedelta(minutes=4))
    assert outgoing(obeyed("note she called", leaving(leaving=waits))) == [("answer", CUSTOMER, None)]


# template, ask


@pytest.mark.parametrize(
    ("written", "letter"),
    [
        ("late", "late"),
        ("Late", "late"),
        ("wrong item", "wrong_item"),
        ("wrong-item", "wrong_item"),
        ("VIP/late", "vip/late"),
    ],
)
def test_template_makes_the_draft_anew_from_the_letter_of_that_name(written: str, letter: str) -> None:
    decision = obeyed(f"template {written}", with_window())
    assert decision.draft
    assert (decision.draft.version, decision.draft.template, decision.draft.language) == (
        2,
        f"answer/{letter}",
        "en",
    )
    assert kinds(decision) == (EventKind.DRAFTED,)
    assert lines(decision) == (Say("redrafted", {"version": 2, "template": letter}),)
    assert answers(decision) == []
    assert transcript(decision).variables["draft_is_open"]


def test_a_template_of_an_unknown_name_gets_the_nearest_and_the_list() -> None:
    why = refused("template lats", with_window())
    assert why.code == "unknown-template"
    assert (why.values["name"], why.values["meant"]) == ("lats", "late")
    assert why.values["known"] == ("ask", "default", "late", "lost", "vip/late", "wrong_item")


def test_a_template_is_known_by_the_name_that_its_cause_or_it_has_in_any_language() -> None:
    facts = with_window()
    late = facts.rulebook.categories["late"].model_copy(update={"names": {"fa": "دیرکرد"}})
    words = (*facts.rulebook.words, Words(language="xx", name="X", choices={"default": ("ساده",)}))
    named = replace(facts.rulebook, categories={**facts.rulebook.categories, "late": late}, words=words)
    facts = replace(facts, rulebook=named)
    made = [obeyed(f"template {name}", facts).draft for name in ("دیرکرد", "ساده")]
    assert [one and one.template for one in made] == ["answer/late", "answer/default"]
    assert refused("template دیرکر", facts).values["meant"] == "late"


@pytest.mark.parametrize("text", ["template", "template something quite different"])
def test_a_template_of_no_name_near_any_gets_the_list_alone(text: str) -> None:
    why = refused(text, with_window())
    assert (why.code, why.values["meant"]) == ("unknown-template", "")
    assert "lost" in why.values["known"]


def test_template_after_an_answer_begins_another_letter() -> None:
    decision = obeyed("template lost", leaving(leaving=None))
    assert changed(decision)["status"] is Status.OPEN
    assert decision.draft
    assert decision.draft.version == 2


def test_template_is_signed_by_whose_case_it_is() -> None:
    decision = obeyed("template late", with_window())
    assert decision.draft
    assert (decision.draft.agent, decision.draft.variables["agent_name"]) == (AGENT, "Sara Ahmadi")


def test_ask_drafts_the_question_what_would_make_it_right_and_sends_nothing() -> None:
    decision = obeyed("ask", with_window({"language": "fa"}))
    assert decision.draft
    assert (decision.draft.template, decision.draft.language) == ("answer/ask", "fa")
    assert answers(decision) == []


# reject, preview


def test_a_rejected_draft_is_offered_for_nothing_any_more() -> None:
    decision = obeyed("reject too cold", with_window())
    assert not transcript(decision).variables["draft_is_open"]
    assert not {"approve", "reject"} & set(transcript(decision).offers)


@pytest.mark.parametrize("text", ["edit\nwords\nend\nreject x", "template late\nreject x", "ask\nreject x"])
def test_a_draft_that_the_same_mail_makes_is_not_rejected_by_it(text: str) -> None:
    assert refused(text, with_window()).code == "conflict"


def test_preview_changes_nothing_and_shows_the_draft() -> None:
    decision = obeyed("preview", with_window())
    assert changed(decision) == {"status": Status.NEW, "seen_at": NOW}
    assert kinds(decision) == (EventKind.LOOKED,)
    assert lines(decision) == (Say("previewed", {"version": 1, "left": ""}),)
    assert transcript(decision).variables["draft_is_open"]
    assert answers(decision) == []


def test_preview_says_what_is_still_to_be_filled_in() -> None:
    decision = obeyed("preview", with_window(draft=draft(body="It comes on [the date].")))
    assert lines(decision)[0].values["left"] == "[the date]"


def test_preview_of_no_draft_is_refused() -> None:
    assert refused("preview", leaving(leaving=None)).code == "no-open-draft"


def test_preview_shows_the_words_of_the_same_mail() -> None:
    decision = obeyed("edit\nBetter words.\nend\npreview", with_window())
    assert lines(decision)[-1] == Say("previewed", {"version": 2, "left": ""})
    assert decision.draft
    assert decision.draft.body == "Better words."


def test_a_case_without_an_address_can_not_be_answered() -> None:
    facts = with_window({"customer": ""})
    assert refused("approve", replace(facts, case=case(customer=""))).code == "no-customer"


def test_brackets_of_the_customers_own_subject_are_no_gap_to_fill() -> None:
    body, of = "You wrote about “[EXTERNAL] where is it”. ", {"subject": "[EXTERNAL] where is it"}
    assert obeyed("approve", with_window(of, draft=draft(body=body))).approve_draft
    why = refused("approve", with_window(of, draft=draft(body=f"{body}It comes on [date].")))
    assert why.values["words"] == "[date]"


def test_a_gap_to_fill_is_told_with_the_line_that_it_stands_in() -> None:
    body = "Dear Ann,\n\nit comes on ____ by post.\n\nSam"
    why = refused("approve", with_window(draft=draft(body=body)))
    assert why == Say("placeholder", {"words": "____", "line": "it comes on ____ by post."})


def test_preview_shows_the_approved_answer_that_waits_and_says_when_it_leaves() -> None:
    waits = Leaving(KEY, 1, AT, body="Your parcel comes tomorrow.")
    decision = obeyed("preview", leaving(leaving=waits))
    (shown,) = transcript(decision).variables["lists"]
    assert shown.parts == ("Your parcel comes tomorrow.",)
    assert shown.title.values == {"version": 1, "recipient": CUSTOMER, "at": AT}
    assert transcript(decision).variables["next"] == (Say("next-undo", {"until": AT}),)
    assert transcript(decision).offers[0] == "undo"
    assert decision.withdraw == ()


def test_preview_shows_the_newer_draft_where_there_is_one() -> None:
    decision = obeyed("preview", leaving(draft=draft(2), token=token(draft_version=2)))
    assert lines(decision)[0].code == "previewed"
    assert outgoing(decision) == [("answer", CUSTOMER, NOW + timedelta(minutes=4))]


def test_preview_of_what_was_taken_back_in_the_same_mail_is_of_the_draft() -> None:
    assert lines(obeyed("undo\npreview", leaving()))[1].code == "previewed"


# A customer without an address


@pytest.mark.parametrize("text", ["approve", "preview", "ask", "template late", "edit\nDear Ann.\nend"])
def test_to_who_has_no_address_no_letter_is_made(text: str) -> None:
    decision = given(text, with_window({"customer": ""}))
    assert lines(decision)[0] == Say("no-customer", {"command": text.split(maxsplit=1)[0]})
    told = transcript(decision)
    assert (told.answer, told.ready) == (None, "")
    assert not {"approve", "edit", "reject"} & set(told.offers)
    assert told.variables["next"] == (Say("next-no-address"),)


def test_a_case_without_an_address_goes_on_with_a_call_a_note_and_its_end() -> None:
    noted = transcript(obeyed("note called him", with_window({"customer": ""})))
    assert noted.variables["next"] == (Say("next-no-address"),)
    assert not noted.variables["draft_is_open"]
    said = [say.code for say in lines(obeyed("note called him\nresolve", with_window({"customer": ""})))]
    assert said == ["noted", "resolved"], "nothing was left unsent"
    assert lines(obeyed("close", with_window({"customer": ""})))[0].code == "closed"
