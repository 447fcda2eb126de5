"""What an agent's forwarded mail leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cases.decide import on_mail
from cases.decision import Decision
from cases.facts import Facts, Forwarded
from cases.first_draft import NOTE, NOTED_BY
from cases.saying import Say
from store.models import EventKind, LetterKind, MailKind
from store.values import Fact, Message
from tests.facts_factory import (
    ADMIN,
    AGENT,
    CUSTOMER,
    GENUINE,
    NOW,
    agent,
    case,
    case_facts,
    facts,
    message,
    opening_facts,
)

OUTER: dict[str, Any] = {"authentication_results": GENUINE, "date": NOW, "subject": "Fwd: late"}


def theirs(**changes: Any) -> Message:
    return message("My parcel is late.", **changes)


def forwarded(
    mail: Message | None = None, known: Facts | None = None, *, more: int = 0, **changes: Any
) -> Decision:
    mail = mail or theirs()
    carried = Forwarded(mail, known or opening_facts(message=mail), "She called.", more)
    outer = message("---- Forwarded ----", sender=AGENT, **(OUTER | changes))
    return on_mail(facts(message=outer, agent=agent(), forwarded=carried), outer)


def told(decision: Decision) -> tuple[Say, ...]:
    [letter] = [one for one in decision.letters if one.kind is LetterKind.TRANSCRIPT]
    assert letter.recipient.address == AGENT
    lines: tuple[Say, ...] = letter.variables["lines"]
    return lines


def test_it_is_the_customers_case_and_the_customer_is_told() -> None:
    decision = forwarded()
    assert decision.case is not None
    assert decision.mail_kind is MailKind.CUSTOMER
    assert decision.case.values["customer"] == CUSTOMER
    assert [one.recipient.address for one in decision.letters if one.kind is LetterKind.ACK] == [CUSTOMER]
    assert told(decision)[0].code == "forwarded-opened"
    [note] = [one for one in decision.events if one.kind is EventKind.NOTED]
    assert (note.text, note.actor) == ("forwarded: She called.", AGENT)


def test_the_agent_is_no_participant() -> None:
    decision = forwarded()
    assert decision.case is not None
    assert AGENT not in decision.case.participants


@pytest.mark.parametrize(
    "changes",
    [
        {"authentication_results": ()},
        {"headers": (("From", AGENT), ("From", CUSTOMER))},
        {"date": None},
        {"message_id": ""},
    ],
)
def test_without_proof_nobody_is_mailed(changes: dict[str, Any]) -> None:
    decision = forwarded(**changes)
    assert decision.letters == ()
    assert decision.case is not None
    assert "did not vouch" in decision.case.values["not_acknowledged_because"]


def test_what_a_program_wrote_is_not_answered() -> None:
    decision = forwarded(theirs(no_auto_reply=("it has a List-Id",)))
    assert not [one for one in decision.letters if one.kind is LetterKind.ACK]
    assert told(decision)[0].values["because"] == (Say("unanswered-program", {"sign": "it has a List-Id"}),)


def test_further_words_join_the_customers_case() -> None:
    decision = forwarded(known=case_facts())
    assert decision.case_number == 7
    assert told(decision) == (
        Say("forwarded-joined", {"number": 7, "customer": "A name <customer@example.org>"}),
    )


def test_what_was_known_already_sends_nothing_to_the_customer() -> None:
    decision = forwarded(known=replace(opening_facts(), said_before=case()))
    assert [one.kind for one in decision.letters] == [LetterKind.TRANSCRIPT]
    assert told(decision)[0].code == "forwarded-known"
    assert EventKind.OPENED not in {one.kind for one in decision.events}


def test_other_attached_mails_are_named() -> None:
    assert told(forwarded(more=2))[-1] == Say("forwarded-more", {"count": 2})


@pytest.mark.parametrize("mail", [theirs(sender=""), theirs(sender=ADMIN)])
def test_without_a_customer_there_is_no_case(mail: Message) -> None:
    decision = forwarded(mail)
    assert decision.case is None
    assert [one.kind for one in decision.events] == [EventKind.REFUSED]
    assert told(decision) == (Say("forwarded-unclear"),)


@pytest.mark.parametrize("mail", [theirs(sender=""), theirs(sender=ADMIN)])
def test_where_nobody_can_be_told_whose_mail_it_is_a_case_without_a_customer_is_opened(mail: Message) -> None:
    decision = forwarded(mail, authentication_results=())
    assert decision.letters == ()
    assert decision.case is not None
    assert decision.case.values["customer"] == ""


def test_a_flood_of_forwards_tells_nobody_more() -> None:
    carried = Forwarded(theirs(), opening_facts())
    outer = message("x", sender=AGENT, **OUTER)
    known = facts(message=outer, agent=agent(), forwarded=carried)
    flooded = replace(known, counts=replace(known.counts, mails_last_hour=99))
    kinds = [one.kind for one in on_mail(flooded, outer).letters]
    assert LetterKind.TRANSCRIPT not in kinds


def test_the_answer_stands_under_the_number_of_the_new_case() -> None:
    (letter,) = [one for one in forwarded().letters if one.kind is LetterKind.TRANSCRIPT]
    shown = {name: letter.variables[name] for name in ("number", "customer", "severity")}
    assert shown == {"number": 8, "customer": "A name", "severity": "normal"}
    joined = [one for one in forwarded(known=case_facts()).letters if one.kind is LetterKind.TRANSCRIPT]
    assert joined[0].variables["number"] == 7


def test_the_forwarders_note_goes_to_whoever_gets_the_case() -> None:
    (opened,) = [one for one in forwarded().events if one.kind is EventKind.OPENED]
    assert (opened.data[NOTE], opened.data[NOTED_BY]) == ("She called.", AGENT)
    (again,) = [one for one in forwarded(known=case_facts()).letters if one.kind is LetterKind.DRAFT]
    assert [(one["who"], one["words"]) for one in again.variables["trail"]] == [
        ("Sara Ahmadi", "She called.")
    ]


def test_what_the_carried_mail_tells_goes_with_its_case() -> None:
    found = (Fact("order_number", "AB-1"),)
    assert forwarded(known=opening_facts(message=theirs(), mail_facts=found)).found == found
