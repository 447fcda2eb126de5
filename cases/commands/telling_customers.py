"""The letter that tells a customer of what was just done; the agent is offered it, and nothing is sent."""

from __future__ import annotations

from typing import TypedDict

from cases.commands.situation import Situation
from cases.drafts import is_untouched
from cases.saying import Say
from store.models import ENDED

PROMISE_MADE, PROMISE_DELAYED, PROMISE_KEPT = "promise_made", "promise_delayed", "promise_kept"
COMPENSATION = "compensation"


class Told(TypedDict, total=False):
    """Fields of an `Effect`."""

    next_step: Say
    letter: str


def told_with(situation: Situation, letter: str) -> Told:
    """What an effect says of the letter that tells the customer; nothing where nobody can be written to.

    Where no such letter exists the agent is asked to write it.
    """
    if situation.status in ENDED or not situation.case.customer:
        return {}
    if letter not in situation.facts.answers:
        return {"next_step": Say("next-tell-customer")}
    own = situation.draft_open and not is_untouched(situation)
    return {"next_step": Say("next-letter", {"template": letter, "own": own}), "letter": letter}
