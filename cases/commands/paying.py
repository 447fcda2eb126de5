"""What a customer is offered to make it right, within the limits of who offers it (D13)."""

from __future__ import annotations

from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.commands.telling_customers import COMPENSATION, told_with
from cases.offers import Offer, read_offer
from cases.saying import Say
from store.models import CompensationState, EventKind, RequestKind
from store.values import NewRow, canonical


def offered(situation: Situation, text: str) -> Offer:
    """What the agent offers; raises Refusal where it is not clear."""
    return read_offer(text, situation.facts.rulebook.words, situation.agent.languages)


def offer(situation: Situation, text: str) -> Effect:
    """A compensation is written down on the case. It tells the customer nothing by itself."""
    facts, case, made = situation.facts, situation.case, offered(situation, text)
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
        "state": CompensationState.OFFERED,
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
        **told_with(situation, COMPENSATION),
    )


def _granted_by(situation: Situation) -> str:
    grant = situation.grant
    return grant.by if grant and grant.kind is RequestKind.AUTHORITY else ""


COMMANDS: tuple[Command, ...] = (
    Command(
        "offer",
        "offer KIND AMOUNT CURRENCY REASON",
        "Write down what the customer is given, such as: offer refund 20 EUR the parcel was late",
        "text",
        offer,
        moves_money=True,
    ),
)
