"""`checkins`: whether a customer is asked, once a case is solved, whether it is (D21)."""

from __future__ import annotations

from dataclasses import replace

from cases.check_in_answers import wish_of
from cases.checkin import Wish
from cases.commands.choosing import chosen
from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.facts import Facts
from cases.saying import Refusal, Say
from store.models import EventKind

ON, OFF = "on", "off"


def checkins(situation: Situation, which: str) -> Effect:
    """What the customer wants of check-ins, as an agent heard it; it counts for all of their cases."""
    facts, case = situation.facts, situation.case
    wanted = chosen("checkins", which, (ON, OFF), facts.rulebook.words)
    if not case.customer:
        raise Refusal("no-customer", command="checkins")
    if wanted == (OFF if facts.willing.opted_out else ON):
        return Effect((), Say("already-so", {"command": "checkins", "value": wanted}))
    said = {"customer": case.customer_name or case.customer}
    stop = wanted == OFF
    return Effect(
        events=((EventKind.OPTED_OUT if stop else EventKind.OPTED_IN, ""),),
        says=Say("checkins-off", said) if stop else Say("checkins-on", said),
        rows=(wish_of(case.customer, Wish.STOP if stop else Wish.AGAIN, facts, case),),
    )


def with_wishes(situation: Situation) -> Facts:
    """The facts with what the commands so far said of check-ins."""
    facts, kinds = situation.facts, (kind for one in situation.effects for kind, _ in one.events)
    said = [kind for kind in kinds if kind in (EventKind.OPTED_OUT, EventKind.OPTED_IN)]
    if not said:
        return facts
    since = facts.now if said[-1] is EventKind.OPTED_OUT else None
    return replace(facts, willing=replace(facts.willing, opted_out=since))


COMMANDS = (
    Command(
        "checkins",
        "checkins on|off",
        "Ask this customer, or ask no more, whether a solved case is solved.",
        "text",
        checkins,
        lists_its_values=True,
    ),
)
