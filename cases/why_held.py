"""Why commands wait for somebody else's yes, as who is asked is told (D13, promise 16)."""

from __future__ import annotations

from dataclasses import replace

from cases.authority_limits import may_give_alone, total
from cases.facts import Facts
from cases.offers import read_offer
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from language.money import Money
from store.models import Request, RequestKind


def of_money(facts: Facts, giver: Agent, money: Money) -> Say:
    """It is more than the giver's authority, with what was given before; or nothing proves who wrote it."""
    if may_give_alone(giver, money, facts.compensations, facts.given_lately):
        return Say("why-unproved", {"giver": giver.name})
    return Say(
        "why-authority",
        {
            "giver": giver.name,
            "currency": money.currency,
            "case": f"{total(facts.compensations, money.currency):f}",
            "year": f"{total(facts.given_lately, money.currency):f}",
        },
    )


def of_answer(giver: Agent) -> Say:
    """The giver only writes drafts, or the category wants a second person to look."""
    why = Say("why-draft-only") if giver.draft_only else Say("why-four-eyes")
    return replace(why, values={"giver": giver.name})


def of_request(facts: Facts, giver: Agent, request: Request) -> Say | None:
    """Why a request had to be made, by what is known now; None where that can't be told any more."""
    if request.kind is RequestKind.FOUR_EYES:
        return of_answer(giver)
    if request.kind is RequestKind.CHALLENGE:
        return None
    try:
        offered = [
            read_offer(argument, facts.rulebook.words, giver.languages)
            for name, argument in request.given
            if name == "offer"
        ]
    except Refusal:  # the rules read money otherwise since then
        return None
    return of_money(facts, giver, offered[0].money) if offered else None
