"""Command mails: who may command, what each command does, all or nothing."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.commands.by_mail import on_command_mail
from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.commands.registry import COMMANDS
from cases.decision import Decision, LetterRequest
from cases.facts import Counts, Facts, Listing
from cases.lifecycle import OPEN_ENDS
from cases.saying import Refusal, Say
from outbox.sentences import SENTENCES
from store.attached import Danger, Family
from store.models import (
    CaseKind,
    DraftState,
    EventKind,
    LetterKind,
    MailKind,
    Status,
    TimerKind,
    TokenPurpose,
)
from store.values import Address, Message
from tests.facts_factory import (
    ADMIN,
    AGENT,
    COLLEAGUE,
    CUSTOMER,
    GENUINE,
    NOW,
    STRANGER,
    agent,
    case,
    command,
    command_facts,
    draft,
    message,
    policy,
    token,
)

EVENTS_OF_A_REFUSAL = (EventKind.REFUSED,)


def obeyed(text: str, facts: Facts | None = None, **mail: Any) -> Decision:
    decision = on_command_mail(facts or command_facts(), command(text, **mail))
    assert EventKind.REFUSED not in kinds(decision), decision.events
    return decision


def kinds(decision: Decision) -> tuple[EventKind, ...]:
    return tuple(event.kind for event in decision.events)


def letter(decision: Decision, kind: LetterKind) -> LetterRequest:
    (found,) = [one for one in decision.letters if one.kind is kind]
    return found


def changed(decision: Decision) -> dict[str, Any]:
    assert decision.case
    return dict(decision.case.values)


def nothing_happened(decision: Decision) -> bool:
    """Apart from an event, a letter to an agent and perhaps a spent token."""
    untouched = replace(Decision(), mail_kind=decision.mail_kind, case_number=decision.case_number)
    untouched = replace(
        untouched, events=decision.events, letters=decision.letters, use_token=decision.use_token
    )
    return decision == untouched and kinds(decision) == EVENTS_OF_A_REFUSAL


def why(decision: Decision) -> str:
    """The reason of a refusal that an agent is told."""
    (one,) = decision.letters
    said = one.variables["reason"] if one.kind is LetterKind.ALERT else one.variables["lines"][0]
    assert isinstance(said, Say)
    return said.code


# What each command does


def test_approve_sends_the_stored_draft_and_nothing_of_the_agents_mail() -> None:
    decision = obeyed("approve\n\nSara\nsent from my phone")
    answer = letter(decision, LetterKind.ANSWER)
    assert decision.approve_draft
    assert decision.draft is None
    assert (answer.variables["body"], answer.recipient.key) == ("We are sorry.", CUSTOMER)
    assert not answer.automatic
    assert answer.case_token == "b" * 26
    assert "phone" not in repr(answer)
    values = {"answered_at": NOW, "first_answered_at": NOW, "holdings": 0, "seen_at": NOW}
    assert changed(decision) == {"status": Status.ANSWERED, **values}


def test_edit_makes_a_new_version_and_sends_nothing_to_the_customer() -> None:
    decision = obeyed("edit\nDear Ms Example\nend")
    assert decision.draft
    assert (decision.draft.version, decision.draft.body, decision.draft.template) == (
        2,
        "Dear Ms Example",
        "",
    )
    assert [one.kind for one in decision.letters] == [LetterKind.TRANSCRIPT]
    assert changed(decision)["status"] is Status.OPEN


def test_edit_and_approve_in_one_mail_send_the_new_words() -> None:
    decision = obeyed("edit\nDear Ms Example\nend\napprove\n\nSara")
    answer = letter(decision, LetterKind.ANSWER)
    assert (answer.variables["body"], answer.key) == ("Dear Ms Example", "answer/7/2")
    assert decision.draft
    assert decision.approve_draft
    assert changed(decision)["status"] is Status.ANSWERED


def test_reject_throws_the_draft_away() -> None:
    decision = obeyed("reject too cold")
    assert decision.reject_draft
    assert decision.events[0].text == "version 1: too cold"
    assert changed(decision)["status"] is Status.OPEN


@pytest.mark.parametrize("who", ["Dana Levi", "dana", "DANA@example.com", "Levi"])
def test_assign_gives_the_case_and_the_draft_to_another_agent(who: str) -> None:
    decision = obeyed(f"assign {who}")
    draft_mail = letter(decision, LetterKind.DRAFT)
    assert changed(decision) == {"status": Status.NEW, "assignee": COLLEAGUE, "seen_at": None}
    assert draft_mail.recipient.key == COLLEAGUE
    assert draft_mail.reply_to
    assert (draft_mail.reply_to.agent, draft_mail.reply_to.draft_version) == (COLLEAGUE, 1)


def test_after_edit_and_assign_the_other_agent_gets_the_new_version() -> None:
    decision = obeyed("edit\nNew words\nend\nassign Dana")
    reply_to = letter(decision, LetterKind.DRAFT).reply_to
    assert reply_to
    assert reply_to.draft_version == 2


def test_note_writes_an_event_that_the_customer_never_sees() -> None:
    decision = obeyed("note she prefers the phone")
    assert (decision.events[0].kind, decision.events[0].text) == (EventKind.NOTED, "she prefers the phone")
    assert [one.recipient.key for one in decision.letters] == [AGENT]


def test_resolve_sets_the_check_in_of_the_category() -> None:
    decision = obeyed("resolve", command_facts({"status": Status.ANSWERED}))
    (timer,) = decision.timers
    assert (timer.kind, timer.due_at) == (TimerKind.CHECK_IN, NOW + timedelta(days=3))
    assert set(decision.cancel_timers) == set(OPEN_ENDS)
    assert changed(decision)["resolved_at"] == NOW


@pytest.mark.parametrize("of", [{"kind": CaseKind.PRAISE}, {"acknowledged_at": None}])
def test_who_praises_or_got_no_automatic_mail_is_not_asked(of: dict[str, Any]) -> None:
    (timer,) = obeyed("resolve", command_facts(of)).timers
    assert (timer.kind, timer.due_at) == (TimerKind.CLOSE, NOW + timedelta(days=7))


def test_help_changes_nothing_and_answers() -> None:
    found = {("help", ""): Listing(Say("help-all"))}
    decision = obeyed("help", command_facts({"status": Status.CLOSED}, found=found))
    assert changed(decision) == {"status": Status.CLOSED}
    told = letter(decision, LetterKind.TRANSCRIPT).variables
    assert (told["lines"], told["headline"]) == ((), Say("help-all")), "its list says enough"


def test_several_commands_are_done_in_order_and_once() -> None:
    decision = obeyed("approve\nnote by phone too\nresolve")
    assert kinds(decision) == (EventKind.APPROVED, EventKind.NOTED, EventKind.RESOLVED)
    assert changed(decision)["status"] is Status.RESOLVED
    assert decision.case
    assert decision.case.expected is Status.NEW
    assert {event.actor for event in decision.events} == {AGENT}


def test_the_transcript_says_it_all_with_a_fresh_reply_address() -> None:
    decision = obeyed("edit\nNew words\nend\nnote x")
    transcript = letter(decision, LetterKind.TRANSCRIPT)
    assert [line.code for line in transcript.variables["lines"]] == ["edited", "noted"]
    assert transcript.reply_to
    assert (transcript.reply_to.purpose, transcript.reply_to.draft_version) == (TokenPurpose.DRAFT, 2)
    assert decision.use_token == 33
    assert decision.mail_kind is MailKind.COMMAND


@pytest.mark.parametrize(
    ("text", "status", "next_step"),
    [
        ("note x", Status.NEW, "next-approve"),
        ("approve", Status.NEW, "next-resolve"),
        ("reject x", Status.NEW, "next-edit"),
        ("edit\nx\nend", Status.ANSWERED, "next-approve"),
        ("resolve", Status.NEW, None),
    ],
)
def test_the_transcript_says_what_comes_next(text: str, status: Status, next_step: str | None) -> None:
    transcript = letter(obeyed(text, command_facts({"status": status})), LetterKind.TRANSCRIPT)
    assert [say.code for say in transcript.variables["next"]] == ([next_step] if next_step else [])


@pytest.mark.parametrize("text", ["تأیید", "אשר", "موافقة"])
def test_commands_in_the_agents_language_are_obeyed(text: str) -> None:
    assert obeyed(text).approve_draft


# All or nothing


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("approve\nreject no", "conflict"),
        ("reject no\napprove", "conflict"),
        ("edit\nx\nend\nreject no", "conflict"),
        ("approve\nedit\nx\nend", "approve-before-edit"),
        ("approve\napprove", "twice"),
        ("approve it", "takes-nothing"),
        ("note good\napprove\naprove", "not-a-command"),
        ("note good\nreject", "needs-text"),
        ("note good\nassign", "needs-text"),
        ("note", "needs-text"),
        ("approve\nassign Nobody", "unknown-agent"),
        ("approve\nassign a", "unknown-agent"),
        ("resolve\napprove", "illegal"),
        ("hello", "not-a-command"),
        ("", "no-command"),
        ("approve\nedit\nx", "edit-without-end"),
    ],
)
def test_one_wrong_command_and_none_is_done(text: str, code: str) -> None:
    decision = on_command_mail(command_facts(), command(text))
    assert nothing_happened(decision)
    assert why(decision) == code
    assert decision.use_token == 33
    transcript = letter(decision, LetterKind.TRANSCRIPT)
    assert transcript.variables["refused"]
    assert transcript.recipient.key == AGENT
    assert transcript.reply_to
    assert transcript.reply_to.draft_version == 1


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.ANSWERED, "approve"),
        (Status.RESOLVED, "approve"),
        (Status.RESOLVED, "edit\nx\nend"),
        (Status.RESOLVED, "resolve"),
        (Status.CLOSED, "assign Dana"),
        (Status.CLOSED, "resolve"),
    ],
)
def test_what_the_status_forbids_is_refused(status: Status, text: str) -> None:
    decision = on_command_mail(command_facts({"status": status}), command(text))
    assert nothing_happened(decision)
    assert why(decision) == "illegal"


@pytest.mark.parametrize("state", [DraftState.APPROVED, DraftState.REJECTED, DraftState.SUPERSEDED])
@pytest.mark.parametrize("text", ["approve", "reject no"])
def test_a_draft_that_is_not_open_can_not_be_decided_again(state: DraftState, text: str) -> None:
    decision = on_command_mail(command_facts(draft=draft(state=state)), command(text))
    assert nothing_happened(decision)
    assert why(decision) == "no-open-draft"


def test_a_case_without_a_draft_can_get_one() -> None:
    facts = command_facts(draft=None, token=token(draft_version=0))
    assert why(on_command_mail(facts, command("approve"))) == "no-open-draft"
    decision = obeyed("edit\nx\nend\napprove", facts)
    assert decision.draft
    assert decision.draft.version == 1


def test_a_customer_without_an_address_can_not_be_answered() -> None:
    decision = on_command_mail(command_facts({"customer": ""}), command("approve"))
    assert nothing_happened(decision)
    assert why(decision) == "no-customer"


def test_a_verb_that_the_reply_address_does_not_allow_is_refused() -> None:
    facts = command_facts(token=token(verbs=["note", "help"]))
    assert obeyed("note x", facts)
    decision = on_command_mail(facts, command("note x\napprove"))
    assert nothing_happened(decision)
    assert why(decision) == "not-allowed"


def test_quoted_text_is_never_read() -> None:
    mail = replace(command("note x"), text="note x\n\n> approve\n> resolve\n")
    assert kinds(on_command_mail(command_facts(), mail)) == (EventKind.NOTED,)
    only_quoted = replace(command(""), text="> approve\n")
    assert nothing_happened(on_command_mail(command_facts(), only_quoted))


# Who may command: the checks, in their order

TROUBLES: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("several-senders", {"headers": (("From", AGENT), ("From", STRANGER))}, {}),
    ("wrong-sender", {"senders": (Address(STRANGER),)}, {}),
    ("no-longer-an-agent", {}, {"agent": None}),
    ("not-genuine", {"authentication_results": ()}, {}),
    ("automatic", {"kind": MailKind.AUTO_REPLY}, {}),
    ("token-used", {}, {"used_at": NOW - timedelta(minutes=1)}),
    ("stale-draft", {}, {"draft_version": 5}),
)


def tried(*troubles: tuple[str, dict[str, Any], dict[str, Any]]) -> Decision:
    mail: dict[str, Any] = {}
    of_token: dict[str, Any] = {}
    no_agent = False
    for _, in_mail, in_facts in troubles:
        mail |= in_mail
        no_agent = no_agent or "agent" in in_facts
        of_token |= {name: value for name, value in in_facts.items() if name != "agent"}
    facts = command_facts(token=token(**of_token))
    return on_command_mail(replace(facts, agent=None) if no_agent else facts, command("approve", **mail))


@pytest.mark.parametrize("at", range(len(TROUBLES)))
def test_the_first_trouble_is_the_one_that_is_named(at: int) -> None:
    for decision in (tried(TROUBLES[at]), tried(*TROUBLES[at:])):
        assert nothing_happened(decision)
        assert decision.events[0].text.startswith(TROUBLES[at][0].replace("-", " "))


@pytest.mark.parametrize("at", range(5))
def test_who_is_not_authenticated_gets_nothing_and_the_bound_agent_an_alert(at: int) -> None:
    decision = tried(TROUBLES[at])
    assert [(one.kind, one.recipient.key, one.reply_to) for one in decision.letters] == [
        (LetterKind.ALERT, AGENT, None)
    ]
    assert decision.use_token is None


@pytest.mark.parametrize(
    ("of_token", "code"),
    [
        ({"expires_at": NOW}, "token-expired"),
        ({"draft_version": 5}, "stale-draft"),
        ({"revoked_at": NOW - timedelta(days=1)}, "token-replaced"),
        ({"used_at": NOW - timedelta(days=1)}, "token-used"),
    ],
)
def test_an_authenticated_agent_with_an_old_reply_address_gets_a_fresh_one(
    of_token: dict[str, Any], code: str
) -> None:
    decision = on_command_mail(command_facts(token=token(**of_token)), command("approve"))
    assert nothing_happened(decision)
    transcript = letter(decision, LetterKind.TRANSCRIPT)
    assert transcript.variables["lines"][0].code == code
    assert transcript.reply_to
    assert transcript.reply_to.draft_version == 1
    assert decision.use_token == (None if "used_at" in of_token or "revoked_at" in of_token else 33)


def test_a_reply_address_is_good_until_the_moment_it_expires() -> None:
    assert obeyed("approve", command_facts(token=token(expires_at=NOW + timedelta(seconds=1)))).approve_draft


def test_without_a_token_nothing_is_approved_but_the_agent_is_told() -> None:
    for of_case, text, code in ((case(), "#7\napprove", "approve-unseen"), (None, "approve", "which-case")):
        facts = command_facts(token=None, case=of_case, agent=agent())
        decision = on_command_mail(facts, command(text))
        assert nothing_happened(decision)
        assert why(decision) == code
        assert decision.letters[0].variables["number"] == (7 if of_case else None)


def test_two_senders_are_refused() -> None:
    decision = on_command_mail(
        command_facts(), command("approve", senders=(Address(AGENT), Address(STRANGER)))
    )
    assert why(decision) == "several-senders"


@pytest.mark.parametrize("sender", [COLLEAGUE, CUSTOMER, STRANGER, "sara@example.com.example.net"])
def test_another_agent_or_the_customer_can_not_use_the_reply_address(sender: str) -> None:
    decision = on_command_mail(command_facts(), command("approve", sender=sender))
    assert nothing_happened(decision)
    assert {one.recipient.key for one in decision.letters} == {AGENT}


def test_the_agents_address_counts_in_any_case_of_letters() -> None:
    assert obeyed("approve", sender="Sara@Example.COM").approve_draft


def test_alerts_about_refused_commands_stop_at_the_hourly_limit() -> None:
    forged = command("approve", authentication_results=())
    for already, told in ((4, 1), (5, 0)):
        decision = on_command_mail(command_facts(counts=Counts(alerts_last_hour=already)), forged)
        assert kinds(decision) == EVENTS_OF_A_REFUSAL
        assert len(decision.letters) == told


def test_the_alert_shows_what_was_tried() -> None:
    mail = command("approve", sender=STRANGER)
    (alert,) = on_command_mail(command_facts(message=mail), mail).letters
    assert alert.variables["words"] == "approve"
    assert STRANGER in alert.variables["sender"]


# Token-only mode


def token_only(**changes: Any) -> Facts:
    return command_facts(policy=policy(token_only=True, trusted_authserv_id=""), **changes)


def test_without_a_border_commands_need_the_operators_leave() -> None:
    unproven = command("approve", authentication_results=())
    assert nothing_happened(on_command_mail(command_facts(policy=policy(trusted_authserv_id="")), unproven))
    assert on_command_mail(token_only(), unproven).approve_draft


def test_token_only_mode_does_not_weaken_a_border() -> None:
    facts = command_facts(policy=policy(token_only=True))
    assert nothing_happened(on_command_mail(facts, command("approve", authentication_results=())))


def test_token_only_mode_still_wants_the_agents_address_and_a_good_token() -> None:
    assert nothing_happened(on_command_mail(token_only(), command("approve", sender=STRANGER)))
    decision = on_command_mail(token_only(token=token(expires_at=NOW)), command("approve"))
    assert nothing_happened(decision)
    assert decision.use_token == 33


def test_in_token_only_mode_a_spent_token_brings_no_fresh_one() -> None:
    decision = on_command_mail(token_only(token=token(used_at=NOW)), command("approve"))
    assert [one.kind for one in decision.letters] == [LetterKind.ALERT]


# From the command line


def test_the_command_line_obeys_the_same_commands() -> None:
    facts = command_facts(token=None)
    by_line = on_command(facts, case(), agent(), (Given("approve"), Given("note", "x")))
    by_mail = obeyed("approve\nnote x")
    assert (by_line.case, by_line.events, by_line.approve_draft) == (
        by_mail.case,
        by_mail.events,
        by_mail.approve_draft,
    )
    assert by_line.use_token is None


def test_the_command_line_is_told_why_nothing_was_done() -> None:
    with pytest.raises(Refusal) as refused:
        on_command(command_facts(token=None), case(), agent(), (Given("approve"), Given("reject", "x")))
    assert refused.value.say.code == "conflict"


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("status", Status)
def test_every_command_in_every_status_is_done_or_refused(name: str, status: Status) -> None:
    usual = {"nothing": "", "maybe": "", "lines": "words", "more": "1", "text": "Dana"}[COMMANDS[name].takes]
    argument = {"merge": "5", "template": "late"}.get(name, usual)
    facts = command_facts(named=(case(number=5),), answers=frozenset({"late"}))
    try:
        decision = on_command(facts, case(status=status), agent(), (Given(name, argument),))
    except Refusal as refused:
        assert refused.say.code in SENTENCES
    else:
        assert decision.case
        assert decision.case.expected is status


def test_a_mail_that_asks_to_be_assigned_to_an_admin_may_name_any_agent() -> None:
    assert changed(obeyed("assign Ada"))["assignee"] == ADMIN


def test_a_forged_mail_changes_nothing_whatever_it_says() -> None:
    forged: Message = message("approve\nresolve", sender=AGENT, authentication_results=GENUINE[:0])
    assert nothing_happened(on_command_mail(command_facts(), forged))


@pytest.mark.parametrize("body", ["It comes on [date].", "Dear [name], it comes", "تا [تاریخ] می‌رسد"])
def test_a_draft_with_a_gap_that_nobody_filled_does_not_leave(body: str) -> None:
    decision = on_command_mail(command_facts(draft=draft(body=body)), command("approve"))
    assert nothing_happened(decision)
    assert why(decision) == "placeholder"
    assert obeyed("edit\nIt comes on Monday [1].\nend\napprove", command_facts(draft=draft(body=body)))


def test_a_case_whose_words_were_erased_takes_no_command() -> None:
    facts = command_facts({"erased_at": NOW})
    decision = on_command_mail(facts, command("note she phoned"))
    assert nothing_happened(decision)
    assert why(decision) == "erased-case"


def test_everything_that_decisions_say_has_a_sentence() -> None:
    nodes = [
        node
        for folder in ("cases", "engine", "language")
        for path in Path(folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    ]
    said = {
        node.args[0].value
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("Say", "Refusal", "Unclear", "_Stop")
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    in_tables = {node.value for node in nodes if isinstance(node, ast.Constant)}
    of_files = {f"danger-{one}" for one in Danger} | {f"family-{one}" for one in Family}
    assert (said | of_files) - set(SENTENCES) == set()
    assert set(SENTENCES) - said - in_tables - of_files == set()
