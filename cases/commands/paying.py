"""What a customer is offered to make it right, within the limits of who offers it (D13)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

from cases.commands.command import Command
from cases.commands.picking import Doubts, pick
from cases.commands.situation import Effect, Situation
from cases.saying import Refusal, Say
from language.money import Money, Unclear, read_money
from language.normalise import ascii_digits, normalise
from store.models import Compensation, CompensationState, EventKind, RequestKind
from store.values import NewRow, RowChange, canonical

OFFERED = CompensationState.OFFERED
WHICH = Doubts(Say("no-open-offer"), Say("no-such-offer"), Say("which-offer"))


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands behind `offer`."""

    kind: str
    money: Money
    reason: str


def read_offer(situation: Situation, text: str) -> Offer:
    """The kind, the amount and the reason; raises Refusal."""
    kind, _, rest = text.strip().partition(" ")
    if any(sign.isdigit() for sign in ascii_digits(kind)) or not normalise(kind).isalpha():
        raise Refusal("offer-without-kind", text=text)
    read = read_money(rest, situation.facts.rulebook.words, situation.agent.languages)
    if isinstance(read, Unclear):
        raise Refusal(read.code, **read.values)
    money, reason = read
    if not reason:
        raise Refusal("offer-without-reason", text=text)
    return Offer(_as_written(kind), money, reason)


def _as_written(kind: str) -> str:
    """The kind as people are shown it: the letters that were written, in lower case, without hidden signs."""
    return "".join(sign for sign in normalize("NFC", kind).lower() if sign.isprintable())


def offer(situation: Situation, text: str) -> Effect:
    """A compensation is written down on the case. It tells the customer nothing by itself."""
    facts, case, made = situation.facts, situation.case, read_offer(situation, text)
    amount, currency = f"{made.money.amount:f}", made.money.currency
    row = {
        "case_number": case.number,
        "customer": canonical(case.customer),
        "kind": made.kind,
        "amount": amount,
        "currency": currency,
        "reason": made.reason,
        "offered_by": situation.agent.address,
        "granted_by": _granted_by(situation),
        "state": OFFERED,
        "offered_at": facts.now,
        "paid_at": None,
    }
    shown = {"kind": made.kind, "amount": amount, "currency": currency, "reason": made.reason}
    return Effect(
        events=((EventKind.OFFERED, f"{made.kind}, {made.money}: {made.reason}"),),
        says=Say("offered", shown),
        values={"seen_at": facts.now},
        data=shown,
        rows=(NewRow("compensation", row),),
        next_step=Say("next-tell-customer"),
    )


def _granted_by(situation: Situation) -> str:
    grant = situation.grant
    return grant.by if grant and grant.kind is RequestKind.AUTHORITY else ""


def paid(situation: Situation, which: str) -> Effect:
    """What was offered has been paid."""
    facts = situation.facts
    one = pick(_open(situation), which, WHICH)
    shown = {"kind": one.kind, "amount": one.amount, "currency": one.currency}
    return Effect(
        events=((EventKind.PAID, f"{one.kind}, {one.amount} {one.currency}"),),
        says=Say("paid", shown),
        values={"seen_at": facts.now},
        data=shown,
        changes=(
            RowChange(
                "compensation",
                {"id": one.id},
                {"state": OFFERED},
                {"state": CompensationState.PAID, "paid_at": facts.now},
            ),
        ),
    )


def _open(situation: Situation) -> dict[int, tuple[Compensation, str]]:
    """What was offered and not paid yet, numbered among all of the case."""
    return {
        number: (one, f"{one.kind} {Decimal(one.amount):f} {one.currency}")
        for number, one in enumerate(situation.facts.compensations, 1)
        if one.state is OFFERED
    }


COMMANDS: tuple[Command, ...] = (
    Command(
        "offer",
        "offer KIND AMOUNT CURRENCY REASON",
        "Write down what the customer is given, such as: offer refund 20 EUR the parcel was late",
        "text",
        offer,
        moves_money=True,
    ),
    Command("paid", "paid WHAT", "What was offered has been paid.", "maybe", paid),
)
