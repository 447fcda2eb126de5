"""Command mails without a reply address, and the limits on what answers them (promises 15 to 17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.commands.by_mail import on_command_mail
from cases.decision import Decision
from cases.facts import Counts, Facts, Listing
from cases.saying import Say
from store.limits import SENT_BACK
from store.models import DraftState, EventKind, LetterKind, RequestKind, Status, TokenPurpose
from tests.decisions import kinds
from tests.facts_factory import (
    AGENT,
    COLLEAGUE,
    NOW,
    agent,
    case,
    case_facts,
    command,
    command_facts,
    draft,
    facts,
    token,
)

FRESH: dict[str, Any] = {"date": NOW}


def without_token(of: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """Facts for an agent's mail that names case 7 in its first line."""
    return case_facts(of, **({"joined_by": "", "agent": agent()} | changes))


def told(decision: Decision) -> str:
    (one,) = decision.letters
    said = one.variables["reason"] if one.kind is LetterKind.ALERT else one.variables["lines"][0]
    assert isinstance(said, Say)
    return said.code


def test_a_new_mail_that_our_border_vouches_for_is_obeyed() -> None:
    decision = on_command_mail(without_token(), command("#7\nnote x", **FRESH))
    assert kinds(decision) == [EventKind.NOTED]
    assert decision.use_token is None
    (transcript,) = decision.letters
    assert transcript.reply_to
    assert transcript.reply_to.purpose is TokenPurpose.DRAFT


@pytest.mark.parametrize(
    "mail",
    [
        {"authentication_results": ()},
        {"date": None},
        {"date": NOW - timedelta(days=2)},
        {"date": NOW + timedelta(days=2)},
        {"message_id": ""},
    ],
)
def test_what_is_not_proved_is_asked_of_the_registered_address_and_touches_nothing(
    mail: dict[str, Any],
) -> None:
    decision = on_command_mail(without_token(), command("#7\nnote x\nresolve", **(FRESH | mail)))
    (asked,) = decision.letters
    assert (asked.kind, asked.recipient.key) == (LetterKind.REQUEST, AGENT)
    assert asked.reply_to
    assert (asked.reply_to.purpose, asked.reply_to.agent) == (TokenPurpose.REQUEST, AGENT)
    (row,) = decision.rows
    assert row.values["kind"] is RequestKind.CHALLENGE
    assert row.values["given"] == [["note", "x"], ["resolve", ""]]
    assert row.values["case_number"] == 7
    assert (decision.case, decision.case_number, decision.timers) == (None, None, ())
    assert kinds(decision) == [EventKind.REQUESTED]


def test_a_copy_of_a_genuine_mail_is_asked_about() -> None:
    decision = on_command_mail(without_token(id_used_before=True), command("#7\nnote x", **FRESH))
    assert kinds(decision) == [EventKind.REQUESTED]


def test_past_the_limit_of_an_hour_nobody_is_asked() -> None:
    full = without_token(counts=Counts(challenges_last_hour=5))
    decision = on_command_mail(full, command("#7\nnote x", authentication_results=()))
    assert (decision.letters, decision.rows) == ((), ())
    assert kinds(decision) == [EventKind.REFUSED]


@pytest.mark.parametrize("words", ["approve", "edit\nMy text.\nend\napprove"])
def test_nobody_approves_without_a_reply_address(words: str) -> None:
    decision = on_command_mail(without_token(), command(f"#7\n{words}", **FRESH))
    assert told(decision) == "approve-unseen"
    assert decision.draft is None
    unproved = on_command_mail(without_token(), command(f"#7\n{words}", authentication_results=()))
    assert (unproved.letters[0].kind, unproved.rows) == (LetterKind.ALERT, ())


def test_a_case_that_is_not_there_is_said() -> None:
    nowhere = facts(agent=agent())
    assert told(on_command_mail(nowhere, command("#99\nnote x", **FRESH))) == "unknown-case"
    assert told(on_command_mail(nowhere, command("note x", **FRESH))) == "which-case"


def test_a_reply_address_is_for_its_own_case_alone() -> None:
    assert told(on_command_mail(command_facts(), command("#8\nnote x"))) == "another-case"
    assert kinds(on_command_mail(command_facts(), command("#7\nnote x"))) == [EventKind.NOTED]


def test_a_desks_address_is_for_no_case() -> None:
    desk = token(purpose=TokenPurpose.DESK, case_number=None, draft_version=None, verbs=["all"])
    found = {("help", ""): Listing(Say("helped"))}
    decision = on_command_mail(facts(agent=agent(), token=desk, found=found), command("help"))
    assert kinds(decision) == [EventKind.HELPED]
    assert decision.use_token == desk.id


def test_a_replaced_address_is_told_from_a_draft_that_changed() -> None:
    replaced = command_facts(token=token(revoked_at=NOW))
    assert told(on_command_mail(replaced, command("note x"))) == "token-replaced"
    changed = command_facts(token=token(revoked_at=NOW), draft=draft(2))
    assert told(on_command_mail(changed, command("note x"))) == "stale-draft"


@pytest.mark.parametrize("spent", [{"used_at": NOW}, {"revoked_at": NOW}])
def test_spent_addresses_are_answered_a_few_times_an_hour(spent: dict[str, Any]) -> None:
    for already, letters in ((4, 1), (5, 0)):
        known = command_facts(token=token(**spent), counts=Counts(sent_back_last_hour=already))
        decision = on_command_mail(known, command("approve"))
        assert len(decision.letters) == letters
        assert kinds(decision) == [EventKind.REFUSED]
        assert decision.use_token is None


def test_an_unspent_address_is_always_answered_and_used_up() -> None:
    known = command_facts(counts=Counts(sent_back_last_hour=99))
    decision = on_command_mail(known, command("aprove"))
    assert len(decision.letters) == 1
    assert decision.use_token == 33


@pytest.mark.parametrize("words", ["#7\nassign", "#7\nsnooze fryday", "#99\nnote x"])
def test_a_slip_in_a_new_mail_is_always_answered_and_takes_no_other_mails_answer(words: str) -> None:
    known = without_token(counts=Counts(sent_back_last_hour=99))
    if "#99" in words:
        known = facts(agent=agent(), counts=Counts(sent_back_last_hour=99))
    (letter,) = on_command_mail(known, command(words, **FRESH)).letters
    assert letter.kind is LetterKind.TRANSCRIPT
    assert not letter.key.startswith(SENT_BACK), "it is not among those that are counted"


def test_only_answers_to_spent_addresses_are_counted() -> None:
    (spent,) = on_command_mail(command_facts(token=token(used_at=NOW)), command("approve")).letters
    assert spent.key.startswith(f"{SENT_BACK}/")
    (slip,) = on_command_mail(command_facts(), command("aprove")).letters
    assert not slip.key.startswith(SENT_BACK)


def test_a_slip_on_an_ended_case_is_told_what_an_ended_case_allows() -> None:
    over = command_facts({"status": Status.RESOLVED})
    (letter,) = on_command_mail(over, command("resolve")).letters
    assert "reopen" in letter.offers
    assert not {"approve", "resolve", "edit"} & set(letter.offers)


def test_two_senders_are_no_agent_without_a_reply_address_either() -> None:
    mail = command("#7\nnote x", headers=(("From", AGENT), ("From", "eve@example.org")), **FRESH)
    decision = on_command_mail(without_token(), mail)
    assert told(decision) == "several-senders"
    assert decision.case_number is None, "not even an event stands on the case"


def test_the_challenge_alone_is_answered_without_our_borders_word() -> None:
    assert case().number == 7
    unvouched: dict[str, Any] = {"authentication_results": ()}
    decision = on_command_mail(command_facts(), command("note x", **unvouched))
    assert told(decision) == "not-genuine"


# What is sent back can be sent again with one reply


@pytest.mark.parametrize("words", ["note x", "approve", "queue\nnote x"])
def test_a_case_that_only_the_subject_names_is_looked_up_and_not_obeyed(words: str) -> None:
    decision = on_command_mail(without_token(), command(words, subject="Re: [#7] New case", **FRESH))
    assert told(decision) == "case-in-subject"
    assert (decision.case, decision.draft, decision.use_token) == (None, None, None)
    (letter,) = decision.letters
    assert letter.ready == f"#7\n{words}"
    assert letter.reply_to
    assert (letter.reply_to.purpose, letter.reply_to.draft_version) == (TokenPurpose.DRAFT, 1)
    assert [say.code for say in letter.variables["next"]] == ["next-ready"]
    assert letter.answer, "the draft that an approval would send stands in it"


def test_what_is_about_the_desk_needs_no_case_above_it() -> None:
    found = {("queue", ""): Listing(Say("looked"))}
    assert kinds(on_command_mail(without_token(found=found), command("queue", **FRESH))) == [EventKind.LOOKED]


@pytest.mark.parametrize("spent", [{"used_at": NOW}, {"revoked_at": NOW}, {"expires_at": NOW}])
def test_an_old_mail_whose_draft_is_the_same_is_answered_with_the_commands_ready(
    spent: dict[str, Any],
) -> None:
    (letter,) = on_command_mail(command_facts(token=token(**spent)), command("approve\nresolve")).letters
    assert letter.ready == "approve\nresolve"
    assert letter.answer
    assert [say.code for say in letter.variables["next"]] == ["next-same-draft"]


@pytest.mark.parametrize("now", [{"draft": draft(2)}, {"draft": draft(state=DraftState.APPROVED)}])
def test_an_old_mail_whose_draft_is_another_has_nothing_ready(now: dict[str, Any]) -> None:
    facts = command_facts(token=token(revoked_at=NOW), **now)
    (letter,) = on_command_mail(facts, command("approve")).letters
    assert letter.ready == ""
    assert letter.variables["next"] == ()


def test_take_above_approve_is_not_done_and_the_other_order_is_ready() -> None:
    facts = command_facts(
        {"assignee": COLLEAGUE}, draft=draft(template="answer/late"), answers=frozenset({"late"})
    )
    decision = on_command_mail(facts, command("take\napprove"))
    assert told(decision) == "approve-unread"
    (letter,) = decision.letters
    assert letter.variables["lines"][0].values == {"command": "take"}
    assert letter.ready == "approve\ntake"
    done = on_command_mail(facts, command(letter.ready))
    assert done.approve_draft
    assert done.draft is None
    (answer,) = [one for one in done.letters if one.kind is LetterKind.ANSWER]
    assert answer.variables["body"] == "We are sorry.", "the words that were read"
