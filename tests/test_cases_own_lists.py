"""Customers' mail that came through a group address of our own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.own_lists import as_its_writers
from language.signs import Signs
from store.models import MailKind
from store.values import Address, Message

OURS = "complaints@firm.example"
ANN = Address("ann@customer.example", "Ann Bee")
GOOGLE = (
    ("Precedence", "list"),
    ("Mailing-List", "list complaints@firm.example; contact complaints+owners@firm.example"),
    ("List-Id", "<complaints.firm.example>"),
    ("List-Post", "<https://groups.example/a/complaints/post>, <mailto:complaints@firm.example>"),
    ("List-Unsubscribe", "<mailto:googlegroups-manage+7+unsubscribe@groups.example>"),
)
GOOGLES_REASONS = (
    "Precedence: list",
    "it carries Mailing-List",
    "it carries List-Id",
    "it carries List-Post",
    "it carries List-Unsubscribe",
)


def message(
    *headers: tuple[str, str],
    sender: Address = ANN,
    kind: MailKind = MailKind.LIST,
    reply_to: tuple[Address, ...] = (),
    reasons: tuple[str, ...] = (),
) -> Message:
    return Message(
        "f",
        senders=(sender,),
        reply_to=reply_to,
        kind=kind,
        kind_because="" if kind is MailKind.CUSTOMER else "it carries List-Id",
        no_auto_reply=reasons,
        authentication_results=("mx.firm.example; dmarc=pass",),
        headers=headers,
    )


def read(given: Message) -> Message:
    return as_its_writers(given, OURS, Signs())


@pytest.mark.parametrize(
    "header",
    [
        ("List-Id", "Complaints <complaints.firm.example>"),
        ("List-Id", "complaints.firm.example"),
        ("List-Id", "<Complaints@Firm.example>"),
        ("List-Post", "<mailto:complaints@firm.example>"),
        ("List-Post", "<mailto:Complaints@firm.example?subject=x>"),
        ("Mailing-List", "list complaints@firm.example; contact complaints+owners@firm.example"),
        ("X-BeenThere", "complaints@firm.example"),
    ],
    ids=": ".join,
)
def test_mail_through_our_own_group_is_a_customers(header: tuple[str, str]) -> None:
    found = read(message(header))
    assert (found.kind, found.kind_because, found.senders) == (MailKind.CUSTOMER, "", (ANN,))
    assert found.authentication_results  # From is the customer's own


@pytest.mark.parametrize(
    "headers",
    [
        [("List-Id", "<news.shop.example>")],
        [("List-Id", "<complaints.firm.example.evil.example>")],
        [("List-Id", "<xcomplaints.firm.example>")],
        [("List-Post", "<mailto:complaints@other.example>")],
        [("List-Id", "<news.shop.example>"), ("List-Post", "<mailto:complaints@firm.example>")],
        [("List-Id", "<complaints.firm.example>"), ("List-Id", "<news.shop.example>")],
        [("Precedence", "list")],
        [],
    ],
)
def test_mail_of_another_list_stays_list_mail(headers: list[tuple[str, str]]) -> None:
    given = message(*headers)
    assert read(given) is given


def test_only_the_groups_own_reasons_against_an_answer_are_gone() -> None:
    found = read(message(*GOOGLE, reasons=(*GOOGLES_REASONS, "it carries Feedback-Id", "Precedence: bulk")))
    assert found.no_auto_reply == ("it carries Feedback-Id", "Precedence: bulk")


@pytest.mark.parametrize("kind", [MailKind.AUTO_REPLY, MailKind.BOUNCE, MailKind.LOOP])
def test_a_program_stays_a_program_behind_our_group(kind: MailKind) -> None:
    given = message(*GOOGLE, kind=kind)
    assert read(given) is given


@pytest.mark.parametrize(
    ("shown", "headers", "reply_to", "writer"),
    [
        ("'Ann Bee' via Complaints", [("X-Original-From", "Ann Bee <ann@customer.example>")], (), ANN),
        ("'Ann Bee' via Complaints", [("X-Original-From", '"Ann Bee" <ann@customer.example>')], (), ANN),
        ("'Ann Bee' via Complaints", [("X-Original-Sender", "ann@customer.example")], (), ANN),
        ("Ann Bee via Complaints", [], (ANN,), ANN),
        ("Ann Bee via Complaints", [], (Address(OURS), Address(ANN.address)), ANN),
        ("Complaints", [("X-Original-Sender", "ann@customer.example")], (), Address(ANN.address)),
        ("Complaints", [], (ANN,), ANN),
        ("via Complaints", [("X-Original-Sender", "ann@customer.example")], (), Address(ANN.address)),
    ],
)
def test_the_writer_is_found_where_the_group_took_from(
    shown: str, headers: list[tuple[str, str]], reply_to: tuple[Address, ...], writer: Address
) -> None:
    found = read(message(*GOOGLE, *headers, sender=Address(OURS, shown), reply_to=reply_to))
    assert (found.kind, found.senders) == (MailKind.CUSTOMER, (writer,))


def test_a_writer_whom_the_group_names_can_command_nothing() -> None:
    found = read(message(*GOOGLE, ("X-Original-From", "agent@firm.example"), sender=Address(OURS)))
    assert found.senders == (Address("agent@firm.example"),)
    assert found.authentication_results == ()


def test_a_group_that_only_rewrites_from_is_seen_by_its_words() -> None:
    rewritten = message(sender=Address(OURS, "'Ann Bee' via Complaints"), kind=MailKind.CUSTOMER)
    assert read(replace(rewritten, reply_to=(ANN,))).senders == (ANN,)
    assert read(rewritten) is rewritten


@pytest.mark.parametrize(
    ("headers", "reply_to"),
    [
        ([], ()),
        ([], (Address(OURS),)),
        ([("X-Original-Sender", "complaints+x@firm.example")], ()),
        ([("X-Original-From", "nobody in particular")], (Address(OURS),)),
    ],
)
def test_our_own_mail_stays_our_own(headers: list[tuple[str, str]], reply_to: tuple[Address, ...]) -> None:
    given = message(*headers, sender=Address(OURS, "Firm"), kind=MailKind.CUSTOMER, reply_to=reply_to)
    assert read(given) is given


def test_what_a_web_form_sends_from_our_address_is_of_whom_reply_to_names_and_is_not_answered() -> None:
    found = read(message(sender=Address(OURS, "Shop"), kind=MailKind.CUSTOMER, reply_to=(ANN,)))
    assert found.senders == (ANN,)
    assert found.no_auto_reply == ("its From is our own address, as a web form writes it",)
    assert found.authentication_results == ()


def test_two_writers_in_reply_to_are_none() -> None:
    given = message(*GOOGLE, sender=Address(OURS), reply_to=(ANN, Address("bob@customer.example")))
    assert read(given) is given


def test_our_own_address_in_reply_to_is_the_groups() -> None:
    found = read(message(*GOOGLE, reply_to=(Address("Complaints@firm.example"), ANN)))
    assert found.reply_to == (ANN,)


def test_a_system_behind_our_group_is_still_not_answered() -> None:
    found = read(message(*GOOGLE, ("X-Original-From", "no-reply@shop.example"), sender=Address(OURS)))
    assert found.no_auto_reply == ("no-reply@shop.example is a system's address",)


@pytest.mark.parametrize(
    "value", ["<" * 200_000, "a@" * 100_000, "mailto:" * 30_000, " via" * 50_000, " " * 90_000]
)
def test_a_hostile_field_takes_no_time(value: str) -> None:
    fields = [(name, value) for name in ("List-Id", "List-Post", "X-Original-From")]
    read(message(*GOOGLE[1:2], *fields, sender=Address(OURS, value)))
