"""What a mail is, and when it gets no automatic answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.acknowledging import why_no_acknowledgement
from cases.decide import on_mail
from cases.facts import Counts, Facts
from cases.intake import what_is_it
from store.models import LetterKind, MailKind, Status
from store.values import Address
from tests.facts_factory import (
    AGENT,
    NOW,
    OURS,
    STRANGER,
    agent,
    case_facts,
    check_in_token,
    command,
    command_facts,
    message,
    opening_facts,
    policy,
)

TOKEN = "abcdefghijklmnopqrstuvwx23"


def kind(facts: Facts, text: str = "My parcel is late.", **mail: Any) -> MailKind:
    return what_is_it(facts, message(text, **mail))[0]


def test_a_strangers_mail_is_a_customers() -> None:
    assert what_is_it(opening_facts(), message()) == (MailKind.CUSTOMER, "")


@pytest.mark.parametrize(
    "sender", [OURS, OURS.upper(), "complaints+x@example.com", f"complaints+{TOKEN}@example.com"]
)
def test_mail_from_ourselves_is_a_loop(sender: str) -> None:
    assert kind(opening_facts(), sender=sender) is MailKind.LOOP


@pytest.mark.parametrize("form", ["{local}.{token}@{domain}", "{token}@{domain}"])
def test_our_reply_addresses_are_ours_in_every_form(form: str) -> None:
    ours = form.format(local="complaints", token=TOKEN, domain="example.com")
    facts = opening_facts(policy=policy(reply_form=form))
    assert kind(facts, sender=ours) is MailKind.LOOP
    assert why_no_acknowledgement(facts, message(reply_to=(Address(ours),)))


def test_mail_from_ourselves_and_somebody_else_is_a_loop() -> None:
    assert kind(opening_facts(), senders=(Address(STRANGER), Address(OURS))) is MailKind.LOOP


@pytest.mark.parametrize("machine", [MailKind.AUTO_REPLY, MailKind.BOUNCE, MailKind.LIST, MailKind.LOOP])
def test_what_the_headers_tell_comes_before_what_the_text_says(machine: MailKind) -> None:
    for facts in (opening_facts(), command_facts(), case_facts(token=check_in_token())):
        assert kind(facts, "approve", kind=machine) is machine


def test_mail_to_an_agents_reply_address_is_a_command() -> None:
    assert what_is_it(command_facts(), command("whatever"))[0] is MailKind.COMMAND
    assert kind(command_facts(agent=None), sender=STRANGER) is MailKind.COMMAND


def test_an_agents_mail_that_reads_as_commands_is_one_also_without_a_token() -> None:
    assert kind(opening_facts(agent=agent()), "approve", sender=AGENT) is MailKind.COMMAND
    assert kind(opening_facts(agent=agent()), "My chair broke.", sender=AGENT) is MailKind.CUSTOMER


@pytest.mark.parametrize("text", ["yes", "no"])
def test_an_agent_who_is_a_customer_too_answers_a_check_in(text: str) -> None:
    asked = case_facts({"status": Status.RESOLVED}, token=check_in_token(), joined_by="address")
    assert kind(replace(asked, agent=agent()), text, sender=AGENT) is MailKind.CHECK_IN_ANSWER


@pytest.mark.parametrize("text", ["hlep", "no", "asign Dana"])
def test_an_agents_slip_is_answered_as_one_and_never_acknowledged(text: str) -> None:
    known = replace(opening_facts(), agent=agent())
    proved = on_mail(known, command(text, date=NOW))
    assert proved.case is None
    assert [(one.kind, one.recipient.address) for one in proved.letters] == [(LetterKind.TRANSCRIPT, AGENT)]
    unproved = on_mail(known, command(text, authentication_results=()))
    assert unproved.case is None
    assert {one.recipient.address for one in unproved.letters} == {AGENT}
    assert LetterKind.ACK not in {one.kind for one in unproved.letters}


def test_a_customer_who_writes_a_commands_name_gives_no_command() -> None:
    assert kind(opening_facts(), "Help!") is MailKind.CUSTOMER
    assert kind(case_facts(), "approve") is MailKind.CUSTOMER


@pytest.mark.parametrize("status", [Status.OPEN, Status.ANSWERED, Status.RESOLVED, Status.CLOSED])
def test_a_score_to_a_check_ins_reply_address_is_its_answer_however_late(status: Status) -> None:
    facts = case_facts({"status": status}, token=check_in_token(), joined_by="address")
    assert kind(facts, "۵") is MailKind.CHECK_IN_ANSWER
    assert kind(facts, "It came at last, but open.") is MailKind.CUSTOMER


@pytest.mark.parametrize(
    ("of", "text", "expected"),
    [
        ({"status": Status.RESOLVED, "check_ins": 1}, "4", MailKind.CHECK_IN_ANSWER),
        ({"status": Status.CLOSED, "check_ins": 2}, "not solved", MailKind.CHECK_IN_ANSWER),
        ({"status": Status.RESOLVED, "check_ins": 0}, "4", MailKind.CUSTOMER),
        ({"status": Status.OPEN, "check_ins": 1}, "4", MailKind.CUSTOMER),
    ],
)
def test_a_score_in_the_thread_counts_once_the_customer_was_asked(
    of: dict[str, Any], text: str, expected: MailKind
) -> None:
    assert kind(case_facts(of), text) is expected


def test_a_check_ins_reply_address_ends_for_all_but_the_customer() -> None:
    old = check_in_token().model_copy(update={"expires_at": NOW})
    facts = case_facts({"status": Status.RESOLVED, "check_ins": 1}, token=old, joined_by="address")
    assert kind(facts, "4", sender="friend@example.org") is MailKind.CUSTOMER
    assert kind(facts, "4") is MailKind.CHECK_IN_ANSWER
    good = old.model_copy(update={"expires_at": NOW + timedelta(days=1)})
    assert kind(replace(facts, token=good), "4", sender="friend@example.org") is MailKind.CHECK_IN_ANSWER


def test_a_stranger_can_not_answer_a_check_in() -> None:
    assert kind(opening_facts(), "1") is MailKind.CUSTOMER


# Not answering


def reasons(facts: Facts | None = None, **mail: Any) -> tuple[str, ...]:
    return why_no_acknowledgement(facts or opening_facts(), message(**mail))


def test_an_ordinary_mail_is_acknowledged() -> None:
    assert reasons() == ()
    assert reasons(reply_to=(Address(STRANGER),)) == ()


def test_every_reason_is_told_once() -> None:
    found = reasons(
        opening_facts(counts=Counts(acks_last_hour=3, acks_last_day=6)),
        sender="",
        reply_to=(Address("Complaints+x@example.com"),),
        no_auto_reply=("Precedence: bulk", "Precedence: bulk"),
    )
    assert found == (
        "Precedence: bulk",
        "it has no From address to answer to",
        "its Reply-To is our own address",
        "3 acknowledgements went to this address in the last hour",
        "6 acknowledgements went to this address in the last day",
    )


@pytest.mark.parametrize(
    ("counts", "answered"),
    [
        (Counts(acks_last_hour=2, acks_last_day=5), True),
        (Counts(acks_last_hour=3, acks_last_day=3), False),
        (Counts(acks_last_hour=0, acks_last_day=6), False),
        (Counts(acks_in_all_last_hour=5000), True),
    ],
)
def test_one_address_gets_three_an_hour_and_six_a_day(counts: Counts, answered: bool) -> None:
    assert (reasons(opening_facts(counts=counts)) == ()) is answered
