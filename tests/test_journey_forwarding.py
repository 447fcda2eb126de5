"""Journeys: an agent forwards a customer's mail to the complaints address, and it is that customer's case."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest

from tests.forwards import SUBJECT, WORDS, Forward, forwards
from tests.journeys import Journey, text_of


def forward(
    journey: Journey,
    text: str,
    *,
    html: str = "",
    attached: tuple[EmailMessage, ...] = (),
    sender: str = "",
    passes: bool | None = True,
) -> None:
    """Sam forwards to the complaints address, and the worker works."""
    mail = journey.mail(text, sender=sender or f"Sam <{journey.sam}>", subject="Fwd: Late parcel")
    if html:
        mail.add_alternative(html, subtype="html")
    for one in attached:
        mail.add_attachment(one)
    journey.host.deliver(mail.as_bytes(), to=journey.host.address, passes=passes)
    journey.work()


def theirs(journey: Journey, words: str = "My parcel has not arrived.", **headers: str) -> EmailMessage:
    return journey.mail(
        words, sender="Ann <ann@example.com>", subject="Late parcel", to="shop@example.org", headers=headers
    )


def told(journey: Journey) -> str:
    return "\n".join(text_of(mail) for mail in journey.mails_to())


def only_case(journey: Journey) -> dict[str, Any]:
    [case] = journey.cases()
    return case


PLAIN = next(one for one in forwards() if one.name == "gmail-en").text
SHAPES = [one for one in forwards("Please help her.") if one.name in (
    "gmail-fa", "outlook-he", "apple-ar", "thunderbird-de", "gmail-fr", "outlook-en")]  # fmt: skip


@pytest.mark.parametrize("one", SHAPES, ids=lambda one: one.name)
def test_a_forwarded_mail_is_a_case_of_the_customer(quick_journey: Journey, one: Forward) -> None:
    forward(quick_journey, one.text, html=one.html)
    case = only_case(quick_journey)
    assert (case["customer"], case["customer_name"]) == ("ann@example.com", "Ann Bee")
    assert case["subject"] == SUBJECT[one.language]
    assert case["language"] == one.language
    assert len(quick_journey.letters()) == 1, "she is told that it is here"
    assert not quick_journey.letters(f"<{quick_journey.sam}>")
    shown = quick_journey.shown(case["number"])
    assert WORDS[one.language] in shown["mails"][0]["words"]
    assert shown["mails"][0]["from"] == "ann@example.com"
    assert f"#{case['number']}" in told(quick_journey)
    notes = [event["text"] for event in shown["events"] if event["kind"] == "noted"]
    assert notes == ["forwarded: Please help her."]


def test_the_agent_is_told_and_never_acknowledged(quick_journey: Journey) -> None:
    forward(quick_journey, PLAIN)
    kinds = [one["kind"] for one in quick_journey.shown(only_case(quick_journey)["number"])["letters"]]
    assert sorted(kinds) == ["ack", "draft", "transcript"]
    assert "is case #1001 now" in told(quick_journey)
    assert "The customer gets the acknowledgement now" in told(quick_journey)


def test_the_answer_goes_to_the_customer_whose_reply_comes_back_to_the_case(quick_journey: Journey) -> None:
    forward(quick_journey, PLAIN)
    draft = next(mail for mail in reversed(quick_journey.mails_to()) if "New case" in text_of(mail))
    assert WORDS["en"] in text_of(draft)
    quick_journey.reply(draft, "approve", sender=quick_journey.sam)
    quick_journey.work()
    assert len(quick_journey.letters()) == 2
    quick_journey.reply(quick_journey.letters()[-1], "It is still not here.", sender="ann@example.com")
    quick_journey.work()
    assert len(quick_journey.cases()) == 1


def test_an_attached_mail_is_answered_in_its_own_thread(quick_journey: Journey) -> None:
    mail = theirs(quick_journey)
    forward(quick_journey, "See what she wrote.", attached=(mail,))
    assert only_case(quick_journey)["customer"] == "ann@example.com"
    [ack] = quick_journey.letters()
    assert ack["In-Reply-To"] == mail["Message-ID"]


def test_what_the_customer_sent_us_already_is_no_second_case(quick_journey: Journey) -> None:
    mail = theirs(quick_journey)
    quick_journey.host.deliver(mail.as_bytes(), to=quick_journey.host.address)
    quick_journey.work()
    forward(quick_journey, "Did you see this?", attached=(mail,))
    assert len(quick_journey.cases()) == 1
    assert len(quick_journey.letters()) == 1
    assert "was known already" in told(quick_journey)


def test_a_customers_reply_to_an_agent_joins_its_case(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    ack = quick_journey.letters()[0]
    reply = theirs(quick_journey, "Still nothing!", **{"In-Reply-To": str(ack["Message-ID"])})
    forward(quick_journey, "She wrote to me alone.", attached=(reply,))
    assert len(quick_journey.cases()) == 1
    assert "is part of it now" in told(quick_journey)
    assert len(quick_journey.letters()) == 1


def test_several_attached_mails_are_not_mixed(quick_journey: Journey) -> None:
    forward(
        quick_journey, "Two of them.", attached=(theirs(quick_journey), theirs(quick_journey, "Another."))
    )
    assert len(quick_journey.cases()) == 1
    assert "One more mail was attached" in told(quick_journey)


def test_a_forward_that_names_nobody_is_no_case_of_the_agent(quick_journey: Journey) -> None:
    forward(quick_journey, "From: Ann Bee\nSent: Monday 10:00\nTo: Sales\nSubject: Late\n\nIt is late.")
    assert quick_journey.cases() == []
    assert "can't be told which customer" in told(quick_journey)
    assert len(quick_journey.events("refused")) == 1


def test_a_forward_of_a_colleagues_mail_is_no_case_of_the_colleague(quick_journey: Journey) -> None:
    forward(quick_journey, PLAIN.replace("ann@example.com", quick_journey.noa))
    assert quick_journey.cases() == []
    assert not quick_journey.mails_to(quick_journey.noa)


def test_a_forward_in_an_agents_name_without_proof_is_acknowledged_to_nobody(quick_journey: Journey) -> None:
    forward(quick_journey, PLAIN, passes=False)
    case = only_case(quick_journey)
    assert case["customer"] == "ann@example.com"
    assert not quick_journey.letters()
    assert "did not vouch" in case["not_acknowledged_because"]
    assert "Forwarded:" not in told(quick_journey), "nobody is told of a mail that the agent never wrote"


def test_a_customers_own_forward_stays_the_customers_case(quick_journey: Journey) -> None:
    forward(quick_journey, PLAIN, sender="Bob <bob@example.com>", passes=None)
    assert only_case(quick_journey)["customer"] == "bob@example.com"
    assert not quick_journey.letters()


def test_commands_above_a_forward_are_commands(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.", sender="Eve <eve@example.com>")
    quick_journey.work()
    number = only_case(quick_journey)["number"]
    forward(quick_journey, f"#{number}\nnote the same as below\n{PLAIN}")
    assert len(quick_journey.cases()) == 1
    assert len(quick_journey.events("noted")) == 1


def test_the_same_forward_delivered_twice_is_one_case(quick_journey: Journey) -> None:
    mail = quick_journey.mail(PLAIN, sender=quick_journey.sam, subject="Fwd")
    for _ in range(2):
        quick_journey.host.deliver(mail.as_bytes(), to=quick_journey.host.address, passes=True)
    quick_journey.work()
    assert len(quick_journey.cases()) == 1
    assert len(quick_journey.letters()) == 1


def test_the_same_forward_sent_again_later_is_no_second_case(quick_journey: Journey) -> None:
    mail = quick_journey.mail(PLAIN, sender=quick_journey.sam, subject="Fwd")
    quick_journey.host.deliver(mail.as_bytes(), to=quick_journey.host.address, passes=True)
    quick_journey.work()
    quick_journey.clock.skip(hours=3)
    mail["Cc"] = "x@example.net"
    quick_journey.host.deliver(mail.as_bytes(), to=quick_journey.host.address, passes=True)
    quick_journey.work()
    assert len(quick_journey.cases()) == 1
    assert len(quick_journey.letters()) == 1
